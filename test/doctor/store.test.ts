import { chmodSync, openSync, readFileSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readStore, storeFindings } from '../../src/doctor/store.ts'
import { openStore } from '../../src/remember/open.ts'
import { openSqlite } from '../../src/remember/sqlite.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { takeLock } from '../../src/remember/lock.ts'
import { tempFolder } from '../support/folder.ts'
import { told } from './asking.ts'

let dir = ''
let path = ''
beforeEach(() => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
})
afterEach(() => rmSync(dir, { recursive: true }))

async function found(): Promise<string[]> {
  return told(storeFindings(path, await readStore(path)))
}

const WELL = expect.stringMatching(
  /^ok: 0\.\d MB \(0\.0 MB of it free\), 0\.\d MB to be written back, whole, schema 008-/,
)

test('a store that is not there is not made', async () => {
  expect(await found()).toEqual([`note: There is no store yet (${path})`])
  expect(() => readFileSync(path)).toThrow('ENOENT')
})

test('a store is looked at while a run holds it and writes', async () => {
  const store = await openStore(path)
  const lock = await takeLock(path)
  await store.transaction().execute(async (writing) => {
    await sql`update settings set value = value`.execute(writing)
    expect(await found()).toEqual([WELL])
  })
  await lock?.release()
  await store.destroy()
})

test('what a store remembers is read', async () => {
  const store = await openStore(path)
  expect(await readStore(path)).toMatchObject({ latest: null, hasSecret: false })
  await beginRun(store, 42)
  await currentSecret(store, null, 0)
  expect(await readStore(path)).toMatchObject({ latest: 42, hasSecret: true })
  await store.destroy()
})

test('a store of an older version is left as it is', async () => {
  const store = await openStore(path)
  await sql`delete from kysely_migration where name >= '006'`.execute(store)
  await store.destroy()
  const before = readFileSync(path)
  expect(await found()).toEqual([
    expect.stringMatching(/^ok: .*, schema 005-suppressions$/),
    'note: The store is of an older version (005-suppressions)',
  ])
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('a store of a newer version is a fault', async () => {
  const store = await openStore(path)
  await sql`insert into kysely_migration (name, timestamp) values ('999-later', '')`.execute(store)
  await store.destroy()
  expect(await found()).toEqual(['fault: The store was written by a newer Feedwire (it has step 999-later)'])
})

test('a store with a torn page is a fault', async () => {
  const store = await openStore(path)
  await sql`pragma wal_checkpoint(truncate)`.execute(store)
  await store.destroy()
  const file = openSync(path, 'r+')
  for (let page = 3; page < 12; page++) writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096)
  closeSync(file)
  const words = await found().catch((error: unknown) => [String(error)])
  expect(words).toEqual([expect.stringMatching(/damaged|malformed/)])
})

test('a file that is no database is a fault, and so is a database that is no store', async () => {
  writeFileSync(path, 'no database '.repeat(100))
  await expect(readStore(path)).rejects.toMatchObject({ code: 'store-unreadable', message: /not a database/ })
  rmSync(path)
  const file = await openSqlite(path)
  file.exec('create table notes (text text)')
  file.close()
  expect(await found()).toEqual([`fault: ${path} is no store of Feedwire`])
})

test.skipIf(process.platform === 'win32')('a store that others may read is a fault', async () => {
  await (await openStore(path)).destroy()
  expect(await found()).toEqual([WELL])
  chmodSync(path, 0o640)
  expect(await found()).toEqual([
    WELL,
    `fault: Others on this machine may read ${path}, which holds addresses and the secret`,
  ])
})

test('a store that is mostly free space is told of', () => {
  const reading = { size: 100e6, wal: 0, free: 60e6, damage: [], steps: ['001-first'], latest: null, hasSecret: true }
  expect(told(storeFindings(dir, reading))).toContain('note: More than half of the store is free space')
  expect(told(storeFindings(dir, { ...reading, free: 19e6 })).join()).not.toContain('free space')
})
