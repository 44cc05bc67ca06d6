import type { Entry } from '../entry.ts'
import { cleanText, foldText } from '../markdown/text.ts'
import type { Author } from '../site.ts'
import { siteAuthor } from './channel.ts'
import type { Channel } from './channel.ts'

/** An entry with its article as HTML, sanitised and with absolute URLs; null when the feed gives the snippet only. */
export type FeedEntry = Entry & { contentHtml: string | null }

/** An entry as all three documents show it: every text cleaned, every URL absolute. */
export interface Item {
  guid: string
  number: number
  title: string
  link: string
  published: Date
  updated: Date
  author: Author | null
  /** Categories, then tags, each once. */
  tags: string[]
  snippet: string
  /** HTML, never empty. */
  contentHtml: string | null
}

/** Cleans an entry for all three documents at once, so that they cannot differ. */
export function itemOf(channel: Channel, entry: FeedEntry): Item {
  const author = foldText(entry.author ?? '')
  return {
    guid: cleanUri(entry.guid),
    number: entry.number,
    title: foldText(entry.title),
    link: webAddress(entry.link) ?? new URL(`#${entry.anchor}`, channel.publishUrl).href,
    published: new Date(entry.date),
    updated: new Date(entry.updated),
    author: author === '' ? siteAuthor(channel.site) : { name: author, email: null },
    tags: uniqueTags(entry),
    snippet: foldText(entry.snippet),
    contentHtml: cleanHtml(entry.contentHtml),
  }
}

function uniqueTags(entry: Entry): string[] {
  const names = [...entry.categories, ...entry.tags].map(foldText)
  return [...new Set(names)].filter((name) => name !== '')
}

/** White space has no place in a URI, and some readers trim it. Nothing else of an id is ever normalised. */
function cleanUri(uri: string): string {
  return cleanText(uri).replace(/\s/g, (space) => encodeURIComponent(space))
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
