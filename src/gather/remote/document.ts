import type { Draft } from '../../entry.ts'
import type { ProblemRecord } from '../../problem.ts'
import type { RemoteSource } from '../../remote-source.ts'
import type { ReadingRules } from '../article.ts'
import { decodeFeed } from '../feed/decode-feed.ts'
import { readFeed } from '../feed/read-feed.ts'
import { readPage } from '../page/read-page.ts'
import { draftOfEntry, draftOfItem } from './drafts.ts'

/** A document as it came. */
export interface Document {
  body: Buffer
  /** The header of the answer, or null. */
  contentType: string | null
  /** Where it was found; its links are relative to it. */
  url: string
}

/** What a document says. */
export interface ReadDocument {
  drafts: Draft[]
  /** The page of older entries; null when there is none, or it is a feed. */
  next: string | null
  problems: ProblemRecord[]
}

/**
 * Reads a page or a feed.
 * @throws {Problem} what `readFeed` and `readPage` throw
 */
export function readDocument(source: RemoteSource, document: Document, rules: ReadingRules): ReadDocument {
  const { body, contentType, url } = document
  switch (source.kind) {
    case 'feed': {
      const { items, warnings } = readFeed(body, contentType, url)
      return { drafts: items.map((item) => draftOfItem(item, rules)), next: null, problems: warnings }
    }
    case 'page': {
      const { entries, next, warnings } = readPage(decodeFeed(body, contentType).text, url, source.select)
      return { drafts: entries.map((entry) => draftOfEntry(entry, rules)), next, problems: warnings }
    }
  }
}
