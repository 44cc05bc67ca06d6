import type { Entry } from '../entry.ts'
import { cleanText, foldText } from '../markdown/text.ts'
import type { Author } from '../site.ts'
import { siteAuthor } from './channel.ts'
import type { Channel } from './channel.ts'

/** An entry with its article as HTML, sanitised and with absolute URLs; null when the feed gives the snippet only. */
export type FeedEntry = Entry & { contentHtml: string | null }

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
}

/** Cleans an entry for all three documents at once, so that they cannot differ. */
export function itemOf(channel: Channel, entry: FeedEntry): Item {
  return {
    guid: cleanText(entry.guid),
    number: entry.number,
    title: foldText(entry.title),
    link: webAddress(entry.link) ?? new URL(`#${entry.anchor}`, channel.publishUrl).href,
    published: new Date(entry.date),
    updated: new Date(entry.updated),
    authors: authorsOf(channel, entry),
    tags: uniqueTags(entry),
    snippet: foldText(entry.snippet),
    contentHtml: cleanHtml(entry.contentHtml),
  }
}

function authorsOf(channel: Channel, entry: Entry): Author[] {
  const names = entry.authors.map(foldText).filter((name) => name !== '')
  if (names.length > 0) return names.map((name) => ({ name, email: null }))
  const author = siteAuthor(channel.site)
  return author === null ? [] : [author]
}

function uniqueTags(entry: Entry): string[] {
  const names = [...entry.categories, ...entry.tags].map(foldText)
  return [...new Set(names)].filter((name) => name !== '')
}

/** XML readers turn every line end into a line feed (XML 1.0 section 2.11), so JSON has none other either. */
function cleanHtml(html: string | null): string | null {
  const clean = cleanText(html ?? '').replace(/\r\n?/g, '\n')
  return clean === '' ? null : clean
}

function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
}
