import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ExplainedDocument, explainDocument } from '../../../src/gather/remote/explain.ts'
import { savedFrom } from '../../../src/gather/remote/explain-base.ts'
import { encodingOf } from '../../../src/gather/remote/explain-encoding.ts'
import { decodeFeed } from '../../../src/gather/feed/decode-feed.ts'
import { readPage } from '../../../src/gather/page/read-page.ts'
import type { RemoteSource } from '../../../src/remote-source.ts'
import { RULES } from '../../support/site.ts'

const URL_OF = 'https://pier.example/news/'

function explain(text: string, source: RemoteSource | null = null): ExplainedDocument {
  return explainDocument({ body: Buffer.from(text), contentType: null, url: URL_OF }, source, RULES)
}

const post = (n: number): string =>
  `<div class="post"><h2><a href="/${n}">Post number ${n}</a></h2><span class="date">2026-02-0${n}</span><p>Words of ${n}.</p></div>`
const POSTS = [3, 2, 1].map(post).join('')
const page = (body: string, head = ''): string => `<!doctype html><html><head>${head}</head><body>${body}</body></html>`
const FEED_LINK = '<link rel="alternate" type="application/rss+xml" title="All" href="/feed.xml">'
const rss = (items: string): string => `<rss version="2.0"><channel><title>Pier</title>${items}</channel></rss>`

describe('explainDocument() tells of a page', () => {
  test('how its entries were found, the feeds that it names and where the older ones are', () => {
    const found = explain(page(`${POSTS}<a rel="next" href="?page=2">Older</a>`, FEED_LINK))
    expect(found).toMatchObject({
      ...{ kind: 'page', how: 'repeated', encoding: 'UTF-8', problems: [] },
      feeds: [{ url: 'https://pier.example/feed.xml', title: 'All' }],
      older: 'https://pier.example/news/?page=2',
    })
    expect(found.entries).toHaveLength(3)
    expect(found.entries[0]).toEqual({
      ...{ title: 'Post number 3', link: 'https://pier.example/3', snippet: 'Words of 3.' },
      ...{ date: { kind: 'day', year: 2026, month: 2, day: 3 }, goesBy: 'link', id: 'https://pier.example/3' },
    })
  })

  test('selectors that find the very same entries', () => {
    const html = page(POSTS)
    const found = explain(html)
    if (found.kind !== 'page') throw new Error('it is a page')
    expect(found.select).toMatchObject({ entry: 'div.post' })
    expect(readPage(html, URL_OF, found.select).entries).toEqual(readPage(html, URL_OF, null).entries)
  })

  test('no selectors when they would find something else', () => {
    // Only the first has its title in a heading with a class of its own.
    const odd = `<div class="post"><h3 class="top"><a href="/9">Post number 9</a></h3><p>Words of 9.</p></div>`
    expect(explain(page(odd + POSTS))).toMatchObject({ how: 'repeated', select: null })
  })

  test('the feeds that it names even when it lists nothing', () => {
    const found = explain(page('<p>Soon.</p>', FEED_LINK))
    expect(found).toMatchObject({ kind: 'page', how: null, entries: [], problems: [{ code: 'page-no-entries' }] })
    expect(found).toMatchObject({ feeds: [{ url: 'https://pier.example/feed.xml' }] })
  })

  test('what the selectors of its source find', () => {
    const select = { entry: 'li', title: 'a', link: 'a' }
    const source = { kind: 'page' as const, name: 'pier', at: { kind: 'url' as const, url: URL_OF }, select, pages: 1 }
    const found = explain(page(`${POSTS}<ul><li><a href="/x">Of the list</a></li></ul>`), source)
    expect(found).toMatchObject({ how: 'selectors', entries: [{ title: 'Of the list' }] })
  })
})

describe('explainDocument() tells of a feed', () => {
  test('its title, its page and by what each entry is known again', () => {
    const items = [
      '<item><title>A</title><link>/a</link><guid>tag:a</guid></item>',
      '<item><title>B</title><link>/b</link></item>',
      '<item><title>C</title></item>',
    ]
    const found = explain(rss(`<link>https://pier.example/</link>${items.join('')}`))
    expect(found).toMatchObject({ kind: 'feed', title: 'Pier', home: 'https://pier.example/', problems: [] })
    expect(found.entries.map(({ title, goesBy }) => `${title} ${goesBy}`)).toEqual(['A guid', 'B link', 'C content'])
  })

  for (const [says, text, kind] of [
    ['a feed that holds a page', rss('<description>&lt;html&gt;</description>'), 'feed'],
    ['XHTML with a declaration', `<?xml version="1.0"?>\n<!-- x --><html><body>${POSTS}</body></html>`, 'page'],
    ['a page without its first tags', `<div>${POSTS}</div>`, 'page'],
    ['JSON Feed', '{"version":"https://jsonfeed.org/version/1.1","title":"Pier","items":[]}', 'feed'],
  ] as const)
    test(`and knows ${says} for a ${kind}`, () => expect(explain(text)).toMatchObject({ kind, problems: [] }))

  for (const [says, text, code] of [
    ['nothing', '', 'feed-empty'],
    ['a plain text', 'Tides', 'feed-unreadable'],
  ] as const)
    test(`and says of ${says} that it is none`, () => {
      expect(explain(text)).toMatchObject({ kind: 'feed', entries: [], problems: [{ code }] })
    })

  test('as which a page is read, when its source says so, in a problem', () => {
    const source = { kind: 'feed' as const, name: 'pier', at: { kind: 'url' as const, url: URL_OF } }
    expect(explain(page(POSTS, FEED_LINK), source)).toMatchObject({
      kind: 'feed',
      problems: [{ code: 'feed-is-page' }],
    })
  })
})

test('explainDocument() bears whatever others write', () => {
  const dir = new URL('../../fixtures/feeds-of-others/', import.meta.url)
  for (const name of readdirSync(dir)) {
    const body = readFileSync(new URL(name, dir))
    const { kind, encoding } = explainDocument({ body, contentType: null, url: URL_OF }, null, RULES)
    expect([name, kind, encoding]).toEqual([name, 'feed', expect.any(String)])
  }
})

describe('encodingOf() names', () => {
  const bytes = (name: string): Buffer =>
    readFileSync(new URL(`../../fixtures/feeds-of-others/${name}`, import.meta.url))
  for (const [name, encoding] of [
    ['rss-2.0.xml', 'UTF-8'],
    ['utf8-declared-latin1.xml', 'UTF-8'],
    ['big5.xml', 'Big5'],
    ['shift-jis.xml', 'Shift_JIS'],
    ['koi8-r.xml', 'koi8-r'],
    ['windows-1252.xml', 'windows-1252'],
    ['gb-undeclared.xml', 'GB18030'],
    ['utf16le.xml', 'UTF-16LE'],
  ] as const)
    test(`${encoding} of ${name}`, () => {
      const body = bytes(name)
      expect(encodingOf({ body, contentType: null }, decodeFeed(body, null).text)).toBe(encoding)
    })

  test('what a header says of Latin-1', () => {
    const body = Buffer.from('Küste', 'latin1')
    const contentType = 'text/html; charset="ISO-8859-15"'
    expect(encodingOf({ body, contentType }, decodeFeed(body, contentType).text)).toBe('iso-8859-15')
  })
})

describe('savedFrom() takes', () => {
  for (const [says, html, url] of [
    [
      'the note of a browser',
      '<!DOCTYPE html>\n<!-- saved from url=(0026)https://pier.example/news/ -->\n<link rel="canonical" href="https://x.example/">',
      URL_OF,
    ],
    [
      'the canonical address',
      `<meta property="og:url" content="https://x.example/"><link rel="canonical" href="${URL_OF}">`,
      URL_OF,
    ],
    ['og:url', `<meta property="og:url" content="${URL_OF}">`, URL_OF],
    ['no half address', '<link rel="canonical" href="/news/">', null],
    ['nothing where nothing is said', '<p>Tides</p>', null],
  ] as const)
    test(says, () => expect(savedFrom(html)).toBe(url))
})
