import { posix } from 'node:path'
import type { Dialect, Linkable, SiteLink } from './dialect.ts'
import { matchesGlob } from './glob.ts'
import { literal, pageUrl, writtenUrl } from './link-path.ts'
import { navigationFile, unpublished } from './no-entry.ts'
import { isInDrafts, pathDate } from './path-date.ts'
import { pressBase } from './press-base.ts'
import { type ScriptConfig, readScriptConfig } from './script-config.ts'
import { textAt } from './site-config.ts'
import { type SiteFolder, below, inSite } from './site-folder.ts'
import { rewriter } from './vitepress-rewrites.ts'
import { isVuePressList, vuePressLinker } from './vuepress.ts'

const SYNTAX = { liquid: false, shortcodes: false, wiki: false, mdx: false, vue: true, kramdown: false }
const HOMES = ['docs', 'doc', 'src', 'blog', 'site', 'website']
const ENDINGS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'cts']

/** One of the two programs in a folder: `.vitepress` or `.vuepress` stands in `home`, relative to the site's root. */
interface Project {
  program: 'vitepress' | 'vuepress'
  home: string
}

/** VitePress, and VuePress 1 and 2: https://vitepress.dev/guide/routing and https://vuepress.vuejs.org/guide/page */
export function recognise(site: SiteFolder): Dialect | null {
  const found = projectOf(site)
  if (found === null && site.demand !== 'none') return null
  const { program, home } = found ?? { program: 'vitepress', home: '' }
  const folder = posix.join(home, `.${program}`)
  const names = ENDINGS.flatMap((ending) => [`${folder}/config.${ending}`, `${folder}/config/index.${ending}`])
  const config = readScriptConfig(site, names)
  const isVite = program === 'vitepress'
  const written = posix.normalize(posix.join(home, isVite ? (config.text('srcDir') ?? '.') : '.')).replace(/\/$/, '')
  const source = written.startsWith('.') ? '' : written
  // Notes beside the pages of a site are none of them.
  const isNear = below(site.prefix, source) !== null || below(source, site.prefix) !== null
  if (!isNear && site.demand === 'sure') return null
  return press(site, config, isVite, source, found === null ? null : folder)
}

/** In the root, in the folder below it that a script of `package.json` builds, or in one of the usual ones. */
function projectOf(site: SiteFolder): Project | null {
  const built = /\b(?:vite|vue)press(?:-vite|-webpack)?\s+(?:build|dev)\s+(?:\.\/)?([\w][\w/.-]*)/.exec(
    site.read('package.json') ?? '',
  )
  for (const home of ['', built?.[1]?.replace(/\/$/, '') ?? '', ...HOMES]) {
    for (const program of ['vitepress', 'vuepress'] as const) {
      if (site.isFolder(posix.join(home, `.${program}`))) return { program, home }
    }
  }
  return null
}

function press(
  site: SiteFolder,
  config: ScriptConfig,
  isVite: boolean,
  source: string,
  folder: string | null,
): Dialect {
  const excluded = config.texts('srcExclude')
  const pageOf = (path: string): string | null => below(inSite(site, path), source)
  const place = config.name === null ? folder : config.name
  const link = isVite ? vitePressLinker(site, config) : vuePressLinker(site, config)
  return {
    name: 'vitepress',
    config: place === null ? null : site.placeOf(place),
    identity: site.identity(),
    problems: site.problems,
    zone: null,
    syntaxOf: () => SYNTAX,
    excerptSeparator: null,
    passesOver(path) {
      const page = pageOf(path)
      if (page === null) return `the pages stand in ${source}`
      if (/^(?:public|dist)\//.test(page)) return 'files of the site, no pages'
      if (/^(?:index|readme)\.[^./]+$/i.test(page)) return 'the home page'
      if (isDynamic(site, inSite(site, path))) return 'a template of many pages'
      if (/(?:^|\/)@/.test(page)) return 'a page of the theme'
      return excluded.some((pattern) => matchesGlob(page, pattern)) ? 'srcExclude names it' : navigationFile(path)
    },
    defaultsOf: () => ({}),
    ofPath: (path) => ({ ...pathDate(path), isDraft: isInDrafts(path) }),
    isNoEntry(_, data) {
      const layout = textAt(data, 'layout') ?? ''
      if (/^home$/i.test(layout) || (isVite && layout === 'page')) return `a page of the layout ${layout}`
      if (textAt(data, 'home')?.toLowerCase() === 'true') return 'a home page'
      return unpublished(data) ?? isVuePressList(data)
    },
    linkOf(article) {
      const page = pageOf(article.path)
      return page === null ? null : link(article, page)
    },
  }
}

/** `[name].md` beside `[name].paths.ts` (https://vitepress.dev/guide/routing#dynamic-routes). */
function isDynamic(site: SiteFolder, file: string): boolean {
  const stem = file.replace(/\.[^./]+$/, '')
  return /\[[^/\]]+\][^/]*$/.test(stem) && ENDINGS.some((ending) => site.isFile(`${stem}.paths.${ending}`))
}

/** What reads the permalinks of pages, of which VitePress itself knows nothing. */
const PERMALINKS = /['"](?:vitepress-theme-teek\b|vitepress-plugin-permalinks?\b)/

function vitePressLinker(site: SiteFolder, config: ScriptConfig): (article: Linkable, page: string) => SiteLink {
  const base = pressBase(site, config, config.text('sitemap.hostname') ?? config.anywhere('hostname'))
  const ending = config.text('cleanUrls') === 'true' ? '' : '.html'
  const rewrite = rewriter(config.entries('rewrites'))
  const isByPermalink = PERMALINKS.test(
    `${site.read('package.json') ?? ''}${config.name === null ? '' : (site.read(config.name) ?? '')}`,
  )
  const from = config.name === null ? "VitePress's path of a page" : `path of the page and ${site.placeOf(config.name)}`
  return ({ data }, page) => {
    const written = isByPermalink ? textAt(data, 'permalink') : null
    const own = written === null ? null : writtenUrl(base, written)
    if (own !== null) return { url: own, from: 'permalink of the front matter', isWritten: true }
    const path = rewrite(page)
      .replace(/(^|\/)index\.[^./]+$/, '$1')
      .replace(/([^/])\.(?:md|markdown)$/, `$1${ending}`)
    return { url: pageUrl(base, literal(path)), from, isWritten: false }
  }
}
