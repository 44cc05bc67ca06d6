import { posix } from 'node:path'
import { type AstroContent, collectionOf, isTaken, readAstroContent } from './astro-content.ts'
import { pageOfSite } from './astro-pages.ts'
import { type Route, prefixOf, readRoutes, routeOf } from './astro-routes.ts'
import { entrySlug, githubSlug } from './astro-slug.ts'
import { readAstroWind } from './astro-wind.ts'
import { DATE_FIELDS, UPDATED_FIELDS } from '../date-fields.ts'
import type { Dialect, Linkable, SiteLink } from './dialect.ts'
import { literal, pageUrl, siteBase } from './link-path.ts'
import { navigationFile, rootReadme, unpublished } from './no-entry.ts'
import { isInDrafts, pathDate } from './path-date.ts'
import { type ScriptConfig, readScriptConfig } from './script-config.ts'
import { textAt } from './site-config.ts'
import { type SiteFolder, below, inSite } from './site-folder.ts'

const CONFIGS = ['mjs', 'js', 'ts', 'mts', 'cjs', 'cts'].map((ending) => `astro.config.${ending}`)
const SYNTAX = { liquid: false, shortcodes: false, wiki: false, mdx: false, vue: false, kramdown: false }
/** What themes of Astro name their dates; these before other names. */
const DATES = ['pubdate', 'pubdatetime', 'publishdate', 'publishedat', 'publisheddate', 'published', 'publicationdate']
const UPDATES = ['updateddate', 'moddatetime', 'updated', 'updatedat', 'updatedate', 'lastmod', 'lastmodified']

/** `post.data.abbrlink || post.id` of Retypeset and the like. */
const FIELD = /\.data\.(abbrlink|permalink|alias|customSlug|urlSlug|path)\s*(?:\|\||\?\?)\s*\w+\.(?:id|slug)\b/

/** Starlight has a route of its own for the collection `docs`. */
const STARLIGHT: Route = {
  file: 'src/content/docs',
  before: '/',
  isRest: true,
  name: 'slug',
  language: 'none',
  text: '',
}

/** Astro 1 to 6: https://docs.astro.build/en/reference/configuration-reference/ */
export function recognise(site: SiteFolder): Dialect | null {
  if (!CONFIGS.some((name) => site.isFile(name)) && site.demand !== 'none') return null
  const config = readScriptConfig(site, CONFIGS)
  const content = readAstroContent(site, config)
  const places = [content.pages, content.content, ...content.collections.map(({ folder }) => folder)]
  // A source that is itself no more than some folder of articles is read whole.
  const isAround = places.some((place) => below(place, site.prefix) !== null && site.isFolder(place))
  const dates = [...new Set([...DATES, ...DATE_FIELDS])]
  const isStarlight = /['"]@astrojs\/starlight['"]/.test(config.name === null ? '' : (site.read(config.name) ?? ''))
  const link = astroLinker(site, config, content, isStarlight)
  return {
    name: 'astro',
    config: config.name === null ? null : site.placeOf(config.name),
    identity: site.identity(),
    problems: site.problems,
    zone: null,
    dateFields: dates,
    updatedFields: [...new Set([...UPDATES, ...UPDATED_FIELDS])],
    syntaxOf: (path) => ({ ...SYNTAX, mdx: /\.mdx$/i.test(path) }),
    excerptSeparator: null,
    passesOver(path) {
      const file = inSite(site, path)
      const place = places.find((one) => below(file, one) !== null)
      if (place === undefined && isAround) return `the articles stand in ${[...new Set(places)].join(', ')}`
      return hidden(content, file, isStarlight) ?? navigationFile(path)
    },
    defaultsOf: () => ({}),
    ofPath(path) {
      const slug = entrySlug(path.replace(/^.*\/(?=[^/]+\/[^/]+$)/, ''))
      return { date: pathDate(path).date, slug: posix.basename(slug), isDraft: isInDrafts(path) }
    },
    isNoEntry(path, data) {
      const isDated = dates.some((name) => (data[name] ?? null) !== null) || pathDate(path).date !== null
      return rootReadme(path, data) ?? unpublished(data) ?? pageOfSite(content, inSite(site, path), data, isDated)
    },
    linkOf: (article) => link(article, inSite(site, article.path)),
  }
}

/** Astro passes over names with `_`; a loader's folders may have them, and its patterns leave out such files. */
function hidden(content: AstroContent, file: string, isStarlight: boolean): string | null {
  const page = below(file, content.pages)
  if (page !== null && /^(?:index|404|500)\.[^./]+$/.test(page)) return 'a page of the site'
  const found = collectionOf(content, file)
  const path = page ?? found?.path ?? posix.basename(file)
  if (found !== null && !isTaken(found.collection, found.path)) return 'no pattern of its loader takes it'
  if (isStarlight && found?.collection.name === 'docs' && /^(?:index|404)\.[^./]+$/.test(path))
    return 'a page of the site'
  const isHidden = found?.collection.isLoaded === true ? /(?:^|\/)_[^/]*$/ : /(?:^|\/)_/
  return isHidden.test(path) ? 'Astro passes over names that begin with "_"' : null
}

function astroLinker(
  site: SiteFolder,
  config: ScriptConfig,
  content: AstroContent,
  isStarlight: boolean,
): (article: Linkable, file: string) => SiteLink | null {
  const wind = readAstroWind(site, config.name)
  const base = siteBase(config.text('site') ?? wind?.address ?? null, site, config.text('base') ?? wind?.folder ?? '')
  const ending = endingOf(config, wind?.trailingSlash ?? 'ignore')
  const routes = readRoutes(site, content.pages)
  const ownLanguage = routes.some(({ language }) => language === 'data')
    ? readScriptConfig(site, ['src/config.ts', 'src/config/index.ts']).anywhere('locale')
    : null
  const known = new Map<string, Route | null>()
  const routeFor = (collection: string): Route | null => {
    if (isStarlight && collection === 'docs') return STARLIGHT
    if (!known.has(collection)) known.set(collection, routeOf(routes, collection))
    return known.get(collection) ?? null
  }
  const at = (path: string, from: string): SiteLink => {
    const bare = path.replace(/\/+$/, '')
    return { url: pageUrl(base, bare === '' ? '/' : `${bare}${ending}`), from, isWritten: false }
  }
  return (article, file) => {
    const page = below(file, content.pages)
    if (page !== null) {
      const path = page.replace(/\.[^./]+$/, '').replace(/(^|\/)index$/, '$1')
      return at(literal(path), `path below ${content.pages}`)
    }
    const found = collectionOf(content, file)
    if (found !== null && wind !== null && found.collection.name === 'post') {
      const path = wind.pathOf(article, textAt(article.data, 'slug') ?? entrySlug(found.path))
      return path === null ? null : at(path, `permalink of ${site.placeOf(wind.name)}`)
    }
    const route = found === null ? null : routeFor(found.collection.name)
    if (found === null || route === null) return null
    const said = slugSaid(article, route)
    const { id } = found.collection
    if (id === 'unknown' && said === null) return null
    const shown = pathShown(found.path, route)
    const slug = said?.slug ?? (id === 'path' ? shown.replace(/\.[^./]+$/, '') : entrySlug(shown))
    const [language, rest] = languageFirst(slug, route, article.data, ownLanguage)
    if (language === null || rest === '' || (rest.includes('/') && !route.isRest)) return null
    return at(
      `/${language}${route.before}${prefixOf(route)}${literal(rest)}`,
      `${site.placeOf(route.file)} and the ${said?.from ?? "file's path"}`,
    )
  }
}

/** The language of an entry, '' for the site's own, null when that is not known; and its slug without it. */
function languageFirst(
  slug: string,
  { language }: Route,
  data: Record<string, unknown>,
  own: string | null,
): [language: string | null, rest: string] {
  if (language === 'none') return ['', slug]
  if (language === 'path') {
    const [first = '', ...steps] = slug.split('/')
    return [first, steps.join('/')]
  }
  const said = textAt(data, 'lang') ?? ''
  return [said === '' || said === own ? '' : own === null ? null : said, slug]
}

/** AstroPaper's `getPath` and `getPostSlug` leave out folders that begin with `_`. */
function pathShown(path: string, route: Route): string {
  return /\bget(?:Path|PostSlug)\s*\(/.test(route.text) ? path.replace(/(^|\/)(?:_[^/]*\/)+/g, '$1') : path
}

/** What the route takes for the slug of an entry, and where it stands; null when the entry's own path is it. */
function slugSaid({ data, title }: Linkable, route: Route): { slug: string; from: string } | null {
  const written = textAt(data, 'slug')
  if (written !== null) return { slug: written, from: 'slug of the front matter' }
  const field = FIELD.exec(route.text)?.[1]
  const own = field === undefined ? null : textAt(data, field.toLowerCase())
  if (field !== undefined && own !== null) return { slug: own, from: `${field} of the front matter` }
  if (!isSlugOfData(route)) return null
  const named = textAt(data, 'postSlug')
  return { slug: githubSlug(named ?? title), from: named === null ? 'title' : 'postSlug of the front matter' }
}

/** The first AstroPaper made the slug of `postSlug` or the title: `slug: slugify(post.data)`. */
function isSlugOfData({ text }: Route): boolean {
  return /\bslug\s*:\s*slugify\(\s*\w+(?:\.data)?\s*\)/.test(text)
}

/** As the sitemap has it: a folder ends in a slash unless the configuration says otherwise. */
function endingOf(config: ScriptConfig, usual: string): string {
  const slash = config.text('trailingSlash') ?? usual
  if (slash !== 'ignore') return slash === 'always' ? '/' : ''
  return (config.text('build.format') ?? 'directory') === 'directory' ? '/' : ''
}
