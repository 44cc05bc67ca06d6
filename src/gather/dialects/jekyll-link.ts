import { posix } from 'node:path'
import type { Linkable, SiteLink } from './dialect.ts'
import { jekyllName } from './jekyll-name.ts'
import type { Place } from './jekyll-places.ts'
import {
  type Clock,
  MONTHS,
  WEEKDAYS,
  clockOf,
  dayOfYear,
  isoWeek,
  pad,
  utcInstant,
  weekdayOf,
  writtenClock,
} from './link-clock.ts'
import { literal, pageUrl, webAddress } from './link-path.ts'
import { fillPattern, once } from './link-pattern.ts'
import { type SiteConfig, textAt, textsAt } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'
import { jekyllSlug } from './slugs.ts'

const STYLES = new Map([
  ['date', '/:categories/:year/:month/:day/:title:output_ext'],
  ['pretty', '/:categories/:year/:month/:day/:title/'],
  ['ordinal', '/:categories/:year/:y_day/:title:output_ext'],
  ['weekdate', '/:categories/:year/W:week/:short_day/:title:output_ext'],
  ['none', '/:categories/:title:output_ext'],
])

/**
 * The links of a site; `categories` are those an article has without writing them, `common` is the permalink that the
 * site gives to files which write none.
 * Jekyll shows days in its `timezone`, else in that of its machine; GitHub's has UTC.
 */
export function jekyllLinker(
  site: SiteFolder,
  config: SiteConfig | null,
  zone: string | null,
  base: string,
): (article: Linkable, place: Place, categories: readonly string[], common: unknown) => SiteLink | null {
  const values = config?.values
  // Octopress, a Jekyll of its time, shows a date as it is written.
  const isOctopress = textAt(values, 'code_dir') !== null
  const configName = config === null ? 'Jekyll itself' : site.placeOf(config.name)
  return (article, place, categories, common) => {
    const written = textAt(article.data, 'permalink')
    const isWritten = written !== null
    const isOwn = isWritten && article.data['permalink'] !== common
    const from = isOwn ? 'permalink of the front matter' : `permalink of ${configName}`
    const address = webAddress(written)
    if (address !== null) return { url: address.href, from, isWritten }
    const pattern = written ?? patternOf(place, values)
    const asWritten = isOctopress ? writtenClock(article.data['date'])?.clock : undefined
    const clock = once(() => asWritten ?? clockOfPost(article, zone ?? 'UTC'))
    const path = fillPattern(pattern, /:([a-z_]*[a-z])/g, (name) => {
      const figures = FIGURES.get(name)
      if (figures === undefined) return textOf(name, article, place, categories)
      const shown = clock()
      return shown === null ? null : figures(shown)
    })
    return path === null ? null : { url: pageUrl(base, path), from, isWritten }
  }
}

function patternOf(place: Place, values: unknown): string {
  const style = textAt(values, 'permalink') ?? 'date'
  if (place.kind === 'posts' || place.kind === 'drafts') {
    return textAt(values, 'collections', 'posts', 'permalink') ?? STYLES.get(style) ?? style
  }
  if (place.kind === 'collection') {
    return textAt(values, 'collections', place.collection, 'permalink') ?? withEnding('/:collection/:path', style)
  }
  return /(?:^|\/)index$/.test(place.cleanPath) ? ':dir/' : withEnding('/:path', style)
}

/** Pages end as posts do (Jekyll's `add_permalink_suffix`). */
function withEnding(pattern: string, style: string): string {
  if (style === 'pretty' || style.endsWith('/')) return `${pattern}/`
  return STYLES.has(style) || style.endsWith(':output_ext') ? `${pattern}:output_ext` : pattern
}

/** What a name of a pattern stands for besides figures (Jekyll's `UrlDrop`); null when it is not known. */
function textOf(name: string, { path, data }: Linkable, place: Place, placed: readonly string[]): string | null {
  const slug = (): string => textAt(data, 'slug') ?? jekyllName(path).slug.replace(/\.+$/, '')
  const basename = posix.basename(place.cleanPath)
  switch (name) {
    case 'title':
      return literal(jekyllSlug(slug(), 'pretty', true))
    case 'slug':
      return jekyllSlug(slug(), 'default', false)
    case 'name':
      return jekyllSlug(basename, 'default', false)
    case 'basename':
      return literal(basename)
    case 'path':
      return literal(place.cleanPath)
    case 'dir':
      return literal(posix.dirname(place.cleanPath))
    case 'categories':
      return literal(categoriesOf(data, placed, (category) => category.toLowerCase()))
    case 'slugified_categories':
      return categoriesOf(data, placed, (category) => jekyllSlug(category, 'default', false))
    case 'collection':
      return place.collection
    case 'output_ext':
      return '.html'
    default:
      return null
  }
}

/** Those of its place first; a text of several categories has spaces between them, `category` is one. */
function categoriesOf(
  data: Record<string, unknown>,
  placed: readonly string[],
  spell: (category: string) => string,
): string {
  const written = data['categories']
  const several = typeof written === 'string' ? written.split(/\s+/) : textsAt(data, 'categories')
  const names = [...placed, ...several, ...textsAt(data, 'category')]
  return [...new Set(names.filter((name) => name !== '').map(spell))].join('/')
}

/**
 * A time with seconds and without a zone is one of UTC to Jekyll (https://github.com/jekyll/jekyll/issues/3879), one
 * without seconds or between quotes is no time to its YAML and stays as it is written.
 */
function clockOfPost({ date, data, isDateQuoted }: Linkable, zone: string): Clock | null {
  if (date?.kind !== 'instant') return date === null ? null : clockOf(date, zone)
  const written = writtenClock(data['date'])
  if (written === null || written.zone !== null) return clockOf(date, zone)
  const isTime = written.hasSeconds && isDateQuoted?.() !== true
  return isTime ? clockOf({ kind: 'instant', at: utcInstant(written.clock) }, zone) : written.clock
}

const FIGURES = new Map<string, (clock: Clock) => string>([
  ['year', (clock) => pad(clock.year, 4)],
  ['short_year', (clock) => pad(clock.year % 100)],
  ['month', (clock) => pad(clock.month)],
  ['i_month', (clock) => String(clock.month)],
  ['short_month', (clock) => (MONTHS[clock.month - 1] ?? '').slice(0, 3)],
  ['long_month', (clock) => MONTHS[clock.month - 1] ?? ''],
  ['day', (clock) => pad(clock.day)],
  ['i_day', (clock) => String(clock.day)],
  ['y_day', (clock) => pad(dayOfYear(clock), 3)],
  ['w_year', (clock) => String(isoWeek(clock).year)],
  ['week', (clock) => pad(isoWeek(clock).week)],
  ['w_day', (clock) => String(weekdayOf(clock) || 7)],
  ['short_day', (clock) => (WEEKDAYS[weekdayOf(clock)] ?? '').slice(0, 3)],
  ['long_day', (clock) => WEEKDAYS[weekdayOf(clock)] ?? ''],
  ['hour', (clock) => pad(clock.hour)],
  ['minute', (clock) => pad(clock.minute)],
  ['second', (clock) => pad(clock.second)],
])
