import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FeedServer, type Written, atom, rss } from '../support/feed-server.ts'
import { TempSite, words } from '../support/site.ts'

const LONG = `The pier was built of oak and has lost a plank each winter since. ${words('pier', 12)}.`

let server: FeedServer
let site: TempSite
beforeEach(async () => {
  ;[server, site] = await Promise.all([FeedServer.start(), TempSite.open()])
  follow()
})
afterEach(() => Promise.all([server.stop(), site.close()]))

/** Follows the one feed of these tests. */
function follow(name = 'pier', path = '/feed'): void {
  site.sources.splice(0, 1, { kind: 'feed', name, at: { kind: 'url', url: server.home(path) } })
}

/** Reads the feed as it is in this run. */
async function read(document: string, change: Parameters<TempSite['run']>[0] = {}): Promise<Counts> {
  server.put('/feed', document)
  const [remembered] = await site.run(change)
  if (remembered === undefined) throw new Error('nothing was read')
  const { new: news, updated, removed, problems } = remembered
  return { news, updated, removed, problems: problems.map(({ code }) => code) }
}

interface Counts {
  news: number
  updated: number
  removed: number
  problems: string[]
}

const post = (name: string, more: Written = {}): Written => ({
  ...{ guid: `tag:pier,${name}`, link: `https://pier.example.org/${name}`, title: `The ${name} plank` },
  ...{ date: '2026-01-05', text: `${name} ${LONG}` },
  ...more,
})
const [oak, elm, ash] = [post('oak'), post('elm', { date: '2026-01-06' }), post('ash', { date: '2026-01-07' })]

async function titles(): Promise<string[]> {
  return (await site.rows()).map(({ title }) => title)
}

describe('the first read of a feed', () => {
  test('announces nothing, and numbers the oldest first', async () => {
    expect(await read(rss(ash, elm, oak))).toMatchObject({ news: 3 })
    expect((await site.rows()).map(({ title, announce }) => [title, announce])).toEqual([
      ['The oak plank', 0],
      ['The elm plank', 0],
      ['The ash plank', 0],
    ])
  })

  test('announces the newest that `digest.first_run` asks for', async () => {
    await read(rss(ash, elm, oak), { firstRun: 2 })
    expect((await site.rows()).map(({ announce }) => announce)).toEqual([0, 1, 1])
  })

  test('goes by the dates where the feed is in no order', async () => {
    await read(rss(elm, ash, oak))
    expect(await titles()).toEqual(['The oak plank', 'The elm plank', 'The ash plank'])
  })

  test('goes by the order of the document, the last one first, where one has no date', async () => {
    const undated = { guid: 'x', title: 'Undated', text: LONG }
    await read(rss(oak, undated, elm))
    expect(await titles()).toEqual(['The elm plank', 'Undated', 'The oak plank'])
  })

  test('dates what has no date by when it was first seen', async () => {
    await read(rss({ guid: 'x', title: 'Undated', text: LONG }))
    const seen = site.now
    await read(rss({ guid: 'x', title: 'Undated', text: `${LONG} More.` }))
    expect((await site.rows()).map(({ date }) => date)).toEqual([seen])
  })

  test('is still to come while the feed fails', async () => {
    await site.run()
    await read(rss(oak))
    expect((await site.rows()).map(({ announce }) => announce)).toEqual([0])
  })
})

describe('a feed that was read', () => {
  test('has what is added announced, after what was there', async () => {
    await read(rss(elm))
    expect(await read(rss(post('old', { date: '2001-01-01' }), elm))).toMatchObject({ news: 1, updated: 0 })
    const rows = await site.rows()
    expect(rows.map(({ title, announce }) => [title, announce])).toEqual([
      ['The elm plank', 0],
      ['The old plank', 1],
    ])
  })

  test('holds its news back when told to, and counts an edit of it as its own', async () => {
    await read(rss(oak))
    await read(rss(elm, oak), { hold: true })
    expect((await site.rows()).map(({ number }) => number)).toEqual([-1, 1])
    expect(await read(rss({ ...elm, title: 'Elm' }, oak), { hold: true })).toMatchObject({ news: 0 })
    expect(await titles()).toEqual(['Elm', 'The oak plank'])
  })

  test('removes nothing that falls out of it, and what comes back is no news', async () => {
    await read(rss(elm, oak))
    expect(await read(rss(ash, elm))).toMatchObject({ news: 1, removed: 0 })
    expect(await read(rss(ash, elm, oak))).toMatchObject({ news: 0, updated: 0 })
    expect((await site.rows()).map(({ removed }) => removed)).toEqual([false, false, false])
  })

  test('keeps what the owner hid hidden through edits and absence', async () => {
    await read(rss(elm, oak))
    await site.store.updateTable('entries').set({ hidden: 1 }).where('title', '=', 'The oak plank').execute()
    await read(rss(elm))
    await read(rss(elm, { ...oak, title: 'Edited' }))
    const hidden = await site.store.selectFrom('entries').select('title').where('hidden', '=', 1).execute()
    expect(hidden).toEqual([{ title: 'Edited' }])
  })

  test('gives the same ids to the same items after a lost store', async () => {
    const document = rss(ash, elm, { ...oak, guid: 'no address' }, { title: 'Bare', date: '2026-01-01', text: LONG })
    await read(document)
    const before = await site.guids()
    await site.loseStore()
    await read(document)
    expect(await site.guids()).toEqual(before)
    expect(Object.keys(before)).toHaveLength(4)
  })

  test('moves `updated` to when the item says that it was, and mails nobody', async () => {
    const entry = { ...oak, date: '2026-01-05T10:00:00Z' }
    await read(atom({ ...entry, updated: '2026-01-05T10:00:00Z' }))
    const edited = { ...entry, text: `Again: ${LONG}`, updated: '2026-01-08T10:00:00Z' }
    expect(await read(atom(edited))).toMatchObject({ news: 0, updated: 1 })
    expect(await site.rows()).toMatchObject([{ updated: Date.parse('2026-01-08T10:00:00Z'), announce: 0 }])
  })
})

const MOVED: readonly [says: string, before: Written[], after: Written[]][] = [
  ['edits a title', [oak], [{ ...oak, title: 'Oak' }]],
  ['edits a text', [oak], [{ ...oak, text: `New: ${LONG}` }]],
  ['dates an item anew', [oak], [{ ...oak, date: '2026-01-09' }]],
]
for (const [says, before, after] of MOVED) {
  test(`an item is updated when its feed ${says}`, async () => {
    await read(rss(...before))
    const [was] = await site.rows()
    expect(await read(rss(...after))).toMatchObject({ news: 0, updated: 1 })
    const [is] = await site.rows()
    expect(is).toMatchObject({ guid: was?.guid, number: 1, announce: 0, updated: site.now })
  })
}

/** What a feed says before and after, and how many items are new then. */
const SAME: readonly [says: string, before: Written[], after: Written[], news: number][] = [
  ['gives new guids', [elm, oak], [{ ...elm, guid: 'b' }, { ...oak, guid: 'a' }], 0], // prettier-ignore
  ['gives new guids and reckons days elsewhere', [oak], [{ ...oak, guid: 'a', date: '2026-01-05T14:00:00Z' }], 0],
  ['gives new guids and edits a text', [oak], [{ ...oak, guid: 'a', text: `New: ${LONG}` }], 0],
  ['drops its guids', [elm, oak], [without('guid', elm), without('guid', oak)], 0],
  ['gets guids', [without('guid', oak)], [oak], 0],
  ['goes to https', bare('http://pier.example.org/a'), bare('https://pier.example.org/a'), 0],
  ['ends its links in a slash', bare('https://pier.example.org/a'), bare('https://pier.example.org/a/'), 0],
  ['adds www.', bare('https://pier.example.org/a'), bare('https://www.pier.example.org/a'), 0],
  ['marks sessions', bare('https://pier.example.org/a?PHPSESSID=1'), bare('https://pier.example.org/a?PHPSESSID=2'), 0],
  ['adds utm parameters', bare('https://pier.example.org/a'), bare('https://pier.example.org/a?utm_source=rss'), 0],
  ['goes to another domain', bare('https://pier.example.org/a'), bare('https://quay.example.net/a'), 0],
  ['goes to another domain and path', bare('https://a.example.org/2026/a'), bare('https://b.example.net/a'), 0],
  ['goes elsewhere with another date', bare('https://a.example.org/x'), redated('https://b.example.net/y'), 1],
  ['says the same of another article', [oak], [{ ...elm, text: `oak ${LONG}` }], 1],
  ['has a new item at an old address under another title', [oak], [{ ...elm, link: oak.link ?? '' }], 1],
  ['has next week’s item at the address of the last', [weekly(5)], [weekly(12)], 1],
  ['has the next day’s in its place', [weekly(5)], [weekly(6)], 1],
  ['has the next day’s beside it', [weekly(5)], [weekly(6), weekly(5)], 1],
  ['has another of the same day beside it', [weekly(5)], [{ ...weekly(5), guid: 'noon' }, weekly(5)], 1],
  ['has this week’s beside it', [weekly(5)], [weekly(12), weekly(5)], 1],
  ['has an item of a like title without an address', [nowhere(5)], [nowhere(6)], 1],
  ['has a short note like an old one', [note('a', 5)], [note('b', 6)], 1],
  ['has a second item with one guid', [oak], [{ ...elm, guid: oak.guid ?? '' }, oak], 1],
]
for (const [says, before, after, news] of SAME) {
  test(`${news === 0 ? 'nothing is new when a feed' : 'an item is new when its feed'} ${says}`, async () => {
    await read(rss(post('ivy', { date: '2026-01-04' }), ...before))
    const known = (await site.rows()).map(({ guid }) => guid)
    expect(await read(rss(post('ivy', { date: '2026-01-04' }), ...after))).toMatchObject({ news })
    const rows = await site.rows()
    expect(rows.slice(0, known.length).map(({ guid }) => guid)).toEqual(known)
    expect(rows.map(({ announce }) => announce)).toEqual([...known.map(() => 0), ...Array<number>(news).fill(1)])
    expect(await read(rss(post('ivy', { date: '2026-01-04', text: 'Pruned.' }), ...after))).toMatchObject({ news: 0 })
  })
}

function without(name: 'guid' | 'link', item: Written): Written {
  return { ...item, [name]: undefined }
}

function bare(link: string): Written[] {
  return [{ title: 'Oak', link, date: '2026-01-05', text: LONG }]
}

function redated(link: string): Written[] {
  return bare(link).map((item) => ({ ...item, date: '2026-01-19' }))
}

/** All weeks have one address, one title and one text. */
function weekly(day: number): Written {
  const date = `2026-01-${String(day).padStart(2, '0')}`
  return { guid: `week ${day}`, link: 'https://pier.example.org/week', title: 'This week', date, text: LONG }
}

function nowhere(day: number): Written {
  return { title: 'This week', date: `2026-01-0${day}`, text: LONG }
}

function note(guid: string, day: number): Written {
  return { guid, title: 'Hello', date: `2026-01-0${day}`, text: 'Hello again.' }
}

describe('items that are hard to tell apart', () => {
  const HOME = 'https://pier.example.org/'
  test('stay apart with one link, that of the front page', async () => {
    const items = [oak, elm, ash].map((item) => ({ ...without('guid', item), link: HOME }))
    expect(await read(rss(...items))).toMatchObject({ news: 3 })
    const more = { ...post('yew', { date: '2026-01-08' }), link: HOME }
    expect(await read(rss(without('guid', more), ...items))).toMatchObject({ news: 1 })
  })

  test('stay apart with one guid, each for as long as it stands there', async () => {
    const [first, second, third] = [oak, elm, ash].map((item) => ({ ...item, guid: 'the same' }))
    expect(await read(rss({ ...second }, { ...first }))).toMatchObject({ news: 2, problems: ['feed-guid-shared'] })
    expect(await read(rss({ ...third }, { ...second }))).toMatchObject({ news: 1 })
    expect(await read(rss({ ...third }))).toMatchObject({ news: 0 })
  })

  test('are one each without guid and link', async () => {
    const items = [oak, elm].map((item) => without('link', without('guid', item)))
    expect(await read(rss(...items))).toMatchObject({ news: 2 })
    expect(await read(rss({ title: 'Ash', date: '2026-01-07' }, ...items))).toMatchObject({ news: 1 })
    expect(await read(rss(...items.toReversed()))).toMatchObject({ news: 0, updated: 0 })
  })

  test('are one each without title and date', async () => {
    const items = ['one', 'two'].map((name) => ({ text: `${name} ${LONG}` }))
    expect(await read(rss(...items))).toMatchObject({ news: 2 })
    expect(await read(rss({ text: 'three' }, ...items))).toMatchObject({ news: 1 })
  })
})

describe('a source whose address changes', () => {
  test('is what it was while it keeps its name', async () => {
    await read(rss(elm, oak))
    const before = await site.guids()
    follow('pier', '/feed.xml')
    server.put('/feed.xml', rss(elm, oak))
    expect(await site.run()).toMatchObject([{ new: 0, updated: 0, problems: [] }])
    expect(await site.guids()).toEqual(before)
    expect(await site.store.selectFrom('files').select('path').execute()).toEqual([{ path: server.home('/feed.xml') }])
  })

  for (const [says, meets] of [
    ['the only one', false],
    ['one of several', true],
  ] as const)
    test(`keeps its entries under another name, and announces none again, as ${says}`, async () => {
      await read(rss(elm, oak), { meets })
      const before = await site.rows()
      follow('quay')
      expect(await read(rss(ash, elm, oak), { meets })).toMatchObject({ news: 1, problems: [] })
      const rows = await site.rows()
      expect(rows.slice(0, 2)).toEqual(before)
      expect(rows.map(({ announce }) => announce)).toEqual([0, 0, 0])
    })
})
