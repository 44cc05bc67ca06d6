import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readServer, serverFindings } from '../../src/doctor/server.ts'
import { takeLock } from '../../src/remember/lock.ts'
import { openStore } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { told } from '../doctor/asking.ts'
import { loseStore, storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'

let dir = ''
let url = ''
beforeEach(() => {
  dir = tempFolder()
  url = storePlace(dir)
})
afterEach(() => rmSync(dir, { recursive: true }))

const found = async (): Promise<string[]> => told(serverFindings(url, await readServer(url)))
const WELL = expect.stringMatching(
  /^ok: postgres:\/\/127\.0\.0\.1:\d+\/t_\w+ answers \(PostgreSQL \d+, \d+\.\d MB\), schema 0/,
)
/** The server of the tests need not outlive its machine. */
const UNSAFE =
  'note: The server may forget letters that went, so that they go twice: fsync, full_page_writes, synchronous_commit is off'

test('a store on a server is looked at, and told by neither user nor password', async () => {
  expect(await found()).toEqual([WELL, UNSAFE])
})

test('a run at work is told', async () => {
  const lock = await takeLock(url)
  expect((await found())[0]).toMatch(/; a run is at work, schema/)
  await lock?.release()
  expect((await found())[0]).not.toMatch(/at work/)
})

test('what a store remembers is read', async () => {
  expect(await readServer(url)).toMatchObject({ latest: null, hasSecret: false })
  const store = await openStore(url)
  await beginRun(store, 42)
  await beginRun(store, 43, 'share')
  await currentSecret(store, null, 0)
  await store.destroy()
  expect(await readServer(url)).toMatchObject({ latest: 42, hasSecret: true })
})

test('a store of another version is told, and left as it is', async () => {
  const store = await openStore(url)
  const { rows } = await sql<{ name: string; timestamp: string }>`
    delete from kysely_migration where name >= '008' returning name, timestamp`.execute(store)
  expect((await found())[1]).toMatch(/^note: The store is of an older version \(007-/)
  await sql`insert into kysely_migration values ('999-later', '')`.execute(store)
  expect(await found()).toEqual([
    'fault: The store was written by a newer Feedwire (it has step 999-later)',
    ...[UNSAFE],
  ])
  await sql`delete from kysely_migration where name = '999-later'`.execute(store)
  for (const row of rows) await sql`insert into kysely_migration values (${row.name}, ${row.timestamp})`.execute(store)
  await store.destroy()
})

test('a clock that is not that of the server is told', async () => {
  vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 90_000)
  expect((await found()).at(-1)).toBe(
    'note: The clock of this machine is 90 s ahead of that of the server, which counts',
  )
  vi.restoreAllMocks()
  await loseStore(dir)
})
