import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EntryName, findEntries, hideEntries, listEntries, showEntries } from '../../src/remember/curate.ts'
import { type Scope, announcedSince, entriesById, latestEntries, pagesOf } from '../../src/remember/entries.ts'
import { readDigest } from '../../src/remember/digests.ts'
import { type FreezableDigest, freezeDigests, readerGroups } from '../../src/remember/freeze.ts'
import { storeRevision } from '../../src/remember/revision.ts'
import { entryOfFile } from '../../src/remember/sources.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { LINKS, TempSite, article, words } from '../support/site.ts'

const SITE = 'https://blog.example.org/'
const rules = { ...LINKS, pattern: `${SITE}{slug}/` }
const scope: Scope = new Map([
  ['articles', rules],
  ['notes', rules],
])

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles').folder('notes')
  for (const [at, name] of ['ebb', 'flow', '潮汐'].entries()) write(`articles/${name}`, at + 1)
  write('notes/ebb', 4)
  await run()
})
afterEach(() => site.close())

function write(path: string, day: number, title = `Title of ${path}`): void {
  site.write(`${path}.md`, article(title, words(`${path} ${title}`), [`date: 2026-01-0${day}`]))
}
const run = (): Promise<unknown> => site.run({ scope: new Map([['articles', rules]]) })

const find = async (text: string, files: EntryName['files'] = []): Promise<(number | null)[]> =>
  (await findEntries(site.store, scope, { text, files })).map(({ number }) => number)
const shown = async (): Promise<number[]> => (await latestEntries(site.store, scope, 10)).map(({ number }) => number)
const idOf = async (number: number): Promise<number> =>
  (await findEntries(site.store, scope, { text: String(number), files: [] }))[0]?.id ?? 0

describe('findEntries() finds', () => {
  for (const [says, text, numbers] of [
    ['by number', '2', [2]],
    ['by the path in its folder', 'flow.md', [2]],
    ['by a path that two folders have', 'ebb.md', [1, 4]],
    ['by link', 'http://www.blog.example.org/flow', [2]],
    ['by a link with letters', `${SITE}潮汐/`, [3]],
    ['nothing by a number that is not there', '99', []],
    ['nothing by a part of a path', 'flow', []],
    ['nothing by another link', 'https://blog.example.org/', []],
    ['nothing by nothing', '', []],
  ] as const)
    test(says, async () => expect(await find(text)).toEqual(numbers))

  test('by guid', async () => {
    const [row] = await site.rows()
    expect(await find(row?.guid ?? '')).toEqual([1])
  })

  test('by the file, of one source only', async () => {
    expect(await find('notes/ebb.md', [{ source: 'notes', key: 'ebb.md' }])).toEqual([4])
  })

  test('what is removed or hidden too, and nothing of a source of old', async () => {
    site.remove('articles/ebb.md')
    await run()
    await hideEntries(site.store, [await idOf(2)])
    expect([await find('1'), await find('2')]).toEqual([[1], [2]])
    expect(await findEntries(site.store, new Map([['notes', rules]]), { text: '2', files: [] })).toEqual([])
  })
})

describe('hideEntries()', () => {
  test('takes an entry from feeds, pages and what is announced', async () => {
    write('articles/new', 5)
    await run()
    expect(await announcedSince(site.store, scope, 0)).toHaveLength(1)
    const id = await idOf(5)
    expect(await hideEntries(site.store, [id])).toBe(1)
    expect(await shown()).toEqual([4, 3, 2, 1])
    expect(await announcedSince(site.store, scope, 0)).toEqual([])
    expect(await entriesById(site.store, scope, [id])).toEqual([])
  })

  test('takes a page with it when it was the last entry there', async () => {
    for (const number of [1, 2, 3, 4]) await hideEntries(site.store, [await idOf(number)])
    expect(await pagesOf(site.store, scope)).toEqual([])
  })

  test('takes an entry from the page of a digest, which is made anew', async () => {
    await addSubscriber(site.store, parseEmailAddress('ada@example.net'), 0)
    const entry = { id: await idOf(1), title: '', link: '', date: 0, tags: [], categories: [], snippet: '' }
    const groups = await readerGroups(site.store)
    const digest: FreezableDigest = {
      ...{ id: 'd', frequency: 'instant', zone: 'UTC', slot: '1', variant: '', domain: 'a.example', more: 0 },
      ...{ letter: { subject: '', html: '', text: '' }, entries: [entry], language: '', isListed: true, groups },
    }
    await freezeDigests(site.store, { digests: [digest], groups, slots: [] }, 0)
    expect((await readDigest(site.store, scope, 'd')).entries).toHaveLength(1)
    await hideEntries(site.store, [entry.id])
    expect((await readDigest(site.store, scope, 'd')).entries).toEqual([])
  })

  test('has documents made anew once, and not again for what was hidden already', async () => {
    const [id, before] = [await idOf(1), await storeRevision(site.store)]
    expect([await hideEntries(site.store, [id]), await hideEntries(site.store, [id])]).toEqual([1, 0])
    expect(await storeRevision(site.store)).toBe(before + 1)
  })

  test('stands whatever becomes of the file: an edit, a new name, its return', async () => {
    await hideEntries(site.store, [await idOf(1)])
    write('articles/ebb', 1, 'Another title')
    await run()
    site.rename('articles/ebb.md', 'articles/tides/ebb.md')
    await run()
    site.rename('articles/tides/ebb.md', 'ebb.md')
    await run()
    site.rename('ebb.md', 'articles/ebb.md')
    await run()
    expect(await site.rows()).toHaveLength(4)
    expect(await shown()).toEqual([4, 3, 2])
  })
})

test('showEntries() brings an entry back to the feeds, and no digest tells of it', async () => {
  write('articles/new', 5)
  await run()
  const [id, before] = [await idOf(5), await storeRevision(site.store)]
  await hideEntries(site.store, [id])
  expect(await showEntries(site.store, [id])).toBe(1)
  expect(await shown()).toEqual([5, 4, 3, 2, 1])
  expect(await announcedSince(site.store, scope, 0)).toEqual([])
  expect(await storeRevision(site.store)).toBe(before + 2)
})

describe('listEntries()', () => {
  const list = async (wanted: {
    source?: string
    all?: boolean
    limit?: number
  }): Promise<[number | null, string][]> => {
    const { entries } = await listEntries(site.store, scope, { source: null, all: false, limit: 10, ...wanted })
    return entries.map(({ number, state }) => [number, state])
  }
  beforeEach(async () => {
    await hideEntries(site.store, [await idOf(2)])
    site.remove('articles/ebb.md')
    await run()
  })

  test('lists what is shown, newest number first', async () => {
    expect(await list({})).toEqual([
      [4, 'shown'],
      [3, 'shown'],
    ])
  })

  test('lists all with what they are', async () => {
    expect((await list({ all: true })).slice(2)).toEqual([
      [2, 'hidden'],
      [1, 'removed'],
    ])
  })

  test('lists one source, no more than wanted, and says how many there are', async () => {
    expect(await list({ source: 'notes' })).toEqual([[4, 'shown']])
    const { entries, total } = await listEntries(site.store, scope, { source: null, all: true, limit: 1 })
    expect({ total, entries }).toMatchObject({ total: 4, entries: [{ number: 4, key: 'ebb.md', link: `${SITE}ebb/` }] })
  })
})

test('entryOfFile() gives the entry of a file, of that source', async () => {
  const entry = await entryOfFile(site.store, 'notes', 'ebb.md')
  expect(entry).toEqual({ number: 4, guid: (await site.rows())[3]?.guid })
  expect(await entryOfFile(site.store, 'notes', 'flow.md')).toBeNull()
})
