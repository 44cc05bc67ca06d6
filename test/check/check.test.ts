import { describe, expect, test } from 'vitest'
import { checkDocument } from '../../src/check/check.ts'
import { GOLDEN_ENTRIES, channelWith, renderFeeds } from '../feeds/samples.ts'

const NOW = Date.UTC(2027, 0, 1)
const codes = (text: string | Uint8Array, url: string | null = null): string[] => [
  ...new Set(checkDocument(text, { url, now: NOW }).map(({ code }) => code)),
]

const ITEM =
  '<item><title>Ebb</title><link>https://t.example/ebb/</link><guid isPermaLink="false">urn:uuid:6f1b8a52-8a5f-4f0e-9d36-3a3a6f7d2b11</guid>' +
  '<pubDate>Sat, 04 Jul 2026 05:06:07 GMT</pubDate><description>Water leaves.</description>' +
  '<content:encoded><![CDATA[<p>Water <a href="https://t.example/">leaves</a>.</p>]]></content:encoded></item>'
const RSS =
  '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"' +
  ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Tides</title><link>https://t.example/</link>' +
  '<description>Of tides</description><language>en</language>' +
  `<atom:link rel="self" type="application/rss+xml" href="https://t.example/feed.xml"/>${ITEM}</channel></rss>`

const ENTRY =
  '<entry><title>Ebb</title><id>urn:uuid:6f1b8a52-8a5f-4f0e-9d36-3a3a6f7d2b11</id><updated>2026-07-04T05:06:07Z</updated>' +
  '<link href="https://t.example/ebb/"/><content type="html">&lt;p&gt;Water leaves.&lt;/p&gt;</content></entry>'
const ATOM =
  '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0" xml:lang="en">' +
  '<title>Tides</title><id>urn:uuid:0d7c6f5e-3b5a-4b1c-9a77-2f5d8a1e4c90</id><updated>2026-07-04T05:06:07Z</updated>' +
  '<author><name>Ada</name></author><link rel="self" href="https://t.example/atom.xml"/>' +
  `${ENTRY}</feed>`

const JSON_FEED = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Tides',
  home_page_url: 'https://t.example/',
  feed_url: 'https://t.example/feed.json',
  language: 'en',
  items: [{ id: 'ebb', url: 'https://t.example/ebb/', content_html: '<p>Water leaves.</p>', tags: ['tides'] }],
})

const OPML =
  '<opml version="2.0"><head><title>Tides</title></head><body>' +
  '<outline type="rss" text="Tides" xmlUrl="https://t.example/feed.xml"/></body></opml>'

describe('checkDocument() finds no fault in', () => {
  for (const [says, text] of [
    ['RSS', RSS],
    ['Atom', ATOM],
    ['JSON Feed', JSON_FEED],
    ['OPML', OPML],
    ['a document with a byte order mark', `\uFEFF${RSS}`],
  ] as const)
    test(says, () => expect(checkDocument(text, { url: null, now: NOW })).toEqual([]))

  test('what Feedwire writes, in every format, of a feed, a tag and an archive', () => {
    const channels = [
      channelWith(
        { icon: 'https://t.example/i.png', favicon: 'https://t.example/f.ico' },
        { hub: 'https://hub.example/' },
      ),
      channelWith({}, { folder: 'tags/潮汐/', topic: '潮汐 & <tides>' }),
      channelWith({}, { folder: 'archive/2/', previous: 'archive/1/', isArchive: true }),
    ]
    for (const channel of channels) {
      for (const { path, content } of renderFeeds(channel, GOLDEN_ENTRIES)) {
        const url = new URL(path, channel.publishUrl).href
        expect(checkDocument(content, { url, now: NOW }), path).toEqual([])
      }
    }
  })
})

/** Replaces something that must be there. */
function with_(text: string, part: string | RegExp, other: string): string {
  const changed = text.replace(part, other)
  if (changed === text) throw new Error(`there is no ${String(part)}`)
  return changed
}

describe('checkDocument() reports in RSS', () => {
  for (const [code, part, other] of [
    ['rss-version', 'version="2.0"', 'version="0.92"'],
    ['rss-channel', /<channel>.*<\/channel>/, ''],
    ['rss-missing', '<title>Tides</title>', ''],
    ['rss-blank', '<title>Tides</title>', '<title/>'],
    ['rss-twice', '<title>Tides</title>', '<title>Tides</title><title>Ebb</title>'],
    ['rss-unknown', '<language>', '<tide/><language>'],
    ['rss-unknown', '<guid', '<id>1</id><guid'],
    ['rss-order', '</channel>', '<generator>x</generator></channel>'],
    ['language-missing', '<language>en</language>', ''],
    ['language-unknown', '<language>en', '<language>e_n'],
    ['self-missing', /<atom:link[^>]*>/, ''],
    ['self-type', 'application/rss+xml', 'text/xml'],
    ['uri-relative', 'https://t.example/feed.xml', 'feed.xml'],
    ['link-rel', 'rel="self"', 'rel="me too"'],
    ['link-twice', /(<atom:link[^>]*>)/, '$1$1'],
    ['link-href', 'href="https://t.example/feed.xml"', ''],
    ['rss-item-empty', /<title>Ebb.*?(?=<content)/, ''],
    ['rss-guid-missing', /<guid.*?<\/guid>/, ''],
    ['rss-permalink', 'isPermaLink="false"', ''],
    ['rss-permalink', 'isPermaLink="false"', 'isPermaLink="no"'],
    ['rss-guid-short', /urn:uuid:6f[^<]*/, '1234'],
    ['rss-guid-twice', ITEM, ITEM + ITEM],
    ['date-rfc822', 'Sat, 04 Jul 2026 05:06:07 GMT', '2026-07-04'],
    ['date-rfc822', '04 Jul 2026', '31 Jun 2026'],
    ['date-rfc822', '05:06:07', '25:06:07'],
    ['date-weekday', 'Sat,', 'Sun,'],
    [
      'date-future',
      'Sat, 04 Jul 2026',
      'Fri, 01 Jan 2027 00:00:00 GMT'.slice(0, 16).replace('2027', '2028').replace('Fri', 'Sat'),
    ],
    ['date-early', 'Sat, 04 Jul 2026', 'Thu, 01 Jan 1970'],
    ['rss-author', '<pubDate>', '<author>Ada</author><pubDate>'],
    ['rss-author-twice', '<pubDate>', '<author>a@t.example (Ada)</author><dc:creator>Ada</dc:creator><pubDate>'],
    ['rss-content-order', /(<description>Water.*?<\/description>)(<content.*?<\/content:encoded>)/, '$2$1'],
    ['rss-enclosure', '<pubDate>', '<enclosure url="https://t.example/a.png" type="image/png"/><pubDate>'],
    ['length', '<pubDate>', '<enclosure url="https://t.example/a.png" type="image/png" length="-1"/><pubDate>'],
    ['media-type', '<pubDate>', '<enclosure url="https://t.example/a.png" type="png" length="1"/><pubDate>'],
    ['uri-scheme', '<link>https://t.example/ebb/', '<link>mailto:a@t.example'],
    ['uri-characters', '<link>https://t.example/ebb/', '<link>https://t.example/潮'],
    ['text-html', '<title>Ebb', '<title>&lt;b&gt;Ebb&lt;/b&gt;'],
    ['text-html', '<title>Ebb', '<title>Ebb &amp;amp; flow'],
    ['text-markup', '<title>Ebb', '<title>1 &lt;b 2'],
    ['content-html', '<p>Water', '<p title="a"b="c">Water'],
    ['content-nesting', '<p>Water', '<p><div>x</div>Water'],
    ['content-nesting', '<p>Water', '<tr><td>x</td></tr><p>Water'],
    ['content-nesting', '<p>Water', '<p><b>Water'],
    ['content-nesting', '<p>Water', '<p></b>Water'],
    ['content-nesting', '<p>Water', '<b><p>Water</b>'],
    ['content-element', '<p>Water', '<p><script>x</script>Water'],
    ['content-attribute', '<p>Water', '<p onclick="x">Water'],
    ['content-relative', 'href="https://t.example/"', 'href="#note"'],
    ['content-relative', '<p>Water', '<p><img src="a.png" />Water'],
    ['content-relative', '<p>Water', '<p><img srcset="https://t.example/a.png 1x, b.png 2x" />Water'],
    ['content-scheme', 'href="https://t.example/"', 'href="java\nscript:x"'],
    ['content-scheme', 'href="https://t.example/"', 'href="data:text/html,x"'],
    ['characters', 'Water leaves.', 'Water leaves\uFFFD'],
    ['xml-malformed', '</channel>', ''],
    ['xml-malformed', 'Of tides', 'Of tides & moons'],
    ['xml-malformed', 'Of tides', 'Of \u0001 tides'],
    ['xml-malformed', 'xmlns:dc=', 'xmlns:d='],
    ['xml-doctype', '<rss ', '<!DOCTYPE rss [<!ENTITY a "b">]><rss '],
  ] as const)
    test(`${code} for ${other.slice(0, 50) || `the lack of ${String(part).slice(0, 40)}`}`, () => {
      const text =
        code === 'xml-malformed' && other === 'xmlns:d='
          ? RSS.replace('<pubDate>', '<dc:creator>A</dc:creator><pubDate>')
          : RSS
      expect(codes(with_(text, part, other))).toContain(code)
    })

  test('self-elsewhere for a feed that is served at another address than it says', () => {
    expect(codes(RSS, 'https://t.example/feed.xml')).toEqual([])
    expect(codes(RSS, 'https://t.example/rss.xml')).toEqual(['self-elsewhere'])
  })

  test('nothing of what HTML leaves open', () => {
    const list = '<ul><li>a<li>b</ul><table><tr><td>x</table><p>c<br>d<p>Water'
    expect(codes(with_(RSS, '<p>Water', list))).toEqual([])
  })

  test('nothing of titles in hexadecimal references', () => {
    expect(codes(with_(RSS, '<title>Ebb', '<title>Ebb &#x26;amp; &#x3C;b> flow'))).toEqual([])
  })
})

describe('checkDocument() reports in Atom', () => {
  for (const [code, part, other] of [
    ['atom-missing', /<id>urn:uuid:0d.*?<\/id>/, ''],
    ['atom-missing', '<title>Ebb</title>', ''],
    ['atom-twice', '<title>Ebb</title>', '<title>Ebb</title><title>Flow</title>'],
    ['atom-unknown', '<author>', '<tide/><author>'],
    ['atom-unknown', '<author>', '<tide xmlns=""/><author>'],
    ['atom-order', '</feed>', '<generator>x</generator></feed>'],
    ['atom-author', /<author>.*?<\/author>/, ''],
    ['atom-person', '<name>Ada</name>', '<name/>'],
    ['atom-email', '<name>Ada</name>', '<name>Ada</name><email>ada</email>'],
    ['language-missing', 'xml:lang="en"', ''],
    ['self-missing', /<link rel="self"[^>]*>/, ''],
    ['id-iri', 'urn:uuid:6f1b8a52-8a5f-4f0e-9d36-3a3a6f7d2b11', 'post 1'],
    ['id-uuid', '6f1b8a52-8a5f-4f0e-9d36-3a3a6f7d2b11', '6f1b'],
    ['atom-id-twice', ENTRY, ENTRY + ENTRY],
    ['atom-updated-twice', ENTRY, ENTRY + ENTRY.replace('6f1b', '6f1c')],
    ['date-rfc3339', '<updated>2026-07-04T05:06:07Z', '<updated>2026-07-04'],
    ['date-rfc3339', '<updated>2026-07-04T05:06:07Z', '<updated>2026-02-30T05:06:07Z'],
    ['date-future', '<updated>2026-07-04T05:06:07Z', '<updated>2028-07-04T05:06:07Z'],
    ['atom-summary', /<content.*?<\/content>/, ''],
    ['atom-alternate', /<link href=".*?<\/content>/, ''],
    ['atom-blank', '<title>Ebb', '<title type="html">'],
    ['atom-text-type', '<title>Ebb', '<title type="text/html">Ebb'],
    ['atom-xhtml', '<title>Ebb', '<title type="xhtml">Ebb'],
    ['atom-category', '<content', '<category/><content'],
    ['content-relative', '&lt;p&gt;Water', '&lt;a href="x"&gt;Water&lt;/a&gt;&lt;p&gt;'],
    ['text-html', '<title>Ebb', '<title>&lt;b&gt;Ebb&lt;/b&gt;'],
    ['link-history', '<content', '<link rel="prev-archive" href="https://t.example/1"/><content'],
    ['history-current', '<author>', '<fh:archive/><author>'],
    ['history-both', '<author>', '<fh:archive/><fh:complete/><author>'],
    ['history-complete', '<author>', '<fh:complete/><link rel="prev-archive" href="https://t.example/1"/><author>'],
    ['kind', '<feed xmlns="http://www.w3.org/2005/Atom"', '<feed xmlns="http://purl.org/atom/ns#"'],
  ] as const)
    test(`${code} for ${other.slice(0, 50) || `the lack of ${String(part).slice(0, 40)}`}`, () => {
      expect(codes(with_(ATOM, part, other))).toContain(code)
    })
})

describe('checkDocument() reports in JSON Feed', () => {
  for (const [code, change, item] of [
    ['json-version', { version: '1' }, {}],
    ['json-title', { title: '' }, {}],
    ['json-text', { description: 1 }, {}],
    ['uri-relative', { icon: 'icon.png' }, {}],
    ['self-missing', { feed_url: undefined }, {}],
    ['language-missing', { language: undefined }, {}],
    ['language-unknown', { language: 'e_n' }, {}],
    ['json-next', { next_url: 'https://t.example/feed.json' }, {}],
    ['json-items', { items: {} }, {}],
    ['json-hub', { hubs: [{ url: 'https://t.example/' }] }, {}],
    ['json-person', { authors: [{}] }, {}],
    ['json-person', {}, { authors: ['Ada'] }],
    ['json-list', { authors: {} }, {}],
    ['json-id', {}, { id: 7 }],
    ['json-content', {}, { content_html: undefined }],
    ['content-relative', {}, { content_html: '<img src="a.png">' }],
    ['date-rfc3339', {}, { date_published: 'yesterday' }],
    ['json-tags', {}, { tags: [''] }],
    ['json-attachment', {}, { attachments: [{ url: 'https://t.example/a' }] }],
    ['media-type', {}, { attachments: [{ url: 'https://t.example/a', mime_type: 'png' }] }],
  ] as const)
    test(`${code} for ${JSON.stringify(change)} ${JSON.stringify(item)}`, () => {
      const feed: { items: object[] } = JSON.parse(JSON_FEED) as { items: object[] }
      const text = JSON.stringify({ ...feed, items: [{ ...feed.items[0], ...item }], ...change })
      expect(codes(text)).toContain(code)
    })

  test('json-malformed for what is no JSON', () => expect(codes('{"version":')).toEqual(['json-malformed']))

  test('json-id-twice, and the deprecated author, at their places', () => {
    const feed: object = JSON.parse(JSON_FEED) as object
    const items = [
      { id: 'a', content_text: 'x' },
      { id: 'a', content_text: 'x', author: { name: 'A' } },
    ]
    const found = checkDocument(JSON.stringify({ ...feed, items }, null, 1), { url: null, now: NOW })
    expect(found.map(({ code, line }) => [code, line])).toEqual([
      ['json-id-twice', 13],
      ['json-author', 15],
    ])
  })
})

for (const [code, part, other] of [
  ['opml-version', 'version="2.0"', ''],
  ['opml-head', /<head>.*<\/head>/, ''],
  ['opml-body', /<outline[^>]*>/, ''],
  ['opml-text', 'text="Tides"', ''],
  ['opml-feed', 'xmlUrl', 'url'],
  ['uri-relative', 'https://t.example/feed.xml', 'feed.xml'],
] as const)
  test(`checkDocument() reports in OPML ${code}`, () => expect(codes(with_(OPML, part, other))).toContain(code))

test('checkDocument() tells the place of a fault', () => {
  const lines = RSS.replaceAll('><', '>\n<').replace('Sat, 04', 'Sun, 04')
  const [found] = checkDocument(lines, { url: null, now: NOW })
  expect(lines.split('\n')[(found?.line ?? 0) - 1]).toContain('Sun, 04')
})

test('checkDocument() reads UTF-8 alone', () => {
  expect(codes(Buffer.from('<rss/>\xff', 'latin1'))).toEqual(['encoding'])
})

describe('checkDocument() gets through', () => {
  for (const [says, text] of [
    ['200,000 nested elements', '<a>'.repeat(200_000)],
    ['content of 100,000 nested elements', with_(RSS, '<p>Water', '<b>'.repeat(100_000))],
    ['a million of ampersands', with_(RSS, 'Of tides', '&'.repeat(1_000_000))],
    ['an attribute of a megabyte', `<rss version="${'x'.repeat(1_000_000)}"/>`],
    ['a hundred thousand items', `[${'{},'.repeat(100_000)}{}]`],
  ] as const)
    test(says, () => expect(codes(text).length).toBeGreaterThan(0))
})
