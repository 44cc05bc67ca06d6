import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readOldFeed } from '../../src/gather/adopt-feed.ts'
import { Problem } from '../../src/problem.ts'
import type { OldItem } from '../../src/remember/adopted.ts'
import { problemOf } from '../support/problem.ts'

const SITE = 'https://blog.example.org/'

function read(text: string | Uint8Array): OldItem[] {
  return readOldFeed(typeof text === 'string' ? Buffer.from(text) : text, 'old.xml', SITE)
}

const rss = (item: string, channel = ''): string =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title>${channel}<item>${item}</item></channel></rss>`
const atom = (entry: string, feed = ''): string =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>Old</title>${feed}<entry>${entry}</entry></feed>`
const rdf = (item: string): string =>
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title><link>${SITE}</link></channel>${item}</rdf:RDF>`
const json = (item: object, feed: object = {}): string =>
  JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'Old', ...feed, items: [item] })

const TIDES = 'https://blog.example.org/tides/'
const DAY = Date.UTC(2026, 0, 11)

describe('readOldFeed() reads', () => {
  for (const [says, text, item] of [
    [
      'RSS',
      rss(
        `<guid isPermaLink="false"> 12 at ${SITE} </guid><link>\n${TIDES}\n</link><title>Ebb &amp;amp; flow</title><pubDate>Sun, 11 Jan 2026 08:00:00 +0800</pubDate>`,
      ),
      { guid: `12 at ${SITE}`, link: TIDES, title: 'Ebb &amp; flow', published: DAY },
    ],
    [
      'Atom, and its own date before that of an update',
      atom(
        `<id>tag:x,2026:1</id><link rel="self" href="/s"/><link href="${TIDES}"/><title type="html">Ebb &amp;lt;b&amp;gt;</title><published>2026-01-11T00:00:00Z</published><updated>2026-05-01T00:00:00Z</updated>`,
      ),
      { guid: 'tag:x,2026:1', link: TIDES, title: 'Ebb &lt;b&gt;', published: DAY },
    ],
    [
      'RDF',
      rdf(
        `<item rdf:about="urn:tides"><title>Ebb</title><link>${TIDES}</link><dc:date>2026-01-11T00:00:00Z</dc:date></item>`,
      ),
      { guid: 'urn:tides', link: TIDES, title: 'Ebb', published: DAY },
    ],
    [
      'JSON Feed',
      json({ id: 7, url: TIDES, external_url: 'https://else.example/', title: '潮汐', date_published: '2026-01-11' }),
      { guid: '7', link: TIDES, title: '潮汐', published: DAY },
    ],
  ] as const)
    test(says, () => expect(read(text)).toEqual([item]))
})

describe('readOldFeed() takes', () => {
  for (const [says, text, item] of [
    ['the link for a missing id of RSS', rss(`<link>${TIDES}</link>`), { guid: TIDES, link: TIDES }],
    ['the link for a missing id of JSON', json({ url: TIDES }), { guid: TIDES, link: TIDES }],
    ['the id of RSS for a missing link', rss(`<guid>${TIDES}</guid>`), { guid: TIDES, link: TIDES }],
    ['no id for a link that says it is none', rss(`<guid isPermaLink="false">${TIDES}</guid>`), { link: null }],
    ['no hexadecimal id for a link', rss('<guid>5f0c1a2b3c4d</guid>'), { guid: '5f0c1a2b3c4d', link: null }],
    ['a link relative to the site', json({ id: 'a', url: '/tides/' }), { link: TIDES }],
    [
      "a link relative to the channel's",
      rss('<guid>a</guid><link>b</link>', '<link>https://old.example/x/</link>'),
      { link: 'https://old.example/x/b' },
    ],
    [
      'a link relative to xml:base within xml:base',
      `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://old.example/"><id>x</id><entry xml:base="/y/"><id>a</id><link rel="alternate" type="application/json" href="b.json"/><link rel="alternate" type="text/html" href="b"/></entry></feed>`,
      { link: 'https://old.example/y/b' },
    ],
    ['a date of Dublin Core', rss('<guid>a</guid><dc:date>2026-01-11T00:00:00Z</dc:date>'), { published: DAY }],
    ['a date without a zone for UTC', rss('<guid>a</guid><pubDate>2026-01-11 00:00:00</pubDate>'), { published: DAY }],
    ['a day without a zone for UTC', rss('<guid>a</guid><pubDate>11 Jan 2026</pubDate>'), { published: DAY }],
    ['a zone by its name', rss('<guid>a</guid><pubDate>Sat, 10 Jan 2026 19:00:00 EST</pubDate>'), { published: DAY }],
    ['no date that is none', rss('<guid>a</guid><pubDate>yesterday</pubDate>'), { published: null }],
    [
      'an update for a missing date of Atom',
      atom('<id>a</id><updated>2026-01-11T00:00:00Z</updated>'),
      { published: DAY },
    ],
  ] as const)
    test(says, () => expect(read(text)).toMatchObject([item]))

  test('only items that have an id or a link', () => {
    const items = '<title>None</title></item><item><guid>a</guid></item><item><title>None</title>'
    expect(read(rss(items))).toMatchObject([{ guid: 'a' }])
  })
})

describe('readOldFeed() decodes', () => {
  const titled = (declared: string): string => `<?xml version="1.0" encoding="${declared}"?>${rss('<guid>潮汐</guid>')}`
  const gb = (text: string): Buffer =>
    Buffer.concat(
      Array.from(text, (c) =>
        c === '潮' ? Buffer.from([0xb3, 0xb1]) : c === '汐' ? Buffer.from([0xcf, 0xab]) : Buffer.from(c),
      ),
    )
  for (const [says, bytes] of [
    ['UTF-8', Buffer.from(titled('utf-8'))],
    ['UTF-8 with a byte order mark that the declaration denies', Buffer.from(`\uFEFF${titled('gb2312')}`)],
    ['GB2312 as declared', gb(titled('gb2312'))],
    ['UTF-16 by its byte order mark', Buffer.from(`\uFEFF${titled('utf-16')}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(titled('utf-16'), 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\uFEFF${titled('utf-16')}`, 'utf16le').swap16()],
    ['UTF-8 that says it is UTF-16', Buffer.from(titled('utf-16'))],
    ['UTF-8 that names an encoding nobody knows', Buffer.from(titled('x-tides'))],
  ] as const)
    test(says, () => expect(read(bytes)).toMatchObject([{ guid: '潮汐' }]))
})

describe('readOldFeed() refuses', () => {
  for (const [says, text, message] of [
    ['an empty file', '', /no RSS, Atom, RDF or JSON feed/],
    ['a web page', '<!doctype html><title>Tides</title><p>Ebb', /no RSS, Atom, RDF or JSON feed/],
    ['other JSON', '{"a": 1}', /no RSS, Atom, RDF or JSON feed/],
    ['a feed without items', '<rss version="2.0"><channel><title>Old</title></channel></rss>', /no item/],
  ] as const)
    test(says, () =>
      expect(problemOf(() => read(text))).toMatchObject({
        code: 'adopt-unreadable',
        where: 'old.xml',
        message: expect.stringMatching(message),
      }),
    )

  test('whatever it cannot read, and nothing else', () => {
    const pieces = [
      '<rss version="2.0">',
      '<channel>',
      '<item>',
      '<guid>',
      '&amp;',
      '&#0;',
      '</item>',
      ']]>',
      '<![CDATA[',
      '{',
      '"',
      'a',
    ]
    const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 30 })
    fc.assert(
      fc.property(hostile, (parts) => {
        try {
          read(parts.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('nothing for its depth or length', () => {
    for (const text of ['<item>'.repeat(20_000), '<'.repeat(300_000), `{"a":${'['.repeat(100_000)}`]) {
      expect(problemOf(() => read(text))).toMatchObject({ code: 'adopt-unreadable' })
      expect(problemOf(() => read(`<rss version="2.0"><channel>${text}`))).toMatchObject({ code: 'adopt-unreadable' })
    }
  })
})
