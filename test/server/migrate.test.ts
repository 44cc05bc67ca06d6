import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyStore } from '../../src/remember/copy.ts'
import { sumTables, verifyCopy } from '../../src/remember/copy-tables.ts'
import { migrateStore } from '../../src/remember/migrate.ts'
import { takeLock } from '../../src/remember/lock.ts'
import type { Store } from '../../src/remember/open.ts'
import { readSetting, writeSetting } from '../../src/remember/settings.ts'
import { addSubscriber, findSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW } from '../deliver/post.ts'
import { storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'
import { inStore } from '../support/in-store.ts'

const READERS = 1200

let dir = ''
let path = ''
let url = ''
beforeEach(async () => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
  url = storePlace(dir)
  await inStore(path, async (store) => {
    await writeSetting(store, 'nonce', 'the one')
    await writeSetting(store, 'strange', '\u{1F30A} \' "\\')
    const rows = Array.from({ length: READERS }, (_, n) => readerRow(n + 1))
    for (let at = 0; at < READERS; at += 100)
      await store
        .insertInto('subscribers')
        .values(rows.slice(at, at + 100))
        .execute()
    await store.deleteFrom('subscribers').where('id', '=', READERS).execute()
  })
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

function readerRow(n: number) {
  const address = `reader-${n}@example.net`
  return { address, address_key: address, state: 'active' as const, had: 0, added_at: NOW + n, left_at: null }
}

async function countReaders(store: Store): Promise<number> {
  return (await store.selectFrom('subscribers').select('id').execute()).length
}

test('migrateStore() copies every row, and new ones get ids that nobody had', async () => {
  expect(await migrateStore(path, url)).toMatchObject({ settings: 2, subscribers: READERS - 1, ledger: 0 })
  await inStore(url, async (store) => {
    expect(await readSetting(store, 'strange')).toBe('\u{1F30A} \' "\\')
    const ann = parseEmailAddress('ann@example.net')
    await addSubscriber(store, ann, NOW)
    expect((await findSubscriber(store, ann))?.id).toBe(READERS + 1)
  })
})

test('copyStore() brings what a server holds into a file, whole', async () => {
  await migrateStore(path, url)
  const copy = join(dir, 'copy.db')
  await copyStore(url, copy)
  const counts = await inStore(url, (from) => inStore(copy, async (to) => verifyCopy(await sumTables(from), to)))
  expect(counts).toMatchObject({ settings: 2, subscribers: READERS - 1 })
})

test('migrateStore() goes on where it was broken off, and no run works on the half', async () => {
  const brokenOff = migrateStore(path, url, (table, rows) => {
    if (table === 'subscribers' && rows >= 100) throw new Error('the power went')
  })
  await expect(brokenOff).rejects.toThrow('the power went')
  await expect(takeLock(url)).rejects.toMatchObject({ code: 'store-half-copied' })
  const written = await inStore(url, countReaders)
  expect(written).toBeGreaterThanOrEqual(100)
  const copied = new Map<string, number>()
  await migrateStore(path, url, (table, rows) => copied.set(table, rows))
  expect([...copied]).toEqual([['subscribers', READERS - 1 - written]])
  const lock = await takeLock(url)
  expect(lock).not.toBeNull()
  await lock?.release()
})

test('migrateStore() refuses a database that holds another store', async () => {
  await inStore(url, (store) => writeSetting(store, 'nonce', 'another'))
  await expect(migrateStore(path, url)).rejects.toMatchObject({ code: 'target-not-empty' })
})

test('migrateStore() tells of a row that is another in the copy', async () => {
  const changed = migrateStore(path, url, (table) => {
    if (table === 'subscribers') throw new Error('half way')
  })
  await expect(changed).rejects.toThrow('half way')
  await inStore(url, (store) => store.updateTable('subscribers').set({ had: 7 }).where('id', '=', 3).execute())
  await expect(migrateStore(path, url)).rejects.toMatchObject({ code: 'copy-differs' })
})

test('migrateStore() waits for no run that is at work', async () => {
  const lock = await takeLock(path)
  await expect(migrateStore(path, url)).rejects.toMatchObject({ code: 'store-busy' })
  await lock?.release()
})
