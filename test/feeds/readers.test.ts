import fc from 'fast-check'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { expect, test } from 'vitest'
import type { Channel } from '../../src/feeds/channel.ts'
import type { FeedEntry } from '../../src/feeds/item.ts'
import { feedText } from '../../src/feeds/clean.ts'
import { checkWellFormed, readersMissing, readFeeds } from '../support/feed-readers.ts'
import { channelWith, entryWith, GOLDEN_ENTRIES, renderFeeds } from './samples.ts'

const MARKUP = [
  ']]>',
  '<![CDATA[',
  '&amp;',
  '&',
  '<b>',
  '</b>',
  '</title>',
  '<!--',
  '"',
  "'",
  '&#x26;',
  '&lt;',
  '&bogus;',
]
const CONTROLS = [
  '\u0000',
  '\u0008',
  '\u001B',
  '\u0085',
  '\uFFFE',
  '\uD800',
  '\uDC00',
  '\u202E',
  '\r\n',
  '\u2028',
  '\u00A0',
  '\uFFFD',
  '\u{1FFFF}',
]
const hostileText = fc
  .array(
    fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.constantFrom(...MARKUP, ...CONTROLS, 'slot:0;', '$&')),
  )
  .map((parts) => parts.join(''))

const hostileEntry = fc.record({
  guid: hostileText.map((text) => `tag:a.example,2026:${text.replace(/\s/g, '')}`),
  title: hostileText,
  link: fc.oneof(
    hostileText,
    hostileText.map((text) => `https://a.example/${text}`),
  ),
  authors: fc.array(hostileText, { maxLength: 2 }),
  image: fc.constant(null),
  series: fc.constant(null),
  tags: fc.array(hostileText, { maxLength: 3 }),
  categories: fc.array(hostileText, { maxLength: 2 }),
  snippet: hostileText,
  contentHtml: fc.option(hostileText),
})
const hostileFeed = fc.record({
  channel: fc
    .record({
      title: hostileText,
      description: hostileText,
      language: hostileText,
      author: fc.option(fc.record({ name: hostileText, email: fc.option(hostileText), url: fc.constant(null) })),
    })
    .map((site) => channelWith(site)),
  entries: fc
    .array(hostileEntry, { maxLength: 4 })
    .map((changes) => changes.map((change, n) => entryWith(changes.length - n, change))),
})

function contentsOf({ channel, entries }: { channel: Channel; entries: readonly FeedEntry[] }) {
  const [rss, atom, json] = renderFeeds(channel, entries).map((document) => document.content)
  return { rss: rss ?? '', atom: atom ?? '', json: json ?? '' }
}

/** Plain text again from HTML without elements. */
function decode(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

/** What feedsmith reads of each entry, as plain text. */
function readAll({ rss, atom, json }: ReturnType<typeof contentsOf>) {
  return {
    rss: (parseRssFeed(rss).items ?? []).map((item) => ({
      id: item.guid?.value ?? '',
      title: item.title ?? '',
      snippet: decode(item.description ?? ''),
      tags: item.categories?.map((category) => category.name) ?? [],
      content: item.content?.encoded ?? '',
    })),
    atom: (parseAtomFeed(atom).entries ?? []).map((entry) => ({
      id: entry.id ?? '',
      title: decode(entry.title?.value ?? ''),
      snippet: decode(entry.summary?.value ?? ''),
      tags: entry.categories?.map((category) => category.term) ?? [],
      content: entry.content?.value ?? '',
    })),
    json: (parseJsonFeed(json).items ?? []).map((item) => ({
      id: item.id ?? '',
      title: item.title ?? '',
      snippet: item.summary ?? item.content_text ?? '',
      tags: item.tags ?? [],
      content: item.content_html ?? '',
    })),
  }
}

/** Atom must have a title, and a summary where there is no content: what stands in for one that is empty. */
function withoutStandIns(json: ReturnType<typeof readAll>['json']) {
  return (entry: ReturnType<typeof readAll>['atom'][number], at: number) => {
    const { title = '', snippet = '', content = '' } = json[at] ?? {}
    return {
      ...entry,
      title: title === '' ? '' : entry.title,
      snippet: snippet === '' && content === '' ? '' : entry.snippet,
    }
  }
}

test('renderFeeds() is read alike by feedsmith in all three formats, whatever the texts', () => {
  fc.assert(
    fc.property(hostileFeed, (feed) => {
      const { rss, atom, json } = readAll(contentsOf(feed))
      expect(rss).toEqual(json)
      expect(atom.map(withoutStandIns(json))).toEqual(json)
      expect(json.map((item) => item.title)).toEqual(feed.entries.map((entry) => feedText(entry.title)))
      expect(json.map((item) => item.snippet)).toEqual(feed.entries.map((entry) => feedText(entry.snippet)))
    }),
    { numRuns: 50 },
  )
})

test.skipIf(readersMissing())('renderFeeds() is read alike by xmllint and feedparser, whatever the texts', () => {
  fc.assert(
    fc.property(fc.array(hostileFeed, { minLength: 10, maxLength: 10 }), (feeds) => {
      const contents = feeds.map(contentsOf)
      const documents = contents.flatMap(({ rss, atom }) => [rss, atom])
      checkWellFormed(documents)
      const read = readFeeds(documents)
      for (const [n, feed] of feeds.entries()) {
        const [rss, atom] = [read[2 * n], read[2 * n + 1]]
        const ids = parseJsonFeed(contents[n]?.json ?? '').items?.map((item) => item.id) ?? []
        const titles = feed.entries.map((entry) => feedText(entry.title))
        expect([rss?.fault, atom?.fault]).toEqual([null, null])
        expect(rss?.entries.map((entry) => entry.id)).toEqual(ids)
        expect(atom?.entries.map((entry) => entry.id)).toEqual(ids)
        expect(rss?.entries.map((entry) => entry.title)).toEqual(titles)
        const shown = atom?.entries.map((entry) => decode(entry.title)) ?? []
        expect(shown.map((title, at) => (titles[at] === '' ? '' : title))).toEqual(titles)
        expect(shown).not.toContain('')
      }
    }),
    { numRuns: 5 },
  )
})

test.skipIf(readersMissing())('feedparser finds in RSS and Atom what the entries say', () => {
  const { rss, atom } = contentsOf({ channel: channelWith(), entries: GOLDEN_ENTRIES })
  const [inRss, inAtom] = readFeeds([rss, atom])
  expect([inRss?.version, inAtom?.version]).toEqual(['rss20', 'atom10'])
  expect([inRss?.language, inAtom?.language]).toEqual(['en-GB', 'en-GB'])
  for (const feed of [inRss, inAtom]) {
    expect(feed?.title).toBe('Salt & Sand')
    // Of several authors feedparser calls one of them the author.
    const authors = feed?.entries.map((entry) => entry.author).toSpliced(2, 1)
    expect(authors).toEqual(['Ada Marsh', 'Bo Lin', 'Ada Marsh'])
    expect(feed?.entries[0]).toMatchObject({
      link: 'https://blog.example.org/find?q=salt&lang=en',
      summary: 'When 1 &lt; 2 &amp;&amp; 3 &gt; 2, write &amp;lt; for &quot;less&quot;.',
      content: [GOLDEN_ENTRIES[0]?.contentHtml?.trim()],
      tags: ['Research & Development', 'a<b', 'quotes "here"'],
    })
    expect(feed?.entries[0]?.published.slice(0, 6)).toEqual([2026, 3, 1, 9, 34, 0])
  }
})
