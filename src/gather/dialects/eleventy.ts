import { posix } from 'node:path'
import type { Dialect, Linkable, SiteLink } from './dialect.ts'
import { COMPUTED, eleventyData } from './eleventy-data.ts'
import { fillPermalink } from './eleventy-permalink.ts'
import { literal, pageUrl, siteBase, webAddress } from './link-path.ts'
import { navigationFile, rootReadme } from './no-entry.ts'
import { isInDrafts, pathDate } from './path-date.ts'
import { type ScriptConfig, readScriptConfig } from './script-config.ts'
import { flagAt, readSiteConfig, textAt } from './site-config.ts'
import { type SiteFolder, below, inSite } from './site-folder.ts'

const CONFIGS = [
  '.eleventy.js',
  'eleventy.config.js',
  'eleventy.config.mjs',
  'eleventy.config.cjs',
  'eleventy.config.ts',
]
const SYNTAX = { liquid: true, shortcodes: false, wiki: false, mdx: false, vue: false, kramdown: false }
/** Tags that make a list of articles and tell a reader nothing. */
const COLLECTIONS = /^(?:posts?|all|nav)$/i

/** Where things stand, relative to the site's root. */
interface Places {
  input: string
  /** Where the global data files are; it may lie beside the input. */
  data: string
  /** Folders that hold no pages. */
  others: string[]
}

/** Eleventy 0.11 to 3: https://www.11ty.dev/docs/config/ and https://www.11ty.dev/docs/permalinks/ */
export function recognise(site: SiteFolder): Dialect | null {
  const isThere =
    CONFIGS.some((name) => site.isFile(name)) || /"@11ty\/eleventy"\s*:/.test(site.read('package.json') ?? '')
  if (!isThere && site.demand !== 'none') return null
  const config = readScriptConfig(site, CONFIGS)
  const places = placesOf(config)
  const isOther = (path: string): boolean =>
    places.others.some((folder) => below(path, folder) !== null) ||
    /(?:^|\/)(?:node_modules|\.[^/]*)(?:\/|$)/.test(path)
  const dataOf = eleventyData(site, places.input, isOther)
  return eleventy(site, config, places, isOther, dataOf)
}

/** Set by what the configuration returns, exports as `config`, or hands to a method. */
function placesOf(config: ScriptConfig): Places {
  const folder = (key: string, method: string, usual: string, base = ''): string => {
    const said = config.argumentOf(method) ?? config.text(`dir.${key}`) ?? config.text(`config.dir.${key}`) ?? usual
    const path = posix.join(base, said).replace(/^\/+|\/+$/g, '')
    return path === '.' || path.startsWith('..') ? '' : path
  }
  const input = folder('input', 'setInputDirectory', '.')
  const data = folder('data', 'setDataDirectory', '_data', input)
  const includes = folder('includes', 'setIncludesDirectory', '_includes', input)
  const layouts = folder('layouts', 'setLayoutsDirectory', '_includes', input)
  const output = folder('output', 'setOutputDirectory', '_site')
  const others = [includes, layouts, data, output].filter((path) => path !== '' && path !== input)
  return { input, data, others }
}

function eleventy(
  site: SiteFolder,
  config: ScriptConfig,
  { input, data }: Places,
  isOther: (path: string) => boolean,
  dataOf: (path: string) => Record<string, unknown>,
): Dialect {
  const link = eleventyLinker(site, config, data)
  const pageOf = (path: string): string | null => below(inSite(site, path), input)
  return {
    name: 'eleventy',
    config: config.name === null ? null : site.placeOf(config.name),
    identity: site.identity(),
    problems: site.problems,
    zone: null,
    syntaxOf: (path) => ({ ...SYNTAX, mdx: /\.mdx$/i.test(path) }),
    excerptSeparator: config.anywhere('excerpt_separator'),
    passesOver(path) {
      const page = pageOf(path)
      if (page === null) return `the pages stand in ${input}`
      return isOther(inSite(site, path)) ? 'a folder that holds no pages' : navigationFile(page)
    },
    defaultsOf: (path) => dataOf(inSite(site, path)),
    ofPath: (path) => ({ ...pathDate(path), isDraft: isInDrafts(path) }),
    isNoEntry: (path, data) => noPage(data) ?? rootReadme(path, data) ?? navigation(pageOf(path) ?? path, data),
    linkOf(article) {
      const page = pageOf(article.path)
      return page === null ? null : link(article, page)
    },
  }
}

/** Whether a tag only makes a collection, such as `posts`. */
export function isCollectionTag(tag: string): boolean {
  return COLLECTIONS.test(tag)
}

function noPage(data: Record<string, unknown>): string | null {
  if (flagAt(data, 'permalink') === false || flagAt(data, 'permalink', 'build') === false) return 'permalink: false'
  if (flagAt(data, 'eleventyExcludeFromCollections') === true) return 'eleventyExcludeFromCollections: true'
  return (data['pagination'] ?? null) === null ? null : 'a list of other pages'
}

/** Layouts of articles. */
const OF_ARTICLE = /post|article|blog|entry|note|story|essay/i

/** Pages such as About and the home page stand beside the articles: in the menu, or with another layout and no tags. */
function navigation(page: string, data: Record<string, unknown>): string | null {
  if (/^index\.[^./]+$/i.test(page)) return 'the home page'
  const isDated = (data['date'] ?? null) !== null || pathDate(page).date !== null
  if (isDated || !/^[^/]+(?:\/index\.[^./]+)?$/i.test(page)) return null
  if ((data['eleventynavigation'] ?? null) !== null) return 'a page of the menu'
  const layout = textAt(data, 'layout')
  const isPage = layout !== null && !OF_ARTICLE.test(layout) && (data['tags'] ?? null) === null
  return isPage ? `a page of the layout ${layout}` : null
}

function eleventyLinker(
  site: SiteFolder,
  config: ScriptConfig,
  dataFolder: string,
): (article: Linkable, page: string) => SiteLink | null {
  const base = siteBase(ownAddress(site, dataFolder), site, pathPrefix(config))
  const place = config.name === null ? 'Eleventy' : site.placeOf(config.name)
  return (article, page) => {
    const { data } = article
    if (data['permalink'] === COMPUTED) return null
    const permalink =
      textAt(data, 'eleventyComputed', 'permalink') ?? textAt(data, 'permalink', 'build') ?? textAt(data, 'permalink')
    if (permalink === null) {
      return { url: pageUrl(base, literal(usualPath(page))), from: `path of the page and ${place}`, isWritten: false }
    }
    const from = { data, title: article.title, date: article.date, page: pageVariables(page), zone: 'UTC' }
    // `dynamicPermalink: false` takes the text as it stands.
    const path = flagAt(data, 'dynamicPermalink') === false ? permalink : fillPermalink(permalink, from)
    if (path === null || webAddress(path) !== null) return null
    const url = pageUrl(base, path.replace(/(^|\/)index(?:\.html)?$/, '$1'))
    return { url, from: 'permalink of the front matter or its data files', isWritten: true }
  }
}

/** Eleventy keeps a date in the name here, and leaves the name out when the folder has the same. */
function usualPath(page: string): string {
  const { dir, name } = posix.parse(page)
  const isFolder = name === 'index' || name === posix.basename(dir)
  return isFolder ? `${dir}/` : `${posix.join(dir, name)}/`
}

/** https://www.11ty.dev/docs/data-eleventy-supplied/#page-variable */
function pageVariables(page: string): Record<string, string> {
  const { dir, name } = posix.parse(page)
  const own = withoutDate(name)
  const fileSlug = own === 'index' ? withoutDate(posix.basename(dir)) : own
  const filePathStem = `/${posix.join(dir, own)}`
  return { fileSlug: literal(fileSlug), filePathStem: literal(filePathStem), outputFileExtension: 'html' }
}

function withoutDate(name: string): string {
  return /\d{4}-\d{2}-\d{2}-(.*)/s.exec(name)?.[1] ?? name
}

function pathPrefix(config: ScriptConfig): string {
  return config.text('pathPrefix') ?? config.text('config.pathPrefix') ?? ''
}

/** The habits come first, then whatever else is named after the site. */
const GLOBAL_DATA = ['metadata', 'site', 'meta', 'config']
const OF_SITE = /^(site[\w-]*|global(?:s|data)?|metaData|blog|base|env)\.(?:json|ya?ml|[cm]?js)$/i
const ADDRESS = ['url', 'baseUrl', 'siteUrl', 'site_url', 'base', 'domain', 'siteURL', 'baseURL']

/** Sites keep their address in a global data file; which one is a habit. */
function ownAddress(site: SiteFolder, folder: string): string | null {
  const others = site.list(folder).flatMap(({ name }) => OF_SITE.exec(name)?.[1] ?? [])
  for (const name of new Set([...GLOBAL_DATA, ...others])) {
    const file = posix.join(folder, name)
    const script = readScriptConfig(site, [`${file}.js`, `${file}.mjs`, `${file}.cjs`])
    const values = readSiteConfig(site, [`${file}.json`, `${file}.yaml`, `${file}.yml`])?.values
    const address = ADDRESS.map((key) => script.text(key) ?? textAt(values, key)).find(
      (text) => webAddress(text) !== null,
    )
    if (address !== undefined) return address
  }
  return null
}
