import { posix } from 'node:path'
import type { SiteFolder } from './site-folder.ts'

/** A file of `src/pages` that makes a page of each entry. */
export interface Route {
  /** The file, relative to the site's root. */
  file: string
  /** The path before the parameter, with `/` on both sides. */
  before: string
  /** True for `[...slug]`, which takes paths of several steps. */
  isRest: boolean
  /** Name of the parameter. */
  name: string
  /**
   * Where the language stands that precedes the rest of the route: it is the first step of an entry's path, or stands
   * in its `lang` and is left out when it is the site's own.
   */
  language: 'none' | 'path' | 'data'
  text: string
}

const MOST_FILES = 1_000
const MOST_READ = 60
const DEEPEST = 6
/** What the lists of a blog call their parameters. */
const LIST = /^(?:page|pages?num(?:ber)?|tags?|categor(?:y|ies)|series|year|month|day|lang|locale|author|archive|num)$/i
/** `[lang]/blog/[...slug].astro`, `[...lang]/blog/[slug].astro`; `[category]/[slug].astro`, which is read alike. */
const LANGUAGE = /^\[(\.\.\.)?(lang|language|locale|category|section|topic)\]\//
/** Code that takes the language off the path of an entry. */
const SPLITS = /\.split\(\s*(["'`])\/\1\s*\)/
const OF_DATA = /\.data\.lang\b/
/** Code that puts the language before the rest of a parameter: `${lang}/posts/${slug}`. */
const JOINS = /`\$\{(?:lang|language|locale)\}\//
const ROUTE = /^(.*?)\[(\.\.\.)?([\w-]+)\](?:\/index)?\.astro$/

/** The files of `src/pages` that have one parameter, and not that of a list. */
export function readRoutes(site: SiteFolder, pages: string): Route[] {
  const routes = filesBelow(site, pages).flatMap((path): Omit<Route, 'text' | 'language'>[] => {
    const [, before = '', dots, name = ''] = ROUTE.exec(path.replace(LANGUAGE, '')) ?? []
    const isPage = name !== '' && !LIST.test(name) && !/[[\]]/.test(before) && /(?:^|\/)$/.test(before)
    return isPage ? [{ file: posix.join(pages, path), before: `/${before}`, isRest: dots !== undefined, name }] : []
  })
  return routes
    .slice(0, MOST_READ)
    .flatMap((route): Route[] => {
      const text = site.read(route.file) ?? ''
      const language = languageOf(posix.relative(pages, route.file), text)
      return language === null ? [] : [{ ...route, language, text }]
    })
    .sort((a, b) => Number(a.language === 'path') - Number(b.language === 'path'))
}

/** Null when the language of an entry cannot be told. */
function languageOf(path: string, text: string): Route['language'] | null {
  const folder = LANGUAGE.exec(path)
  if (folder === null) return OF_DATA.test(text) && JOINS.test(text) ? 'data' : 'none'
  if (folder[1] !== undefined) return OF_DATA.test(text) ? 'data' : null
  const ofData = new RegExp(`\\.data\\.${folder[2] ?? ''}`)
  if (ofData.test(text) && !OF_DATA.test(text)) return null
  return SPLITS.test(text) ? 'path' : null
}

function filesBelow(site: SiteFolder, root: string): string[] {
  const files: string[] = []
  const queue = ['']
  for (let index = 0; index < Math.min(queue.length, MOST_FILES); index += 1) {
    const folder = queue[index] ?? ''
    for (const { name, isFolder } of site.list(posix.join(root, folder))) {
      const path = posix.join(folder, name)
      if (name.startsWith('_') || files.length >= MOST_FILES) continue
      if (!isFolder) files.push(path)
      else if (path.split('/').length < DEEPEST) queue.push(path)
    }
  }
  return files
}

/**
 * The route of a collection: the one whose code asks for it by name; else the one whose folder has its name; else,
 * when the site has a single one that shows entries, that. Null when it cannot be told.
 */
export function routeOf(routes: readonly Route[], collection: string): Route | null {
  const asked = routes.filter((route) => asksFor(route.text, collection))
  if (asked.length > 0) return best(asked, collection)
  const quiet = routes.filter((route) => !/\bgetCollection\s*\(\s*['"`]/.test(route.text))
  const named = quiet.filter((route) => isNamed(route, collection))
  if (named.length > 0) return best(named, collection)
  const shows = quiet.filter((route) => /<Content\b|\brender\s*\(/.test(route.text))
  return shows.length === 1 && isBlog(collection) ? (shows[0] ?? null) : null
}

function asksFor(text: string, collection: string): boolean {
  const calls = text.matchAll(
    /\bget(?:Collection|Entry|EntryBySlug)\s*(?:<[^>()]{0,80}>)?\(\s*(['"`])([^'"`]{0,80})\1/g,
  )
  return [...calls].some((call) => call[2] === collection)
}

/** Of several the one that shows an entry, then the one with the collection's name. */
function best(routes: readonly Route[], collection: string): Route | null {
  const shows = routes.filter((route) => /<Content\b|\brender\s*\(/.test(route.text))
  const left = shows.length > 0 ? shows : routes
  return left.find((route) => isNamed(route, collection)) ?? left[0] ?? null
}

/** What a route puts before the slug in its parameter: `posts/` of ``params: { path: `posts/${slug}` }``. */
export function prefixOf({ name, text }: Route): string {
  const template = new RegExp(`\\b${name}\\s*:\\s*\`([^\`$]{0,100})\\$\\{[^\`{}]{1,100}\\}/?\``).exec(text)
  return template?.[1] ?? ''
}

function isNamed(route: Route, collection: string): boolean {
  const folder = posix.basename(route.before).toLowerCase()
  const name = collection.toLowerCase()
  return [name, `${name}s`, name.replace(/s$/, '')].includes(folder) || (isBlog(folder) && isBlog(name))
}

function isBlog(name: string): boolean {
  return /^(?:blogs?|posts?|articles?|writings?|notes?)$/i.test(name)
}
