import { afterEach, beforeEach, expect, test } from 'vitest'
import { listEntries } from '../../src/remember/curate.ts'
import { announcedSince, latestEntries, pagesOf } from '../../src/remember/entries.ts'
import { heldEntries, releaseHeld } from '../../src/remember/hold.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { highestNumber } from '../../src/remember/write.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { TempSite, article, words } from '../support/site.ts'

const HOUR = 3_600_000

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles')
  write('first')
  await site.run({ hold: true })
})
afterEach(() => site.close())

function write(name: string, text = 'as it was', head: string[] = []): void {
  site.write(`articles/${name}.md`, article(`Title of ${name}`, words(`${name} ${text}`), head))
}
const run = (): Promise<unknown> => site.run({ hold: true })
const release = (hold: number | null): Promise<void> => releaseHeld(site.store, hold, site.now)
const shown = async (): Promise<string[]> =>
  (await latestEntries(site.store, site.scope(), 10)).map(({ title }) => title)
const numbers = async (): Promise<Record<string, number>> =>
  Object.fromEntries((await site.rows()).map(({ title, number }) => [title.replace('Title of ', ''), number]))

test('a first read is not held back', async () => expect(await shown()).toEqual(['Title of first']))

test('what is held back is in no feed, on no page and announced to nobody', async () => {
  write('second')
  await run()
  expect(await shown()).toEqual(['Title of first'])
  expect(await pagesOf(site.store, site.scope())).toMatchObject([{ page: 1 }])
  expect(await announcedSince(site.store, site.scope(), 0)).toEqual([])
  expect(await highestNumber(site.store)).toBe(1)
})

test('heldEntries() counts what waits and says until when', async () => {
  expect(await heldEntries(site.store, 3 * HOUR)).toEqual({ entries: 0, until: null })
  write('second')
  await run()
  const since = site.now
  write('third')
  await run()
  expect(await heldEntries(site.store, 3 * HOUR)).toEqual({ entries: 2, until: since + 3 * HOUR })
})

test('releaseHeld() lets go what waited long enough, and nothing else', async () => {
  write('second')
  await run()
  write('third')
  await run()
  await release(2 * HOUR)
  expect(await shown()).toEqual(['Title of first'])
  await release(HOUR)
  expect(await shown()).toEqual(['Title of second', 'Title of first'])
  await release(0)
  expect(await shown()).toEqual(['Title of third', 'Title of second', 'Title of first'])
})

test('releaseHeld() numbers what waited in the order of the queue, and has it announced', async () => {
  write('second', 'x', ['date: 2026-01-05'])
  write('third', 'x', ['date: 2026-01-04'])
  await run()
  write('fourth', 'x', ['date: 2025-01-01'])
  await run()
  await release(null)
  expect(await numbers()).toEqual({ first: 1, third: 2, second: 3, fourth: 4 })
  expect((await announcedSince(site.store, site.scope(), 1)).map(({ number }) => number)).toEqual([2, 3, 4])
})

test('an entry keeps its guid and its place in the queue when it is edited or renamed meanwhile', async () => {
  write('second')
  write('third')
  await run()
  const before = await site.guids()
  write('second', 'with a word more')
  site.rename('articles/third.md', 'articles/other.md')
  await run()
  const after = await site.guids()
  expect([after['second.md'], after['other.md']]).toEqual([before['second.md'], before['third.md']])
  expect(await shown()).toEqual(['Title of first'])
  await release(null)
  expect(await numbers()).toEqual({ first: 1, second: 2, third: 3 })
})

test('an entry that goes while it waits is never published, and waits on when it comes back', async () => {
  write('second')
  await run()
  site.remove('articles/second.md')
  await run()
  await release(null)
  expect(await shown()).toEqual(['Title of first'])
  write('second')
  await run()
  expect(await shown()).toEqual(['Title of first'])
  await release(null)
  expect(await shown()).toEqual(['Title of second', 'Title of first'])
})

test('a reader who joins while an entry waits is told of it', async () => {
  write('second')
  await run()
  await addSubscriber(site.store, parseEmailAddress('ann@example.net'), site.now)
  const reader = await site.store.selectFrom('subscribers').select('had').executeTakeFirstOrThrow()
  expect(reader.had).toBe(1)
})

test('listEntries() lists what is held back first, the newest of it on top', async () => {
  write('second')
  await run()
  write('third')
  await run()
  const { entries } = await listEntries(site.store, site.scope(), { source: null, all: false, limit: 10 })
  expect(entries.map(({ title, number, state }) => [title, number, state])).toEqual([
    ['Title of third', null, 'held'],
    ['Title of second', null, 'held'],
    ['Title of first', 1, 'shown'],
  ])
})
