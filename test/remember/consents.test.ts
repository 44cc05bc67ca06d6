import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_PREFERENCES, type Preferences, parseTopic } from '../../src/preferences.ts'
import { confirmConsent, consentsOf, readConsent } from '../../src/remember/consents.ts'
import { deleteSubscriber, pauseSubscriber, removeSubscriber } from '../../src/remember/leave.ts'
import { addSubscriber, findSubscriber, setPreferences } from '../../src/remember/subscribers.ts'
import { noteSoftBounce, suppress, suppressionOf } from '../../src/remember/suppressions.ts'
import type { Store } from '../../src/remember/open.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { testStore } from '../support/store.ts'
import { DAY, HOUR, NOW, askToConfirm, idOf, putEntry, stateOf } from './asking.ts'

const ANN = 'ann@example.net'
const BO = 'bo@example.net'
const ann = parseEmailAddress(ANN)
const WEEKLY: Preferences = {
  ...{ frequency: 'weekly', zone: 'Asia/Tokyo', topics: [parseTopic('tag:tides')], language: 'zh' },
}

let store: Store
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, drop } = await testStore())
})
afterEach(() => drop())

/** The highest number that counts as had by a reader. */
async function hadOf(address: string): Promise<number> {
  const row = store
    .selectFrom('subscribers')
    .select('had')
    .where('id', '=', await idOf(store, address))
  return (await row.executeTakeFirstOrThrow()).had
}

/** Everything that is known of readers and consents. */
async function all(): Promise<unknown[]> {
  const readers = await store.selectFrom('subscribers').selectAll().orderBy('id').execute()
  const consents = await store.selectFrom('consents').selectAll().orderBy('id').execute()
  return [readers, consents, await store.selectFrom('suppressions').selectAll().execute()]
}

describe('readConsent()', () => {
  for (const [says, after, state] of [
    ['at once', 0, 'open'],
    ['a millisecond before three days are over', 3 * DAY - 1, 'open'],
    ['exactly after three days', 3 * DAY, 'expired'],
    ['before it was asked for, by a clock that was set back', -DAY, 'open'],
  ] as const)
    test(`finds it ${state} ${says}`, async () => {
      const id = await askToConfirm(store, ANN, NOW, { wishes: WEEKLY })
      expect(await readConsent(store, id, NOW + after)).toEqual({ address: ANN, language: 'zh', state })
    })

  test('finds confirmed for ever what was confirmed', async () => {
    const id = await askToConfirm(store, ANN, NOW)
    await confirmConsent(store, id, '', NOW)
    expect(await readConsent(store, id, NOW + 300 * DAY)).toEqual({ address: ANN, language: null, state: 'confirmed' })
  })

  test('knows none that never was', async () => expect(await readConsent(store, 7, NOW)).toBeNull())
})

describe('confirmConsent()', () => {
  test('puts a reader on the list with what they asked for, and nobody else', async () => {
    await askToConfirm(store, BO, NOW)
    const id = await askToConfirm(store, ANN, NOW, { wishes: WEEKLY })
    expect(await confirmConsent(store, id, '', NOW + HOUR)).toBe('confirmed')
    expect(await findSubscriber(store, ann)).toMatchObject({ state: 'active', leftAt: null, preferences: WEEKLY })
    expect(await stateOf(store, BO)).toBe('pending')
  })

  for (const [says, client, kept] of [
    ['from where it was confirmed', '203.0.113.9', '203.0.113.9'],
    ['from where it was asked for, when it is confirmed by mail', '', '192.0.2.7'],
  ] as const)
    test(`keeps when, and ${says}`, async () => {
      const id = await askToConfirm(store, ANN, NOW)
      await confirmConsent(store, id, client, NOW + HOUR)
      const [consent] = await consentsOf(store, await idOf(store, ANN))
      expect(consent).toMatchObject({ askedAt: NOW, confirmedAt: NOW + HOUR, client: kept })
    })

  test('begins with what comes from then on, not from when it was asked for', async () => {
    await putEntry(store, 7)
    const id = await askToConfirm(store, ANN, NOW)
    await putEntry(store, 8)
    await confirmConsent(store, id, '', NOW)
    await putEntry(store, 9)
    expect(await hadOf(ANN)).toBe(8)
  })

  test('works until a millisecond before three days are over', async () => {
    const id = await askToConfirm(store, ANN, NOW)
    expect(await confirmConsent(store, id, '', NOW + 3 * DAY - 1)).toBe('confirmed')
    expect(await stateOf(store, ANN)).toBe('active')
  })

  test('does nothing exactly after three days', async () => {
    const id = await askToConfirm(store, ANN, NOW)
    const before = await all()
    expect(await confirmConsent(store, id, '203.0.113.9', NOW + 3 * DAY)).toBe('expired')
    expect(await all()).toEqual(before)
  })

  test('knows none that never was', async () => expect(await confirmConsent(store, 7, '', NOW)).toBe('unknown'))

  test('confirms one of two, and does not touch the other', async () => {
    const first = await askToConfirm(store, ANN, NOW, { wishes: WEEKLY })
    const second = await askToConfirm(store, ANN, NOW + HOUR)
    await confirmConsent(store, first, '', NOW + 2 * HOUR)
    expect((await findSubscriber(store, ann))?.preferences).toEqual(WEEKLY)
    expect(await readConsent(store, second, NOW + 2 * HOUR)).toMatchObject({ state: 'open' })
  })

  test('voids the earlier of two with the later, so that it undoes nothing that was chosen since', async () => {
    const first = await askToConfirm(store, ANN, NOW, { wishes: WEEKLY })
    const second = await askToConfirm(store, ANN, NOW + HOUR)
    await confirmConsent(store, second, '', NOW + 2 * HOUR)
    await setPreferences(store, ann, { frequency: 'instant' })
    await pauseSubscriber(store, 1, NOW + 2 * HOUR)
    expect(await confirmConsent(store, first, '', NOW + 3 * HOUR)).toBe('expired')
    expect(await findSubscriber(store, ann)).toMatchObject({ state: 'paused', preferences: { frequency: 'instant' } })
  })

  test('changes what a reader gets, and not what they had, when they confirm a later one as well', async () => {
    const first = await askToConfirm(store, ANN, NOW)
    const second = await askToConfirm(store, ANN, NOW + HOUR, { wishes: WEEKLY })
    await confirmConsent(store, first, '', NOW + 2 * HOUR)
    await putEntry(store, 7)
    expect(await confirmConsent(store, second, '', NOW + 3 * HOUR)).toBe('confirmed')
    expect(await findSubscriber(store, ann)).toMatchObject({ state: 'active', preferences: WEEKLY })
    expect(await hadOf(ANN)).toBe(0)
  })

  test('lets each of two expire by itself', async () => {
    const first = await askToConfirm(store, ANN, NOW)
    const second = await askToConfirm(store, ANN, NOW + HOUR)
    expect(await confirmConsent(store, first, '', NOW + 3 * DAY)).toBe('expired')
    expect(await confirmConsent(store, second, '', NOW + 3 * DAY)).toBe('confirmed')
  })

  for (const reason of ['bounced', 'complained', 'deleted'] as const)
    test(`lifts the suppression of an address that was ${reason}, with the bounces before it`, async () => {
      await addSubscriber(store, ann, NOW)
      const reader = await idOf(store, ANN)
      await noteSoftBounce(store, reader, { mail: 'm1', detail: 'full' }, NOW)
      await suppress(store, { address: ann }, reason, 'so it is', NOW)
      const id = await askToConfirm(store, ANN, NOW + DAY)
      expect(await suppressionOf(store, ann)).not.toBeNull()
      await putEntry(store, 7)
      await confirmConsent(store, id, '', NOW + DAY)
      expect(await suppressionOf(store, ann)).toBeNull()
      expect(await stateOf(store, ANN)).toBe('active')
      expect(await store.selectFrom('soft_bounces').selectAll().execute()).toEqual([])
      // Nothing is made up for that was missed meanwhile.
      expect(await hadOf(ANN)).toBe(7)
    })

  test('brings back who had everything deleted, once they ask anew, as somebody else', async () => {
    await addSubscriber(store, ann, NOW)
    const former = await idOf(store, ANN)
    await deleteSubscriber(store, former, NOW)
    const id = await askToConfirm(store, ANN, NOW + DAY)
    await confirmConsent(store, id, '', NOW + DAY)
    expect(await stateOf(store, ANN)).toBe('active')
    expect(await suppressionOf(store, ann)).toBeNull()
    const row = await store.selectFrom('subscribers').selectAll().where('id', '=', former).executeTakeFirst()
    expect(row).toMatchObject({ state: 'unsubscribed', address: '', suppressed: 'deleted' })
  })

  test('takes a reader out of a pause who asked because their address had bounced', async () => {
    await addSubscriber(store, ann, NOW)
    await pauseSubscriber(store, await idOf(store, ANN), NOW)
    await suppress(store, { address: ann }, 'bounced', 'gone', NOW)
    const id = await askToConfirm(store, ANN, NOW)
    await confirmConsent(store, id, '', NOW)
    expect(await stateOf(store, ANN)).toBe('active')
  })
})

describe('a link to confirm that was used', () => {
  for (const [says, act, state] of [
    ['has left since', () => removeSubscriber(store, ann, NOW + HOUR), 'unsubscribed'],
    ['has paused since', async () => pauseSubscriber(store, await idOf(store, ANN), NOW + HOUR), 'paused'],
    ['bounced since', () => suppress(store, { address: ann }, 'bounced', 'gone', NOW + HOUR), 'active, bounced'],
    ['chose something else since', () => setPreferences(store, ann, { frequency: 'daily' }), 'active'],
  ] as const)
    test(`does nothing for a reader who ${says}`, async () => {
      const id = await askToConfirm(store, ANN, NOW, { wishes: WEEKLY })
      await confirmConsent(store, id, '', NOW)
      await act()
      const before = await all()
      expect(await confirmConsent(store, id, '203.0.113.9', NOW + 2 * HOUR)).toBe('confirmed before')
      expect(await all()).toEqual(before)
      expect(await stateOf(store, ANN)).toBe(state)
    })

  test('says no more after everything was deleted', async () => {
    const id = await askToConfirm(store, ANN, NOW)
    await confirmConsent(store, id, '', NOW)
    await deleteSubscriber(store, await idOf(store, ANN), NOW)
    expect(await confirmConsent(store, id, '', NOW)).toBe('unknown')
    expect(await readConsent(store, id, NOW)).toBeNull()
  })
})

describe('a link to confirm that was not used', () => {
  test('is void once the reader has left, be there one or two', async () => {
    const first = await askToConfirm(store, ANN, NOW)
    const second = await askToConfirm(store, ANN, NOW + HOUR)
    const third = await askToConfirm(store, ANN, NOW + 2 * HOUR)
    await confirmConsent(store, second, '', NOW + 2 * HOUR)
    await removeSubscriber(store, ann, NOW + 2 * HOUR)
    for (const id of [first, third]) expect(await confirmConsent(store, id, '', NOW + 2 * HOUR)).toBe('expired')
    expect(await stateOf(store, ANN)).toBe('unsubscribed')
  })

  test('is void once somebody who never confirmed says that they leave', async () => {
    const id = await askToConfirm(store, ANN, NOW)
    expect(await removeSubscriber(store, ann, NOW)).toBe(false)
    expect(await confirmConsent(store, id, '', NOW)).toBe('expired')
    expect(await stateOf(store, ANN)).toBe('pending')
  })

  test('is void once somebody who has left says again that they leave', async () => {
    await addSubscriber(store, ann, NOW)
    await removeSubscriber(store, ann, NOW)
    const id = await askToConfirm(store, ANN, NOW)
    await removeSubscriber(store, ann, NOW + HOUR)
    expect(await confirmConsent(store, id, '', NOW + 2 * HOUR)).toBe('expired')
    expect(await stateOf(store, ANN)).toBe('unsubscribed')
  })
})

describe('consentsOf()', () => {
  test('gives what a reader agreed to, newest first, and nothing of another', async () => {
    await addSubscriber(store, ann, NOW, WEEKLY)
    await removeSubscriber(store, ann, NOW + HOUR)
    await askToConfirm(store, ANN, NOW + DAY)
    await askToConfirm(store, BO, NOW + DAY)
    const asked = { source: 'form', place: 'https://example.org/', client: '192.0.2.7', text: 'I ask for it.' }
    const vouched = { source: 'command', place: '', client: '', text: '' }
    expect(await consentsOf(store, await idOf(store, ANN))).toEqual([
      { ...asked, wishes: NO_PREFERENCES, askedAt: NOW + DAY, confirmedAt: null },
      { ...vouched, wishes: WEEKLY, askedAt: NOW, confirmedAt: NOW },
    ])
  })
})
