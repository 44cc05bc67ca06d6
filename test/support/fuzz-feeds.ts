import { parseFeed } from '@rowanmanning/feed-parser'
import fc from 'fast-check'
import { parseJsonFeed } from 'feedsmith'
import { checkDocument } from '../../src/check/check.ts'
import type { Channel } from '../../src/feeds/channel.ts'
import { renderArticle } from '../../src/markdown/html.ts'
import type { Document } from '../../src/site.ts'
import { channelWith, entryWith, renderFeeds } from '../feeds/samples.ts'
import { checkWellFormed, readFeeds, readersMissing } from './feed-readers.ts'

const PIECES = [
  ...[']]>', '<![CDATA[', '&amp;', '&', '<', '>', '"', "'", '&#x26;', '&bogus;', '--', '<!--', '<?x', '\\', '`', '$', '$$'],
  ...['<b>', '</b>', '<p>', '</p>', '<div>', '<a href="x">', '</a>', '<img src="//a/b">', '<script>', '<table>', '<tr>', '<td>'],
  ...['[x](y)', '![x](y "z")', '[^1]', '\n[^1]: n\n', '**', '~~', '# ', '- [ ] ', '| a |\n|--|\n', '\n\n', '\n', '\t', '    '],
  ...['\u0000', '\u0008', '\u0085', '\uFFFE', '\uFFFD', '\uD800', '\uDC00', '\u{1FFFF}', '\u202E', '\u2066', '\u2028', '\u00A0'],
  ...['潮汐', '👩‍👩‍👧', 'e\u0301', 'שלום', 'slot:0;', '$&', 'word '.repeat(300), 'https://a.example/?b=1&c=2', 'javascript:x'],
] // prettier-ignore
const text = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom(...PIECES))).map((parts) => parts.join('')) // prettier-ignore
const date = fc.integer({ min: Date.UTC(1965, 0), max: Date.UTC(2026, 0) })
const address = fc.oneof(
  text,
  text.map((path) => `https://a.example/${path}`),
)
const image = fc.record({
  url: address,
  type: fc.constantFrom(null, 'image/png'),
  length: fc.option(fc.nat()),
  alt: text,
})
const entry = fc.record({
  title: text,
  link: address,
  authors: fc.array(text, { maxLength: 2 }),
  tags: fc.array(text, { maxLength: 3 }),
  categories: fc.array(text, { maxLength: 2 }),
  snippet: text,
  body: fc.option(text),
  image: fc.option(image),
  date,
})
const feed = fc.record({
  site: fc.record({
    title: text,
    description: text,
    author: fc.option(fc.record({ name: text, email: fc.constantFrom(null, 'a@b.example', "o'x+y@b.example", 'ä@b.example', 'a@localhost'), url: fc.constant(null) })), // prettier-ignore
  }),
  entries: fc.array(entry, { minLength: 1, maxLength: 3 }),
  topic: fc.option(text),
})

/** What was found in many documents made of hostile texts. */
export interface FuzzReport {
  documents: number
  faults: string[]
}

/** The rest of a tag in a title, which the validator takes for HTML however it is written, and the author meant. */
const MEANT = new Set(['text-html'])

/**
 * Renders feeds of arbitrary Unicode in every field, and has them checked by ourselves, by xmllint, feedparser and
 * `@rowanmanning/feed-parser`.
 */
export function fuzzFeeds(documents: number, seed: number): FuzzReport {
  const feeds = fc.sample(feed, { numRuns: Math.ceil(documents / 3), seed })
  const report: FuzzReport = { documents: 0, faults: [] }
  for (let at = 0; at < feeds.length; at += 100) {
    const made = feeds.slice(at, at + 100).map(({ site, entries, topic }, index) => {
      return { name: `seed ${seed}, feed ${at + index}`, documents: render(channelWith(site, { topic }), entries) }
    })
    report.documents += made.length * 3
    for (const one of made) report.faults.push(...faultsOf(one.documents).map((fault) => `${one.name}: ${fault}`))
    if (!readersMissing()) report.faults.push(...faultsOfOthers(made))
  }
  return report
}

type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never

function render(channel: Channel, entries: readonly Entry[]): Document[] {
  const made = entries.map(({ body, ...change }, index) => {
    const number = entries.length - index
    const base = 'https://blog.example.org/notes/'
    const contentHtml = body === null ? null : renderArticle({ format: 'markdown', text: body }, base).html
    return entryWith(number, { ...change, contentHtml, updated: change.date + number })
  })
  return renderFeeds(channel, made)
}

function faultsOf(documents: readonly Document[]): string[] {
  const [rss, atom, json] = documents.map(({ content }) => content)
  const ids = (parseJsonFeed(json ?? '').items ?? []).map(({ id }) => id)
  const read = [rss, atom].map((document) => parseFeed(document ?? '').items.map(({ id }) => id))
  const unread = read.some((list) => list.join() !== ids.join()) ? ['a reader finds other entries'] : []
  const found = documents.flatMap(({ path, content }) =>
    checkDocument(content, { url: null, now: Date.UTC(2027, 0) })
      .filter(({ code }) => !MEANT.has(code))
      .map(({ code, message }) => `${path}: ${code}: ${message}`),
  )
  return [...unread, ...found]
}

function faultsOfOthers(made: readonly { name: string; documents: Document[] }[]): string[] {
  const xml = made.flatMap(({ documents }) => documents.slice(0, 2).map(({ content }) => content))
  checkWellFormed(xml)
  return readFeeds(xml).flatMap(({ fault }, index) => {
    return fault === null ? [] : [`${made[index >> 1]?.name ?? ''}: feedparser: ${fault}`]
  })
}
