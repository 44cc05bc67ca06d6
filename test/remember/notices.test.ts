import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_PREFERENCES } from '../../src/preferences.ts'
import { confirmConsent, forgetUnconfirmed } from '../../src/remember/consents.ts'
import { deleteSubscriber, removeSubscriber } from '../../src/remember/leave.ts'
import {
  type Notice,
  claimNotice,
  enterNotice,
  mayNotice,
  nextNotice,
  settleNotice,
} from '../../src/remember/notices.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { testStore } from '../support/store.ts'
import { DAY, HOUR, MINUTE, NOW, ask, askToConfirm, idOf, noticesOf } from './asking.ts'

const ANN = 'ann@example.net'
const BO = 'bo@example.net'
const ann = parseEmailAddress(ANN)

let store: Store
let path: string
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, path, drop } = await testStore())
})
afterEach(() => drop())

async function claimed(now: number, from = store): Promise<Notice> {
  const notice = await claimNotice(from, now)
  if (notice === null) throw new Error('nothing was claimed')
  return notice
}

/** Of each notice its state, until when it waits, how often it was tried, when it was settled, and how. */
async function rows(): Promise<unknown[]> {
  return store
    .selectFrom('notices')
    .select(['state', 'until', 'attempts', 'settled_at', 'reply'])
    .orderBy('id')
    .execute()
}

describe('mayNotice()', () => {
  for (const [says, ages, may] of [
    ['a reader who had none', [], true],
    ['a reader who had one an hour ago', [HOUR], true],
    ['a reader who had one less than an hour ago', [HOUR - 1], false],
    ['a reader who had one now', [0], false],
    ['a reader who had four of them', [4 * HOUR, 3 * HOUR, 2 * HOUR, HOUR], true],
    ['a reader who had five of them', [5 * HOUR, 4 * HOUR, 3 * HOUR, 2 * HOUR, HOUR], false],
    ['a reader who had the first of five a month ago', [30 * DAY, 4 * HOUR, 3 * HOUR, 2 * HOUR, HOUR], false],
    [
      'a reader who had the first of five more than a month ago',
      [30 * DAY + 1, 4 * HOUR, 3 * HOUR, 2 * HOUR, HOUR],
      true,
    ],
  ] as const)
    test(`${may ? 'lets' : 'does not let'} a letter go to ${says}`, async () => {
      await ask(store, ANN, NOW - 99 * DAY)
      for (const age of ages) await enterNotice(store, { subscriberId: 1, kind: 'confirm', consentId: 1 }, NOW - age)
      expect(await mayNotice(store, 1, 'confirm', NOW)).toBe(may)
    })

  for (const [says, confirmed, may] of [
    ['the last of them', HOUR, true],
    ['the first four of them', 2 * HOUR, true],
    ['none of them, but what came before', 6 * HOUR, false],
  ] as const)
    test(`counts none that was answered: of five, ${says}`, async () => {
      for (const hours of [5, 4, 3, 2, 1]) await ask(store, ANN, NOW - hours * HOUR)
      await confirmConsent(store, 1, '', NOW - confirmed)
      expect(await mayNotice(store, 1, 'confirm', NOW)).toBe(may)
    })

  test('lets who left come back at once, whatever they got before', async () => {
    for (const hours of [5, 4, 3, 2, 1]) await ask(store, ANN, NOW - hours * HOUR)
    await confirmConsent(store, 5, '', NOW - MINUTE)
    await removeSubscriber(store, ann, NOW)
    expect(await mayNotice(store, 1, 'confirm', NOW + 1)).toBe(true)
    await enterNotice(store, { subscriberId: 1, kind: 'confirm', consentId: 1 }, NOW + 1)
    expect(await mayNotice(store, 1, 'confirm', NOW + 2)).toBe(false)
  })

  for (const [days, may] of [
    [2, false],
    [3, true],
  ] as const)
    test(`lets one go ${days} days after five that nobody answered: ${may}`, async () => {
      await ask(store, ANN, NOW - 40 * DAY)
      for (const hours of [4, 3, 2, 1, 0]) {
        await enterNotice(store, { subscriberId: 1, kind: 'confirm', consentId: 1 }, NOW - hours * HOUR)
      }
      expect(await mayNotice(store, 1, 'confirm', NOW + days * DAY)).toBe(may)
    })

  test('counts for each reader alone', async () => {
    await ask(store, ANN, NOW)
    await ask(store, BO, NOW - HOUR)
    expect([await mayNotice(store, 1, 'confirm', NOW), await mayNotice(store, 2, 'confirm', NOW)]).toEqual([
      false,
      true,
    ])
  })
})

describe('claimNotice() at a pace', () => {
  const rates = { all: HOUR, domains: new Map<string, number>() }
  /** How many of these go at once. */
  async function goneOf(addresses: readonly string[]): Promise<number> {
    for (const address of addresses) await ask(store, address, NOW)
    let gone = 0
    while ((await claimNotice(store, NOW, rates)) !== null) gone++
    return gone
  }

  test('lets some go before their turn, and not all that a crowd asks for', async () => {
    const crowd = Array.from({ length: 20 }, (_, n) => `crowd-${n}@example.net`)
    expect(await goneOf(crowd)).toBe(10)
    expect(await claimNotice(store, NOW + HOUR, rates)).not.toBeNull()
  })

  test('takes the turns of the digests that follow', async () => {
    await goneOf([ANN, BO])
    const [row] = await store.selectFrom('rates').selectAll().execute()
    expect(row).toEqual({ scope: '', next_at: NOW + 2 * HOUR })
  })
})

describe('claimNotice()', () => {
  test('gives what is to be sent, to whom and about what', async () => {
    const consentId = await askToConfirm(store, ANN, NOW, { wishes: { ...NO_PREFERENCES, language: 'zh' } })
    const said = { id: 1, kind: 'confirm', subscriberId: 1, consentId, address: ANN, createdAt: NOW, attempts: 0 }
    expect(await claimed(NOW + MINUTE)).toEqual({ ...said, language: 'zh' })
  })

  for (const [says, own, asked, language] of [
    ['in the language in which somebody asked', 'en', 'zh', 'zh'],
    ['in that of the site, when it was asked for in that', 'zh', null, null],
  ] as const)
    test(`asks ${says}`, async () => {
      await addSubscriber(store, ann, NOW, { ...NO_PREFERENCES, language: own })
      await removeSubscriber(store, ann, NOW)
      await ask(store, ANN, NOW, { wishes: { ...NO_PREFERENCES, language: asked } })
      expect((await claimed(NOW)).language).toBe(language)
    })

  test('tells a reader in their own language that they get the digest', async () => {
    await addSubscriber(store, ann, NOW, { ...NO_PREFERENCES, language: 'zh' })
    await ask(store, ANN, NOW, { wishes: { ...NO_PREFERENCES, language: 'en' } })
    expect(await claimed(NOW)).toMatchObject({ kind: 'known', consentId: null, language: 'zh' })
  })

  test('gives each once, those that came first before the others', async () => {
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    expect([(await claimed(NOW)).address, (await claimed(NOW)).address]).toEqual([ANN, BO])
    expect(await claimNotice(store, NOW)).toBeNull()
  })

  test('gives one to one of two processes', async () => {
    const other = await openStore(path)
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    const both = await Promise.all([store, other, store, other].map((one) => claimNotice(one, NOW)))
    expect(both.flatMap((notice) => notice?.address ?? []).sort()).toEqual([ANN, BO])
    await other.destroy()
  })

  test('gives again, as the same letter, what was claimed ten minutes ago and not settled', async () => {
    await ask(store, ANN, NOW)
    const first = await claimed(NOW)
    expect(await claimNotice(store, NOW + 10 * MINUTE - 1)).toBeNull()
    expect(await claimed(NOW + 10 * MINUTE)).toEqual(first)
    expect(await claimNotice(store, NOW + 10 * MINUTE)).toBeNull()
  })

  test('gives what was put off only when its time has come, after what is new', async () => {
    await ask(store, ANN, NOW)
    await settleNotice(store, await claimed(NOW), { state: 'due', until: NOW + HOUR, reply: '451 later' }, NOW)
    expect(await claimNotice(store, NOW + HOUR - 1)).toBeNull()
    await ask(store, BO, NOW + HOUR)
    expect((await claimed(NOW + HOUR)).address).toBe(BO)
    expect(await claimed(NOW + HOUR)).toMatchObject({ address: ANN, attempts: 1 })
  })

  for (const [says, act, end] of [
    ['confirmed it', (consent: number) => confirmConsent(store, consent, '', NOW), 'dropped'],
    ['left', () => removeSubscriber(store, ann, NOW), 'expired'],
    ['had everything deleted', async () => deleteSubscriber(store, await idOf(store, ANN), NOW), 'dropped'],
  ] as const)
    test(`does not ask who has meanwhile ${says}, and goes on to the next`, async () => {
      const consent = await askToConfirm(store, ANN, NOW)
      await ask(store, BO, NOW)
      await act(consent)
      expect((await claimed(NOW)).address).toBe(BO)
      expect(await noticesOf(store)).toEqual([`confirm to 1: ${end}`, 'confirm to 2: due'])
    })

  test('asks who confirmed something else', async () => {
    await askToConfirm(store, ANN, NOW)
    await settleNotice(store, await claimed(NOW), { state: 'sent', reply: '250 ok' }, NOW)
    await askToConfirm(store, ANN, NOW + HOUR)
    await confirmConsent(store, 1, '', NOW + HOUR)
    expect(await claimed(NOW + HOUR)).toMatchObject({ kind: 'confirm', consentId: 2 })
  })

  test('tells nothing to who gets the digest and had everything deleted meanwhile', async () => {
    await addSubscriber(store, ann, NOW)
    await ask(store, ANN, NOW)
    await deleteSubscriber(store, await idOf(store, ANN), NOW)
    expect(await claimNotice(store, NOW)).toBeNull()
    expect(await noticesOf(store)).toEqual(['known to 1: dropped'])
  })

  test('tells nobody that they get the digest who has left meanwhile', async () => {
    await addSubscriber(store, ann, NOW)
    await ask(store, ANN, NOW)
    await removeSubscriber(store, ann, NOW)
    expect(await claimNotice(store, NOW)).toBeNull()
  })

  test('sends no link that has expired while no process was there', async () => {
    await ask(store, ANN, NOW)
    expect(await claimNotice(store, NOW + 3 * DAY)).toBeNull()
  })
})

describe('settleNotice()', () => {
  const put = { state: 'due', until: NOW + 2 * DAY + HOUR, reply: '451 later' } as const

  for (const [says, end, after, row] of [
    [
      'closes what was sent',
      { state: 'sent', reply: '250 ok' },
      MINUTE,
      { state: 'sent', attempts: 0, settled_at: NOW + MINUTE, reply: '250 ok' },
    ],
    [
      'closes what was refused',
      { state: 'refused', reply: '550 no' },
      MINUTE,
      { state: 'refused', attempts: 0, settled_at: NOW + MINUTE, reply: '550 no' },
    ],
    [
      'puts off what did not go',
      put,
      MINUTE,
      { state: 'due', until: put.until, attempts: 1, settled_at: null, reply: '451 later' },
    ],
    ['tries until two days are over', put, 2 * DAY - 1, { state: 'due', until: put.until, attempts: 1 }],
    [
      'gives up exactly after two days',
      put,
      2 * DAY,
      { state: 'expired', settled_at: NOW + 2 * DAY, reply: '451 later' },
    ],
    ['closes what was sent after two days', { state: 'sent', reply: '250 ok' }, 2 * DAY, { state: 'sent' }],
  ] as const)
    test(says, async () => {
      await ask(store, ANN, NOW)
      const notice = await claimed(NOW)
      await ask(store, BO, NOW)
      await settleNotice(store, notice, end, NOW + after)
      expect(await rows()).toMatchObject([row, { state: 'due', until: 0, attempts: 0, settled_at: null, reply: null }])
    })

  test('keeps what another process settled that claimed it later', async () => {
    await ask(store, ANN, NOW)
    const [slow, quick] = [await claimed(NOW), await claimed(NOW + 10 * MINUTE)]
    await settleNotice(store, quick, { state: 'sent', reply: '250 ok' }, NOW + 11 * MINUTE)
    await settleNotice(store, slow, { state: 'due', until: NOW + DAY, reply: 'lost' }, NOW + 12 * MINUTE)
    expect(await rows()).toMatchObject([{ state: 'sent', reply: '250 ok' }])
  })

  test('makes nothing of one that was forgotten', async () => {
    await ask(store, ANN, NOW)
    const notice = await claimed(NOW)
    await forgetUnconfirmed(store, NOW + 31 * DAY)
    await settleNotice(store, notice, { state: 'sent', reply: '250 ok' }, NOW + 31 * DAY)
    expect(await rows()).toEqual([])
  })
})

describe('nextNotice()', () => {
  test('is never when there is none', async () => expect(await nextNotice(store)).toBeNull())

  test('is at once when one is new', async () => {
    await ask(store, ANN, NOW)
    expect(await nextNotice(store)).toBe(0)
  })

  test('is when the claim of the first ends, be its process alive or not', async () => {
    await ask(store, ANN, NOW)
    await claimed(NOW)
    await ask(store, BO, NOW)
    await claimed(NOW + MINUTE)
    expect(await nextNotice(store)).toBe(NOW + 10 * MINUTE)
  })

  test('is never once all are settled', async () => {
    await ask(store, ANN, NOW)
    await settleNotice(store, await claimed(NOW), { state: 'refused', reply: '550 no' }, NOW)
    expect(await nextNotice(store)).toBeNull()
  })
})
