import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freezeDigests, readersByHad } from '../../src/remember/digests.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import type { Store } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { addConfigured, addSubscriber, listSubscribers, removeSubscriber } from '../../src/remember/subscribers.ts'
import { type EmailAddress, parseEmailAddress } from '../../src/subscriber.ts'
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

async function list(): Promise<string[]> {
  return (await listSubscribers(store, 0, 100)).map(({ address, state }) => `${address} ${state}`)
}

describe('addSubscriber()', () => {
  test('adds a reader once, whatever the case of the address', async () => {
    expect(await addSubscriber(store, ann, NOW)).toBe('added')
    expect(await addSubscriber(store, ann, LATER)).toBe('there already')
    expect(await addSubscriber(store, parseEmailAddress('ANN@example.net'), LATER)).toBe('there already')
    expect(await listSubscribers(store, 0, 100)).toEqual([
      { id: 1, address: ann, state: 'active', addedAt: NOW, leftAt: null },
    ])
  })

  test('brings a reader back who had left, under the address as it is written now', async () => {
    await addSubscriber(store, ann, NOW)
    await removeSubscriber(store, ann, NOW)
    expect(await addSubscriber(store, parseEmailAddress('Ann@example.net'), LATER)).toBe('returned')
    expect(await listSubscribers(store, 0, 100)).toMatchObject([{ id: 1, address: 'Ann@example.net', leftAt: null }])
  })
})

describe('addConfigured()', () => {
  test('adds each reader of the settings once', async () => {
    expect(await addConfigured(store, [ann, bob, ann], NOW)).toBe(2)
    expect(await addConfigured(store, [bob, ann], LATER)).toBe(0)
    expect(await list()).toEqual(['ann@example.net active', 'bob@example.net active'])
  })

  test('does not bring back who has left', async () => {
    await addConfigured(store, [ann], NOW)
    await removeSubscriber(store, ann, NOW)
    expect(await addConfigured(store, [ann], LATER)).toBe(0)
    expect(await list()).toEqual(['ann@example.net unsubscribed'])
  })
})

describe('removeSubscriber()', () => {
  test('takes a reader off, and says so once', async () => {
    await addSubscriber(store, ann, NOW)
    expect(await removeSubscriber(store, parseEmailAddress('ANN@example.net'), LATER)).toBe(true)
    expect(await removeSubscriber(store, ann, LATER + 1)).toBe(false)
    expect(await listSubscribers(store, 0, 100)).toMatchObject([{ state: 'unsubscribed', leftAt: LATER }])
    expect(await readersByHad(store)).toEqual([])
  })

  test.each([
    ['waits', 0],
    ['was put off', 1],
  ])('keeps a reader who comes back from a letter that %s, and from no other reader', async (_, tries) => {
    await addConfigured(store, [ann, bob], NOW)
    const letter = { subject: 'Tides', html: '<p>Tides</p>', text: 'Tides' }
    const names = { id: 'd', frequency: 'slot', zone: 'UTC', slot: 's', variant: 'v', domain: 'example.org' }
    await freezeDigests(store, [{ ...names, letter, entries: [], more: 0, from: 0, to: 1 }], null, NOW)
    const run = await beginRun(store, NOW)
    const { claims } = await settleAndClaim(store, run, [], 2 * tries, NOW)
    const busy = { state: 'deferred', until: NOW, reply: 'busy', unknown: false } as const
    await settleAndClaim(
      store,
      run,
      claims.map((claim) => ({ claim, ...busy })),
      0,
      NOW,
    )
    await removeSubscriber(store, ann, LATER)
    await addSubscriber(store, ann, LATER)
    const row = await store.selectFrom('ledger').selectAll().where('id', '=', 'd.1').executeTakeFirst()
    expect(row).toMatchObject({ state: 'suppressed', reply: 'the reader has left', settled_at: LATER })
    const again = await settleAndClaim(store, run, [], 2, LATER)
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
