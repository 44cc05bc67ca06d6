import { type AnyFeed, type AtomFeed, type JsonFeed, type RdfFeed, type RssFeed, parseFeed } from 'feedsmith'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import type { OldItem } from '../remember/adopted.ts'
import { parseUrl } from '../web-address.ts'

/**
 * Reads the items of a feed that the site has had so far: RSS, RDF (RSS 1.0), Atom or JSON Feed.
 * @param place what messages call the feed
 * @param siteUrl what relative links are relative to when the feed does not say
 * @throws {Problem} `adopt-unreadable`
 */
export function readOldFeed(bytes: Uint8Array, place: string, siteUrl: string): OldItem[] {
  const items = itemsOf(parse(decodeFeed(bytes), place), siteUrl).flatMap(usable)
  if (items.length > 0) return items
  throw unreadable(place, 'The feed has no item with an id or a link', 'give the feed as the site had it last')
}

function parse(text: string, place: string): AnyFeed {
  try {
    return parseFeed(text)
  } catch (cause) {
    const mend = 'save the feed itself, not a page that links to it: curl -o old.xml URL'
    throw unreadable(place, 'This is no RSS, Atom, RDF or JSON feed that can be read', mend, cause)
  }
}

function unreadable(where: string, message: string, mend: string, cause?: unknown): Problem {
  return new Problem('adopt-unreadable', message, { where, mend, cause })
}

/** An item as the feed has it; readers take the link for the id where there is none. */
interface Written {
  guid: string | undefined
  link: string | undefined
  title: string | undefined
  date: string | undefined
  base: string
}

function usable({ guid, link, title, date, base }: Written): OldItem[] {
  const id = guid ?? link
  if (id === undefined || id === '') return []
  return [{ guid: id, link: absolute(link, base), title: title ?? '', published: instantOf(date) }]
}

function itemsOf(parsed: AnyFeed, siteUrl: string): Written[] {
  switch (parsed.format) {
    case 'rss':
      return (parsed.feed.items ?? []).map((item) => rssItem(item, baseOf(parsed.feed.link, siteUrl)))
    case 'rdf':
      return (parsed.feed.items ?? []).map((item) => rdfItem(item, baseOf(parsed.feed.link, siteUrl)))
    case 'atom':
      return atomItems(parsed.feed, siteUrl)
    case 'json':
      return (parsed.feed.items ?? []).map((item) => jsonItem(item, baseOf(parsed.feed.home_page_url, siteUrl)))
  }
}

function rssItem(item: RssFeed.Item<string>, base: string): Written {
  const { guid, title } = item
  // A guid is a link as long as it does not say that it is none (RSS 2.0, element guid).
  const permalink = guid?.isPermaLink !== false && /^https?:/i.test(guid?.value ?? '') ? guid?.value : undefined
  const date = item.pubDate ?? item.dc?.dates?.[0] ?? item.atom?.published ?? item.atom?.updated
  return { guid: guid?.value, link: item.link ?? permalink, title, date, base }
}

function rdfItem(item: RdfFeed.Item<string>, base: string): Written {
  const about = item.rdf?.about
  return { guid: about, link: item.link ?? about, title: item.title, date: item.dc?.dates?.[0], base }
}

function atomItems(feed: AtomFeed.Feed<string>, siteUrl: string): Written[] {
  const base = baseOf(feed.xml?.base, baseOf(alternate(feed.links), siteUrl))
  return (feed.entries ?? []).map((entry) => ({
    guid: entry.id,
    link: alternate(entry.links),
    title: entry.title?.value,
    date: entry.published ?? entry.updated,
    base: baseOf(entry.xml?.base, base),
  }))
}

/** RFC 4287, section 4.2.7.2: a link without a relation is an alternate one. Of several the page itself counts. */
function alternate(links: readonly { href?: string; rel?: string; type?: string }[] | undefined): string | undefined {
  const pages = (links ?? []).filter(({ rel }) => rel === undefined || rel === '' || rel === 'alternate')
  return (pages.find(({ type }) => type === undefined || type.includes('html')) ?? pages[0])?.href
}

function jsonItem(item: JsonFeed.Item<string>, base: string): Written {
  return { guid: item.id, link: item.url ?? item.external_url, title: item.title, date: item.date_published, base }
}

function baseOf(written: string | undefined, above: string): string {
  return absolute(written, above) ?? above
}

function absolute(link: string | undefined, base: string): string | null {
  return link === undefined || link === '' ? null : (parseUrl(link, base)?.href ?? null)
}

/** A date without a zone is taken for UTC, so that it is the same on every machine. */
function instantOf(date: string | undefined): Instant | null {
  const text = (date ?? '').trim()
  const isZoned = /(?:[+-]\d{2}:?\d{2}|[a-z]{1,5}|\))$/i.test(text)
  const at = Date.parse(isZoned || /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : `${text} GMT`)
  return Number.isNaN(at) ? null : at
}

const DECLARATION = /^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)["']/

/** The text of a feed, by its byte order mark, else by its XML declaration; else it is UTF-8. */
function decodeFeed(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0 && second === 0x3c) return new TextDecoder('utf-16be').decode(bytes)
  if (first === 0x3c && second === 0) return new TextDecoder('utf-16le').decode(bytes)
  const declared = DECLARATION.exec(Buffer.from(bytes.subarray(0, 400)).toString('latin1'))?.[1] ?? 'utf-8'
  // A declaration that can be read byte by byte is not in UTF-16, whatever it says.
  return decoderFor(/^utf-?16/i.test(declared) ? 'utf-8' : declared).decode(bytes)
}

function decoderFor(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return new TextDecoder('utf-8')
  }
}
