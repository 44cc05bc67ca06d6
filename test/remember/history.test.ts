import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hideEntries } from '../../src/remember/curate.ts'
import { readSummary } from '../../src/remember/history-summary.ts'
import { entriesSince, joinedByDay, leftByDay, newestDigests, newestRuns } from '../../src/remember/history.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import type { Store } from '../../src/remember/open.ts'
import { beginRun, endRun } from '../../src/remember/runs.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'
import { TempSite, article, words } from '../support/site.ts'
import { testStore } from '../support/store.ts'

const DAY = 86_400_000
const UNKNOWN = {
  ...{ new: null, updated: null, removed: null, sent: null, deferred: null, refused: null },
  ...{ problem: null, stopped: false },
}

for (const [says, text, read] of [
  ['nothing of a run that said nothing', '{}', {}],
  [
    'what a run did',
    '{"new":2,"updated":1,"removed":0,"published":9,"sent":4,"deferred":3,"refused":5}',
    { new: 2, updated: 1, removed: 0, sent: 4, deferred: 3, refused: 5 },
  ],
  [
    'why a run failed, without addresses',
    '{"problem":"No room for ann@x.example"}',
    { problem: 'No room for ***@x.example' },
  ],
  ['that a run was stopped', '{"stopped":true}', { stopped: true }],
  ['what it can of strange values', '{"new":"2","sent":-1,"refused":1,"problem":[]}', { refused: 1 }],
  ['nothing of another value', '[1]', {}],
  ['nothing of what is no JSON', '{"new":', {}],
] as const) {
  test(`readSummary() reads ${says}`, () => expect(readSummary(text)).toEqual({ ...UNKNOWN, ...read }))
}

describe('of a store', () => {
  let store: Store
  let drop: () => Promise<void>
  beforeEach(async () => {
    ;({ store, drop } = await testStore())
  })
  afterEach(() => drop())

  test('newestRuns() gives runs newest first, also one without an end', async () => {
    for (const minute of [0, 1, 2])
      await endRun(store, await beginRun(store, NOW + minute), 0, NOW + minute + 5, '{"new":1}')
    await beginRun(store, NOW + 9)
    expect(await newestRuns(store, 2)).toEqual([
      { id: 4, startedAt: NOW + 9, endedAt: null, exitCode: null, did: UNKNOWN },
      { id: 3, startedAt: NOW + 2, endedAt: NOW + 7, exitCode: 0, did: { ...UNKNOWN, new: 1 } },
    ])
  })

  test('readers are counted by the day on which they came, and on which they left', async () => {
    const addresses = ['ann', 'bob', 'cid'].map((name) => parseEmailAddress(`${name}@example.net`))
    const [ann, bob] = addresses
    for (const [index, address] of addresses.entries())
      await addSubscriber(store, address, NOW + Math.floor(index / 2) * DAY)
    if (ann === undefined || bob === undefined) throw new Error('three readers')
    await removeSubscriber(store, ann, NOW + 3 * DAY)
    await removeSubscriber(store, bob, NOW + 3 * DAY)
    await addSubscriber(store, bob, NOW + 4 * DAY)
    const midnight = Date.UTC(2026, 0, 31)
    expect(await joinedByDay(store)).toEqual([
      { at: midnight, count: 2 },
      { at: midnight + DAY, count: 1 },
    ])
    expect(await leftByDay(store)).toEqual([{ at: midnight + 3 * DAY, count: 1 }])
  })

  test('who never agreed neither came nor left', async () => {
    await addSubscriber(store, parseEmailAddress('ann@example.net'), NOW)
    await store.updateTable('subscribers').set({ state: 'pending' }).execute()
    expect([await joinedByDay(store), await leftByDay(store)]).toEqual([[], []])
  })
})

test('newestDigests() gives the newest, oldest first, with letters that are kept and those that are only counted', async () => {
  const office = await PostOffice.open(3)
  for (const id of ['digest-2', 'digest-3']) await office.freeze(id)
  await sql`update digests set created_at = created_at + 2, outcomes = '{"sent":7,"due":1}' where id = 'digest-1'`.execute(
    office.store,
  )
  await sql`update digests set created_at = created_at + 1 where id = 'digest-3'`.execute(office.store)
  expect(await newestDigests(office.store, 2)).toEqual([
    { id: 'digest-3', date: NOW + 1, subject: 'Tides digest-3', letters: { due: 3 } },
    { id: 'digest-1', date: NOW + 2, subject: 'Tides digest-1', letters: { due: 4, sent: 7 } },
  ])
  await office.close()
})

test('entriesSince() counts what is shown by the quarter of an hour of its date', async () => {
  const site = (await TempSite.open()).folder('articles').folder('notes')
  const dates = {
    first: '2026-02-01T10:01:00Z',
    second: '2026-02-01T10:14:59Z',
    third: '2026-02-01T10:15:00Z',
    old: '2026-01-01T00:00:00Z',
    hidden: '2026-02-01T10:01:30Z',
  }
  for (const [name, date] of Object.entries(dates))
    site.write(`articles/${name}.md`, article(name, words(name), [`date: ${date}`]))
  site.write('notes/other.md', article('Other', words('other'), ['date: 2026-02-01T10:02:00Z']))
  await site.run()
  const hidden = await site.store
    .selectFrom('entries')
    .select('id')
    .where('title', '=', 'hidden')
    .executeTakeFirstOrThrow()
  await hideEntries(site.store, [hidden.id])
  expect(await entriesSince(site.store, ['articles'], Date.UTC(2026, 0, 15))).toEqual([
    { at: Date.UTC(2026, 1, 1, 10), count: 2 },
    { at: Date.UTC(2026, 1, 1, 10, 15), count: 1 },
  ])
  await site.close()
})
