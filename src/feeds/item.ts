import { type Enclosure, isPlayed } from '../enclosure.ts'
import type { Entry } from '../entry.ts'
import { cleanText } from '../markdown/text.ts'
import type { Author } from '../site.ts'
import { siteAuthor } from './channel.ts'
import type { Channel } from './channel.ts'
import { EARLIEST, feedHtml, feedText, plainCaption, webAddress } from './clean.ts'

/** The picture that stands for an article. */
export interface EntryImage {
  /** Absolute, http or https. */
  url: string
  /** Media type; null when it is not known. */
  type: string | null
  /** Bytes; null when they are not known. */
  length: number | null
  /** What it shows, as plain text; empty when nobody says. */
  alt: string
}

/** An entry with what a feed needs of its article. */
export type FeedEntry = Omit<Entry, 'image'> & {
  /** The article as HTML, sanitised and with absolute URLs; null when the feed gives the snippet only. */
  contentHtml: string | null
  image: EntryImage | null
}

/** An entry as all three documents show it: every text cleaned, every URL absolute. */
export interface Item {
  /** As readers know it: mostly an absolute URI, but an older feed of the site may have called it anything. */
  guid: string
  number: number
  title: string
  link: string
  /** Null for an article from before feeds may be dated. */
  published: Date | null
  updated: Date
  /** Those of the entry, else the site's. */
  authors: Author[]
  /** Categories, then tags, each once. */
  tags: string[]
  snippet: string
  /** HTML, never empty. */
  contentHtml: string | null
  image: EntryImage | null
  /** Files besides the picture; what is played comes first, since readers take the first for the episode. */
  enclosures: Enclosure[]
}

/** Cleans an entry for all three documents at once, so that they cannot differ. */
export function itemOf(channel: Pick<Channel, 'site' | 'publishUrl'>, entry: FeedEntry): Item {
  const enclosures = enclosuresOf(entry.enclosures)
  const image = imageOf(entry.image, enclosures)
  return {
    guid: cleanText(entry.guid),
    number: entry.number,
    title: feedText(entry.title),
    link: webAddress(entry.link) ?? new URL(`#${entry.anchor}`, channel.publishUrl).href,
    published: entry.date < EARLIEST ? null : new Date(entry.date),
    // Each its own: of entries with one `updated` no reader can tell which is newer.
    updated: new Date(Math.max(entry.updated, EARLIEST + entry.number)),
    authors: authorsOf(siteAuthor(channel.site), entry),
    tags: uniqueTags(entry),
    snippet: feedText(entry.snippet),
    contentHtml: cleanHtml(entry.contentHtml),
    image,
    enclosures: enclosures.filter(({ url }) => url !== image?.url),
  }
}

function authorsOf(siteAuthor: Author | null, entry: FeedEntry): Author[] {
  const names = new Set(entry.authors.map(feedText).filter((name) => name !== ''))
  if (names.size === 0) return siteAuthor === null ? [] : [siteAuthor]
  return [...names].map((name) => (name === siteAuthor?.name ? siteAuthor : { name, email: null, url: null }))
}

function uniqueTags(entry: FeedEntry): string[] {
  const names = [...entry.categories, ...entry.tags].map(feedText)
  return [...new Set(names)].filter((name) => name !== '')
}

function cleanHtml(html: string | null): string | null {
  const clean = feedHtml(html ?? '')
  return clean === '' ? null : clean
}

function enclosuresOf(enclosures: readonly Enclosure[]): Enclosure[] {
  const usable = enclosures.flatMap((enclosure) => {
    const url = webAddress(enclosure.url)
    return url === null ? [] : [{ ...enclosure, url }]
  })
  return usable.sort((a, b) => Number(isPlayed(b)) - Number(isPlayed(a)))
}

/** A feed of others may tell of a picture as of a file. */
function imageOf(image: EntryImage | null, enclosures: readonly Enclosure[]): EntryImage | null {
  const url = image === null ? null : webAddress(image.url)
  if (image === null || url === null) return null
  const file = enclosures.find((enclosure) => enclosure.url === url)
  const type = image.type ?? file?.type ?? null
  return { url, type, length: image.length ?? file?.length ?? null, alt: plainCaption(image.alt) }
}
