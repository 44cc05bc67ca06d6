import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { directDigest } from '../../src/remember/direct.ts'
import { type Claimed, settleAndClaim } from '../../src/remember/ledger.ts'
import { NO_RATES, Pace, type Rates } from '../../src/remember/rates.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { suppress } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'

const MINUTE = 60_000
const ALL: Rates = { all: MINUTE, domains: new Map() }
const SLOW: Rates = { all: null, domains: new Map([['slow.example', MINUTE]]) }

let office: PostOffice
beforeEach(async () => {
  office = await PostOffice.open(3)
})
afterEach(() => office.close())

/** Counts a letter at each of some moments, and says when the next may go; all in minutes from now. */
async function nextAfter(rates: Rates, moments: readonly number[]): Promise<number> {
  const pace = await Pace.read(office.store, rates, NOW)
  for (const moment of moments) pace.count('example.net', NOW + moment * MINUTE)
  return (pace.next - NOW) / MINUTE
}

describe('Pace', () => {
  for (const [says, moments, next] of [
    ['makes the second letter wait for its turn', [0], 1],
    ['keeps to the turns when each letter is in time', [0, 1, 2], 3],
    ['does not put off the turns after one that came a little late', [0, 1.4, 2.1], 3],
    ['begins anew after a rest, with one letter and no crowd of them', [0, 100], 101],
  ] as const)
    test(says, async () => expect(await nextAfter(ALL, moments)).toBe(next))

  test('lets letters go at once when no rate is set', async () => {
    const pace = await Pace.read(office.store, NO_RATES, NOW)
    pace.count('example.net', NOW)
    expect([pace.next, pace.blocked(NOW).size]).toEqual([0, 0])
  })

  test('holds up a domain until its turn, and no other', async () => {
    const pace = await Pace.read(office.store, SLOW, NOW)
    pace.count('slow.example', NOW)
    pace.count('example.net', NOW)
    expect(pace.next).toBe(0)
    expect([...pace.blocked(NOW)]).toEqual([['slow.example', NOW + MINUTE]])
    expect([...pace.blocked(NOW + MINUTE)]).toEqual([])
  })

  test('counts a letter to a domain for all letters as well', async () => {
    const pace = await Pace.read(office.store, { ...SLOW, all: 1000 }, NOW)
    pace.count('slow.example', NOW)
    expect([pace.next, pace.blocked(NOW).get('slow.example')]).toEqual([NOW + 1000, NOW + MINUTE])
  })

  test('is read as it was written, and unwritten it is forgotten', async () => {
    const rates = { ...SLOW, all: 1000 }
    const pace = await Pace.read(office.store, rates, NOW)
    pace.count('slow.example', NOW)
    expect((await Pace.read(office.store, rates, NOW)).next).toBe(0)
    await pace.write(office.store)
    const again = await Pace.read(office.store, rates, NOW)
    expect([again.next, [...again.blocked(NOW)]]).toEqual([NOW + 1000, [['slow.example', NOW + MINUTE]]])
  })

  test('forgets nothing of a rate that it does not know this time', async () => {
    const pace = await Pace.read(office.store, SLOW, NOW)
    pace.count('slow.example', NOW)
    await pace.write(office.store)
    expect((await Pace.read(office.store, NO_RATES, NOW)).blocked(NOW).size).toBe(0)
    expect((await Pace.read(office.store, SLOW, NOW)).blocked(NOW).size).toBe(1)
  })
})

describe('settleAndClaim() with rates', () => {
  /** Claims in a run of its own, as after a restart. */
  async function claim(rates: Rates, wanted: number, now: number): Promise<Claimed> {
    return settleAndClaim(office.store, { runId: await beginRun(office.store, now), rates }, [], wanted, now)
  }

  const ids = ({ claims }: Claimed): string[] => claims.map(({ id }) => id)

  test('claims one letter, leaves the others due, and says when the next has its turn', async () => {
    const claimed = await claim(ALL, 3, NOW)
    expect([ids(claimed), claimed.waitUntil]).toEqual([['digest-1.1'], NOW + MINUTE])
    expect(await office.states()).toEqual({ claimed: 1, due: 2 })
  })

  test('keeps to them in the next run on the same store', async () => {
    await claim(ALL, 1, NOW)
    const early = await claim(ALL, 1, NOW + MINUTE - 1)
    expect([ids(early), early.waitUntil]).toEqual([[], NOW + MINUTE])
    expect(await office.states()).toEqual({ claimed: 1, due: 2 })
    expect(ids(await claim(ALL, 1, NOW + MINUTE))).toEqual(['digest-1.2'])
  })

  test('holds up the letters to one domain, and gives out all others', async () => {
    for (const name of ['ann', 'bob']) {
      await addSubscriber(office.store, parseEmailAddress(`${name}@slow.example`), NOW)
    }
    await office.freeze('digest-2')
    const claimed = await claim(SLOW, 20, NOW)
    const slow = claimed.claims.filter(({ domain }) => domain === 'slow.example')
    expect([claimed.claims.length, slow.length, claimed.waitUntil]).toEqual([7, 1, NOW + MINUTE])
    expect(await office.states()).toEqual({ claimed: 7, due: 1 })
  })

  test('counts nothing for a letter that does not go', async () => {
    await suppress(office.store, { subscriberId: 1 }, 'bounced', '', NOW)
    await office.store.updateTable('ledger').set({ state: 'due' }).execute()
    const claimed = await claim(ALL, 1, NOW)
    expect([ids(claimed), claimed.settled]).toEqual([['digest-1.2'], ['suppressed']])
  })

  for (const [says, rates] of [
    ['of all letters', ALL],
    ['of a domain', { all: null, domains: new Map([['example.net', MINUTE]]) }],
  ] as const) {
    test(`waits for nothing when all that is left is held back, with a rate ${says}`, async () => {
      await claim(rates, 1, NOW)
      await directDigest(office.store, 'digest-1', 'pause', NOW)
      expect(await claim(rates, 1, NOW)).toEqual({ claims: [], settled: [], waitUntil: null })
    })

    test(`waits for nothing when all that is left was put off, with a rate ${says}`, async () => {
      await claim(rates, 1, NOW)
      await office.store
        .updateTable('ledger')
        .set({ state: 'deferred', until: NOW + 1 })
        .execute()
      expect(await claim(rates, 1, NOW)).toEqual({ claims: [], settled: [], waitUntil: null })
    })
  }
})
