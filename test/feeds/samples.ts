import { anchorOf } from '../../src/entry.ts'
import { type Channel, wholeChannel } from '../../src/feeds/channel.ts'
import { type FeedEntry, itemOf } from '../../src/feeds/item.ts'
import * as feeds from '../../src/feeds/render.ts'
import type { Document, Site } from '../../src/site.ts'

const SITE: Site = {
  title: 'Salt & Sand',
  description: 'Notes from the <low> coast',
  url: 'https://blog.example.org',
  language: 'en-GB',
  timezone: 'Europe/London',
  author: { name: 'Ada Marsh', email: 'ada@example.org', url: null },
  icon: null,
  favicon: null,
  postalAddress: null,
  privacy: null,
}

/** A channel of our own, with what the test changes about its site. */
export function channelWith(site: Partial<Site> = {}, change: Partial<Channel> = {}): Channel {
  const whole = wholeChannel({
    site: { ...SITE, ...site },
    publishUrl: 'https://blog.example.org/feeds/',
    feedId: 'urn:uuid:0d7c6f5e-3b5a-4b1c-9a77-2f5d8a1e4c90',
    fallbackUpdated: Date.UTC(2025, 0, 2, 3, 4, 5),
  })
  return { ...whole, ...change }
}

/** An entry with this number, with what the test changes about it. */
export function entryWith(number: number, change: Partial<FeedEntry> = {}): FeedEntry {
  const guid = change.guid ?? `tag:blog.example.org,2026:note-${String(number)}`
  const date = change.date ?? Date.UTC(2026, 2, 1, 9, 30) + number * 60_000
  return {
    id: number,
    number,
    guid,
    source: 'articles',
    title: `Note ${String(number)}`,
    link: `https://blog.example.org/note-${String(number)}/`,
    anchor: anchorOf(guid),
    date,
    dateOnly: false,
    updated: date,
    authors: [],
    image: null,
    enclosures: [],
    series: null,
    tags: [],
    categories: [],
    snippet: `What note ${String(number)} says in short.`,
    contentHtml: null,
    ...change,
  }
}

/** The entries of the golden files: one of each kind that the documents show differently. */
export const GOLDEN_ENTRIES: readonly FeedEntry[] = [
  entryWith(4, {
    title: 'AT&T <b> and a literal &amp;',
    link: 'https://blog.example.org/find?q=salt&lang=en',
    guid: 'https://a.example/x?b=1&c=2',
    snippet: 'When 1 < 2 && 3 > 2, write &lt; for "less".',
    contentHtml:
      '<p>First ]]&gt; then <code>]]></code> and ]]> again, <a href="https://blog.example.org/?a=1&amp;b=2">here</a>.</p>\n',
    categories: ['Research & Development'],
    tags: ['a<b', 'Research & Development', 'quotes "here"'],
  }),
  entryWith(3, {
    title: '潮汐入门',
    link: 'https://blog.example.org/潮汐/',
    guid: 'urn:uuid:6f1b8a52-8a5f-4f0e-9d36-3a3a6f7d2b11',
    snippet: '月亮怎样牵动海水……',
    authors: ['Bo Lin'],
    contentHtml: '<p>月亮怎样牵动海水。</p>',
    updated: Date.UTC(2026, 3, 5, 6, 7, 8),
  }),
  entryWith(2, {
    title: 'Snippet only',
    tags: ['tides'],
    authors: ['Ada Marsh', 'Bo Lin'],
    image: {
      url: 'https://blog.example.org/gauge.png?a=1&b=2',
      type: 'image/png',
      length: 2048,
      alt: 'The "old" gauge',
    },
  }),
  entryWith(1, { title: '', snippet: 'A capture without a title.', link: 'javascript:alert(1)' }),
]

/** The three feed documents with all of these entries, whatever their size. */
export function renderFeeds(channel: Channel, entries: readonly FeedEntry[]): Document[] {
  return feeds.renderFeeds(
    channel,
    entries.map((entry) => itemOf(channel, entry)),
  )
}
