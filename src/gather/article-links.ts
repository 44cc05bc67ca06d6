import type { WrittenDate } from '../entry.ts'
import { type Reading, whereOf } from './article.ts'
import type { DialectName } from '../dialect-name.ts'
import type { SiteLink } from './dialects/dialect.ts'
import { at } from './dialects/site-config.ts'
import { boolField, imageField, textField } from './fields.ts'
import { parseUrl } from '../web-address.ts'

/** The other programs read a permalink by rules of their own, or not at all; in a vault `url` is one of somebody else. */
const PERMALINK: Partial<Record<DialectName, readonly string[]>> = {
  plain: ['permalink', 'url'],
  obsidian: ['permalink'],
  astro: ['permalink', 'url'],
}
const CANONICAL = ['canonical_url', 'canonicalurl', 'canonical', 'canonical_link', 'canonicallink']
const IMAGE = [
  ...['image', 'cover', 'cover_image', 'coverimage', 'thumbnail', 'heroimage', 'hero_image', 'featured_image'],
  ...['featuredimage', 'feature_image', 'ogimage', 'og_image', 'banner', 'banner_img', 'top_img', 'index_img', 'img'],
  ...['header', 'teaser', 'photo', 'images'],
]

export interface ArticleLinks {
  /**
   * Where it stands by its own word or by the rules of its site: a permalink, else a canonical URL, else what the site
   * makes of it unless the owner gives a pattern of links.
   */
  permalink: string | null
  /** Its page on this site; null when that is not known. A canonical URL may be one of another site. */
  page: string | null
}

/** Reads the links of an article; all are absolute. */
export function linksOf(
  reading: Reading,
  about: { title: string; date: WrittenDate | null; categories: readonly string[] },
): ArticleLinks {
  const { data, head, file, source, rules, tell } = reading
  const isDateQuoted = (): boolean => head.isQuoted('date')
  const site = source.dialect.linkOf({ path: file.path, data, isDateQuoted, ...about })
  const own = site?.isWritten === true ? site : ownLink(reading, PERMALINK[source.dialect.name] ?? [])
  const canonical = own === null ? ownLink(reading, CANONICAL) : null
  const made = source.hasPattern ? null : site
  const link = own ?? canonical ?? made
  if (link !== null) tell?.('link', link.url, link.from)
  const isOurs = canonical !== null && new URL(canonical.url).host === new URL(rules.siteUrl).host
  return { permalink: link?.url ?? null, page: (own ?? made ?? (isOurs ? canonical : null))?.url ?? null }
}

/** A link that the front matter gives in full, or from the root of the site on. */
function ownLink(reading: Reading, names: readonly string[]): SiteLink | null {
  const { data, head, file, rules, warn } = reading
  for (const name of names) {
    const text = textField(data[name])
    // A switch is no address, and a pattern is one of some program that is not at hand.
    if (text === null || boolField(text) !== null || /[{}]|\/:[a-z]/i.test(text)) continue
    const isWhole = name !== 'url' || /^(?:https?:\/)?\//i.test(text)
    const url = isWhole ? addressOf(text, rules.siteUrl) : null
    if (url !== null) return { url, from: whereOf(reading, name), isWritten: true }
    const mend = 'write it as https://blog.example.org/tides/'
    if (name !== 'url') {
      warn(
        'permalink-invalid',
        `${file.place}:${head.lineOf(name)}`,
        `"${text}" is no web address and is not used`,
        mend,
      )
    }
  }
  return null
}

/** Absolute, or null when it is no address of the web. */
function addressOf(text: string, base: string): string | null {
  const url = parseUrl(text, base)
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url.href : null
}

/** The cover image, absolute: seen from the article's own page, or from the site when it begins at the root. */
export function imageUrl(reading: Reading, page: string | null): string | null {
  const { data, file, source, rules, tell } = reading
  const name = IMAGE.find((one) => imageField(data[one]) !== null)
  const extra = IMAGE.find((one) => imageField(at(data.extra, one)) !== null) ?? 'image'
  const text = name === undefined ? imageField(at(data.extra, extra)) : imageField(data[name])
  if (text === null) return null
  const isRooted = /^(?:[a-z]+:)?\//i.test(text)
  // Astro gives the images that lie beside an article names that nobody can foresee.
  if (source.dialect.name === 'astro' && (!isRooted || text.startsWith('/src/'))) return null
  const siteBase = isRooted ? null : (source.dialect.imageBase?.(file.path, text) ?? null)
  const base = siteBase ?? page ?? (isRooted ? rules.siteUrl : null)
  const url = base === null ? null : addressOf(text, base)
  if (url !== null) tell?.('image', url, whereOf(reading, name ?? extra, name ?? 'extra'))
  return url
}
