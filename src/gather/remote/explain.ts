import type { Draft, WrittenDate } from '../../entry.ts'
import { Problem, type ProblemRecord } from '../../problem.ts'
import type { PageSelectors, PageSource, RemoteSource } from '../../remote-source.ts'
import type { ReadingRules } from '../article.ts'
import { decodeFeed } from '../feed/decode-feed.ts'
import { type FeedLink, feedUrlsIn } from '../feed/feed-links.ts'
import type { ItemIdentity } from '../feed/item-identity.ts'
import { readFeed } from '../feed/read-feed.ts'
import { type ReadPage, readPage } from '../page/read-page.ts'
import { type Document, readDocument } from './document.ts'
import { encodingOf } from './explain-encoding.ts'

/** An article as it was understood, and by what it is known again. */
export interface ExplainedEntry {
  title: string
  link: string | null
  date: WrittenDate | null
  snippet: string
  goesBy: ItemIdentity['identity']
  id: string
}

/** What is understood of a page or feed. */
export type ExplainedDocument = (ExplainedFeed | ExplainedPage) & {
  /** As people call it; null when its bytes were not all of it. */
  encoding: string | null
  /** In bytes, uncompressed. */
  size: number
  entries: ExplainedEntry[]
  problems: ProblemRecord[]
}

interface ExplainedFeed {
  kind: 'feed'
  title: string
  /** The page that it is the feed of. */
  home: string | null
}

interface ExplainedPage {
  kind: 'page'
  /** Feeds that it names, which say more than a page. */
  feeds: FeedLink[]
  /** How its entries were found; null: none were. */
  how: ReadPage['how'] | null
  /** Selectors that find the very same entries; null when none do. */
  select: PageSelectors | null
  /** The page of older entries. */
  older: string | null
}

/**
 * Explains a page or feed; what cannot be read is a problem of it.
 * @param source as which it is read; null: as what it is
 */
export function explainDocument(
  document: Document,
  source: RemoteSource | null,
  rules: ReadingRules,
): ExplainedDocument {
  const { text } = decodeFeed(document.body, document.contentType)
  const about = { encoding: encodingOf(document, text), size: document.body.length }
  const at = { kind: 'url' as const, url: document.url }
  const page: PageSource = source?.kind === 'page' ? source : { kind: 'page', name: '', at, select: null, pages: 1 }
  const isPage = source === null ? PAGE.test(text) : source.kind === 'page'
  if (isPage) return { ...about, ...explainPage(document, text, page, rules) }
  const feed = explainFeed(document, source ?? { kind: 'feed', name: '', at }, rules)
  const isOther = source === null && feed.problems.some(({ code }) => NO_FEED.has(code)) && TAG.test(text)
  return { ...about, ...(isOther ? explainPage(document, text, page, rules) : feed) }
}

const NO_FEED = new Set(['feed-is-page', 'feed-unreadable'])
const PAGE =
  /^\s{0,1000}(?:<\?xml[^>]{0,500}>\s{0,1000})?(?:<!--[^]{0,2000}?-->\s{0,1000})?<(?:!doctype\s{1,20}html|html)\b/i
const TAG = /<(?:a|p|div|body|head|h1|li|table|article|span)[\s>]/i

type Explained<T> = T & Pick<ExplainedDocument, 'entries' | 'problems'>

function explainFeed(document: Document, source: RemoteSource, rules: ReadingRules): Explained<ExplainedFeed> {
  try {
    const { title, url, items } = readFeed(document.body, document.contentType, document.url)
    const { drafts, problems } = readDocument(source, document, rules)
    const goesBy = new Map(items.map(({ id, identity }) => [id, identity]))
    return { kind: 'feed', title, home: url, entries: entriesOf(drafts, goesBy), problems }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { kind: 'feed', title: '', home: null, entries: [], problems: [error.toJSON()] }
  }
}

function explainPage(
  document: Document,
  html: string,
  source: PageSource,
  rules: ReadingRules,
): Explained<ExplainedPage> {
  const { url } = document
  const feeds = feedUrlsIn(html, url)
  try {
    const page = readPage(html, url, source.select)
    const { drafts, problems } = readDocument(source, document, rules)
    const select = finds(html, url, page.suggested, page) ? page.suggested : null
    return { kind: 'page', feeds, how: page.how, select, older: page.next, entries: entriesOf(drafts), problems }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { kind: 'page', feeds, how: null, select: null, older: null, entries: [], problems: [error.toJSON()] }
  }
}

type GoesBy = ExplainedEntry['goesBy']

function entriesOf(drafts: readonly Draft[], goesBy: ReadonlyMap<string, GoesBy> = new Map()): ExplainedEntry[] {
  return drafts.map(({ key, title, permalink, date, snippet }) => {
    const id = key ?? ''
    return { title, link: permalink, date, snippet, goesBy: goesBy.get(id) ?? 'link', id }
  })
}

/** True when these selectors find exactly what was found without them. */
function finds(html: string, url: string, select: PageSelectors | null, page: ReadPage): boolean {
  if (select === null) return false
  try {
    return JSON.stringify(readPage(html, url, select).entries) === JSON.stringify(page.entries)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return false
  }
}
