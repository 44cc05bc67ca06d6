import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mintId } from '../../src/identity.ts'
import type { Store } from '../../src/remember/open.ts'
import { currentSecret, readSetting, siteIds, writeSetting } from '../../src/remember/settings.ts'
import { testStore } from '../support/store.ts'

let store: Store
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, drop } = await testStore())
})
afterEach(() => drop())

async function secrets(): Promise<string[]> {
  return (await store.selectFrom('secrets').select('value').orderBy('id').execute()).map(({ value }) => value)
}

describe('currentSecret()', () => {
  test('makes one of 32 bytes, once', async () => {
    const secret = await currentSecret(store, null, 1)
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(await currentSecret(store, null, 2)).toBe(secret)
    expect(await secrets()).toEqual([secret])
  })

  test('makes another one for each store', async () => {
    const { store: other, drop: dropOther } = await testStore()
    expect(await currentSecret(other, null, 1)).not.toBe(await currentSecret(store, null, 1))
    await dropOther()
  })

  test('is the configured one, and every former one is kept', async () => {
    const minted = await currentSecret(store, null, 1)
    expect(await currentSecret(store, 'first', 2)).toBe('first')
    expect(await currentSecret(store, 'first', 3)).toBe('first')
    expect(await currentSecret(store, 'second', 4)).toBe('second')
    expect(await secrets()).toEqual([minted, 'first', 'second'])
    expect(await currentSecret(store, null, 5)).toBe(minted)
  })
})

describe('siteIds()', () => {
  test('are made at first use and stay when the site moves', async () => {
    const ids = await siteIds(store, 'https://blog.example.org/', 5)
    expect(ids).toEqual({
      feedId: mintId('feed', 'https://blog.example.org/'),
      feedIdAt: 5,
      listId: 'digest.blog.example.org',
      nonce: expect.stringMatching(/^[0-9a-f]{24}$/),
    })
    expect(await siteIds(store, 'https://elsewhere.example/', 6)).toEqual(ids)
  })

  test('are the same after a lost store, but for the nonce', async () => {
    const { store: other, drop: dropOther } = await testStore()
    const [a, b] = [await siteIds(store, 'https://example.org/', 1), await siteIds(other, 'https://example.org/', 1)]
    expect(b).toEqual({ ...a, nonce: b.nonce })
    expect(b.nonce).not.toBe(a.nonce)
    await dropOther()
  })
})

test('writeSetting() replaces, readSetting() is null for what is not there', async () => {
  expect(await readSetting(store, 'tides')).toBeNull()
  await writeSetting(store, 'tides', 'high')
  await writeSetting(store, 'tides', 'low')
  expect(await readSetting(store, 'tides')).toBe('low')
})
