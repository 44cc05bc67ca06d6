import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Entry } from '../../src/entry.ts'
import { collectionFolder } from '../../src/collection.ts'
import { PAGE_CONTRACT, type PageContext } from '../../src/pages/context.ts'
import {
  renderCollectionPage,
  renderDigestArchive,
  renderDigestPage,
  renderIndex,
  renderOlderPage,
  renderSubscribePage,
} from '../../src/pages/render.ts'
import type { Site } from '../../src/site.ts'
import { compileTemplate } from '../../src/template.ts'
import { ownTexts } from '../support/texts.ts'

const text = readFileSync(new URL('../../templates/page.liquid', import.meta.url), 'utf8')
const template = compileTemplate('templates/page.liquid', text, PAGE_CONTRACT)
const publishUrl = 'https://example.org/feeds/'
const site: Site = {
  title: 'SEA & SKY',
  description: 'Notes from a "harbour"',
  url: 'https://example.org/',
  language: 'zh-CN',
  timezone: 'Asia/Shanghai',
  author: null,
  icon: null,
  favicon: null,
  postalAddress: null,
  privacy: null,
}
const context: PageContext = {
  template,
  site,
  publishUrl,
  addressOf: (kind, name) => (name === 'tides' || name === '潮汐' ? collectionFolder({ kind, slug: name }) : null),
  contact: 'digest@example.org',
  endpoint: null,
  texts: ownTexts('en'),
}

function entryOf(number: number, more: Partial<Entry> = {}): Entry {
  return {
    id: number,
    number,
    guid: `urn:example:${number}`,
    source: 'notes',
    title: `Note ${number}`,
    link: `https://example.org/notes/${number}/`,
    anchor: `e-${number}`,
    date: Date.UTC(2026, 2, 1, 22) + number * 1000,
    dateOnly: false,
    updated: 0,
    authors: [],
    image: null,
    enclosures: [],
    series: null,
    tags: [],
    categories: [],
    snippet: 'A few words.',
    ...more,
  }
}

const full = (n: number): Entry[] => Array.from({ length: 50 }, (_, index) => entryOf((n - 1) * 50 + index + 1))
const index = (entries: readonly Entry[], pages: number[] = []): string => renderIndex(context, entries, pages).content
const older = (n: number, pages: number[]): string => renderOlderPage(context, n, full(n), pages).content
const digest = renderDigestPage(context, {
  ...{ id: '20260302-a1', subject: 'SEA & SKY: Tides', date: Date.UTC(2026, 2, 1, 22), more: 3 },
  zone: 'Asia/Shanghai',
  entries: [entryOf(1, { title: 'Tides' })],
}).content
const TIDES = { kind: 'tag', name: '潮汐', slug: '潮汐' } as const
const collection = renderCollectionPage(
  context,
  TIDES,
  [entryOf(60), entryOf(59, { tags: ['潮汐', 'x'] })],
  [{ title: 'Old <tide>', link: 'https://example.org/old/', date: Date.UTC(2020, 0, 2) }],
).content
const subscribe = renderSubscribePage(context, [
  { kind: 'tag', collections: [{ ...TIDES, count: 3 }] },
  { kind: 'author', collections: [{ kind: 'author', name: 'Bo <Lin>', slug: 'bo-lin', count: 1 }] },
]).content
const digestArchive = renderDigestArchive(context, [
  { id: '20260302-a1', subject: 'SEA & SKY: Tides', date: Date.UTC(2026, 2, 1, 22), zone: 'Asia/Shanghai', entries: 3 },
]).content
const hrefs = (html: string): string[] => [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '')
const articles = (html: string): string[] => [...html.matchAll(/<article.*?<\/article>/gs)].map(([found]) => found)

for (const [says, more, expected] of [
  ['escapes a title', { title: '<script>alert(1)</script>' }, '>&lt;script&gt;alert(1)&lt;/script&gt;</a></h2>'],
  ['escapes a snippet', { snippet: '</p><img src=x onerror=y>' }, '>&lt;/p&gt;&lt;img src=x onerror=y&gt;</p>'],
  ['escapes a tag', { tags: ['<b>'] }, '<li><bdi>#&lt;b&gt;</bdi></li>'],
  [
    'leads to the page of a tag',
    { tags: ['tides'] },
    '<li><a rel="tag" href="tags/tides/index.html"><bdi>#tides</bdi></a></li>',
  ],
  [
    'leads to the page of an author',
    { authors: ['tides'] },
    '<a class="author" rel="author" href="authors/tides/index.html"><bdi>tides</bdi></a>',
  ],
  [
    'counts the tags that are too many',
    { tags: Array.from({ length: 23 }, (_, n) => `t${n}`) },
    '<li lang="en">3 more</li>',
  ],
  ['escapes a category', { categories: ['R&D'] }, '<bdi class="category">R&amp;D</bdi>'],
  ['escapes a link', { link: 'https://example.com/?a="><b>' }, 'href="https://example.com/?a=%22%3E%3Cb%3E"'],
  ['takes bidi overrides out of a title', { title: 'ab\u202Ecd' }, '>abcd</a></h2>'],
  ['keeps placeholders of a snippet as text', { snippet: '[Math] 与 [公式]' }, '>[Math] 与 [公式]</p>'],
  ['names an entry that has no title', { title: ' ' }, '>Untitled</a></h2>'],
  ['writes no link for another scheme', { title: 'T', link: 'javascript:alert(1)' }, '<h2 dir="auto">T</h2>'],
  ['shows the day of the zone', {}, '<time datetime="2026-03-02T06:00:07+08:00">2026-03-02</time>'],
  ['shows a day as a day', { dateOnly: true }, '<time datetime="2026-03-02">2026-03-02</time>'],
  [
    'leads to our own page by its path',
    { link: `${publishUrl}page/1.html#e-7` },
    '<h2 dir="auto"><a href="page/1.html#e-7">',
  ],
  ['gives an entry its anchor', {}, '<article id="e-7">'],
  ['gives a permanent link on the older page', {}, 'href="page/1.html#e-7" title="Permanent link">No. 7</a>'],
] as const) {
  test(`renderIndex() ${says}`, () => {
    expect(articles(index([entryOf(7, { ...more } as Partial<Entry>)], [1]))).toEqual([
      expect.stringContaining(expected),
    ])
  })
}

test('renderIndex() keeps a permanent link at home while its page is not there', () => {
  expect(articles(index([entryOf(7)]))[0]).toContain('rel="bookmark" href="#e-7"')
})

test('renderIndex() keeps the order it is given', () => {
  const html = index([entryOf(2), entryOf(9), entryOf(5)])
  expect([...html.matchAll(/id="e-(\d)"/g)].map((match) => match[1])).toEqual(['2', '9', '5'])
})

test('renderIndex() says when there is nothing', () => {
  expect(index([])).toContain('Nothing here yet.')
  expect(index([entryOf(1)])).not.toContain('Nothing here yet.')
})

for (const [says, html, root] of [
  ['index.html', index([entryOf(1)], [1]), ''],
  ['page/2.html', older(2, [1, 2, 3]), '../'],
  ['subscribe.html', subscribe, ''],
  ['digests/index.html', digestArchive, '../'],
  ['digests/ID.html', digest, '../'],
] as const) {
  test(`${says} names its language, its feeds and its title`, () => {
    expect(html).toContain('<html lang="zh-CN">')
    expect(html).toMatch(/<title>[^<]*SEA &amp; SKY<\/title>/)
    for (const [type, file] of [
      ['rss+xml', 'feed.xml'],
      ['atom+xml', 'atom.xml'],
      ['feed+json', 'feed.json'],
    ] as const) {
      expect(html).toMatch(
        new RegExp(`rel="alternate" type="application/${type.replace('+', '\\+')}" [^>]*href="${root}${file}"`),
      )
      expect(html).toContain(`<a href="${root}${file}">`)
    }
  })

  test(`${says} loads nothing and runs nothing`, () => {
    expect(html).not.toMatch(/<script|<img|<link rel="stylesheet"|@import|url\(|\son\w+=/)
    expect(html).toContain("default-src 'none'")
  })
}

test('every page names its own address', () => {
  const canonical = (html: string): string | undefined => /rel="canonical" href="([^"]*)"/.exec(html)?.[1]
  expect([index([]), older(2, [1, 2]), digest].map(canonical)).toEqual([
    publishUrl,
    `${publishUrl}page/2.html`,
    `${publishUrl}digests/20260302-a1.html`,
  ])
})

test('renderOlderPage() shows the newest first, whatever order it is given', () => {
  const entries = full(2)
  const given = renderOlderPage(context, 2, entries, [1, 2])
  const reversed = renderOlderPage(context, 2, entries.toReversed(), [1, 2])
  expect(given).toEqual(reversed)
  expect([...given.content.matchAll(/id="e-(\d+)"/g)].map((match) => Number(match[1]))).toEqual(
    Array.from({ length: 50 }, (_, index) => 100 - index),
  )
})

test('renderOlderPage() links within its own folder', () => {
  const html = older(2, [1, 2, 3])
  expect(hrefs(html)).toEqual(expect.arrayContaining(['1.html', '3.html', '../index.html', '#e-51']))
})

test('a full page changes once, when the next one appears', () => {
  const alone = older(2, [1, 2])
  const followed = older(2, [1, 2, 3])
  expect(followed).not.toBe(alone)
  expect(followed).toContain('rel="next" href="3.html"')
  expect(followed.replace(/\n<a class="way" rel="next"[^\n]*/, '')).toBe(alone)
})

test('a full page does not change when later pages appear', () => {
  expect(older(2, [1, 2, 3, 4])).toBe(older(2, [1, 2, 3]))
  expect(older(2, [1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe(older(2, [1, 2, 3]))
})

test('renderDigestPage() shows the subject, the entries and where the rest is', () => {
  expect(digest).toContain('DIGEST OF 2026-03-02')
  expect(digest).toContain('<bdi>SEA &amp; SKY: Tides</bdi>')
  expect(articles(digest)).toHaveLength(1)
  expect(digest).toContain('<a href="../index.html">3 more on the latest page</a>')
})

test('renderDigestPage() says nothing of a rest that is not there', () => {
  const page = { id: 'a', subject: 'S', date: 0, zone: 'UTC', entries: [entryOf(1)], more: 0 }
  expect(renderDigestPage(context, page).content).not.toContain('more on the latest page')
})

test('every name of the contract has a value on every page', () => {
  const print = PAGE_CONTRACT.names.map((name) => {
    const [list = '', ...parts] = name.split('[]')
    const nested = parts.reduceRight((inner, part, depth) => {
      const of = depth === 0 ? list : `x${depth - 1}${parts[depth - 1] ?? ''}`
      const isLast = depth === parts.length - 1
      return `{% for x${depth} in ${of} %}${isLast ? `{{ x${depth}${part} }}` : inner}{% endfor %}`
    }, '')
    return parts.length === 0 ? `{{ ${name} }}` : nested
  })
  const all = compileTemplate('all.liquid', print.join('\n'), PAGE_CONTRACT)
  expect(renderIndex({ ...context, template: all }, [entryOf(1)], [1]).content).toContain('SEA')
  expect(renderOlderPage({ ...context, template: all }, 1, [entryOf(1)], [1]).content).toContain('SEA')
  const page = { id: 'a', subject: 'S', date: 0, zone: 'UTC', entries: [entryOf(1)], more: 0 }
  expect(renderDigestPage({ ...context, template: all }, page).content).toContain('SEA')
})

test('renderCollectionPage() shows what the collection is of, its newest entries and the titles of the others', () => {
  expect(collection).toContain('<h1><span lang="en">Tag:</span> <bdi>潮汐</bdi></h1>')
  expect(collection).toContain('<title>潮汐 - SEA &amp; SKY</title>')
  expect(articles(collection)).toHaveLength(2)
  expect(collection).toContain('<a href="https://example.org/old/"><bdi>Old &lt;tide&gt;</bdi></a>')
  expect(collection).toContain('<time datetime="2020-01-02">2020-01-02</time>')
})

test('renderCollectionPage() names its own feeds first, then those of the site', () => {
  const alternates = [...collection.matchAll(/rel="alternate" type="([^"]*)" title="([^"]*)" href="([^"]*)"/g)]
  expect(alternates.map(([, type, title, href]) => [type, title, href])).toEqual([
    ['application/rss+xml', 'SEA &amp; SKY - 潮汐 (RSS)', 'feed.xml'],
    ['application/atom+xml', 'SEA &amp; SKY - 潮汐 (Atom)', 'atom.xml'],
    ['application/feed+json', 'SEA &amp; SKY - 潮汐 (JSON Feed)', 'feed.json'],
    ['application/rss+xml', 'SEA &amp; SKY (RSS)', '../../feed.xml'],
    ['application/atom+xml', 'SEA &amp; SKY (Atom)', '../../atom.xml'],
    ['application/feed+json', 'SEA &amp; SKY (JSON Feed)', '../../feed.json'],
  ])
  expect(collection).toContain(`rel="canonical" href="${publishUrl}tags/%E6%BD%AE%E6%B1%90/"`)
})

test('renderCollectionPage() leads to where an entry stands for ever', () => {
  expect(hrefs(collection)).toEqual(expect.arrayContaining(['../../page/2.html#e-60', '../../page/2.html#e-59']))
})

test('renderSubscribePage() gives the addresses in full, every feed there is, and a way by mail', () => {
  for (const file of ['feed.xml', 'atom.xml', 'feed.json'])
    expect(subscribe).toContain(`<code>${publishUrl}${file}</code>`)
  expect(hrefs(subscribe)).toEqual(
    expect.arrayContaining([
      ...['feeds.opml', 'tags/潮汐/index.html', 'tags/潮汐/feed.xml', 'authors/bo-lin/feed.xml', 'digests/index.html'],
      'mailto:digest@example.org?subject=Subscribe%20to%20SEA%20%26%20SKY',
    ]),
  )
  expect(subscribe).toContain('<bdi>Bo &lt;Lin&gt;</bdi></a> <span class="count">1</span>')
})

test('no page offers mail when nobody is there to take it', () => {
  const alone = { ...context, contact: null }
  expect(renderSubscribePage(alone, []).content).not.toContain('mailto:')
  expect(renderIndex(alone, [entryOf(1)], [1]).content).not.toContain('mailto:')
  expect(index([entryOf(1)])).toContain('mailto:digest@example.org')
})

test('an address to write to cannot add to the mail', () => {
  const odd = { ...context, contact: 'a?bcc=b&c"d@example.org' }
  expect(renderIndex(odd, [], []).content).toContain('href="mailto:a%3Fbcc%3Db%26c%22d@example.org?subject=')
})

test('renderDigestArchive() lists every digest, or says that there is none', () => {
  expect(digestArchive).toContain('<a href="20260302-a1.html"><bdi>SEA &amp; SKY: Tides</bdi></a>')
  expect(digestArchive).toContain('3 entries')
  expect(renderDigestArchive(context, []).content).toContain('No digest yet.')
})

test('the words of the page are marked as English on a site of another language only', () => {
  const english = { ...context, site: { ...site, language: 'en-GB' } }
  expect(index([])).toContain('<h1 lang="en">LATEST UPDATES</h1>')
  expect(renderIndex(english, [], []).content).not.toContain('lang="en"')
})

test('pictures of the site are named, and only then may a page load any', () => {
  const icons = { ...site, icon: 'https://example.org/big.png', favicon: 'https://example.org/small.ico' }
  const html = renderIndex({ ...context, site: icons }, [], []).content
  expect(html).toContain('<link rel="apple-touch-icon" href="https://example.org/big.png">')
  expect(html).toContain('<link rel="icon" href="https://example.org/small.ico">')
  expect(html).toContain('img-src data: http: https:')
  expect(index([])).toContain('img-src data:; ')
})

test('a site that is written from the right says so', () => {
  const of = (language: string): string => renderIndex({ ...context, site: { ...site, language } }, [], []).content
  for (const language of ['ar', 'he-IL', 'ku-Arab'])
    expect(of(language)).toContain(`<html lang="${language}" dir="rtl">`)
  for (const language of ['en', 'zh-CN', 'ku', 'ur-Latn']) expect(of(language)).not.toContain('dir="rtl"')
})

test('a site without a description is described by its title', () => {
  const bare = { ...context, site: { ...site, description: '' } }
  expect(renderIndex(bare, [], []).content).toContain('name="description" content="SEA &amp; SKY"')
})
