import { posix } from 'node:path'
import type { WrittenDate } from '../../entry.ts'
import type { Dialect, Linkable, SiteLink } from './dialect.ts'
import { matchesGlob } from './glob.ts'
import { calendarDay } from './link-clock.ts'
import { literal, pageUrl, siteBase } from './link-path.ts'
import { type SiteConfig, at, flagAt, mapOf, readSiteConfig, textAt, textsAt } from './site-config.ts'
import { type SiteFolder, below, inSite } from './site-folder.ts'
import { zolaSlug } from './slugs.ts'

const CONFIGS = ['zola.toml', 'config.toml']
const SYNTAX = { liquid: true, shortcodes: false, wiki: false, mdx: false, vue: false, kramdown: false }

/** Zola: https://www.getzola.org/documentation/getting-started/configuration and …/content/page */
export function recognise(site: SiteFolder): Dialect | null {
  const isOwn = site.isFile('zola.toml') || /^\s*["']?base_url["']?\s*=/m.test(site.read('config.toml') ?? '')
  if (site.demand === 'sure' && !isOwn) return null
  const config = readSiteConfig(site, CONFIGS)
  if (site.demand === 'likely' && config === null) return null
  const isNear = below(site.prefix, 'content') !== null || site.prefix === ''
  if (!isNear && site.demand === 'sure') return null
  return zola(site, config, isNear && (site.demand !== 'none' || site.isFolder('content')) ? 'content' : site.prefix)
}

function zola(site: SiteFolder, config: SiteConfig | null, content: string): Dialect {
  const values = config?.values
  const pageAt = zolaPages(site, values, content)
  const ignored = textsAt(values, 'ignored_content')
  const link = zolaLinker(site, config)
  return {
    name: 'zola',
    config: config === null ? null : site.placeOf(config.name),
    identity: site.identity(),
    problems: site.problems,
    zone: null,
    syntaxOf: () => SYNTAX,
    excerptSeparator: null,
    passesOver(path) {
      const page = pageAt(path)
      if (typeof page === 'string') return page
      return ignored.some((pattern) => isIgnored(inSite(site, path), pattern)) ? 'ignored_content names it' : null
    },
    defaultsOf: () => ({}),
    ofPath(path) {
      const page = pageAt(path)
      const { date, slug } = zolaName(typeof page === 'string' ? '' : page.name)
      return { date, slug, isDraft: false }
    },
    isNoEntry: (_, data) => (flagAt(data, 'render') === false ? 'Zola renders no page for it' : null),
    linkOf(article) {
      const page = pageAt(article.path)
      return typeof page === 'string' ? null : link(article, page)
    },
  }
}

/** Zola looks at a file's whole path, and its `*` takes `/`, too. */
function isIgnored(path: string, pattern: string): boolean {
  const flat = (text: string): string => text.replaceAll('/', ':')
  return matchesGlob(flat(`/${path}`), flat(pattern.replace(/^(?!\*|\/)/, '*/').replaceAll('**', '*')))
}

interface ZolaPage {
  /** Folders of the content above it, without its own when it is an `index.md`. */
  folders: string[]
  /** Name without ending and language; of an `index.md`, its folder's. */
  name: string
  /** What its link begins with: '' or `fr/`. */
  prefix: string
}

function zolaPages(site: SiteFolder, values: unknown, content: string): (path: string) => ZolaPage | string {
  const first = textAt(values, 'default_language') ?? 'en'
  const languages = languagesOf(values)
  return (path) => {
    const inside = below(inSite(site, path), content)
    if (inside === null) return `Zola's pages are in ${content}`
    const { dir, name: whole } = posix.parse(inside)
    const [name = '', ...rest] = whole.split('.')
    const code = languages.length > 0 ? rest.join('.') : ''
    const isNamed = languages.includes(code.toLowerCase()) || (code !== '' && code === first)
    const stem = isNamed ? name : whole
    if (stem === '_index') return 'a page of a section'
    const folders = dir === '' ? [] : dir.split('/')
    if (stem === 'index' && folders.length === 0) return 'the home page'
    if (stem !== 'index' && folders.length > 0 && site.isFile(posix.join(content, dir, 'index.md'))) {
      return `a part of the page ${dir}`
    }
    const prefix = isNamed && code !== first ? `${code}/` : ''
    return stem === 'index'
      ? { folders: folders.slice(0, -1), name: folders.at(-1) ?? '', prefix }
      : { folders, name: stem, prefix }
  }
}

/** A table by code; before Zola 0.16 a list of `{ code }`. */
function languagesOf(values: unknown): string[] {
  const written = at(values, 'languages')
  const codes = Array.isArray(written) ? written.map((one: unknown) => textAt(one, 'code') ?? '') : []
  return [...mapOf(written).keys(), ...codes.map((code) => code.toLowerCase())]
}

/** Zola's `RFC3339_DATE`: a date, perhaps with a time, at the front of a name. */
const DATED =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?(?:\s?[_-](.+))?$/s

function zolaName(name: string): { date: WrittenDate | null; slug: string } {
  const match = DATED.exec(name)
  const time = match === null ? undefined : match[4]
  if (match === null) return { date: null, slug: name }
  const instant = time === undefined ? NaN : Date.parse(`${name.slice(0, 10)}${time}`)
  const day = calendarDay(Number(match[1]), Number(match[2]), Number(match[3]))
  return { date: Number.isNaN(instant) ? day : { kind: 'instant', at: instant }, slug: match[5] ?? name }
}

function zolaLinker(
  site: SiteFolder,
  config: SiteConfig | null,
): (article: Linkable, page: ZolaPage) => SiteLink | null {
  const values = config?.values
  const base = siteBase(textAt(values, 'base_url'), site)
  const slugify = textAt(values, 'slugify', 'paths') ?? textAt(values, 'slugify_paths') ?? 'on'
  const keepsDates = flagAt(values, 'slugify', 'paths_keep_dates') === true
  return ({ data }, page) => {
    const path = textAt(data, 'path')
    if (path !== null) return { url: pageUrl(base, `${path}/`), from: 'path of the front matter', isWritten: true }
    const named = textAt(data, 'slug') ?? (keepsDates ? page.name : zolaName(page.name).slug)
    const slug = slugOf(named, slugify.toLowerCase())
    if (slug === null) return null
    const url = pageUrl(base, `${page.prefix}${[...page.folders.map(literal), slug].join('/')}/`)
    return {
      url,
      from: textAt(data, 'slug') === null ? "Zola's path of the file" : 'slug of the front matter',
      isWritten: false,
    }
  }
}

function slugOf(name: string, how: string): string | null {
  if (how === 'off' || how === 'false') return literal(name)
  return how === 'safe' ? literal(name.replace(/[ .]+$/, '').replace(/[<>:"/\\|?*]/g, '')) : zolaSlug(name)
}
