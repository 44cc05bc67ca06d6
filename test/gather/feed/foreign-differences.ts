import { decodeHTML } from 'entities/decode'
import { absolute } from '../../../src/gather/feed/address.ts'
import type { FeedItem } from '../../../src/gather/feed/item.ts'
import { readFeed } from '../../../src/gather/feed/read-feed.ts'
import { Problem } from '../../../src/problem.ts'
import type { FoundEntry } from './entries-found.ts'

/** In what two readers of a feed may differ. */
export type Difference = 'entries' | 'title' | 'link' | 'guid' | 'date'

/**
 * In what we find something else than feedparser, with what either finds; nothing where feedparser finds no entry. An id
 * that is an address takes the place of a missing link.
 */
export function differencesOf(bytes: Buffer, found: readonly FoundEntry[]): Map<Difference, string> {
  const ours = itemsIn(bytes).map(understood)
  const theirs = withoutDoubles(found.map(normal))
  const differences = new Map<Difference, string>()
  if (theirs.length === 0) return differences
  if (ours.length !== theirs.length) return differences.set('entries', `${ours.length} | ${theirs.length}`)
  for (const [index, our] of ours.entries()) {
    for (const field of ['title', 'link', 'guid', 'date'] as const) {
      const [one, other] = [our[field], theirs[index]?.[field]]
      const isNamed = field === 'link' && other === null && one === absolute(our.guid, 'about:none')
      if (one !== other && one !== decoded(other) && !isNamed)
        differences.set(field, `${JSON.stringify(one)} | ${JSON.stringify(other)}`)
    }
  }
  return differences
}

function itemsIn(bytes: Buffer): FeedItem[] {
  try {
    return readFeed(bytes, null, 'https://feed.example/feed.xml').items
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}

function understood({ guid, link, title, published }: FeedItem): FoundEntry {
  if (published === null) return { guid, link, title, date: null }
  if (published.kind === 'instant') return { guid, link, title, date: Math.floor(published.at / 1000) * 1000 }
  return { guid, link, title, date: Date.UTC(published.year, published.month - 1, published.day) }
}

/** Of a feed that is not well-formed feedparser decodes some fields not at all. */
function decoded(value: string | number | null | undefined): unknown {
  return typeof value === 'string' ? decodeHTML(value) : value
}

/** A link to a script is none, an empty id is none, and an address is written in one way. */
function normal({ guid, link, title, date }: FoundEntry): FoundEntry {
  const url = absolute(link, 'about:none')
  return { guid: guid === '' ? null : guid, link: url, title, date }
}

function withoutDoubles(entries: readonly FoundEntry[]): FoundEntry[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()]
}
