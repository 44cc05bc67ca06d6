import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/remember/open.ts'
import { SharedCommit } from '../../src/remember/shared-commit.ts'
import { readSetting, writeSetting } from '../../src/remember/settings.ts'
import { testStore } from '../support/store.ts'

let store: Store
let drop: () => Promise<void>
let commits: SharedCommit
beforeEach(async () => {
  ;({ store, drop } = await testStore())
  commits = new SharedCommit(store)
})
afterEach(() => drop())

/** Writes a setting, and gives the transaction in which it was done. */
function write(key: string): Promise<Store> {
  return commits.run(async (tx) => {
    await writeSetting(tx, key, 'there')
    return tx
  })
}

test('SharedCommit puts what comes at once into one transaction', async () => {
  const transactions = await Promise.all(['a', 'b', 'c'].map(write))
  expect(new Set(transactions).size).toBe(1)
  for (const key of ['a', 'b', 'c']) expect(await readSetting(store, key)).toBe('there')
})

test('SharedCommit puts what comes while a commit is under way into the next', async () => {
  const later: Promise<Store>[] = []
  const first = await commits.run((tx) => {
    later.push(write('b'))
    return Promise.resolve(tx)
  })
  expect(await Promise.all(later)).not.toContain(first)
  expect(await readSetting(store, 'b')).toBe('there')
})

test('SharedCommit gives each what its own work gave, in whichever order it ends', async () => {
  expect(await Promise.all([1, 2, 3].map((n) => commits.run(() => Promise.resolve(n * n))))).toEqual([1, 4, 9])
})

test('SharedCommit fails only whoever asked for what fails, and nothing of that is kept', async () => {
  const bad = commits.run(async (tx) => {
    await writeSetting(tx, 'bad', 'there')
    throw new Error('of this one alone')
  })
  const ends = await Promise.allSettled([write('a'), bad, write('b')])
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await expect(bad).rejects.toThrow('of this one alone')
  expect(await Promise.all(['a', 'bad', 'b'].map((key) => readSetting(store, key)))).toEqual(['there', null, 'there'])
})

test('SharedCommit tells nobody before the commit is done', async () => {
  let isTold = false
  const done = write('a').then(() => {
    isTold = true
  })
  const inside = commits.run(() => Promise.resolve(isTold))
  expect(await inside).toBe(false)
  await done
  expect(await readSetting(store, 'a')).toBe('there')
})

test('SharedCommit goes on with what waits behind a hundred', async () => {
  const all = await Promise.all(Array.from({ length: 250 }, (_, n) => write(`key ${n}`)))
  expect(new Set(all).size).toBeGreaterThanOrEqual(3)
  expect(await readSetting(store, 'key 249')).toBe('there')
})

test('SharedCommit writes nothing to a store to which a newer program came', async () => {
  await write('before')
  await sql`insert into kysely_migration values ('999-later', '')`.execute(store)
  try {
    const ends = await Promise.allSettled(['a', 'b'].map(write))
    expect(ends).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { code: 'store-newer' } })))
    expect(await readSetting(store, 'a')).toBeNull()
  } finally {
    await sql`delete from kysely_migration where name = '999-later'`.execute(store)
  }
  await write('after')
})
