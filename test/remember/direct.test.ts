import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Direction, directDigest, failuresOf } from '../../src/remember/direct.ts'
import { closeDigests, countSendable } from '../../src/remember/letters.ts'
import { removeSubscriberById } from '../../src/remember/leave.ts'
import { liftSuppression, suppress } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'

let office: PostOffice
beforeEach(async () => {
  office = await PostOffice.open(9)
})
afterEach(() => office.close())

const STATES = ['due', 'claimed', 'sent', 'deferred', 'refused', 'suppressed', 'held', 'expired', 'cancelled'] as const

/** Gives the nine letters of the digest a state each. */
async function oneOfEach(): Promise<void> {
  for (const [index, state] of STATES.entries())
    await sql`update ledger set state = ${state}, attempts = 3, first_deferred_at = 1, settled_at = 2,
      reply = ${`it is ${state}`} where id = ${`digest-1.${index + 1}`}`.execute(office.store)
}

function direct(direction: Direction): Promise<number> {
  return directDigest(office.store, 'digest-1', direction, NOW)
}

/** Letters whose state is not what it was at first, with what it is now. */
async function changed(): Promise<Record<string, string>> {
  const rows = (await office.rows()).filter(({ id }) => id.startsWith('digest-1.'))
  const ends = rows.map(({ state }, index): [string, string] => [STATES[index] ?? '', state])
  return Object.fromEntries(ends.filter(([before, after]) => before !== after))
}

async function settleAll(state: string): Promise<void> {
  await sql`update ledger set state = ${state} where state in ('due', 'deferred', 'claimed')`.execute(office.store)
}

/** Whether the digest is done, once a run has looked. */
async function isDone(): Promise<boolean> {
  await closeDigests(office.store, NOW)
  return (await office.done())[0] === true
}

describe('directDigest()', () => {
  for (const [direction, letters, after] of [
    ['pause', 3, {}],
    ['resume', 3, {}],
    ['cancel', 2, { due: 'cancelled', deferred: 'cancelled' }],
    ['retry', 3, { refused: 'due', held: 'due', expired: 'due' }],
  ] as const) {
    test(`${direction} is about ${letters} of the nine states, and changes no other`, async () => {
      await oneOfEach()
      expect(await direct(direction)).toBe(letters)
      expect(await changed()).toEqual(after)
    })

    test(`${direction} leaves other digests alone`, async () => {
      await oneOfEach()
      await office.freeze('digest-2')
      await sql`update ledger set state = 'refused' where id = 'digest-2.1'`.execute(office.store)
      await direct(direction)
      const others = (await office.rows()).filter(({ id }) => id.startsWith('digest-2.'))
      expect(others.map(({ state }) => state)).toEqual(['refused', ...Array.from({ length: 8 }, () => 'due')])
      const digest = office.store.selectFrom('digests').select('paused').where('id', '=', 'digest-2')
      expect(await digest.executeTakeFirst()).toEqual({ paused: 0 })
    })

    test(`${direction} changes nothing more the second time`, async () => {
      await oneOfEach()
      await direct(direction)
      const before = await office.rows()
      await direct(direction)
      expect(await office.rows()).toEqual(before)
    })
  }
})

describe('a paused digest', () => {
  test('gives out no letter until it is resumed, and others do', async () => {
    await office.freeze('digest-2')
    await direct('pause')
    expect(await countSendable(office.store, NOW)).toBe(9)
    const claims = await office.claimAndDie(30)
    expect(new Set(claims.map(({ digestId }) => digestId))).toEqual(new Set(['digest-2']))
    await direct('resume')
    expect((await office.claimAndDie(30)).length).toBe(9)
  })

  test('is not done', async () => {
    await direct('pause')
    expect(await isDone()).toBe(false)
  })
})

describe('a cancelled digest', () => {
  test('tells why, and when', async () => {
    await direct('cancel')
    const rows = office.store.selectFrom('ledger').select(['state', 'reply', 'settled_at']).distinct()
    expect(await rows.execute()).toEqual([{ state: 'cancelled', reply: 'the digest was cancelled', settled_at: NOW }])
  })

  test('is done once the letters on their way have arrived', async () => {
    await office.claimAndDie(2)
    expect(await direct('cancel')).toBe(7)
    expect(await isDone()).toBe(false)
    await settleAll('sent')
    expect(await isDone()).toBe(true)
    expect(await office.states()).toEqual({ cancelled: 7, sent: 2 })
  })

  test('is not brought back by retry', async () => {
    await direct('cancel')
    expect(await direct('retry')).toBe(0)
    expect(await office.states()).toEqual({ cancelled: 9 })
  })
})

describe('retry', () => {
  test('begins anew: at once, with no failures behind it', async () => {
    await oneOfEach()
    await direct('retry')
    const columns = ['until', 'attempts', 'first_deferred_at', 'run_id', 'settled_at'] as const
    const rows = office.store.selectFrom('ledger').select(columns).where('id', 'in', ['digest-1.5', 'digest-1.8'])
    const fresh = { until: 0, attempts: 0, first_deferred_at: null, run_id: null, settled_at: null }
    expect(await rows.execute()).toEqual([fresh, fresh])
  })

  test('says of what was held, and of nothing else, that it may come twice', async () => {
    await oneOfEach()
    await direct('retry')
    const twice = office.store.selectFrom('ledger').select('id').where('maybe_twice', '=', 1)
    expect(await twice.execute()).toEqual([{ id: 'digest-1.7' }])
  })

  test('opens a digest that was done, until its letters are settled', async () => {
    await settleAll('refused')
    expect(await isDone()).toBe(true)
    expect(await direct('retry')).toBe(9)
    expect(await office.done()).toEqual([false])
    expect(await isDone()).toBe(false)
    await settleAll('sent')
    expect(await isDone()).toBe(true)
  })

  test('leaves a digest done of which nothing failed', async () => {
    await settleAll('sent')
    expect(await isDone()).toBe(true)
    expect(await direct('retry')).toBe(0)
    expect(await office.done()).toEqual([true])
  })

  test('leaves out readers who left or are suppressed, and takes these again once that is lifted', async () => {
    await settleAll('refused')
    await removeSubscriberById(office.store, 1, NOW)
    await suppress(office.store, { subscriberId: 2 }, 'bounced', 'gone', NOW)
    expect(await direct('retry')).toBe(7)
    expect((await office.rows()).slice(0, 3).map(({ state }) => state)).toEqual(['refused', 'refused', 'due'])
    await liftSuppression(office.store, parseEmailAddress('reader-2@example.net'))
    expect(await direct('retry')).toBe(1)
    expect((await office.rows())[1]?.state).toBe('due')
  })
})

for (const state of STATES)
  test(`a digest is ${['due', 'claimed', 'deferred'].includes(state) ? 'not done' : 'done'} when its last letter is ${state}`, async () => {
    await settleAll('sent')
    await sql`update ledger set state = ${state} where id = 'digest-1.9'`.execute(office.store)
    expect(await isDone()).toBe(!['due', 'claimed', 'deferred'].includes(state))
  })

test('a digest is not done while a row is missing of those that were frozen', async () => {
  await settleAll('sent')
  await office.store.deleteFrom('ledger').where('id', '=', 'digest-1.9').execute()
  expect(await isDone()).toBe(false)
})

describe('failuresOf()', () => {
  test('tells each reason once, with how many it is of and one of the addresses; the most first', async () => {
    await settleAll('sent')
    for (const [ids, state, reply] of [
      [[2, 4, 6], 'refused', '550 no'],
      [[3], 'deferred', '451 later'],
      [[5], 'held', '451 later'],
      [[7, 8], 'refused', '554 spam'],
    ] as const)
      await office.store
        .updateTable('ledger')
        .set({ state, reply })
        .where('subscriber_id', 'in', [...ids])
        .execute()
    const told = await failuresOf(office.store, 'digest-1', 9)
    expect(told.slice(0, 2)).toEqual([
      { state: 'refused', reply: '550 no', letters: 3, example: 'reader-2@example.net' },
      { state: 'refused', reply: '554 spam', letters: 2, example: 'reader-7@example.net' },
    ])
    expect(new Set(told.slice(2).map(({ state, example }) => `${state} ${example}`))).toEqual(
      new Set(['deferred reader-3@example.net', 'held reader-5@example.net']),
    )
    expect(await failuresOf(office.store, 'digest-1', 1)).toEqual(told.slice(0, 1))
  })

  test('tells of letters that did not go, and of no others', async () => {
    await oneOfEach()
    await office.freeze('digest-2')
    const states = (await failuresOf(office.store, 'digest-1', 20)).map(({ state }) => state)
    expect(states.sort()).toEqual(['deferred', 'expired', 'held', 'refused', 'suppressed'])
    expect(await failuresOf(office.store, 'digest-2', 20)).toEqual([])
  })
})
