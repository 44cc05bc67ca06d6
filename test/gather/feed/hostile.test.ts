import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { type ReadFeed, readFeed } from '../../../src/gather/feed/read-feed.ts'
import { Problem } from '../../../src/problem.ts'

const FOLDER = new URL('../../fixtures/feeds-of-others/', import.meta.url)
const FEEDS = readdirSync(FOLDER).map((name) => readFileSync(new URL(name, FOLDER)))
const PIECES = [
  ...['<item>', '</item>', '<entry>', '<title>', '</title>', '<link>', '<![CDATA[', ']]>', '<!--', '-->', '<?xml ', '&lt;'],
  ...['&', '&amp;amp;', '&#0;', '&#xD800;', '<', '>', '"', '</', '<b>', '</b>', 'xml:base="//"', 'xmlns=""', '\u0000', '\uFEFF'],
] // prettier-ignore

const read = (bytes: Uint8Array): ReadFeed | null => {
  try {
    return readFeed(Buffer.from(bytes), null, 'https://feed.example/')
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** What holds of every feed that could be read. */
function checkFeed(feed: ReadFeed | null): void {
  for (const item of feed?.items ?? []) {
    expect(item.link ?? 'https://').toMatch(/^https?:/)
    expect(item.title).not.toMatch(/[\p{Cc}\p{Surrogate}]/u)
    if (item.body?.format === 'html') checkHtml(parseFragment(item.body.text))
  }
  expect(new Set(feed?.items.map(({ id }) => id)).size).toBe(feed?.items.length ?? 0)
}

/** What is read as HTML runs nothing and asks for nothing. */
function checkHtml(node: DefaultTreeAdapterTypes.Node): void {
  expect(node.nodeName).not.toMatch(/^(?:script|style|form|svg)$/)
  for (const { name, value } of 'attrs' in node ? node.attrs : []) {
    expect(name).not.toMatch(/^on/)
    expect(value).not.toMatch(/^[\p{Cc} ]*javascript:/iu)
  }
  for (const child of 'childNodes' in node ? node.childNodes : []) checkHtml(child)
}

describe('readFeed() reads or refuses', () => {
  test('any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => checkFeed(read(bytes))))
  })

  test('any text in an item', () => {
    const text = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.constantFrom(...PIECES)), {
      maxLength: 25,
    })
    fc.assert(
      fc.property(text, (parts) => {
        checkFeed(read(Buffer.from(`<rss><channel><item><title>${parts.join('')}</title></item></channel></rss>`)))
      }),
    )
  })

  test('good feeds in which something was changed', () => {
    const change = fc.record({ at: fc.nat(4000), skip: fc.nat(40), piece: fc.constantFrom('', ...PIECES) })
    fc.assert(
      fc.property(fc.constantFrom(...FEEDS), fc.array(change, { minLength: 1, maxLength: 5 }), (feed, changes) => {
        let bytes = feed
        for (const { at, skip, piece } of changes) {
          const from = at % bytes.length
          bytes = Buffer.concat([bytes.subarray(0, from), Buffer.from(piece), bytes.subarray(from + skip)])
          if (bytes.length === 0) return
        }
        checkFeed(read(bytes))
      }),
      { numRuns: 300 },
    )
  })
})

const rss = (text: string): string => `<rss><channel><title>T</title>${text}</channel></rss>`
const SIZE = 1_000_000
const fill = (text: string): string => text.repeat(SIZE / text.length)

describe('readFeed() comes to an end with', () => {
  for (const [says, text, items] of [
    ['elements nested without end', rss(`<item><title>x</title></item>${fill('<a>')}`), 1],
    ['escaped elements nested without end', rss(`<item><description>${fill('&lt;b&gt;')}</description></item>`), 1],
    [
      'items without end',
      rss(Array.from({ length: 5000 }, (_, index) => `<item><title>${index}</title></item>`).join('')),
      2000,
    ],
    [
      'items of JSON without end',
      `{"items":[${Array.from({ length: 5000 }, (_, id) => `{"id":${id}}`).join()}]}`,
      2000,
    ],
    ['fields without end', rss(`<item>${fill('<c/>')}</item>`), 1],
    ['CDATA sections without end', rss(fill('<item><![CDATA[')), 2000],
    [
      'attributes without end',
      rss(`<item ${Array.from({ length: 90_000 }, (_, index) => `a${index}="1"`).join(' ')}>`),
      0,
    ],
    ['fields that are texts without end', rss(`<item>${fill('<description>x</description>')}</item>`), 1],
    ['references without end', rss(`<item><title>x</title><description>${fill('&amp;')}</description></item>`), 1],
    ['namespaces without end', rss(`<item>${fill('<a xmlns:b="c">')}`), 1],
    ['a title of tags without end', rss(`<item><title>${fill('&lt;b&gt;')}</title></item>`), 1],
    ['end tags of nothing', rss(`<item>${'<a>'.repeat(400)}${fill('</b>')}`), 1],
    ['lists of JSON nested without end', `{"items":${'['.repeat(SIZE)}${']'.repeat(SIZE)}}`, 0],
    ['an author without end', rss(`<item><author>${fill('a@b ( ')}</author></item>`), 1],
    ['a date without end', rss(`<item><pubDate>${fill('1 ')}</pubDate></item>`), 1],
    ['white space without end', fill(' '), null],
  ] as const)
    // prettier-ignore
    test(says, () => {
      const found = read(Buffer.from(text))?.items.length ?? null
      // Items that say nothing are all the same.
      if (says.startsWith('CDATA')) expect(found).toBeGreaterThan(0)
      else expect(found).toBe(items)
    })

  test('entities that are made of entities, which stay as they are', () => {
    const entities = Array.from({ length: 20 }, (_, level) => `<!ENTITY a${level + 1} "${`&a${level};`.repeat(20)}">`)
    const bomb = `<!DOCTYPE rss [${entities.join('')}]>${rss('<item><title>&a20;</title></item>')}`
    expect(read(Buffer.from(bomb))?.items[0]?.title).toBe('&a20;')
  })
})
