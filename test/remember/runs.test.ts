import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FreezableDigest, freezeDigests, readerGroups } from '../../src/remember/freeze.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { beginRun, endRun, forgetSlots, isSlotTaken, lastSlot, lastSlots, takeSlot } from '../../src/remember/runs.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { letGo, unpublishedDigests } from '../../src/remember/unpublished.ts'
import { testStore } from '../support/store.ts'

const NOW = Date.UTC(2026, 0, 31)
const SLOT = '2026-01-31T08:00'

const letter = { subject: 'Tides', html: '<p>Tides</p>', text: 'Tides' }

const ENDED = { started_at: NOW, ended_at: NOW, exit_code: 0 }

/** Freezes a digest of nothing for every reader. */
async function freezeForAll(): Promise<void> {
  const groups = await readerGroups(store)
  const digest: FreezableDigest = {
    ...{ id: 'digest-1', frequency: 'site', zone: 'UTC', slot: SLOT, variant: 'after 0', domain: 'example.org' },
    ...{ language: '', isListed: true, letter, entries: [], more: 0, groups },
  }
  await freezeDigests(store, { digests: [digest], groups, slots: [] }, NOW)
  await letGo(store, await unpublishedDigests(store))
}

let store: Store
let path: string
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, path, drop } = await testStore())
})
afterEach(() => drop())

test('a run is kept with its beginning, its end and its exit code', async () => {
  const first = await beginRun(store, NOW)
  const second = await beginRun(store, NOW + 5)
  await endRun(store, second, 3, NOW + 9, '{"sent":1}')
  expect(await store.selectFrom('runs').selectAll().orderBy('id').execute()).toEqual([
    { id: first, started_at: NOW, ended_at: null, exit_code: null, summary: '{}', kind: 'run' },
    { id: second, started_at: NOW + 5, ended_at: NOW + 9, exit_code: 3, summary: '{"sent":1}', kind: 'run' },
  ])
})

test('the newest thousand runs are kept, and those that a letter names', async () => {
  await addSubscriber(store, parseEmailAddress('ann@example.net'), NOW)
  const named = await beginRun(store, NOW)
  await freezeForAll()
  await settleAndClaim(store, { runId: named }, [], 1, NOW)
  const runs = Array.from({ length: 1001 }, () => ENDED)
  await store.insertInto('runs').values(runs).execute()
  const last = await beginRun(store, NOW)
  await endRun(store, last, 0, NOW)
  const ids = (await store.selectFrom('runs').select('id').orderBy('id').execute()).map(({ id }) => id)
  expect(ids).toEqual([named, ...Array.from({ length: 1000 }, (_, n) => last - 999 + n)])
})

test('however often letters of others were sent, the newest thousand runs are kept; and so the other way round', async () => {
  const many = (kind: 'run' | 'share') => Array.from({ length: 999 }, () => ({ ...ENDED, kind }))
  const first = { run: await beginRun(store, NOW), share: await beginRun(store, NOW, 'share') }
  await store.insertInto('runs').values(many('run')).execute()
  await store.insertInto('runs').values(many('share')).execute()
  await endRun(store, first.run, 0, NOW)
  await endRun(store, first.share, 0, NOW)
  const count = store.selectFrom('runs').select(({ fn }) => fn.countAll<number>().as('count'))
  expect(Number((await count.executeTakeFirstOrThrow()).count)).toBe(2000)
  for (const kind of ['run', 'share'] as const) await endRun(store, await beginRun(store, NOW, kind), 0, NOW)
  const kept = store.selectFrom('runs').select('id').where('id', 'in', Object.values(first))
  expect(await kept.execute()).toEqual([])
})

describe('a slot', () => {
  test('is taken once, by whoever comes first', async () => {
    const other = await openStore(path)
    try {
      expect(await takeSlot(store, 'digest', SLOT)).toBe(true)
      expect(await takeSlot(other, 'digest', SLOT)).toBe(false)
      expect(await takeSlot(store, 'digest', SLOT)).toBe(false)
    } finally {
      await other.destroy()
    }
  })

  test('is one of its own schedule only', async () => {
    await takeSlot(store, 'run', SLOT)
    expect(await lastSlot(store, 'digest')).toBeNull()
    expect(await takeSlot(store, 'digest', SLOT)).toBe(true)
  })

  test('is the last one when it is the latest, whichever was taken last', async () => {
    for (const slot of ['2026-01-30T08:00', '2026-01-31T20:00', '2026-01-31T08:00']) {
      await takeSlot(store, 'digest', slot)
    }
    expect(await lastSlot(store, 'digest')).toBe('2026-01-31T20:00')
  })

  test('that is past another one is the only one kept of its schedule, and none before it is taken again', async () => {
    await takeSlot(store, 'run', '2026-01-30T08:00')
    await takeSlot(store, 'digest', '2026-01-30T08:00')
    await takeSlot(store, 'digest', SLOT)
    expect(await store.selectFrom('slots').selectAll().orderBy('schedule').execute()).toEqual([
      { schedule: 'digest', slot: SLOT },
      { schedule: 'run', slot: '2026-01-30T08:00' },
    ])
    expect(await takeSlot(store, 'digest', '2026-01-30T08:00')).toBe(false)
  })
})

describe('the schedules', () => {
  beforeEach(async () => {
    await takeSlot(store, 'digest', SLOT)
    await takeSlot(store, 'daily Europe/Berlin', '2026-01-30T08:00')
    await takeSlot(store, 'daily Europe/Berlin', SLOT)
    await takeSlot(store, 'weekly UTC', '2026-01-26T08:00')
  })

  test('are read at once, each with the latest slot that is done', async () =>
    expect(await lastSlots(store)).toEqual(
      new Map([
        ['digest', SLOT],
        ['daily Europe/Berlin', SLOT],
        ['weekly UTC', '2026-01-26T08:00'],
      ]),
    ))

  test('are forgotten by name, and the others stay', async () => {
    await forgetSlots(store, ['daily Europe/Berlin', 'daily Nowhere'])
    await forgetSlots(store, [])
    expect([...(await lastSlots(store)).keys()].sort()).toEqual(['digest', 'weekly UTC'])
  })

  for (const [says, slot, isTaken] of [
    ['a slot before the latest', '2026-01-30T08:00', true],
    ['the latest slot', SLOT, true],
    ['a slot after the latest', '2026-01-31T08:01', false],
  ] as const)
    test(`say of ${says} that it is ${isTaken ? '' : 'not '}done`, async () =>
      expect(await isSlotTaken(store, 'digest', slot)).toBe(isTaken))
})
