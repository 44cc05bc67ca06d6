import { excerptSeparator } from '../excerpt-separator.ts'
import { namesField } from '../fields.ts'
import type { Dialect } from './dialect.ts'
import { jekyllDefaults } from './jekyll-defaults.ts'
import { type JekyllPlaces, type Place, jekyllPlaces } from './jekyll-places.ts'
import { jekyllLinker } from './jekyll-link.ts'
import { jekyllName, titleized } from './jekyll-name.ts'
import { siteBase } from './link-path.ts'
import { navigationFile, rootReadme } from './no-entry.ts'
import { type SiteConfig, at, readSiteConfig, textAt } from './site-config.ts'
import { type SiteFolder, inSite } from './site-folder.ts'
import { zoneOf } from './site-zone.ts'

const CONFIGS = ['_config.yml', '_config.yaml', '_config.toml']
/** Settings that Hexo's `_config.yml` does not have. */
const OWN_SETTINGS =
  /^["']?(?:plugins|gems|whitelist|baseurl|kramdown|markdown|highlighter|collections|collections_dir|remote_theme|sass|excerpt_separator|paginate|paginate_path|lsi|relative_permalinks|safe|defaults)["']?\s*[:=]/m
/** Jekyll knows no other than `date` and the name; of a page or a collection's file other words may tell it. */
const DATES = [
  'date',
  ':path',
  'publishdate',
  'pubdate',
  'published',
  'published_at',
  'created',
  'created_at',
  'posted',
]
const SYNTAX = { liquid: true, shortcodes: false, wiki: false, mdx: false, vue: false, kramdown: true }

/** Jekyll 3 and 4: https://jekyllrb.com/docs/configuration and https://jekyllrb.com/docs/permalinks */
export function recognise(site: SiteFolder): Dialect | null {
  const name = CONFIGS.find((config) => site.isFile(config))
  if (name === undefined && site.demand === 'likely') return null
  if (site.demand === 'sure' && !isOwn(site, name)) return null
  const config = readSiteConfig(site, CONFIGS)
  const places = jekyllPlaces(site, config?.values)
  return places === null ? null : jekyll(site, config, places)
}

function isOwn(site: SiteFolder, config: string | undefined): boolean {
  const hasGem = /\b(?:jekyll|github-pages)\b/.test(site.read('Gemfile') ?? '')
  if (config === undefined) return hasGem && site.isFolder('_posts')
  return OWN_SETTINGS.test(site.read(config) ?? '') || hasGem || site.isFolder('_posts') || site.isFolder('_layouts')
}

/** Where an Octopress stands on its host, unless its address says so already. */
function octopressRoot(values: unknown): string {
  const root = textAt(values, 'root') ?? ''
  const isSaid = textAt(values, 'url')?.replace(/\/$/, '').endsWith(root.replace(/\/$/, '')) === true
  return textAt(values, 'code_dir') === null || isSaid ? '' : root
}

function jekyll(site: SiteFolder, config: SiteConfig | null, places: JekyllPlaces): Dialect {
  const values = config?.values
  const zone = zoneOf(textAt(values, 'timezone'), config?.name ?? null, site)
  const defaults = jekyllDefaults(values)
  const defaultsAt = (place: Place): Record<string, unknown> =>
    defaults(place.path, place.kind === 'collection' ? place.collection : place.kind)
  const categoriesAt = (place: Place): string[] => [
    ...new Set([...place.folders, ...namesField(defaultsAt(place)['categories'], 'space-or-comma')]),
  ]
  const placeOf = (path: string): Place | string => places.placeOf(inSite(site, path))
  const base = siteBase(textAt(values, 'url'), site, textAt(values, 'baseurl') ?? octopressRoot(values))
  const link = jekyllLinker(site, config, zone, base)
  return {
    name: 'jekyll',
    config: config === null ? null : site.placeOf(config.name),
    identity: site.identity(),
    problems: site.problems,
    zone,
    dateFields: DATES,
    syntaxOf: () => SYNTAX,
    excerptSeparator: excerptSeparator(at(values, 'excerpt_separator')),
    passesOver(path) {
      const place = placeOf(path)
      if (typeof place === 'string') return place
      return place.kind === 'pages' ? navigationFile(path) : null
    },
    defaultsOf(path) {
      const place = placeOf(path)
      return typeof place === 'string' ? {} : defaultsAt(place)
    },
    categoriesOf(path) {
      const place = placeOf(path)
      return typeof place === 'string' ? [] : categoriesAt(place)
    },
    ofPath(path) {
      const place = placeOf(path)
      const { date, slug } = jekyllName(path)
      return { date, slug, isDraft: typeof place !== 'string' && place.kind === 'drafts' }
    },
    nameWords: titleized,
    isNoEntry(path, data) {
      const place = placeOf(path)
      if (typeof place === 'string' || place.kind !== 'pages') return null
      const layout = textAt(data, 'layout') ?? ''
      const isList = /^(?:home|search|archives?|tags|categories)$/i.test(layout)
      return isList ? `a page of the layout ${layout}` : rootReadme(path, data)
    },
    // Themes read it from the root of the site, save a mere name, for which each has a folder of its own.
    imageBase: (_, image) => (image.includes('/') && !image.startsWith('.') ? base : null),
    linkOf(article) {
      const place = placeOf(article.path)
      return typeof place === 'string'
        ? null
        : link(article, place, categoriesAt(place), defaultsAt(place)['permalink'])
    },
  }
}
