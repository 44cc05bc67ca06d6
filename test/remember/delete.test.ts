import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_PREFERENCES, parseTopic } from '../../src/preferences.ts'
import { confirmConsent, consentsOf } from '../../src/remember/consents.ts'
import { deleteSubscriber } from '../../src/remember/leave.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { claimNotice, settleNotice } from '../../src/remember/notices.ts'
import { noteRequest, takeRequests } from '../../src/remember/requests.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { addSubscriber, findSubscriber, listSubscribers, readSubscriber } from '../../src/remember/subscribers.ts'
import { noteSoftBounce, suppress, suppressionOf } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { PostOffice } from '../deliver/post.ts'
import { DAY, HOUR, NOW, ask, askToConfirm, idOf, placesOf, requestOf, stateOf } from './asking.ts'

const FIRST = 'reader-1@example.net'
const first = parseEmailAddress(FIRST)
const GONE = `550 5.1.1 <${FIRST}>: no such mailbox`

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
    isRefused: () =>
      settleAndClaim(office.store, { runId }, [{ claim, state: 'refused', reply: GONE, isDead: true }], 0, NOW),
  }
}

describe('deleteSubscriber()', () => {
  const forget = (): Promise<boolean> => deleteSubscriber(office.store, 1, NOW + HOUR)

  test('leaves the address nowhere in the store, not even in what servers said of it', async () => {
    const { store } = office
    await suppress(store, { subscriberId: 1 }, 'bounced', GONE, NOW)
    await noteSoftBounce(store, 1, { mail: 'm1', detail: GONE }, NOW)
    await sql`update ledger set state = 'refused', reply = ${GONE} where subscriber_id = 1`.execute(store)
    await askToConfirm(store, FIRST, NOW)
    const notice = await claimNotice(store, NOW)
    if (notice !== null) await settleNotice(store, notice, { state: 'refused', reply: GONE }, NOW)
    await noteRequest(store, requestOf(FIRST), NOW)
    const before = [
      'ledger.reply',
      'notices.reply',
      'requests.address',
      'requests.address_key',
      'subscribers.address',
      'subscribers.address_key',
    ]
    expect(await placesOf(store, FIRST)).toEqual(before)
    expect(await forget()).toBe(true)
    expect(await placesOf(store, FIRST)).toEqual([])
    expect(await placesOf(store, 'reader-1')).toEqual([])
  })

  test('leaves nothing of what they chose or agreed to, nor of how it arrived', async () => {
    const { store } = office
    const ann = parseEmailAddress('ann@elsewhere.example')
    const wishes = {
      ...NO_PREFERENCES,
      frequency: 'weekly',
      zone: 'Asia/Tokyo',
      topics: [parseTopic('tag:tides')],
      language: 'zh',
    } as const
    await addSubscriber(store, ann, NOW, wishes)
    const id = await idOf(store, ann)
    await noteSoftBounce(store, id, { mail: 'mail-of-ann', detail: '' }, NOW)
    await deleteSubscriber(store, id, NOW)
    for (const trace of ['elsewhere.example', 'Asia/Tokyo', 'tag:tides', 'mail-of-ann', 'weekly'])
      expect(await placesOf(store, trace)).toEqual([])
    expect(await consentsOf(store, id)).toEqual([])
  })

  test('leaves everything of the others', async () => {
    const { store } = office
    const second = 'reader-2@example.net'
    const reply = `450 4.2.2 <${second}> full`
    await sql`update ledger set state = 'deferred', reply = ${reply} where subscriber_id = 2`.execute(store)
    await noteSoftBounce(store, 2, { mail: 'm2', detail: '' }, NOW)
    await noteRequest(store, requestOf(second), NOW)
    const before = [await readSubscriber(store, 2), await placesOf(store, second), await consentsOf(store, 2)]
    await forget()
    expect([await readSubscriber(store, 2), await placesOf(store, second), await consentsOf(store, 2)]).toEqual(before)
    expect(await store.selectFrom('soft_bounces').select('mail').execute()).toEqual([{ mail: 'm2' }])
  })

  test('keeps counted what was sent, and sends nothing that waits', async () => {
    await putOff()
    await office.freeze('digest-2')
    await office.freeze('digest-3')
    await sql`update ledger set state = 'sent', reply = '250 ok' where id = 'digest-2.1'`.execute(office.store)
    await forget()
    expect((await letters()).slice(0, 3)).toEqual([
      'digest-1.1 suppressed: the reader was deleted',
      'digest-2.1 sent: the reader was deleted',
      'digest-3.1 suppressed: the reader was deleted',
    ])
  })

  test('sends nothing that waits of an address that was suppressed before', async () => {
    await suppress(office.store, { subscriberId: 1 }, 'bounced', 'gone', NOW)
    await sql`update ledger set state = 'due', reply = null where id = 'digest-1.1'`.execute(office.store)
    await forget()
    expect((await letters())[0]).toBe('digest-1.1 suppressed: the reader was deleted')
  })

  test('shows nothing of them any more', async () => {
    await forget()
    expect(await readSubscriber(office.store, 1)).toBeNull()
    expect(await findSubscriber(office.store, first)).toBeNull()
    expect((await listSubscribers(office.store, 0, 9)).map(({ id }) => id)).toEqual([2])
  })

  test('mails nothing to the address, not even when the owner adds it again', async () => {
    await forget()
    expect(await suppressionOf(office.store, first)).toEqual({
      reason: 'deleted',
      detail: 'deleted by the reader',
      since: NOW + HOUR,
    })
    expect(await addSubscriber(office.store, first, NOW)).toBe('added')
    expect(await stateOf(office.store, FIRST)).toBe('active, deleted')
    await office.freeze('digest-2')
    expect((await letters()).filter((letter) => letter.startsWith('digest-2'))).toEqual(['digest-2.2 due'])
  })

  test('keeps nothing that a server said when the address was suppressed before', async () => {
    await suppress(office.store, { subscriberId: 1 }, 'complained', 'abuse', NOW)
    await forget()
    expect(await suppressionOf(office.store, first)).toEqual({
      ...{ reason: 'deleted', detail: 'deleted by the reader', since: NOW },
    })
  })

  test('works for who never confirmed', async () => {
    await ask(office.store, 'ann@example.net', NOW)
    expect(await deleteSubscriber(office.store, await idOf(office.store, 'ann@example.net'), NOW)).toBe(true)
    expect(await placesOf(office.store, 'ann@example.net')).toEqual([])
  })

  test('does nothing a second time, nor for nobody', async () => {
    await forget()
    const before = await office.store.selectFrom('suppressions').selectAll().execute()
    expect(await deleteSubscriber(office.store, 1, NOW + DAY)).toBe(false)
    expect(await deleteSubscriber(office.store, 99, NOW + DAY)).toBe(false)
    expect(await office.store.selectFrom('suppressions').selectAll().execute()).toEqual(before)
  })

  test('deletes again who came back', async () => {
    await forget()
    const consent = await askToConfirm(office.store, FIRST, NOW + DAY)
    await confirmConsent(office.store, consent, '', NOW + DAY)
    expect(await deleteSubscriber(office.store, await idOf(office.store, FIRST), NOW + 2 * DAY)).toBe(true)
    expect(await placesOf(office.store, FIRST)).toEqual([])
    expect(await suppressionOf(office.store, first)).toMatchObject({ reason: 'deleted', since: NOW + 2 * DAY })
  })

  test('lets no letter go a second time that was on its way', async () => {
    const letter = await onItsWay()
    await forget()
    expect((await letter.comesBack()).claims.map(({ subscriberId }) => subscriberId)).toEqual([2])
  })

  test('leaves no address behind in the answer to a letter that was on its way', async () => {
    const letter = await onItsWay()
    await forget()
    await letter.isRefused()
    expect(await placesOf(office.store, FIRST)).toEqual([])
  })

  test('leaves no address behind in the answer to a notice that was on its way', async () => {
    await ask(office.store, 'ann@example.net', NOW)
    const notice = await claimNotice(office.store, NOW)
    await deleteSubscriber(office.store, await idOf(office.store, 'ann@example.net'), NOW)
    if (notice !== null)
      await settleNotice(office.store, notice, { state: 'refused', reply: '550 <ann@example.net>?' }, NOW)
    expect(await placesOf(office.store, 'ann@example.net')).toEqual([])
  })

  test('leaves no request behind in which the address is spelled otherwise', async () => {
    await noteRequest(office.store, requestOf('Reader-1@EXAMPLE.net'), NOW)
    await forget()
    expect(await placesOf(office.store, FIRST)).toEqual([])
    expect(await takeRequests(office.store, NOW + DAY)).toBe(0)
  })
})
