import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { expect, test } from 'vitest'
import type { FeedEntry } from '../../src/feeds/item.ts'
import type { Channel } from '../../src/feeds/channel.ts'
import { channelWith, entryWith, GOLDEN_ENTRIES, renderFeeds } from './samples.ts'

function render(entries: readonly FeedEntry[], channel: Channel = channelWith()) {
  const [rss, atom, json] = renderFeeds(channel, entries).map((document) => document.content)
  if (rss === undefined || atom === undefined || json === undefined) throw new Error('a document is missing')
  return { rss, atom, json }
}

function read(entries: readonly FeedEntry[], channel?: Channel) {
  const { rss, atom, json } = render(entries, channel)
  return { rss: parseRssFeed(rss), atom: parseAtomFeed(atom), json: parseJsonFeed(json) }
}

function readOne(change: Partial<FeedEntry>, channel?: Channel) {
  const { rss, atom, json } = read([entryWith(1, change)], channel)
  return { rss: rss.items?.[0], atom: atom.entries?.[0], json: json.items?.[0] }
}

/** The source of the one entry in RSS and Atom. */
function sourceOf(change: Partial<FeedEntry>, channel?: Channel) {
  const { rss, atom } = render([entryWith(1, change)], channel)
  return { rss: rss.slice(rss.indexOf('<item>')), atom: atom.slice(atom.indexOf('<entry>')) }
}

for (const document of renderFeeds(channelWith(), GOLDEN_ENTRIES)) {
  test(`renderFeeds() writes ${document.path} as pinned`, async () => {
    await expect(document.content).toMatchFileSnapshot(`../golden/${document.path}`)
  })
}

const ARCHIVE = { folder: 'archive/2/', previous: 'archive/1/', isArchive: true }
for (const document of renderFeeds(channelWith({}, ARCHIVE), GOLDEN_ENTRIES.slice(2))) {
  test(`renderFeeds() writes ${document.path} as pinned`, async () => {
    await expect(document.content).toMatchFileSnapshot(`../golden/${document.path}`)
  })
}

test('renderFeeds() writes the same bytes for the same entries in any order', () => {
  expect(render(GOLDEN_ENTRIES.toReversed())).toEqual(render(GOLDEN_ENTRIES))
})

test('renderFeeds() ends every document in a line end and declares UTF-8', () => {
  const { rss, atom, json } = render(GOLDEN_ENTRIES)
  expect([rss, atom, json].map((content) => content.endsWith('>\n') || content.endsWith('}\n'))).toEqual([
    true,
    true,
    true,
  ])
  for (const xml of [rss, atom]) expect(xml.startsWith('<?xml version="1.0" encoding="utf-8"?>\n')).toBe(true)
})

test('renderFeeds() shows the newest date first, of equal dates the larger number', () => {
  const [early, late] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)]
  const feeds = read([entryWith(3, { date: early }), entryWith(1, { date: late }), entryWith(2, { date: late })])
  const shown = ['Note 2', 'Note 1', 'Note 3']
  expect(feeds.rss.items?.map((item) => item.title)).toEqual(shown)
  expect(feeds.atom.entries?.map((entry) => entry.title?.value)).toEqual(shown)
  expect(feeds.json.items?.map((item) => item.title)).toEqual(shown)
})

for (const [says, guid, kept] of [
  ['an http URL with a query', 'https://a.example/x?b=1&c=2', 'https://a.example/x?b=1&c=2'],
  ['a URL that normalising would change', 'HTTP://A.example:80/a/../b', 'HTTP://A.example:80/a/../b'],
  ['a host without a path', 'https://a.example', 'https://a.example'],
  ['a tag URI', 'tag:a.example,2026:Ä/x', 'tag:a.example,2026:Ä/x'],
  ['a UUID', 'urn:uuid:6F1B8A52-8a5f-4f0e-9d36-3a3a6f7d2b11', 'urn:uuid:6F1B8A52-8a5f-4f0e-9d36-3a3a6f7d2b11'],
  ['a literal reference', 'https://a.example/?x=&amp;y', 'https://a.example/?x=&amp;y'],
  ['an id without what XML forbids', 'tag:a.example,2026:a\u0000b\uD800', 'tag:a.example,2026:ab'],
  ['letters in decomposed form', 'tag:a.example,2026:e\u0301', 'tag:a.example,2026:e\u0301'],
] as const) {
  test(`renderFeeds() keeps ${says} as the one id in all three`, () => {
    const { rss, atom, json } = readOne({ guid })
    expect([rss?.guid?.value, atom?.id, json?.id]).toEqual([kept, kept, kept])
    expect(rss?.guid?.isPermaLink).toBe(false)
  })
}

for (const [says, guid, id] of [
  ['Drupal', '123 at https://a.example', 'urn:uuid:dbe06e2c-252c-5db0-b8b2-d6eaa1406af0'],
  ['Ghost', '5f0c1a2b3c4d5e6f70819203', 'urn:uuid:cab2bc2c-0002-5b5e-bbe3-f3aa220b4a9b'],
  ['a program that writes paths', '/2026/tides', 'urn:uuid:2bf6c65a-0608-567b-8b3c-268d5f6e6d43'],
  ['a program that writes spaces', 'https://a.example/b c', 'https://a.example/b%20c'],
] as const) {
  test(`renderFeeds() shows an id of ${says} as readers know it, and in Atom an IRI`, () => {
    const { rss, atom, json } = readOne({ guid })
    expect([rss?.guid?.value, json?.id]).toEqual([guid, guid])
    expect(atom?.id).toBe(id)
  })
}

for (const [says, link, kept] of [
  ['keeps a link with a query', 'https://a.example/?b=1&c=2', 'https://a.example/?b=1&c=2'],
  ['writes a link in ASCII', 'http://bücher.example/ä "x"', 'http://xn--bcher-kva.example/%C3%A4%20%22x%22'],
  ['replaces a script', 'javascript:alert(1)', 'https://blog.example.org/feeds/#e-1'],
  ['replaces a relative link', '/note', 'https://blog.example.org/feeds/#e-1'],
  ['replaces a mail address', 'mailto:ada@example.org', 'https://blog.example.org/feeds/#e-1'],
] as const) {
  test(`renderFeeds() ${says} in all three`, () => {
    const { rss, atom, json } = readOne({ link, anchor: 'e-1' })
    expect([rss?.link, atom?.links?.[0]?.href, json?.url]).toEqual([kept, kept, kept])
    expect(atom?.links).toEqual([{ rel: 'alternate', href: kept }])
  })
}

for (const [title, inRss, inAtom] of [
  ['AT&T <b>', 'AT&#x26;T &#x3C;b&#x3E;', 'AT&amp;T &lt;b&gt;'],
  ['&amp;', '&#x26;amp;', '&amp;amp;'],
  [']]>', ']]&#x3E;', ']]&gt;'],
] as const) {
  test(`renderFeeds() shows the title ${title} literally`, () => {
    const { rss, atom } = sourceOf({ title })
    expect(rss).toContain(`<title>${inRss}</title>`)
    expect(atom).toContain(`<title type="html"><![CDATA[${inAtom}]]></title>`)
    const feeds = readOne({ title })
    expect([feeds.rss?.title, feeds.json?.title]).toEqual([title, title])
  })
}

test('renderFeeds() shows the texts of the site literally', () => {
  const text = 'A&B <i> &lt; ]]>'
  const { rss, atom, json } = read([], channelWith({ title: text, description: text }))
  expect([rss.title, atom.title?.value, json.title]).toEqual([text, text, text])
  expect([rss.description, atom.subtitle?.value, json.description]).toEqual([text, text, text])
})

test('renderFeeds() escapes the snippet as HTML where a reader takes it for HTML', () => {
  const { rss, atom, json } = readOne({ snippet: 'AT&T <b> &amp;' })
  const html = 'AT&amp;T &lt;b&gt; &amp;amp;'
  expect([rss?.description, atom?.summary]).toEqual([html, { value: html, type: 'html' }])
  expect(json).toMatchObject({ content_text: 'AT&T <b> &amp;' })
})

test('renderFeeds() gives a snippet alone without content', () => {
  const { rss, atom, json } = readOne({ contentHtml: null })
  expect([rss?.content, atom?.content, json?.content_html, json?.summary]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(sourceOf({ contentHtml: null }).rss).not.toContain('content:encoded')
})

test('renderFeeds() gives the content after the snippet', () => {
  const html = '<p>a &amp; b]]>c]]>d]]]>e</p>'
  const { rss, atom, json } = readOne({ contentHtml: html, snippet: 'a & b' })
  expect([rss?.content?.encoded, json?.content_html]).toEqual([html, html])
  expect(atom?.content).toEqual({ value: html, type: 'html' })
  expect([rss?.description, atom?.summary?.value, json?.summary]).toEqual(['a &amp; b', 'a &amp; b', 'a & b'])
  expect(json?.content_text).toBeUndefined()
  const source = sourceOf({ contentHtml: html }).rss
  expect(source.indexOf('<description>')).toBeLessThan(source.indexOf('<content:encoded>'))
})

for (const [says, author, site, inRss, name, email] of [
  [
    'the site author with an address',
    null,
    { name: 'Ada', email: 'a@b.example', url: null },
    'author',
    'Ada',
    'a@b.example',
  ],
  ['the site author without an address', null, { name: 'Ada', email: null, url: null }, 'dc:creator', 'Ada', undefined],
  [
    'the author of the entry first',
    'Bo & <C>',
    { name: 'Ada', email: 'a@b.example', url: null },
    'dc:creator',
    'Bo & <C>',
    undefined,
  ],
  [
    'the site author for an author of controls only',
    '\u0000\u0007',
    { name: 'Ada', email: null, url: null },
    'dc:creator',
    'Ada',
    undefined,
  ],
] as const) {
  test(`renderFeeds() names ${says}`, () => {
    const { rss, atom, json } = readOne({ authors: author === null ? [] : [author] }, channelWith({ author: site }))
    const item = sourceOf({ authors: author === null ? [] : [author] }, channelWith({ author: site })).rss
    expect([item.includes('<author>'), item.includes('<dc:creator>')]).toEqual([inRss === 'author', inRss !== 'author'])
    expect(rss).toMatchObject(email === undefined ? { dc: { creators: [name] } } : { authors: [{ name, email }] })
    expect(atom?.authors).toEqual([email === undefined ? { name } : { name, email }])
    expect(json?.authors).toEqual([{ name }])
  })
}

test('renderFeeds() without any author names the site in Atom alone, which must have one', () => {
  const { rss, atom, json } = read([entryWith(1)], channelWith({ author: null }))
  expect(atom.authors).toEqual([{ name: 'Salt & Sand' }])
  expect(atom.entries?.[0]?.authors).toBeUndefined()
  expect([rss.items?.[0]?.authors, rss.items?.[0]?.dc, json.authors, json.items?.[0]?.authors]).toEqual(
    Array(4).fill(undefined),
  )
})

test('renderFeeds() lists categories, then tags, each once', () => {
  const { rss, atom, json } = readOne({ categories: ['R & D', 'x'], tags: ['a <b> "c"', 'x ', 'R & D', '\u0001'] })
  const names = ['R & D', 'x', 'a <b> "c"']
  expect(rss?.categories?.map((category) => category.name)).toEqual(names)
  expect(atom?.categories?.map((category) => category.term)).toEqual(names)
  expect(json?.tags).toEqual(names)
})

test('renderFeeds() writes dates of RFC 822 in RSS and of RFC 3339 in the others', () => {
  const dates = { date: Date.UTC(2026, 6, 4, 5, 6, 7), updated: Date.UTC(2026, 7, 9, 0, 0, 0, 25) }
  const { rss, atom, json } = readOne(dates)
  expect(rss?.pubDate).toBe('Sat, 04 Jul 2026 05:06:07 GMT')
  expect([atom?.published, atom?.updated]).toEqual(['2026-07-04T05:06:07.000Z', '2026-08-09T00:00:00.025Z'])
  expect([json?.date_published, json?.date_modified]).toEqual(['2026-07-04T05:06:07.000Z', '2026-08-09T00:00:00.025Z'])
})

test('renderFeeds() gives an article from before 1990 no date, since validators take it for a mistake', () => {
  const dates = { date: Date.UTC(1969, 6, 20), updated: Date.UTC(1969, 6, 20) }
  const { rss, atom, json } = read([entryWith(2, dates), entryWith(1, dates)])
  expect(rss.items?.map((item) => item.pubDate)).toEqual([undefined, undefined])
  expect(atom.entries?.map((entry) => entry.published)).toEqual([undefined, undefined])
  expect(json.items?.map((item) => item.date_published)).toEqual([undefined, undefined])
  const updated = ['1990-01-01T00:00:00.002Z', '1990-01-01T00:00:00.001Z']
  expect(atom.entries?.map((entry) => entry.updated)).toEqual(updated)
  expect(json.items?.map((item) => item.date_modified)).toEqual(updated)
})

test('renderFeeds() gives an entry without a title its opening in Atom alone, which must have one', () => {
  const snippet = 'The gauge stands at the pier, where the old lamp was until the storm took it away at night.'
  const { rss, atom, json } = readOne({ title: '', snippet })
  expect([rss?.title, json?.title]).toEqual([undefined, undefined])
  expect(atom?.title?.value).toBe('The gauge stands at the pier, where the old lamp was until')
  const bare = readOne({ title: '', snippet: '' })
  expect([bare.atom?.title?.value, bare.atom?.summary?.value]).toEqual(
    Array(2).fill('https://blog.example.org/note-1/'),
  )
})

for (const [says, entries, at] of [
  ['the newest update', [entryWith(2), entryWith(1, { updated: Date.UTC(2026, 8, 1) })], Date.UTC(2026, 8, 1)],
  ['its own date when it is empty', [], channelWith().fallbackUpdated],
] as const) {
  test(`renderFeeds() dates the feed by ${says}`, () => {
    const { rss, atom } = read(entries)
    expect([rss.lastBuildDate, atom.updated]).toEqual([new Date(at).toUTCString(), new Date(at).toISOString()])
  })
}

test('renderFeeds() says in each format where it is served and whose home page it belongs to', () => {
  const { rss, atom, json } = read([])
  expect([rss.link, json.home_page_url]).toEqual(['https://blog.example.org/', 'https://blog.example.org/'])
  expect(rss.atom?.links).toEqual([
    { href: 'https://blog.example.org/feeds/feed.xml', rel: 'self', type: 'application/rss+xml' },
  ])
  expect(atom.links).toEqual([
    { rel: 'alternate', href: 'https://blog.example.org/' },
    { rel: 'self', type: 'application/atom+xml', href: 'https://blog.example.org/feeds/atom.xml' },
  ])
  expect(json.feed_url).toBe('https://blog.example.org/feeds/feed.json')
})

test('renderFeeds() says in each format what a feed of a tag is of, and where its page is', () => {
  const channel = channelWith({}, { folder: 'tags/潮汐/', topic: '潮汐 & <tides>', feedId: 'urn:uuid:1' })
  const { rss, atom, json } = read([entryWith(1)], channel)
  const folder = 'https://blog.example.org/feeds/tags/%E6%BD%AE%E6%B1%90/'
  const title = 'Salt & Sand - 潮汐 & <tides>'
  expect([rss.title, atom.title?.value, json.title]).toEqual([title, title, title])
  expect([rss.link, atom.links?.[0]?.href, json.home_page_url]).toEqual([folder, folder, folder])
  expect([rss.atom?.links?.[0]?.href, atom.links?.[1]?.href, json.feed_url]).toEqual(
    ['feed.xml', 'atom.xml', 'feed.json'].map((file) => folder + file),
  )
  expect(atom.id).toBe('urn:uuid:1')
})

test('renderFeeds() names the hub and the newest archive', () => {
  const hub = 'https://hub.example/?a=1&b=2'
  const { rss, atom, json } = read([entryWith(1)], channelWith({}, { hub, previous: 'archive/3/' }))
  const previous = (file: string): string => `https://blog.example.org/feeds/archive/3/${file}`
  expect(rss.atom?.links?.filter(({ rel }) => rel !== 'self')).toEqual([
    { rel: 'prev-archive', type: 'application/rss+xml', href: previous('feed.xml') },
    { rel: 'hub', href: hub },
  ])
  expect(atom.links?.filter(({ rel }) => rel === 'hub' || rel === 'prev-archive')).toEqual([
    { rel: 'prev-archive', type: 'application/atom+xml', href: previous('atom.xml') },
    { rel: 'hub', href: hub },
  ])
  expect([json.next_url, json.hubs]).toEqual([previous('feed.json'), [{ type: 'WebSub', url: hub }]])
  const { rss: source } = render([entryWith(1)], channelWith({}, { previous: 'archive/3/' }))
  expect(source).not.toContain('fh:')
})

test('renderFeeds() marks an archive, leads to the feed it belongs to and to the one before it', () => {
  const { rss, atom } = render([entryWith(1)], channelWith({}, ARCHIVE))
  const at = (file: string): string[] => [
    `rel="self" type="application/(rss|atom)\\+xml"`,
    `https://blog.example.org/feeds/archive/2/${file}`,
    `https://blog.example.org/feeds/archive/1/${file}`,
    `https://blog.example.org/feeds/${file}"`,
    '<fh:archive/>',
    'xmlns:fh="http://purl.org/syndication/history/1.0"',
  ]
  for (const [text, file] of [
    [rss, 'feed.xml'],
    [atom, 'atom.xml'],
  ] as const)
    for (const part of at(file)) expect(text).toMatch(new RegExp(part.replaceAll('/', '\\/')))
  const first = read([], channelWith({}, { ...ARCHIVE, previous: null }))
  expect(first.json.next_url).toBeUndefined()
  expect(first.atom.links?.map(({ rel }) => rel)).toEqual(['alternate', 'current', 'self'])
})

const GAUGE = { url: 'https://a.example/gauge.png?a=1&b=2', type: 'image/png', length: 2048, alt: 'The <old> gauge' }

test('renderFeeds() gives a picture in each format, with what it shows', () => {
  const { rss, atom, json } = readOne({ image: GAUGE })
  const { url, type, length, alt } = GAUGE
  expect(rss?.enclosures).toEqual([{ url, type, length }])
  expect(rss?.media?.contents).toMatchObject([{ url, type, medium: 'image', description: { value: alt } }])
  expect(atom?.links?.[1]).toEqual({ rel: 'enclosure', href: url, type, length, title: alt })
  expect(json?.image).toBe(url)
  expect(json?.attachments).toEqual([{ url, mime_type: type, title: alt, size_in_bytes: length }])
})

test('renderFeeds() writes no enclosure in RSS whose length is not known', () => {
  const { rss, atom, json } = readOne({ image: { ...GAUGE, length: null, alt: '' } })
  expect(rss?.enclosures).toBeUndefined()
  expect(rss?.media?.contents).toMatchObject([{ url: GAUGE.url, type: GAUGE.type }])
  expect(atom?.links?.[1]).toEqual({ rel: 'enclosure', href: GAUGE.url, type: GAUGE.type })
  expect(json?.attachments).toEqual([{ url: GAUGE.url, mime_type: GAUGE.type }])
})

test('renderFeeds() makes up no media type', () => {
  const { rss, atom, json } = readOne({ image: { ...GAUGE, type: null, length: null } })
  expect(rss?.media?.contents?.[0]?.type).toBeUndefined()
  expect(atom?.links?.[1]).toEqual({ rel: 'enclosure', href: GAUGE.url, title: GAUGE.alt })
  expect([json?.image, json?.attachments]).toEqual([GAUGE.url, undefined])
})

test('renderFeeds() gives no picture from anywhere but the web', () => {
  const { rss, atom, json } = readOne({ image: { ...GAUGE, url: 'file:///etc/passwd' } })
  expect([rss?.media, rss?.enclosures, json?.image, atom?.links?.length]).toEqual([undefined, undefined, undefined, 1])
})

test('renderFeeds() shows the pictures of the site', () => {
  const [icon, favicon] = ['https://blog.example.org/big.png', 'https://blog.example.org/small.ico?a=1&b=2']
  const { rss, atom, json } = read([], channelWith({ icon, favicon }))
  expect(rss.image).toMatchObject({ url: icon, title: 'Salt & Sand', link: 'https://blog.example.org/' })
  expect([atom.logo, atom.icon]).toEqual([icon, favicon])
  expect([json.icon, json.favicon]).toEqual([icon, favicon])
})

test('renderFeeds() names every author of an entry, the one of the site with address and home page', () => {
  const site = { name: 'Ada', email: 'ada@example.org', url: 'https://ada.example/?a=1&b=2' }
  const { rss, atom, json } = readOne({ authors: ['Bo', 'Ada', 'Bo'] }, channelWith({ author: site }))
  expect(rss?.dc?.creators).toEqual(['Bo', 'Ada'])
  expect(atom?.authors).toEqual([{ name: 'Bo' }, { name: 'Ada', email: site.email, uri: site.url }])
  expect(json?.authors).toEqual([{ name: 'Bo' }, { name: 'Ada', url: site.url }])
})

test('renderFeeds() names the feed, its language and its generator without a version', () => {
  const { rss, atom, json } = read([])
  expect([rss.language, atom.xml?.lang, json.language]).toEqual(['en-GB', 'en-GB', 'en-GB'])
  expect([rss.generator, atom.generator?.text]).toEqual(['Feedwire', 'Feedwire'])
  expect(atom.id).toBe(channelWith().feedId)
  expect(render([]).json).toContain('"version": "https://jsonfeed.org/version/1.1"')
})

test('renderFeeds() folds and cleans every text', () => {
  const hostile = ' a\u0000\u000Bb\uD800\uFFFE \n c\u202E '
  const { rss, atom, json } = readOne({ title: hostile, snippet: hostile, authors: [hostile], tags: [hostile] })
  const clean = 'a b c'
  for (const value of [rss?.title, rss?.description, rss?.categories?.[0]?.name, rss?.dc?.creators?.[0]])
    expect(value).toBe(clean)
  for (const value of [atom?.title?.value, atom?.summary?.value, atom?.categories?.[0]?.term, atom?.authors?.[0]?.name])
    expect(value).toBe(clean)
  for (const value of [json?.title, json?.content_text, json?.tags?.[0], json?.authors?.[0]?.name])
    expect(value).toBe(clean)
})

test('renderFeeds() cleans the content of what XML forbids and changes nothing else in it', () => {
  const { rss, atom, json } = readOne({ contentHtml: '<pre>a\u0000\u0008\r\n  b\rc\uDC00\u202E</pre>' })
  const clean = '<pre>a\n  b\nc\u202E</pre>'
  expect([rss?.content?.encoded, atom?.content?.value, json?.content_html]).toEqual([clean, clean, clean])
})

test('renderFeeds() is not misled by a text that looks like a slot', () => {
  const { rss, json } = readOne({ title: 'slot:0;', snippet: '<![CDATA[slot:1;]]>', contentHtml: '<p>$& slot:2;</p>' })
  expect([rss?.title, rss?.content?.encoded]).toEqual(['slot:0;', '<p>$& slot:2;</p>'])
  expect(json?.title).toBe('slot:0;')
})
