import { afterEach, beforeEach, expect, test } from 'vitest'
import { archivesChangedSince, closeArchives, readArchives } from '../../src/remember/archives.ts'
import { findEntries, hideEntries, showEntries } from '../../src/remember/curate.ts'
import { entriesBetween, numbersAbove, updatedEntries, wholeEntries } from '../../src/remember/entries.ts'
import { storeRevision } from '../../src/remember/revision.ts'
import { TempSite, article, words } from '../support/site.ts'

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles')
  for (let n = 1; n <= 6; n++) write(n)
  await site.run()
  await closeArchives(site.store, [2, 4])
})
afterEach(() => site.close())

function write(n: number, text = ''): void {
  site.write(`articles/note-${n}.md`, article(`Note ${n}`, words(`${n}`) + text, [`date: 2026-01-0${n}`]))
}
/** The archives that what was done changed. */
async function changedBy(change: () => unknown): Promise<number[]> {
  const before = await storeRevision(site.store)
  await change()
  await site.run()
  return [...(await archivesChangedSince(site.store, before))]
}
const idOf = async (number: number): Promise<number> =>
  (await findEntries(site.store, site.scope(), { text: String(number), files: [] }))[0]?.id ?? 0

test('closeArchives() goes on where the last archive ends, without a gap', async () => {
  await closeArchives(site.store, [6])
  expect(await readArchives(site.store)).toEqual([
    { id: 1, first: 1, last: 2 },
    { id: 2, first: 3, last: 4 },
    { id: 3, first: 5, last: 6 },
  ])
})

test('archivesChangedSince() names none for an edit', async () => {
  expect(await changedBy(() => write(1, ' and a word more'))).toEqual([])
})

test('archivesChangedSince() names the one of which an entry was removed, and again when it comes back', async () => {
  expect(await changedBy(() => site.remove('articles/note-3.md'))).toEqual([2])
  expect(await changedBy(() => write(3))).toEqual([2])
})

test('archivesChangedSince() names the one of which an entry was hidden or shown', async () => {
  const id = await idOf(2)
  expect(await changedBy(() => hideEntries(site.store, [id]))).toEqual([1])
  expect(await changedBy(() => showEntries(site.store, [id]))).toEqual([1])
})

test('archivesChangedSince() names none for an entry that no archive holds', async () => {
  expect(await changedBy(() => site.remove('articles/note-6.md'))).toEqual([])
})

test('numbersAbove() gives what no archive holds, ascending', async () => {
  site.remove('articles/note-5.md')
  await site.run()
  expect(await numbersAbove(site.store, site.scope(), 4)).toEqual([6])
})

test('entriesBetween() gives the entries of an archive, and wholeEntries() their articles with them', async () => {
  const entries = await entriesBetween(site.store, site.scope(), 3, 4)
  expect(entries.map(({ title, key }) => [title, key])).toEqual([
    ['Note 4', 'note-4.md'],
    ['Note 3', 'note-3.md'],
  ])
  expect((await wholeEntries(site.store, entries))[0]?.body.text).toContain(words('4'))
})

test('updatedEntries() gives older entries that were updated since so many came, last updated first', async () => {
  const updated = async (since: number): Promise<string[]> =>
    (await updatedEntries(site.store, site.scope(), { since, below: 5, limit: 10 })).map(({ title }) => title)
  expect(await updated(0)).toEqual([])
  write(1, ' and a word more')
  await site.run()
  write(3, ' and a word more')
  write(6, ' and a word more')
  await site.run()
  expect(await updated(5)).toEqual(['Note 3', 'Note 1'])
  expect(await updated(6)).toEqual([])
})
