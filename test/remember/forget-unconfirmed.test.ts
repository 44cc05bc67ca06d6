import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { confirmConsent, consentsOf, forgetUnconfirmed, readConsent } from '../../src/remember/consents.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { claimNotice } from '../../src/remember/notices.ts'
import { noteRequest, takeRequests } from '../../src/remember/requests.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { noteSoftBounce, suppress } from '../../src/remember/suppressions.ts'
import type { Store } from '../../src/remember/open.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { PostOffice } from '../deliver/post.ts'
import { onServer } from '../support/database.ts'
import { testStore } from '../support/store.ts'
import { DAY, HOUR, NOW, ask, askToConfirm, idOf, noticesOf, requestOf, stateOf } from './asking.ts'

const ANN = 'ann@example.net'
const BO = 'bo@example.net'
const ann = parseEmailAddress(ANN)

let store: Store
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, drop } = await testStore())
})
afterEach(() => drop())

describe('forgetUnconfirmed()', () => {
  test('forgets who never confirmed, with every trace of them, when thirty days are over', async () => {
    const id = await askToConfirm(store, ANN, NOW)
    await noteSoftBounce(store, await idOf(store, ANN), { mail: 'm1', detail: 'full' }, NOW)
    await forgetUnconfirmed(store, NOW + 30 * DAY)
    expect(await readConsent(store, id, NOW + 30 * DAY)).toMatchObject({ state: 'expired' })
    await forgetUnconfirmed(store, NOW + 30 * DAY + 1)
    for (const table of ['subscribers', 'consents', 'notices', 'soft_bounces'] as const)
      expect(await store.selectFrom(table).selectAll().execute()).toEqual([])
  })

  test('keeps who asked again within thirty days, but not what they asked for before', async () => {
    const old = await askToConfirm(store, ANN, NOW)
    const fresh = await askToConfirm(store, ANN, NOW + 29 * DAY)
    await forgetUnconfirmed(store, NOW + 31 * DAY)
    expect(await readConsent(store, old, NOW + 31 * DAY)).toBeNull()
    expect(await confirmConsent(store, fresh, '', NOW + 31 * DAY)).toBe('confirmed')
    expect(await stateOf(store, ANN)).toBe('active')
  })

  test('forgets who asked twice once the last of it is old', async () => {
    await ask(store, ANN, NOW)
    await ask(store, ANN, NOW + 29 * DAY)
    await forgetUnconfirmed(store, NOW + 31 * DAY)
    await forgetUnconfirmed(store, NOW + 60 * DAY)
    expect(await stateOf(store, ANN)).toBe('nobody')
  })

  for (const [says, acts, state] of [
    ['has left', [() => removeSubscriber(store, ann, NOW)], 'unsubscribed'],
    ['bounced', [() => suppress(store, { address: ann }, 'bounced', 'gone', NOW)], 'active, bounced'],
    [
      'has left and complained',
      [() => removeSubscriber(store, ann, NOW), () => suppress(store, { address: ann }, 'complained', 'abuse', NOW)],
      'unsubscribed, complained',
    ],
  ] as const)
    test(`keeps who ${says}, asked again and did not confirm, with what they once confirmed`, async () => {
      await addSubscriber(store, ann, NOW)
      for (const act of acts) await act()
      await askToConfirm(store, ANN, NOW)
      await forgetUnconfirmed(store, NOW + 31 * DAY)
      expect(await stateOf(store, ANN)).toBe(state)
      expect(await consentsOf(store, await idOf(store, ANN))).toMatchObject([{ source: 'command', confirmedAt: NOW }])
    })

  test('keeps who was never asked, because the owner vouched for them', async () => {
    await askToConfirm(store, ANN, NOW)
    await addSubscriber(store, ann, NOW + HOUR)
    await askToConfirm(store, BO, NOW)
    await forgetUnconfirmed(store, NOW + 31 * DAY)
    expect([await stateOf(store, ANN), await stateOf(store, BO)]).toEqual(['active', 'nobody'])
  })

  test('keeps what was sent to a reader who later asked again and did not confirm', async () => {
    const office = await PostOffice.open(2)
    const address = 'reader-1@example.net'
    await removeSubscriber(office.store, parseEmailAddress(address), NOW)
    await askToConfirm(office.store, address, NOW)
    await forgetUnconfirmed(office.store, NOW + 31 * DAY)
    expect(await office.rows()).toHaveLength(2)
    expect(await stateOf(office.store, address)).toBe('unsubscribed')
    await office.close()
  })

  test('leaves the letters of who was not forgotten', async () => {
    const id = await askToConfirm(store, BO, NOW)
    await confirmConsent(store, id, '', NOW)
    await askToConfirm(store, ANN, NOW)
    await forgetUnconfirmed(store, NOW + 31 * DAY)
    expect(await noticesOf(store)).toEqual(['confirm to 1: due'])
    expect(await claimNotice(store, NOW + 31 * DAY)).toBeNull()
    expect(await stateOf(store, BO)).toBe('active')
  })

  // A server does not tell what one connection wrote.
  test.skipIf(onServer())('writes nothing when there is nobody to forget', async () => {
    await askToConfirm(store, ANN, NOW)
    const changes = async (): Promise<unknown> => (await sql`select total_changes() as n`.execute(store)).rows
    const before = await changes()
    await forgetUnconfirmed(store, NOW + 30 * DAY)
    expect(await changes()).toEqual(before)
  })

  test('forgets who was looked at a moment after they had asked', async () => {
    await noteRequest(store, requestOf(ANN), NOW)
    await takeRequests(store, NOW + HOUR)
    await forgetUnconfirmed(store, NOW + 30 * DAY + 1)
    await forgetUnconfirmed(store, NOW + 90 * DAY)
    expect(await stateOf(store, ANN)).toBe('nobody')
  })

  test('forgets who said that they leave before they confirmed', async () => {
    await askToConfirm(store, ANN, NOW)
    await removeSubscriber(store, ann, NOW)
    await askToConfirm(store, BO, NOW)
    await forgetUnconfirmed(store, NOW + 90 * DAY)
    expect([await stateOf(store, BO), await stateOf(store, ANN)]).toEqual(['nobody', 'nobody'])
  })
})
