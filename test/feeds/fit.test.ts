import fc from 'fast-check'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { expect, test } from 'vitest'
import { FEED_LIMIT, fitFeeds } from '../../src/feeds/fit.ts'
import { type FeedEntry, itemOf } from '../../src/feeds/item.ts'
import type { Document } from '../../src/site.ts'
import { channelWith, entryWith, renderFeeds } from './samples.ts'

const CHANNEL = channelWith()
const TOO_LARGE = 'x'.repeat(FEED_LIMIT)

/** The documents that hold as many of these entries as fit. */
function fitted(entries: readonly FeedEntry[]): Document[] {
  const items = entries.map((entry) => itemOf(CHANNEL, entry))
  return fitFeeds(CHANNEL, items).documents
}

/** As many entries, newest number first, each with so many bytes of content. */
function entriesOf(count: number, bytes: number): FeedEntry[] {
  return Array.from({ length: count }, (_, n) => entryWith(count - n, { contentHtml: 'x'.repeat(bytes) }))
}

function largest(documents: readonly Document[]): number {
  return Math.max(...documents.map((document) => Buffer.byteLength(document.content)))
}

/** The numbers in the document of each format, as our sample ids carry them. */
function numbersIn(documents: readonly Document[]): number[][] {
  const [rss, atom, json] = documents.map((document) => document.content)
  const ids = [
    parseRssFeed(rss ?? '').items?.map((item) => item.guid?.value),
    parseAtomFeed(atom ?? '').entries?.map((entry) => entry.id),
    parseJsonFeed(json ?? '').items?.map((item) => item.id),
  ]
  return ids.map((list) => (list ?? []).map((id) => Number(id?.split('note-')[1])))
}

test('fitFeeds() keeps everything that fits', () => {
  const entries = entriesOf(12, 15_000)
  expect(fitted(entries)).toEqual(renderFeeds(CHANNEL, entries))
})

test('fitFeeds() writes documents without entries', () => {
  expect(fitted([])).toEqual(renderFeeds(CHANNEL, []))
})

test('fitFeeds() keeps the same entries in all three, each within the limit', () => {
  const documents = fitted(entriesOf(40, 20_000))
  const kept = [40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29]
  expect(numbersIn(documents)).toEqual([kept, kept, kept])
  expect(largest(documents)).toBeLessThanOrEqual(FEED_LIMIT)
})

test('fitFeeds() drops the oldest by number, whatever its date', () => {
  const [newest, oldest] = [entryWith(2, { date: 0 }), entryWith(1, { date: Date.UTC(2030, 0, 1) })]
  const contentHtml = 'x'.repeat(FEED_LIMIT / 2)
  const documents = fitted([
    { ...newest, contentHtml },
    { ...oldest, contentHtml },
  ])
  expect(numbersIn(documents)).toEqual([[2], [2], [2]])
})

for (const [says, over, kept] of [
  ['of just the limit', 0, [2, 1]],
  ['of one byte more only without its oldest entry', 1, [2]],
] as const) {
  test(`fitFeeds() lets a document pass ${says}`, () => {
    const bare = [entryWith(2, { contentHtml: 'x' }), entryWith(1, { contentHtml: 'x' })] as const
    const room = FEED_LIMIT - largest(renderFeeds(CHANNEL, bare)) + over
    const entries = [bare[0], { ...bare[1], contentHtml: 'x'.repeat(1 + room) }]
    expect(numbersIn(fitted(entries))).toEqual([kept, kept, kept])
  })
}

test('fitFeeds() counts bytes, not characters', () => {
  const entries = entriesOf(2, 1).map((entry) => ({ ...entry, contentHtml: '潮'.repeat(FEED_LIMIT / 5) }))
  expect(numbersIn(fitted(entries))).toEqual([[2], [2], [2]])
})

test('fitFeeds() gives the snippet alone of an entry whose content is too large, and the content of the others', () => {
  const entries = [entryWith(3, { contentHtml: '<p>c</p>' }), entryWith(2, { contentHtml: TOO_LARGE }), entryWith(1)]
  const documents = fitted(entries)
  expect(documents).toEqual(renderFeeds(CHANNEL, entries.with(1, entryWith(2, { contentHtml: null }))))
})

test('fitFeeds() keeps one entry even when its title alone is too large', () => {
  const documents = fitted([entryWith(2, { title: TOO_LARGE }), entryWith(1)])
  expect(numbersIn(documents)).toEqual([[2], [2], [2]])
})

test('fitFeeds() keeps exactly as many entries as fit, whatever their sizes', () => {
  const sizes = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 45_000 })), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(sizes, fc.constantFrom('x', '"', ']]>', '潮'), (lengths, letter) => {
      const entries = lengths.map((length, n) => {
        return entryWith(lengths.length - n, { contentHtml: letter.repeat(length / letter.length) })
      })
      const fitting = entries.map((_, n) => renderFeeds(CHANNEL, entries.slice(0, entries.length - n)))
      const longest = fitting.find((documents) => largest(documents) <= FEED_LIMIT) ?? []
      expect(numbersIn(fitted(entries))).toEqual(numbersIn(longest))
    }),
    { numRuns: 15 },
  )
})

test('fitFeeds() keeps exactly as many of very many small entries as fit', () => {
  const entries = entriesOf(1200, 0)
  const kept = numbersIn(fitted(entries))[0]?.length ?? 0
  expect(kept).toBeGreaterThan(300)
  expect(largest(renderFeeds(CHANNEL, entries.slice(0, kept)))).toBeLessThanOrEqual(FEED_LIMIT)
  expect(largest(renderFeeds(CHANNEL, entries.slice(0, kept + 1)))).toBeGreaterThan(FEED_LIMIT)
})

test('fitFeeds() says how many it kept', () => {
  const items = entriesOf(40, 20_000).map((entry) => itemOf(CHANNEL, entry))
  expect(fitFeeds(CHANNEL, items).kept).toBe(12)
})
