import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RemoteSource } from '../../src/remote-source.ts'
import { FeedServer, type Written, listPage, rss } from '../support/feed-server.ts'
import { TempSite, article, words } from '../support/site.ts'

let server: FeedServer
let site: TempSite
beforeEach(async () => {
  ;[server, site] = await Promise.all([FeedServer.start(), TempSite.open()])
})
afterEach(() => Promise.all([server.stop(), site.close()]))

const OPENING = `The lock was opened by the mayor, who fell in. ${words('lock', 12)}`
const WHOLE = `${OPENING} ${words('whole', 60)}`
const DATE = '2026-01-05'

/** The article of these tests as each kind of source shows it; the richer the later. */
const SHOWN = {
  listing: () => site.write('captures/1.txt', `${OPENING}\n`),
  page: () => server.put('/page', listPage([lock({ text: OPENING }), { ...other('p'), date: '2020-01-01' }])),
  poor: () => server.put('/poor', rss(lock({ guid: 'poor', text: OPENING }))),
  feed: () => server.put('/feed', rss(lock({ guid: 'tag:lock', text: WHOLE }))),
  folder: () => site.write('articles/lock.md', article('The lock', WHOLE, [`date: ${DATE}`, `permalink: ${link('lock')}`])), // prettier-ignore
} satisfies Record<string, () => void>
type Kind = keyof typeof SHOWN
const RICHER: Kind[] = ['listing', 'page', 'poor', 'feed', 'folder']

function link(name: string): string {
  return server.away(`/${name}`)
}

function lock(more: Written = {}): Written {
  return { link: link('lock'), title: 'The lock', date: DATE, ...more }
}

function other(name: string): Written {
  return { guid: name, link: link(name), title: `About ${name}`, date: DATE, text: words(name) }
}

/** Follows a source; none of these is at home at the articles. */
function follow(kind: Kind): void {
  switch (kind) {
    case 'listing':
      site.listing('captures/*.txt')
      break
    case 'folder':
      site.folder('articles')
      break
    case 'page':
      site.sources.push({ kind, name: kind, at: { kind: 'url', url: server.home('/page') }, select: null, pages: 5 })
      break
    case 'poor':
    case 'feed':
      site.sources.push(feed(kind))
  }
}

function feed(name: string, url = server.home(`/${name}`)): RemoteSource {
  return { kind: 'feed', name, at: { kind: 'url', url } }
}

/** Each source as it was before anything of these tests stood in it. */
function empty(kind: Kind): void {
  site.write('captures/0.txt', `${words('capture')}\n`)
  site.write('articles/first.md', article('First', words('first')))
  if (kind === 'page') server.put('/page', listPage([other('p'), other('q')]))
  if (kind === 'poor' || kind === 'feed') server.put(`/${kind}`, rss(other('x')))
}

/** The entries that are the article, with what they say and which source says it. */
async function locks() {
  const rows = await site.store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .innerJoin('texts', 'texts.id', 'entries.text_id')
    .where('snippet', 'like', 'The lock was%')
    .select(['guid', 'number', 'announce', 'entries.updated', 'sources.name as source', 'texts.text', 'removed_at'])
    .execute()
  return rows.map(({ removed_at, ...row }) => ({ ...row, removed: removed_at !== null }))
}

/** The revision in which the article last came into the feeds or left them. */
async function stood(): Promise<number> {
  const row = await site.store
    .selectFrom('entries')
    .select('stood_revision')
    .where('snippet', 'like', 'The lock was%')
    .executeTakeFirstOrThrow()
  return row.stood_revision
}

const SOURCE: Record<Kind, string> = { listing: 'captures/*.txt', page: 'page', poor: 'poor', feed: 'feed', folder: 'articles' } // prettier-ignore
const PAIRS = RICHER.flatMap((one) => RICHER.map((two): [Kind, Kind] => [one, two])).filter(([one, two]) => one !== two)
const richer = (one: Kind, two: Kind): Kind => (RICHER.indexOf(one) > RICHER.indexOf(two) ? one : two)

describe('an article of two sources is one entry', () => {
  for (const [one, two] of PAIRS) {
    // A page and a feed of the same text are equally rich: the first stays.
    const winner =
      one === 'page' && two === 'poor' ? 'page' : two === 'page' && one === 'poor' ? 'poor' : richer(one, two)

    test(`of the richer text, announced once: first ${one}, then ${two}`, async () => {
      for (const kind of [one, two]) [empty, follow].forEach((act) => act(kind))
      await site.run()
      SHOWN[one]()
      await site.run()
      const [first, ...none] = await locks()
      expect(none).toEqual([])
      expect(first).toMatchObject({ source: SOURCE[one], announce: 1 })
      SHOWN[two]()
      const counts = await site.run()
      expect(counts.map(({ new: news }) => news)).toEqual(counts.map(() => 0))
      const { guid, number, updated } = first ?? {}
      const text = expect.stringContaining(winner === 'feed' || winner === 'folder' ? WHOLE : OPENING) as string
      expect(await locks()).toEqual([{ guid, number, updated, announce: 1, removed: false, source: SOURCE[winner], text }]) // prettier-ignore
    })

    test(`from the first read on, met in one run: ${one} above ${two}`, async () => {
      for (const kind of [one, two]) follow(kind)
      SHOWN[one]()
      SHOWN[two]()
      await site.run()
      expect(await locks()).toMatchObject([{ source: SOURCE[winner], announce: 0 }])
      // What it is called in the other source is known from now on.
      const [was] = await site.rows()
      expect((await site.run()).map(({ new: news, updated }) => [news, updated])).toEqual([[0, 0], [0, 0]]) // prettier-ignore
      const [is] = await site.rows()
      expect(is).toEqual(was)
    })
  }
})

describe('an edit of an article of two sources', () => {
  test('counts in the source that says how it reads, and in no other', async () => {
    follow('poor')
    follow('feed')
    SHOWN.poor()
    SHOWN.feed()
    await site.run()
    server.put('/poor', rss(lock({ guid: 'poor', text: OPENING, title: 'Edited by the poor' })))
    expect(await site.run()).toMatchObject([{ updated: 0 }, { updated: 0 }])
    server.put('/feed', rss(lock({ guid: 'tag:lock', text: WHOLE, title: 'Edited by the rich' })))
    expect(await site.run()).toMatchObject([{ updated: 0 }, { updated: 1 }])
    expect((await site.rows()).map(({ title }) => title)).toEqual(['Edited by the rich'])
  })
})

describe('a source that is taken out leaves its article to the other one', () => {
  for (const [one, two] of PAIRS.filter(([a, b]) => richer(a, b) === a)) {
    test(`${one} taken out beside ${two}`, async () => {
      for (const kind of [one, two]) [follow, (kind: Kind) => SHOWN[kind]()].forEach((act) => act(kind))
      await site.run()
      const [before] = await locks()
      const stoodBefore = await stood()
      site.sources.shift()
      change(two)
      // There is but one source now.
      const [counts] = await site.run({ meets: false })
      expect(counts).toMatchObject({ new: 1, updated: 0 })
      expect(await locks()).toMatchObject([{ guid: before?.guid, source: SOURCE[two], announce: 0, removed: false }])
      // An archive that holds it is written again.
      expect(await stood()).toBeGreaterThan(stoodBefore)
    })
  }

  /** Something is added, so that what stands there is read again. */
  function change(kind: Kind): void {
    if (kind === 'listing') site.write('captures/2.txt', `${words('another')}\n\n${OPENING}\n`)
    if (kind === 'page') server.put('/page', listPage([other('new'), lock({ text: OPENING }), { ...other('p'), date: '2020-01-01' }])) // prettier-ignore
    if (kind === 'poor') server.put('/poor', rss(other('new'), lock({ guid: 'poor', text: OPENING })))
    if (kind === 'feed') server.put('/feed', rss(other('new'), lock({ guid: 'tag:lock', text: WHOLE })))
  }
})

describe('what a listing shows of an article of another source', () => {
  const LENGTHS = [110, 180, 320] as const
  for (const first of LENGTHS)
    for (const second of LENGTHS)
      for (const kind of ['folder', 'feed'] as const)
        test(`is that article at ${first} characters, and later at ${second}: ${kind}`, async () => {
          follow(kind)
          follow('listing')
          SHOWN[kind]()
          site.write('captures/1.txt', `${WHOLE.slice(0, first)}...\n`)
          await site.run()
          site.write('captures/2.txt', `${WHOLE.slice(0, second)}...\n`)
          await site.run()
          expect(await site.rows()).toHaveLength(1)
        })

  test('stays that article at another length after the other source was taken out', async () => {
    follow('folder')
    follow('listing')
    SHOWN.folder()
    site.write('captures/1.txt', `${WHOLE.slice(0, 200)}...\n`)
    await site.run()
    site.sources.shift()
    for (const [name, length] of [
      ['2', 150],
      ['3', 110],
      ['4', 300],
    ] as const) {
      // prettier-ignore
      site.write(`captures/${name}.txt`, `${WHOLE.slice(0, length)}...\n`)
      await site.run({ meets: false })
    }
    expect(await locks()).toMatchObject([{ source: 'captures/*.txt', text: `${WHOLE.slice(0, 300)}...` }])
  })

  test('is another article when only 327 characters are the same', async () => {
    follow('feed')
    follow('listing')
    const shared = WHOLE.slice(0, 327)
    server.put('/feed', rss(lock({ guid: 'a', text: `${shared} and so it ended.` })))
    site.write('captures/1.txt', `${shared} and so it began.\n`)
    await site.run()
    expect(await site.rows()).toHaveLength(2)
  })

  test('is another article when it is too short to tell', async () => {
    follow('feed')
    follow('listing')
    SHOWN.feed()
    site.write('captures/1.txt', `${WHOLE.slice(0, 60)}\n`)
    await site.run()
    expect(await site.rows()).toHaveLength(2)
  })
})
