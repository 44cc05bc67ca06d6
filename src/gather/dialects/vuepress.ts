import { posix } from 'node:path'
import type { Linkable, SiteLink } from './dialect.ts'
import { clockOf, pad } from './link-clock.ts'
import { literal, pageUrl, webAddress, writtenUrl } from './link-path.ts'
import { fillPattern } from './link-pattern.ts'
import { pathDate } from './path-date.ts'
import { pressBase } from './press-base.ts'
import { type ScriptConfig, readScriptConfig } from './script-config.ts'
import { flagAt, mapOf, textAt } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'
import { hexoSlug } from './slugs.ts'

/** Lists and pages beside the articles, as the usual themes (vdoing, reco, hope, Teek) mark them. */
export function isVuePressList(data: Record<string, unknown>): string | null {
  const marks = ['archivespage', 'categoriespage', 'tagspage', 'pagecomponent']
  const mark = marks.find((name) => (data[name] ?? null) !== null && flagAt(data, name) !== false)
  if (mark !== undefined) return `a page with ${mark}`
  if (mapOf(data['blog']).size > 0) return 'a page of the blog'
  if (flagAt(data, 'article') === false) return 'article: false'
  const layout = textAt(data, 'layout') ?? ''
  const isList =
    /^(?:blog|blogtype|tags?|categor(?:y|ies)|archives?|timeline|friends?|links|homepage|slides?|tk\w*page)$/i
  return isList.test(layout) ? `a page of the layout ${layout}` : null
}

/** Where VuePress 1 (`permalink`) and 2 (`permalinkPattern`) put a page. */
export function vuePressLinker(
  site: SiteFolder,
  config: ScriptConfig,
): (article: Linkable, page: string) => SiteLink | null {
  const base = pressBase(site, config, config.anywhere('hostname') ?? themeHostname(site, config))
  const pattern = config.text('permalinkPattern') ?? config.text('permalink')
  const place = config.name === null ? 'VuePress' : site.placeOf(config.name)
  const script = config.name === null ? '' : (site.read(config.name) ?? '')
  const isFirst = isFirstVersion(site, script)
  const blog = isFirst ? blogOf(config, script) : null
  const ended = (path: string): string => (isFirst && !/(?:\.html|\/)$/.test(path) ? `${path}/` : path)
  return (article, page) => {
    const written = textAt(article.data, 'permalink')
    if (written !== null && !/^(?:null|false)$/i.test(written)) {
      const url = writtenUrl(base, webAddress(written) === null ? ended(written) : written)
      return url === null ? null : { url, from: 'permalink of the front matter', isWritten: true }
    }
    const regular = page.replace(/(^|\/)(?:index|readme)\.[^./]+$/i, '$1').replace(/\.[^./]+$/, '.html')
    const ofBlog = blog !== null && page.startsWith(`${blog.folder}/`) ? blog.pattern : null
    const own = textAt(article.data, 'permalinkpattern') ?? ofBlog ?? pattern
    if (own === null || article.data['permalinkpattern'] === null) {
      return { url: pageUrl(base, literal(regular)), from: `path of the page and ${place}`, isWritten: false }
    }
    const slug = isFirst ? firstSlug(page) : pathDate(page).slug || posix.parse(page).name
    const path = fillPattern(own, /:(\w+)/g, (name) => valueOf(name, article, page, { regular, slug }, site.zone))
    return path === null ? null : { url: pageUrl(base, ended(path)), from: `permalink of ${place}`, isWritten: false }
  }
}

/** Of the theme Hope, whose options usually have a file of their own. */
function themeHostname(site: SiteFolder, config: ScriptConfig): string | null {
  if (config.name === null) return null
  const folder = posix.join(config.name.replace(/\.vuepress\/.*$/, ''), '.vuepress')
  const names = ['theme.ts', 'theme.js', 'theme/index.ts', 'theme/index.js'].map((name) => posix.join(folder, name))
  return readScriptConfig(site, names).anywhere('hostname')
}

/** VuePress 1 ends every permalink in `/`; it knows neither `defineUserConfig` nor bundlers. */
function isFirstVersion(site: SiteFolder, script: string): boolean {
  const version = /"vuepress"\s*:\s*"[^"\d]*(\d+)\./.exec(site.read('package.json') ?? '')?.[1]
  if (version !== undefined) return Number(version) < 2
  return script !== '' && !/\bdefineUserConfig\b|\bbundler\b|\bhopeTheme\b/.test(script)
}

/** The folder of posts of the blog plugin of VuePress 1, and where it puts them unless its options say otherwise. */
function blogOf(config: ScriptConfig, script: string): { folder: string; pattern: string } | null {
  if (!/@vuepress\/(?:plugin-|theme-)?blog\b|vuepress-(?:plugin|theme)-blog\b/.test(script)) return null
  const isTheme = /@vuepress\/theme-blog\b/.test(script)
  const folder = config.anywhere('dirname') ?? (isTheme ? '_posts' : null)
  const pattern = config.anywhere('itemPermalink') ?? '/:year/:month/:day/:slug'
  return folder === null ? null : { folder: folder.replace(/^\/|\/$/g, ''), pattern }
}

/** What `:slug` is in VuePress 1: the name without a date, of an index that of its folder. */
function firstSlug(page: string): string {
  const { dir, name } = posix.parse(page)
  const whole = /^(?:index|readme)$/i.test(name) && dir !== '' ? posix.basename(dir) : name
  const slug = hexoSlug(whole.replace(/^.*?\d{4}-\d{1,2}(?:-\d{1,2})?-/, '').replace(/[“”‘’–—]+/g, '-'), 'lower')
  return slug.replace(/-{2,}/g, '-').replace(/^(?=\d)/, '_')
}

function valueOf(
  name: string,
  article: Linkable,
  page: string,
  { regular, slug }: { regular: string; slug: string },
  zone: string,
): string | null {
  if (name === 'regular') return literal(regular)
  if (name === 'raw') return literal(page.replace(/\.[^./]+$/, ''))
  if (name === 'slug') return literal(slug)
  const date = article.date ?? pathDate(page).date
  if (date === null) return null
  const { year, month, day } = clockOf(date, zone)
  const figures = new Map<string, string>([
    ...([
      ['year', String(year)],
      ['month', pad(month)],
      ['i_month', String(month)],
    ] as const),
    ...([
      ['day', pad(day)],
      ['i_day', String(day)],
    ] as const),
  ])
  return figures.get(name) ?? null
}
