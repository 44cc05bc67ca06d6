import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Preferences, NO_PREFERENCES, parseTopic } from '../../src/preferences.ts'
import { type FreezableDigest, freezeDigests, readerGroups } from '../../src/remember/freeze.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import type { Store } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { removeSubscriber, removeSubscriberById } from '../../src/remember/leave.ts'
import {
  addConfigured,
  addSubscriber,
  findSubscriber,
  listSubscribers,
  setPreferences,
} from '../../src/remember/subscribers.ts'
import { type EmailAddress, parseEmailAddress } from '../../src/subscriber.ts'
import { letGo, unpublishedDigests } from '../../src/remember/unpublished.ts'
import { testStore } from '../support/store.ts'

const NOW = Date.UTC(2026, 0, 31)
const LATER = NOW + 1000
const ann = parseEmailAddress('ann@example.net')
const bob = parseEmailAddress('bob@example.net')

let store: Store
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, drop } = await testStore())
})
afterEach(() => drop())

/** A reader of the settings who asks for nothing. */
function plain(address: EmailAddress): { address: EmailAddress } & Preferences {
  return { address, ...NO_PREFERENCES }
}

const WISHES: Preferences = {
  frequency: 'weekly',
  zone: 'Asia/Shanghai',
  topics: [parseTopic('category:science'), parseTopic('tag:tides')],
  language: 'zh-CN',
}

async function list(): Promise<string[]> {
  return (await listSubscribers(store, 0, 100)).map(({ address, state }) => `${address} ${state}`)
}

describe('addSubscriber()', () => {
  test('adds a reader once, whatever the case of the address', async () => {
    expect(await addSubscriber(store, ann, NOW)).toBe('added')
    expect(await addSubscriber(store, ann, LATER)).toBe('there already')
    expect(await addSubscriber(store, parseEmailAddress('ANN@example.net'), LATER)).toBe('there already')
    expect(await listSubscribers(store, 0, 100)).toEqual([
      {
        id: 1,
        address: ann,
        state: 'active',
        addedAt: NOW,
        leftAt: null,
        suppressed: null,
        preferences: NO_PREFERENCES,
      },
    ])
  })

  test('brings a reader back who had left, under the address as it is written now', async () => {
    await addSubscriber(store, ann, NOW)
    await removeSubscriber(store, ann, NOW)
    expect(await addSubscriber(store, parseEmailAddress('Ann@example.net'), LATER)).toBe('returned')
    expect(await listSubscribers(store, 0, 100)).toMatchObject([{ id: 1, address: 'Ann@example.net', leftAt: null }])
  })
})

describe('the preferences of a reader', () => {
  const wishesOf = async (address: EmailAddress): Promise<Preferences | undefined> =>
    (await findSubscriber(store, address))?.preferences

  test('are kept as they were given', async () => {
    await addSubscriber(store, ann, NOW, WISHES)
    expect(await wishesOf(ann)).toEqual(WISHES)
    expect((await listSubscribers(store, 0, 1))[0]?.preferences).toEqual(WISHES)
  })

  test('are those of the settings', async () => {
    await addConfigured(store, [{ address: ann, ...WISHES }, plain(bob)], NOW)
    expect([await wishesOf(ann), await wishesOf(bob)]).toEqual([WISHES, NO_PREFERENCES])
  })

  for (const [says, again] of [
    ['the settings name them', () => addConfigured(store, [plain(ann)], LATER)],
    ['somebody adds them', () => addSubscriber(store, ann, LATER)],
  ] as const)
    test(`stay when they are there already and ${says} otherwise`, async () => {
      await addSubscriber(store, ann, NOW, WISHES)
      await again()
      expect(await wishesOf(ann)).toEqual(WISHES)
    })

  test('are new ones for a reader who comes back', async () => {
    await addSubscriber(store, ann, NOW, WISHES)
    await removeSubscriber(store, ann, NOW)
    await addSubscriber(store, ann, LATER)
    expect(await wishesOf(ann)).toEqual(NO_PREFERENCES)
  })

  for (const [says, changes] of [
    ['frequency', { frequency: 'instant' }],
    ['zone', { zone: 'Europe/Berlin' }],
    ['zone back to that of the site', { zone: null }],
    ['topics', { topics: [] }],
    ['language back to that of the site', { language: null }],
    ['nothing', {}],
  ] as const satisfies [string, Partial<Preferences>][])
    test(`change by what is named alone: ${says}`, async () => {
      await addConfigured(
        store,
        [ann, bob].map((address) => ({ address, ...WISHES })),
        NOW,
      )
      expect(await setPreferences(store, parseEmailAddress('ANN@example.net'), changes)).toBe(true)
      expect([await wishesOf(ann), await wishesOf(bob)]).toEqual([{ ...WISHES, ...changes }, WISHES])
    })

  test('leave what they had as it is', async () => {
    await addSubscriber(store, ann, NOW)
    await store.updateTable('subscribers').set({ had: 7 }).execute()
    await setPreferences(store, ann, WISHES)
    expect(await readerGroups(store)).toMatchObject([{ frequency: 'weekly', had: 7 }])
  })

  test('are not changed for who has left, nor for who never came', async () => {
    await addSubscriber(store, ann, NOW, WISHES)
    await removeSubscriber(store, ann, NOW)
    expect(await setPreferences(store, ann, { topics: [] })).toBe(false)
    expect(await setPreferences(store, bob, { topics: [] })).toBe(false)
    expect([await wishesOf(ann), await wishesOf(bob)]).toEqual([WISHES, undefined])
  })
})

test('findSubscriber() finds a reader whatever the case, also one who has left, and null for who never came', async () => {
  await addSubscriber(store, ann, NOW)
  await removeSubscriber(store, ann, LATER)
  const found = await findSubscriber(store, parseEmailAddress('ANN@example.net'))
  expect(found).toMatchObject({ id: 1, address: ann, state: 'unsubscribed', leftAt: LATER })
  expect(await findSubscriber(store, bob)).toBeNull()
})

test('removeSubscriberById() takes off the reader with that id, once', async () => {
  await addConfigured(store, [ann, bob].map(plain), NOW)
  expect([await removeSubscriberById(store, 2, LATER), await removeSubscriberById(store, 2, LATER)]).toEqual([
    true,
    false,
  ])
  expect(await list()).toEqual(['ann@example.net active', 'bob@example.net unsubscribed'])
})

describe('addConfigured()', () => {
  test('adds each reader of the settings once', async () => {
    expect(await addConfigured(store, [ann, bob, ann].map(plain), NOW)).toBe(2)
    expect(await addConfigured(store, [bob, ann].map(plain), LATER)).toBe(0)
    expect(await list()).toEqual(['ann@example.net active', 'bob@example.net active'])
  })

  test('does not bring back who has left', async () => {
    await addConfigured(store, [plain(ann)], NOW)
    await removeSubscriber(store, ann, NOW)
    expect(await addConfigured(store, [plain(ann)], LATER)).toBe(0)
    expect(await list()).toEqual(['ann@example.net unsubscribed'])
  })
})

describe('removeSubscriber()', () => {
  test('takes a reader off, and says so once', async () => {
    await addSubscriber(store, ann, NOW)
    expect(await removeSubscriber(store, parseEmailAddress('ANN@example.net'), LATER)).toBe(true)
    expect(await removeSubscriber(store, ann, LATER + 1)).toBe(false)
    expect(await listSubscribers(store, 0, 100)).toMatchObject([{ state: 'unsubscribed', leftAt: LATER }])
    expect(await readerGroups(store)).toEqual([])
  })

  test.each([
    ['waits', 0],
    ['was put off', 1],
  ])('keeps a reader who comes back from a letter that %s, and from no other reader', async (_, tries) => {
    await addConfigured(store, [ann, bob].map(plain), NOW)
    const letter = { subject: 'Tides', html: '<p>Tides</p>', text: 'Tides' }
    const groups = await readerGroups(store)
    const digest: FreezableDigest = {
      ...{ id: 'd', frequency: 'site', zone: 'UTC', slot: 's', variant: 'v', domain: 'example.org' },
      ...{ language: '', isListed: true, letter, entries: [], more: 0, groups },
    }
    await freezeDigests(store, { digests: [digest], groups, slots: [] }, NOW)
    await letGo(store, await unpublishedDigests(store))
    const run = await beginRun(store, NOW)
    const { claims } = await settleAndClaim(store, { runId: run }, [], 2 * tries, NOW)
    const busy = { state: 'deferred', until: NOW, reply: 'busy', unknown: false } as const
    await settleAndClaim(
      store,
      { runId: run },
      claims.map((claim) => ({ claim, ...busy })),
      0,
      NOW,
    )
    await removeSubscriber(store, ann, LATER)
    await addSubscriber(store, ann, LATER)
    const row = await store.selectFrom('ledger').selectAll().where('id', '=', 'd.1').executeTakeFirst()
    expect(row).toMatchObject({ state: 'suppressed', reply: 'the reader has left', settled_at: LATER })
    const again = await settleAndClaim(store, { runId: run }, [], 2, LATER)
    expect(again.claims.map(({ id }) => id)).toEqual(['d.2'])
  })

  test('knows nothing of an address that was never there', async () =>
    expect(await removeSubscriber(store, ann, NOW)).toBe(false))
})

test('listSubscribers() gives pages in the order in which readers came', async () => {
  const addresses: EmailAddress[] = ['eve', 'dan', 'cid'].map((name) => parseEmailAddress(`${name}@example.net`))
  for (const address of addresses) await addSubscriber(store, address, NOW)
  const first = await listSubscribers(store, 0, 2)
  const second = await listSubscribers(store, first.at(-1)?.id ?? 0, 2)
  expect([first, second].map((page) => page.map(({ address }) => address))).toEqual([
    ['eve@example.net', 'dan@example.net'],
    ['cid@example.net'],
  ])
})
