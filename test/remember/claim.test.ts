import { afterEach, beforeEach, expect, test } from 'vitest'
import { Trail, claimRows } from '../../src/remember/claim.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'

const HALF_A_MINUTE = 30_000

let office: PostOffice
let trail: Trail
let runId: number
beforeEach(async () => {
  office = await PostOffice.open(6)
  trail = new Trail()
  runId = await beginRun(office.store, NOW)
})
afterEach(() => office.close())

/** The readers whose letters are claimed. */
async function claim(limit: number, { now = NOW, blocked = [] as string[] } = {}): Promise<number[]> {
  const rows = await claimRows(office.store, trail, { runId, limit, now, blocked })
  return rows.map((row) => row.subscriber_id)
}

/** A letter is due again, as when the run that had it has died. */
async function putBack(reader: number): Promise<void> {
  await office.store
    .updateTable('ledger')
    .set({ state: 'due', run_id: null, until: 0 })
    .where('subscriber_id', '=', reader)
    .execute()
}

test('claims go on where the last one ended', async () => {
  expect(await claim(3)).toEqual([1, 2, 3])
  await putBack(1)
  expect(await claim(2)).toEqual([4, 5])
})

test('claims come back to what was passed, as soon as less is left than is wanted', async () => {
  await claim(3)
  await putBack(2)
  expect(await claim(4)).toEqual([4, 5, 6, 2])
  await putBack(1)
  expect(await claim(4)).toEqual([1])
})

test('claims begin with the first letter again after half a minute', async () => {
  await claim(3)
  await putBack(1)
  expect(await claim(1, { now: NOW + HALF_A_MINUTE - 1 })).toEqual([4])
  expect(await claim(1, { now: NOW + HALF_A_MINUTE })).toEqual([1])
})

test('letters that were passed while their domain waited for its turn go once it has come', async () => {
  await addSubscriber(office.store, parseEmailAddress('slow@slow.example'), NOW)
  await office.freeze('a-digest')
  const others = { blocked: ['slow.example'] }
  expect(await claim(7, others)).toHaveLength(7)
  expect(await claim(1)).toEqual([7])
  expect(await claim(1, others)).toEqual([2])
})

test('what is due again while a domain waits for its turn goes within half a minute', async () => {
  const others = { blocked: ['slow.example'] }
  await claim(20, others)
  await putBack(3)
  expect(await claim(1, { ...others, now: NOW + HALF_A_MINUTE })).toEqual([3])
})

test('a letter that is put off goes when its moment has come', async () => {
  await claim(20)
  const later = { state: 'deferred', until: NOW + 5 } as const
  await office.store.updateTable('ledger').set(later).where('subscriber_id', '=', 4).execute()
  expect(await claim(20, { now: NOW + 4 })).toEqual([])
  expect(await claim(20, { now: NOW + 5 })).toEqual([4])
})

test('settleAndClaim() passes nothing that it did not claim in the end', async () => {
  // What is written down of such a rate is refused by the store.
  const rates = { all: null, domains: new Map([['example.net', NaN]]) }
  await expect(settleAndClaim(office.store, { runId, trail, rates }, [], 1, NOW)).rejects.toThrow()
  const { claims } = await settleAndClaim(office.store, { runId, trail }, [], 1, NOW)
  expect(claims.map(({ subscriberId }) => subscriberId)).toEqual([1])
})
