import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { FeedItem } from '../../../src/gather/feed/item.ts'
import { type ReadFeed, readFeed } from '../../../src/gather/feed/read-feed.ts'
import { problemOf } from '../../support/problem.ts'

const URL_OF_FEED = 'https://feed.example/blog/feed.xml'

function fixture(name: string, contentType: string | null = null): ReadFeed {
  const bytes = readFileSync(new URL(`../../fixtures/feeds-of-others/${name}`, import.meta.url))
  return readFeed(bytes, contentType, URL_OF_FEED)
}

function read(text: string): ReadFeed {
  return readFeed(Buffer.from(text), null, URL_OF_FEED)
}

const rss = (item: string, channel = ''): ReadFeed =>
  read(`<rss version="2.0"><channel><title>T</title>${channel}<item>${item}</item></channel></rss>`)
const atom = (entry: string, feed = ''): ReadFeed =>
  read(`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${feed}<entry>${entry}</entry></feed>`)

function codes({ warnings }: ReadFeed): string[] {
  return warnings.map(({ code, severity }) => `${severity} ${code}`)
}

test('readFeed() reads every field of RSS 2.0', () => {
  const feed = fixture('rss-2.0.xml')
  expect(feed).toMatchObject({ title: 'Harbour notes', url: 'https://harbour.example/', warnings: [] })
  expect(feed.items[0]).toEqual({
    identity: 'guid',
    id: 'harbour-17',
    guid: 'harbour-17',
    isPermalink: false,
    link: 'https://harbour.example/ebb',
    title: 'Ebb & flow: a primer',
    authors: ['Ada & Co'],
    categories: ['Tides', 'Sun & moon'],
    published: { kind: 'instant', at: Date.UTC(2026, 0, 11) },
    updated: null,
    body: {
      format: 'html',
      text: '<p>Why water comes and <a href="https://harbour.example/go?a=1&amp;b=2">goes</a>, at length, with a <img src="https://harbour.example/pics/tide.png" alt="tide" /> picture.</p>',
    },
    summary: 'Why water comes and goes.',
    enclosures: [{ url: 'https://harbour.example/ebb.mp3', type: 'audio/mpeg', length: 1234 }],
    image: 'https://harbour.example/small.jpg',
    language: 'en-GB',
  } satisfies FeedItem)
  expect(feed.items[1]).toMatchObject({
    isPermalink: true,
    link: 'https://harbour.example/sluices',
    authors: ['Ben Lock'],
  })
})

describe('readFeed() reads the first item of', () => {
  for (const [name, item] of [
    [
      'rss-0.91.xml',
      { title: 'First édition', body: { format: 'text', text: 'Café & tea\u00a0house' }, identity: 'link' },
    ],
    ['rss-0.90.rdf', { title: 'One', link: 'http://oldest.example/one' }],
    ['rss-1.0.rdf', { guid: 'http://library.example/a', authors: ['Cleo'], categories: ['Books'], summary: 'Short' }],
    ['rss-prefixed.rdf', { guid: 'http://p.example/1', title: 'Behind a prefix' }],
    ['atom-1.0.xml', { title: '1 < 2 & so', language: 'de', authors: ['Emil Deich'], categories: ['Wasser'] }],
    [
      'atom-0.3.xml',
      { title: 'First', body: { format: 'html', text: '<p>Escaped <b>body</b></p>' }, authors: ['Gil'] },
    ],
    ['atom-prefixed.xml', { title: 'Entry', body: { format: 'html', text: '<div><p>Pre<b>fixed</b></p></div>' } }],
    ['json-1.1.json', { title: 'One & <two>', link: 'https://json.example/one', authors: ['Hana'], summary: 'Hi' }],
    ['json-1.0.json', { guid: 'https://oldjson.example/a', authors: ['Jo'], body: { format: 'text', text: 'a' } }],
    [
      'podcast.xml',
      {
        image: 'http://pod.example/cover.jpg',
        enclosures: [{ url: 'http://pod.example/1.mp3', type: 'audio/mpeg', length: null }],
      },
    ],
    ['media.xml', { image: 'http://film.example/1.jpg', body: { format: 'text', text: 'What it shows' } }],
    [
      'base.xml',
      {
        link: 'http://base.example/dir/sub/page.html',
        body: { format: 'html', text: '<a href="http://base.example/dir/sub/other.html">o</a>' },
      },
    ],
    ['broken-html.xml', { title: 'A bold title', image: 'http://raw.example/a.png' }],
    [
      'broken-namespaces.xml',
      {
        authors: ['Kai'],
        body: { format: 'html', text: '<p>Whole</p>' },
        published: { kind: 'day', year: 2026, month: 1, day: 10 },
      },
    ],
    ['broken-case.xml', { guid: 'k1', published: { kind: 'instant', at: Date.UTC(2026, 0, 11) } }],
    ['broken-controls.xml', { title: 'Bell here' }],
    ['entity-bomb.xml', { title: 'Boom &c; &d;' }],
  ] as const)
    // prettier-ignore
    test(name, () => expect(fixture(name).items[0]).toMatchObject(item))
})

describe('readFeed() decodes', () => {
  for (const [name, title, header] of [
    ['gb2312.xml', '月亮与潮水的关系', 'text/xml'],
    ['gb-undeclared.xml', '月亮与潮水的关系', null],
    ['gb-undeclared.xml', '月亮与潮水的关系', 'application/xml; charset=GBK'],
    ['utf8-declared-latin1.xml', '月亮与潮水的关系', 'text/xml; charset=iso-8859-1'],
    ['utf16le.xml', '月亮与潮水的关系', 'text/xml; charset=utf-8'],
    ['utf16be.xml', '月亮与潮水的关系', null],
    ['big5.xml', '月亮與潮水的關係', null],
    ['shift-jis.xml', '月と海のはなし', null],
    ['windows-1252.xml', '“Quoi” — 5 €', null],
    ['koi8-r.xml', 'Луна и море', null],
    ['koi8-r.xml', 'Луна и море', 'text/xml; charset=nonsense'],
  ] as const)
    test(`${name} with ${header ?? 'no header'}`, () => expect(fixture(name, header).items[0]?.title).toBe(title))
})

test('readFeed() warns of an encoding that nobody declared', () => {
  expect(codes(fixture('gb-undeclared.xml'))).toEqual(['warning feed-encoding'])
})

describe('readFeed() reads of a broken feed', () => {
  for (const [name, titles] of [
    ['broken-unclosed.xml', ['First', 'Second', 'Third', 'Fourth']],
    ['broken-cdata.xml', ['One half & more', 'Two ]]> stray', 'Three']],
    ['broken-ampersands.xml', ['Fish & chips © 2026 …', 'Tom & Jerry & Co']],
    ['broken-junk.xml', ['Found']],
    [
      'titles.xml',
      [
        'Using Vec<u8> in Rust',
        'The <div> element',
        'a < b and c > d',
        'Bold and linked',
        'It’s "fine"',
        'Escape &lt; twice',
        'Over lines',
        'AT&T',
      ],
    ],
  ] as const)
    // prettier-ignore
    test(`the titles of ${name}`, () => expect(fixture(name).items.map(({ title }) => title)).toEqual(titles))
})

test('readFeed() reads items that follow hundreds of missing end tags', () => {
  const items = Array.from({ length: 900 }, (_, index) => `<item><title>${index}<link>http://a.example/${index}`)
  const feed = read(`<rss><channel>${items.join('')}</channel></rss>`)
  expect(feed.items.length).toBe(900)
  expect(feed.items[899]).toMatchObject({ title: '899', link: 'http://a.example/899' })
  expect(codes(feed)).toEqual(['warning feed-malformed'])
})

describe('readFeed() takes', () => {
  for (const [says, feed, item] of [
    [
      'the fuller text for the body',
      rss('<description>Long enough to be it</description><content>Cut</content>'),
      { body: { text: 'Long enough to be it' }, summary: 'Cut' },
    ],
    [
      'what says the same twice once for the summary',
      atom('<summary>A</summary><content>Ab</content>'),
      { body: { text: 'Ab' }, summary: 'A' },
    ],
    [
      'a link of Atom within RSS',
      rss('<link rel="self" href="/x"/><link href="/y"/>'),
      { link: 'https://feed.example/y' },
    ],
    [
      'the id of Atom for a missing link',
      atom('<id>https://a.example/1</id>'),
      { link: 'https://a.example/1', identity: 'guid' },
    ],
    [
      'the page among several links',
      atom('<link href="/a.pdf" type="application/pdf"/><link href="/a" type="text/html"/>'),
      { link: 'https://feed.example/a' },
    ],
    [
      'xml:base within XHTML',
      atom(
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml" xml:base="http://b.example/"><a href="c">d</a></div></content>',
      ),
      { body: { text: '<div><a href="http://b.example/c">d</a></div>' } },
    ],
    [
      'an article of RSS as written for its own page',
      rss('<link>http://a.example/b/</link><description>&lt;img src="c.png"&gt;</description>'),
      { image: 'http://a.example/b/c.png' },
    ],
    ['the name beside an address', rss('<author>Ada &lt;ada@a.example&gt;</author>'), { authors: ['Ada'] }],
    ['no script for a link', rss('<link>javascript:alert(1)</link>'), { link: null }],
    [
      'no script out of an article',
      rss('<description>&lt;p onclick="x"&gt;a&lt;script&gt;b&lt;/script&gt;&lt;/p&gt;</description>'),
      { body: { text: '<p>a</p>' } },
    ],
    ['a guid as it stands, trimmed', rss('<guid isPermaLink="false"> a  b </guid>'), { guid: 'a  b', id: 'a  b' }],
    [
      'the update for a missing date',
      atom('<updated>2026-01-11T00:00:00Z</updated>'),
      { published: { kind: 'instant', at: Date.UTC(2026, 0, 11) } },
    ],
    ['plain text for what Atom calls text', atom('<title>a &amp;amp; &lt;b&gt;</title>'), { title: 'a &amp; <b>' }],
    ['no language that is none', rss('<title>x</title>', '<language>english (UK)</language>'), { language: null }],
  ] as const)
    // prettier-ignore
    test(says, () => expect(feed.items[0]).toMatchObject(item))
})

describe('readFeed() knows', () => {
  const feed = fixture('guids.xml')
  test('items by guid, else link, else content', () => {
    expect(feed.items.map(({ title, identity }) => `${title} ${identity}`)).toEqual([
      ...['A link', 'B link', 'C guid', 'D link', 'E content', 'F guid'],
    ])
  })
  test('each item of a document apart', () => {
    expect(new Set(feed.items.map(({ id }) => id)).size).toBe(feed.items.length)
  })
  test('what it guessed', () => {
    expect(codes(feed)).toEqual(['warning feed-guid-shared', 'warning feed-item-twice'])
  })
})

test('readFeed() dates what it can and warns once of what it cannot', () => {
  const feed = fixture('dates.xml')
  expect(feed.items.map(({ published }) => (published?.kind === 'instant' ? new Date(published.at).toISOString() : published))).toEqual([
    ...['2026-01-11T16:00:00.000Z', null, null, '2026-01-11T08:00:00.000Z', '2026-01-11T08:00:00.000Z'],
    '2003-06-10T04:00:00.000Z',
  ]) // prettier-ignore
  expect(codes(feed)).toEqual(['warning feed-date-invalid'])
})

describe('readFeed() refuses', () => {
  for (const [says, text, code] of [
    ['an empty reply', ' \n', 'feed-empty'],
    [
      'a page, and names its feed',
      '<html><link rel="alternate" type="application/rss+xml" href="f.xml">',
      'feed-is-page',
    ],
    ['a page without a feed', '<!DOCTYPE html><html><body>Hi</body></html>', 'feed-unreadable'],
    ['JSON that is no feed', '{"posts": []}', 'feed-unreadable'],
    ['broken JSON', '{"items": [', 'feed-unreadable'],
    ['plain text', 'Not found', 'feed-unreadable'],
  ] as const)
    test(says, () => {
      const problem = problemOf(() => read(text))
      expect(problem.code).toBe(code)
      expect(problem.where).toBe(URL_OF_FEED)
      if (code === 'feed-is-page') expect(problem.mend).toContain('https://feed.example/blog/f.xml')
    })
})
