import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { consentsOf } from '../../src/remember/consents.ts'
import {
  deleteSubscriber,
  pauseSubscriber,
  removeSubscriber,
  removeSubscriberById,
  resumeSubscriber,
} from '../../src/remember/leave.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { addSubscriber, findSubscriber } from '../../src/remember/subscribers.ts'
import { suppress } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { PostOffice } from '../deliver/post.ts'
import { DAY, HOUR, NOW, ask, idOf, putEntry, stateOf } from './asking.ts'

const FIRST = 'reader-1@example.net'
const first = parseEmailAddress(FIRST)

let office: PostOffice
beforeEach(async () => {
  office = await PostOffice.open(2)
})
afterEach(() => office.close())

/** Each letter with its state and what is noted with it. */
async function letters(): Promise<string[]> {
  return (await office.rows()).map(({ id, state, reply }) =>
    reply === null ? `${id} ${state}` : `${id} ${state}: ${reply}`,
  )
}

/** Puts what waits for the first reader off until tomorrow. */
async function putOff(): Promise<void> {
  await sql`update ledger set state = 'deferred', until = ${NOW + DAY} where subscriber_id = 1`.execute(office.store)
}

/** A letter that is on its way to the first reader, and what becomes of it. */
async function onItsWay() {
  const runId = await beginRun(office.store, NOW)
  const [claim] = (await settleAndClaim(office.store, { runId }, [], 1, NOW)).claims
  if (claim?.subscriberId !== 1) throw new Error('the first letter was not claimed')
  return {
    comesBack: () => settleAndClaim(office.store, { runId }, [{ claim, state: 'due' }], 9, NOW),
  }
}

for (const [says, leave] of [
  ['removeSubscriber()', () => removeSubscriber(office.store, first, NOW + HOUR)],
  ['removeSubscriberById()', () => removeSubscriberById(office.store, 1, NOW + HOUR)],
] as const)
  describe(says, () => {
    test('takes a reader off the list, and nobody else', async () => {
      expect(await leave()).toBe(true)
      expect(await findSubscriber(office.store, first)).toMatchObject({ state: 'unsubscribed', leftAt: NOW + HOUR })
      expect(await stateOf(office.store, 'reader-2@example.net')).toBe('active')
    })

    test('sends no letter that waits, even if they come back', async () => {
      await office.freeze('digest-2')
      await sql`update ledger set state = 'deferred' where id = 'digest-2.1'`.execute(office.store)
      await leave()
      await addSubscriber(office.store, first, NOW)
      expect(await letters()).toEqual([
        'digest-1.1 suppressed: the reader has left',
        'digest-2.1 suppressed: the reader has left',
        'digest-1.2 due',
        'digest-2.2 due',
      ])
    })

    test('keeps what they confirmed, and when they first left', async () => {
      await leave()
      expect(await consentsOf(office.store, 1)).toMatchObject([{ source: 'command', confirmedAt: NOW }])
      expect(await removeSubscriberById(office.store, 1, NOW + DAY)).toBe(false)
      expect(await findSubscriber(office.store, first)).toMatchObject({ leftAt: NOW + HOUR })
    })

    test('works in a pause', async () => {
      await pauseSubscriber(office.store, 1, NOW)
      expect(await leave()).toBe(true)
      expect(await stateOf(office.store, FIRST)).toBe('unsubscribed')
    })
  })

test('removeSubscriber() knows nobody who never was', async () => {
  expect(await removeSubscriber(office.store, parseEmailAddress('bo@example.net'), NOW)).toBe(false)
  expect(await removeSubscriberById(office.store, 99, NOW)).toBe(false)
})

describe('pauseSubscriber()', () => {
  test('drops what waits, be it due or put off, and freezes nothing more', async () => {
    await office.freeze('digest-2')
    await putOff()
    expect(await pauseSubscriber(office.store, 1, NOW)).toBe(true)
    await office.freeze('digest-3')
    expect(await letters()).toEqual([
      'digest-1.1 suppressed: the reader has paused',
      'digest-2.1 suppressed: the reader has paused',
      ...['digest-1.2 due', 'digest-2.2 due', 'digest-3.2 due'],
    ])
  })

  test('lets no letter go a second time that was on its way', async () => {
    const letter = await onItsWay()
    await pauseSubscriber(office.store, 1, NOW)
    const { claims } = await letter.comesBack()
    expect(claims.map(({ subscriberId }) => subscriberId)).toEqual([2])
  })

  for (const [says, acts] of [
    ['has paused', [() => pauseSubscriber(office.store, 1, NOW)]],
    ['has left', [() => removeSubscriber(office.store, first, NOW)]],
    ['had everything deleted', [() => deleteSubscriber(office.store, 1, NOW)]],
  ] as const)
    test(`does nothing for who ${says}`, async () => {
      for (const act of acts) await act()
      const before = await office.store.selectFrom('subscribers').selectAll().execute()
      expect(await pauseSubscriber(office.store, 1, NOW)).toBe(false)
      expect(await office.store.selectFrom('subscribers').selectAll().execute()).toEqual(before)
    })

  test('does nothing for who never confirmed, nor for nobody', async () => {
    await ask(office.store, 'ann@example.net', NOW)
    expect(await pauseSubscriber(office.store, await idOf(office.store, 'ann@example.net'), NOW)).toBe(false)
    expect(await stateOf(office.store, 'ann@example.net')).toBe('pending')
    expect(await pauseSubscriber(office.store, 99, NOW)).toBe(false)
  })
})

describe('resumeSubscriber()', () => {
  test('begins with what comes from now on', async () => {
    await pauseSubscriber(office.store, 1, NOW)
    await putEntry(office.store, 7)
    expect(await resumeSubscriber(office.store, 1)).toBe(true)
    expect(await stateOf(office.store, FIRST)).toBe('active')
    const had = office.store.selectFrom('subscribers').select('had').orderBy('id')
    expect(await had.execute()).toEqual([{ had: 7 }, { had: 0 }])
    expect((await letters())[0]).toBe('digest-1.1 suppressed: the reader has paused')
  })

  test('does not mail to an address that bounced meanwhile', async () => {
    await pauseSubscriber(office.store, 1, NOW)
    await suppress(office.store, { subscriberId: 1 }, 'bounced', 'gone', NOW)
    await resumeSubscriber(office.store, 1)
    await office.freeze('digest-2')
    expect((await office.rows()).map(({ id }) => id)).not.toContain('digest-2.1')
  })

  for (const [says, acts] of [
    ['is active', []],
    [
      'has left in the pause',
      [() => pauseSubscriber(office.store, 1, NOW), () => removeSubscriberById(office.store, 1, NOW)],
    ],
    [
      'had everything deleted in the pause',
      [() => pauseSubscriber(office.store, 1, NOW), () => deleteSubscriber(office.store, 1, NOW)],
    ],
  ] as const)
    test(`does nothing for who ${says}`, async () => {
      for (const act of acts) await act()
      await putEntry(office.store, 7)
      const before = await office.store.selectFrom('subscribers').selectAll().execute()
      expect(await resumeSubscriber(office.store, 1)).toBe(false)
      expect(await office.store.selectFrom('subscribers').selectAll().execute()).toEqual(before)
    })
})
