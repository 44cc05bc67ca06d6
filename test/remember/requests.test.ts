import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Preferences, parseTopic } from '../../src/preferences.ts'
import { confirmConsent, consentsOf } from '../../src/remember/consents.ts'
import { deleteSubscriber, pauseSubscriber, removeSubscriber } from '../../src/remember/leave.ts'
import type { Store } from '../../src/remember/open.ts'
import { noteRequest, takeRequests } from '../../src/remember/requests.ts'
import { addSubscriber, findSubscriber } from '../../src/remember/subscribers.ts'
import { suppress } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { testStore } from '../support/store.ts'
import { DAY, HOUR, MINUTE, NOW, ask, askToConfirm, idOf, noticesOf, requestOf, stateOf } from './asking.ts'

const ANN = 'ann@example.net'
const ann = parseEmailAddress(ANN)
const LATER = NOW + DAY
const WEEKLY: Preferences = {
  ...{ frequency: 'weekly', zone: 'Asia/Tokyo', topics: [parseTopic('tag:tides')], language: 'zh' },
}

let store: Store
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, drop } = await testStore())
})
afterEach(() => drop())

const join = (): Promise<unknown> => addSubscriber(store, ann, NOW)
const bounce = (): Promise<unknown> => suppress(store, { address: ann }, 'bounced', '550 5.1.1 gone', NOW)
const complain = (): Promise<unknown> => suppress(store, { address: ann }, 'complained', 'abuse', NOW)
const pause = async (): Promise<unknown> => pauseSubscriber(store, await idOf(store, ANN), NOW)
const leave = (): Promise<unknown> => removeSubscriber(store, ann, NOW)
const forget = async (): Promise<unknown> => deleteSubscriber(store, await idOf(store, ANN), NOW)

/** What an address may have been before somebody asks, what it is then, and by which letter it hears of it. */
const CASES = [
  ['is new', [], 'pending', 'confirm'],
  ['never confirmed', [() => ask(store, ANN, NOW)], 'pending', 'confirm'],
  ['gets the digest', [join], 'active', 'known'],
  ['has paused', [join, pause], 'paused', 'known'],
  ['has left', [join, leave], 'unsubscribed', 'confirm'],
  ['bounced', [join, bounce], 'active, bounced', 'confirm'],
  ['bounced before it was on the list', [bounce], 'pending, bounced', 'confirm'],
  ['has paused and bounced', [join, pause, bounce], 'paused, bounced', 'confirm'],
  ['complained', [join, complain], 'active, complained', 'confirm'],
  ['complained and left', [join, complain, leave], 'unsubscribed, complained', 'confirm'],
  ['had everything deleted', [join, forget], 'pending, deleted', 'confirm'],
] as const

describe('takeRequests() for an address that', () => {
  for (const [says, acts, state, kind] of CASES)
    test(`${says} sends a letter of the kind "${kind}", and leaves it ${state}`, async () => {
      for (const act of acts) await act()
      const before = (await noticesOf(store)).length
      expect(await ask(store, ANN, LATER)).toBe(1)
      expect(await stateOf(store, ANN)).toBe(state)
      const id = await idOf(store, ANN)
      expect((await noticesOf(store)).slice(before)).toEqual([`${kind} to ${id}: due`])
      const open = (await consentsOf(store, id)).filter(
        ({ confirmedAt, askedAt }) => confirmedAt === null && askedAt === LATER,
      )
      expect(open).toHaveLength(kind === 'confirm' ? 1 : 0)
    })

  for (const [says, acts] of CASES)
    test(`${says} changes nothing before it is looked at`, async () => {
      for (const act of acts) await act()
      const before = [await stateOf(store, ANN), await noticesOf(store)]
      await noteRequest(store, requestOf(ANN), LATER)
      expect([await stateOf(store, ANN), await noticesOf(store)]).toEqual(before)
      expect(await store.selectFrom('requests').select('address').execute()).toEqual([{ address: ANN }])
    })

  for (const [says, acts] of CASES)
    test(`${says} changes nothing that they chose before they confirm`, async () => {
      for (const act of acts) await act()
      const before = await findSubscriber(store, ann)
      await ask(store, ANN, LATER, { wishes: WEEKLY })
      if (before !== null) expect(await findSubscriber(store, ann)).toEqual(before)
    })

  test('had everything deleted knows them for somebody new', async () => {
    await join()
    const former = await idOf(store, ANN)
    await forget()
    await ask(store, ANN, LATER)
    expect(await idOf(store, ANN)).not.toBe(former)
  })
})

describe('takeRequests()', () => {
  test('keeps with the consent what was asked for, when and by which way', async () => {
    const more = {
      source: 'mail',
      place: '<m1@example.net>',
      client: '2001:db8::7',
      text: 'Subscribe',
      wishes: WEEKLY,
    } as const
    await noteRequest(store, requestOf(ANN, more), NOW)
    await takeRequests(store, NOW + MINUTE)
    expect(await consentsOf(store, await idOf(store, ANN))).toEqual([{ ...more, askedAt: NOW, confirmedAt: null }])
  })

  test('takes each request once', async () => {
    await ask(store, ANN, NOW)
    expect(await takeRequests(store, NOW + DAY)).toBe(0)
    expect(await noticesOf(store)).toEqual(['confirm to 1: due'])
    expect(await store.selectFrom('requests').selectAll().execute()).toEqual([])
  })

  test('takes very many, each in its turn', async () => {
    const addresses = Array.from({ length: 230 }, (_, n) => `reader-${n}@example.net`)
    for (const address of addresses) await noteRequest(store, requestOf(address), NOW)
    expect(await takeRequests(store, NOW)).toBe(230)
    const readers = await store.selectFrom('subscribers').select(['address', 'state']).orderBy('id').execute()
    expect(readers).toEqual(addresses.map((address) => ({ address, state: 'pending' })))
  })

  test('goes on where another process stopped', async () => {
    await noteRequest(store, requestOf(ANN), NOW)
    await noteRequest(store, requestOf('bo@example.net'), NOW)
    await expect(
      store.transaction().execute(async (tx) => {
        await tx.deleteFrom('requests').execute()
        throw new Error('it died')
      }),
    ).rejects.toThrow('it died')
    expect(await takeRequests(store, NOW)).toBe(2)
  })
})

/** How many letters come of requests at these times, in minutes. */
async function lettersFor(minutes: readonly number[], spell: (n: number) => string = () => ANN): Promise<number[]> {
  const sent: number[] = []
  for (const [n, minute] of minutes.entries()) {
    if ((await ask(store, spell(n), NOW + minute * MINUTE)) > 0) sent.push(minute)
  }
  return sent
}

/** Ten hours in a row, and then each day of a month but the last. */
const AGAIN_AND_AGAIN = [
  ...Array.from({ length: 10 }, (_, hour) => hour * 60),
  ...Array.from({ length: 29 }, (_, day) => (day + 1) * 24 * 60),
]
/** Five, and from then on one in three days. */
const THEN_RARELY = [0, 60, 120, 180, 240, ...[4, 7, 10, 13, 16, 19, 22, 25, 28].map((day) => day * 24 * 60)]
const MONTH = (30 * DAY) / MINUTE

describe('requests without end for one address', () => {
  for (const [says, minutes, sent] of [
    ['at one moment make one letter', [0, 0, 0, 0, 0], [0]],
    ['make no second letter within the hour', [0, 1, 30, 59.999], [0]],
    ['make a second letter once an hour has gone', [0, 60], [0, 60]],
    ['count the hour from the letter, not from what was passed over', [0, 50, 60], [0, 60]],
    ['make five letters, and then one in three days', AGAIN_AND_AGAIN, THEN_RARELY],
    [
      'begin anew when the first is more than a month old',
      [0, 60, 120, 180, 240, MONTH + 1, MONTH + 61],
      [0, 60, 120, 180, 240, MONTH + 1, MONTH + 61],
    ],
  ] as const)
    test(says, async () => expect(await lettersFor(minutes)).toEqual(sent))

  test('are counted together however it is spelled', async () => {
    const spellings = ['ann@example.net', 'ANN@Example.net', 'Ann@EXAMPLE.NET']
    expect(await lettersFor([0, 1, 2], (n) => spellings[n] ?? '')).toEqual([0])
  })

  test('do not stand in the way of another address', async () => {
    await lettersFor([0, 1, 2])
    expect(await ask(store, 'bo@example.net', NOW + 2 * MINUTE)).toBe(1)
  })

  test('make no consent where they make no letter', async () => {
    await lettersFor([0, 1, 2, 3])
    expect(await consentsOf(store, 1)).toHaveLength(1)
  })

  test('are as seldom answered for a reader who gets the digest', async () => {
    await addSubscriber(store, ann, NOW - 1)
    expect(await lettersFor(AGAIN_AND_AGAIN)).toEqual(THEN_RARELY)
  })

  test('are held against nobody who confirmed', async () => {
    await lettersFor([0, 60, 120, 180])
    const consent = await askToConfirm(store, ANN, NOW + 240 * MINUTE)
    await confirmConsent(store, consent, '', NOW + 241 * MINUTE)
    await removeSubscriber(store, ann, NOW + 242 * MINUTE)
    expect(await lettersFor([300])).toEqual([300])
  })

  test('make one letter within the hour also when a request waited to be looked at', async () => {
    await noteRequest(store, requestOf(ANN), NOW - 2 * HOUR)
    await noteRequest(store, requestOf(ANN), NOW - HOUR)
    expect(await takeRequests(store, NOW)).toBe(1)
  })

  test('make no second letter when the clock is set back a little', async () => {
    expect(await lettersFor([0, -1])).toEqual([0])
  })

  test('are not shut out for ever by a clock that was years ahead', async () => {
    expect(await lettersFor([0, -MONTH * 12])).toEqual([0, -MONTH * 12])
  })
})

test('takeRequests() lets who was asked for days ago confirm for three days from the letter on', async () => {
  await noteRequest(store, requestOf(ANN), NOW)
  await takeRequests(store, NOW + 4 * DAY)
  expect(await confirmConsent(store, 1, '', NOW + 4 * DAY + HOUR)).toBe('confirmed')
})
