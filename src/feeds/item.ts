import type { Entry } from '../entry.ts'
import { cleanText, foldText } from '../markdown/text.ts'
import type { Author } from '../site.ts'
import { siteAuthor } from './channel.ts'
import type { Channel } from './channel.ts'

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
  published: Date
  updated: Date
  /** Those of the entry, else the site's. */
  authors: Author[]
  /** Categories, then tags, each once. */
  tags: string[]
  snippet: string
  /** HTML, never empty. */
  contentHtml: string | null
  image: EntryImage | null
}

/** Cleans an entry for all three documents at once, so that they cannot differ. */
export function itemOf(channel: Pick<Channel, 'site' | 'publishUrl'>, entry: FeedEntry): Item {
  return {
    guid: cleanText(entry.guid),
    number: entry.number,
    title: foldText(entry.title),
    link: webAddress(entry.link) ?? new URL(`#${entry.anchor}`, channel.publishUrl).href,
    published: new Date(entry.date),
    updated: new Date(entry.updated),
    authors: authorsOf(siteAuthor(channel.site), entry),
    tags: uniqueTags(entry),
    snippet: foldText(entry.snippet),
    contentHtml: cleanHtml(entry.contentHtml),
    image: imageOf(entry.image),
  }
}

function authorsOf(siteAuthor: Author | null, entry: FeedEntry): Author[] {
  const names = new Set(entry.authors.map(foldText).filter((name) => name !== ''))
  if (names.size === 0) return siteAuthor === null ? [] : [siteAuthor]
  return [...names].map((name) => (name === siteAuthor?.name ? siteAuthor : { name, email: null, url: null }))
}

function uniqueTags(entry: FeedEntry): string[] {
  const names = [...entry.categories, ...entry.tags].map(foldText)
  return [...new Set(names)].filter((name) => name !== '')
}

/** XML readers turn every line end into a line feed (XML 1.0 section 2.11), so JSON has none other either. */
function cleanHtml(html: string | null): string | null {
  const clean = cleanText(html ?? '').replace(/\r\n?/g, '\n')
  return clean === '' ? null : clean
}

function imageOf(image: EntryImage | null): EntryImage | null {
  const url = image === null ? null : webAddress(image.url)
  return image === null || url === null ? null : { ...image, url, alt: foldText(image.alt) }
}

function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
}
