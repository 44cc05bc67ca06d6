import type { Draft } from '../../entry.ts'
import type { ProblemRecord } from '../../problem.ts'
import type { PageSelectors, RemoteSource } from '../../remote-source.ts'
import type { ReadingRules } from '../article.ts'
import { decodeFeed } from '../feed/decode-feed.ts'
import { readFeed } from '../feed/read-feed.ts'
import { readPage } from '../page/read-page.ts'
import { draftOfEntry, draftOfItem } from './drafts.ts'
import { withFreeId } from './foreign-id.ts'

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
  /** Finds the entries of such a page; null when nothing does, or it is a feed. */
  select: PageSelectors | null
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
      const drafts = items.map((item) => draftOfItem(item, rules))
      return {
        drafts: drafts.map((draft) => withFreeId(draft, source.at, rules.siteUrl)),
        next: null,
        select: null,
        problems: warnings,
      }
    }
    case 'page': {
      const read = readPage(decodeFeed(body, contentType).text, url, source.select)
      const { entries, next, suggested: select, warnings } = read
      return { drafts: entries.map((entry) => draftOfEntry(entry, rules)), next, select, problems: warnings }
    }
  }
}
