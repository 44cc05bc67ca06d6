import { Parser } from 'htmlparser2'
import { foldText } from '../../markdown/text.ts'
import { absolute } from './address.ts'

/** A feed that a page names. */
export interface FeedLink {
  /** Absolute. */
  url: string
  /** One line of plain text; empty when it has none. */
  title: string
}

const FEED_TYPE = /^(?:application\/(?:(?:rss|atom|rdf)\+xml|feed\+json)|text\/xml)\s*(?:;|$)/i
/** Other things than feeds are JSON, such as the programming interface of WordPress. */
const JSON_TYPE = /^application\/json\s*(?:;|$)/i
const JSON_FEED = /(?:^|[/._-])feed[^/]*$/i
/** What a browser takes for the head of a page; the links stand there. */
const FARTHEST = 1_000_000
const DEEPEST = 200
const MOST = 20
const STOP = new Error('stop')

/**
 * The feeds of a page in the order in which it names them: `<link rel="alternate">` with the type of a feed. Feeds of
 * comments come last.
 * @param url where the page was fetched, absolute
 */
export function feedUrlsIn(html: string, url: string): FeedLink[] {
  const found = new Map<string, FeedLink>()
  let [base, depth] = [url, 0]
  const parser = new Parser({
    onopentag(name, attributes) {
      if (++depth > DEEPEST || found.size >= MOST) throw STOP
      if (name === 'base') base = absolute(attributes['href'] ?? null, url) ?? base
      const link = name === 'link' || name === 'a' ? feedLink(attributes, base) : null
      if (link !== null && !found.has(link.url)) found.set(link.url, link)
    },
    onclosetag() {
      depth--
    },
  })
  try {
    parser.end(html.slice(0, FARTHEST))
  } catch (error) {
    if (error !== STOP) throw error
  }
  const links = [...found.values()]
  return [...links.filter((link) => !isOfComments(link)), ...links.filter(isOfComments)]
}

function feedLink(
  { rel = '', type = '', href = '', title = '' }: Record<string, string>,
  base: string,
): FeedLink | null {
  const relations = rel.toLowerCase().split(/\s+/)
  const isJson = JSON_TYPE.test(type.trim()) && JSON_FEED.test(href)
  const isFeed = relations.includes('alternate') && (FEED_TYPE.test(type.trim()) || isJson)
  const url = isFeed || relations.includes('feed') ? absolute(href, base) : null
  return url === null ? null : { url, title: foldText(title.slice(0, 200)) }
}

function isOfComments({ url, title }: FeedLink): boolean {
  return /\/comments?\/|\bcomments?\b|评论|評論/i.test(`${title} ${new URL(url).pathname}`)
}
