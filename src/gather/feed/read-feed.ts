import { Problem, type ProblemRecord } from '../../problem.ts'
import { readAtom } from './atom.ts'
import { decodeFeed } from './decode-feed.ts'
import { feedUrlsIn } from './feed-links.ts'
import { type FeedItem, readItems } from './item.ts'
import { readJsonFeed } from './json.ts'
import { readRss } from './rss.ts'
import { titleText } from './title-text.ts'
import { NOTHING_TO_DO, Warnings } from './warnings.ts'
import type { WrittenFeed } from './written.ts'
import { MOST_ITEMS, readTree } from './xml-tree.ts'

/** A feed of somebody else. */
export interface ReadFeed {
  title: string
  /** The page that it is the feed of; absolute. */
  url: string | null
  items: FeedItem[]
  warnings: ProblemRecord[]
}

/**
 * Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 and JSON Feed 1.0 and 1.1, well-formed or not. The order of items is
 * that of the feed.
 * @param body as it was fetched, uncompressed
 * @param contentType header of the reply, or null
 * @param url where it was fetched, absolute; relative links are relative to it when the feed does not say
 * @throws {Problem} `feed-empty`, `feed-is-page`, `feed-unreadable`
 */
export function readFeed(body: Buffer, contentType: string | null, url: string): ReadFeed {
  const warnings = new Warnings(url)
  const { text, fault } = decodeFeed(body, contentType)
  if (fault !== null) warnings.add('feed-encoding', fault, NOTHING_TO_DO)
  const feed = parse(text, url, warnings)
  if (feed.items.length > MOST_ITEMS) warnOfCut(warnings)
  return {
    title: feed.title === null ? '' : titleText(feed.title),
    url: feed.url,
    items: readItems({ ...feed, items: feed.items.slice(0, MOST_ITEMS) }, warnings),
    warnings: warnings.list(),
  }
}

function parse(text: string, url: string, warnings: Warnings): WrittenFeed {
  const json = /^\s*\{/.test(text) ? readJsonFeed(text, url) : null
  if (json !== null) return json
  const { root, isUnclosed, isCut } = readTree(text, url)
  if (root === null) throw unreadable(text, url)
  if (isCut) warnOfCut(warnings)
  if (isUnclosed) warnings.add('feed-malformed', 'An end tag is missing; it was read as far as it says', NOTHING_TO_DO)
  return root.name === 'feed' ? readAtom(root, url) : readRss(root, url)
}

function warnOfCut(warnings: Warnings): void {
  warnings.add('feed-cut', `It holds more than can be read; at most its first ${MOST_ITEMS} items count`, NOTHING_TO_DO)
}

function unreadable(text: string, url: string): Problem {
  const where = url
  if (text.trim() === '')
    return new Problem('feed-empty', 'The reply is empty', { where, mend: 'open it in a browser' })
  const [feed] = feedUrlsIn(text, url)
  if (feed !== undefined) {
    const mend = `give the address of its feed: ${feed.url}`
    return new Problem('feed-is-page', 'This is a page, and no feed', { where, mend })
  }
  const mend = 'give the address of an RSS, Atom or JSON feed, or read the page itself with `kind: page`'
  return new Problem('feed-unreadable', 'This is no RSS, Atom or JSON feed', { where, mend })
}
