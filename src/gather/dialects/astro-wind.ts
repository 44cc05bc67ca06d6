import type { Linkable } from './dialect.ts'
import { clockOf, pad } from './link-clock.ts'
import { fillPattern } from './link-pattern.ts'
import { at, flagAt, readSiteConfig, textAt } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'
import { zolaSlug } from './slugs.ts'

/** What AstroWind's own configuration says of its blog; its routes are made of it by code. */
export interface AstroWind {
  /** Name of the file, relative to the site's root. */
  name: string
  address: string | null
  folder: string
  trailingSlash: 'always' | 'never'
  /** Where a post stands, its pattern filled; null when that is not known. */
  pathOf(article: Linkable, id: string): string | null
}

/** https://github.com/onwidget/astrowind: `src/config.yaml`, of which its integration sets Astro. */
export function readAstroWind(site: SiteFolder, astroConfig: string | null): AstroWind | null {
  const isWind = astroConfig !== null && /\bastrowind\b/i.test(site.read(astroConfig) ?? '')
  const config = isWind ? readSiteConfig(site, ['src/config.yaml', 'src/config.yml']) : null
  if (config === null) return null
  const { name, values } = config
  const blog = at(values, 'apps', 'blog')
  const pattern = textAt(blog, 'post', 'permalink') ?? `${textAt(blog, 'list', 'pathname') ?? 'blog'}/%slug%`
  return {
    name,
    address: textAt(values, 'site', 'site'),
    folder: textAt(values, 'site', 'base') ?? '',
    trailingSlash: flagAt(values, 'site', 'trailingSlash') === true ? 'always' : 'never',
    pathOf: (article, id) => fillPattern(pattern, /%([a-z]+)%/g, (token) => valueOf(token, article, id)),
  }
}

function valueOf(token: string, { date, categories }: Linkable, id: string): string | null {
  // It spells other letters in Latin by tables of its own.
  if (token === 'slug' || token === 'id') return /^[a-z0-9/-]+$/.test(id) ? id : null
  if (token === 'category') return zolaSlug(categories[0] ?? '')
  if (date === null) return null
  const { year, month, day, hour, minute, second } = clockOf(date, 'UTC')
  const figures = new Map([
    ['year', year],
    ['month', month],
    ['day', day],
    ['hour', hour],
    ['minute', minute],
    ['second', second],
  ])
  const figure = figures.get(token)
  return figure === undefined ? null : pad(figure, token === 'year' ? 4 : 2)
}
