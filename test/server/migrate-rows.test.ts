import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PAGE, pagesOf } from '../../src/remember/copy-pages.ts'
import { sumTables, verifyCopy } from '../../src/remember/copy-tables.ts'
import { migrateStore } from '../../src/remember/migrate.ts'
import type { Store } from '../../src/remember/open.ts'
import { storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'
import { inStore } from '../support/in-store.ts'

const LARGE = 400_000

let dir = ''
let path = ''
let url = ''
beforeEach(() => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
  url = storePlace(dir)
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** Small texts, in whose wake pages grow, then some that are large. */
async function writeTexts(): Promise<void> {
  await inStore(path, async (store) => {
    await sql`
      with recursive n (id) as (select 1 union all select id + 1 from n where id < 3040)
      insert into texts (id, text)
      select id, case when id <= 3000 then 'tide ' || id else printf('%.*c', ${LARGE}, '~') end from n`.execute(store)
  })
}

test('pages hold few bytes, however many rows were in those before', async () => {
  await writeTexts()
  const fromFile = await inStore(path, pagesIn)
  await migrateStore(path, url)
  for (const [engine, pages] of [
    ['file', fromFile],
    ['server', await inStore(url, pagesIn)],
  ] as const) {
    expect([engine, Math.max(...pages.map(({ rows }) => rows)) > 1000]).toEqual([engine, true])
    expect([engine, Math.max(...pages.map(({ bytes }) => bytes)) <= PAGE]).toEqual([engine, true])
    expect([engine, pages.reduce((sum, { rows }) => sum + rows, 0)]).toEqual([engine, 3040])
  }
})

interface Page {
  rows: number
  bytes: number
}

async function pagesIn(store: Store): Promise<Page[]> {
  const pages: Page[] = []
  for await (const page of pagesOf(store, { table: 'texts', keys: ['id'] }))
    pages.push({ rows: page.length, bytes: page.reduce((sum, row) => sum + String(row['text']).length, 0) })
  return pages
}

test('a text that is larger than a page is copied', async () => {
  const text = '~'.repeat(PAGE + 1)
  await inStore(path, (store) => store.insertInto('texts').values({ text }).execute())
  expect(await migrateStore(path, url)).toMatchObject({ texts: 1 })
})

/** Writes keys as SQL, since not every driver binds what they hold. */
async function writeKeys(...keys: string[]): Promise<void> {
  await inStore(path, async (store) => {
    for (const key of keys) await sql`insert into hosts values (${sql.raw(key)}, 0, 0)`.execute(store)
  })
}

test('keys that hold NUL are copied, also from where it was broken off', async () => {
  await writeKeys(`'a' || char(0) || 'z'`, `'a' || char(1)`, `'ab'`, `'b'`)
  const failed = migrateStore(path, url, (table) => {
    if (table === 'hosts') throw new Error('the power went')
  })
  await expect(failed).rejects.toThrow('the power went')
  await inStore(url, (store) => store.deleteFrom('hosts').where('host', 'in', ['ab', 'b']).execute())
  expect(await migrateStore(path, url)).toMatchObject({ hosts: 4 })
  const hosts = await inStore(url, (store) => store.selectFrom('hosts').select('host').orderBy('host').execute())
  expect(hosts.map(({ host }) => host)).toEqual(['a\u0001', 'ab', 'a\u{FFFD}z', 'b'])
})

for (const [says, keys, told] of [
  ['two keys that are one on a server', [`'a' || char(0)`, `'a' || char(65533)`], 'a row with this key is there'],
  ['a key that no index of a server takes', [`'x'`, `hex(randomblob(8000))`], 'a key is too long'],
] as const)
  test(`migrateStore() names ${says}`, async () => {
    await writeKeys(...keys)
    await expect(migrateStore(path, url)).rejects.toMatchObject({
      code: 'row-refused',
      message: expect.stringContaining(told),
      where: expect.stringMatching(/^hosts, host "/),
    })
  })

test('migrateStore() names the row whose number has a fraction, and goes on once it is mended', async () => {
  await writeKeys(`'a'`, `'b'`, `'c'`)
  await inStore(path, (store) => sql`update hosts set until = 1.5 where host = 'b'`.execute(store))
  await expect(migrateStore(path, url)).rejects.toMatchObject({ code: 'row-refused', where: 'hosts, host "b"' })
  await inStore(path, (store) => sql`update hosts set until = 1 where host = 'b'`.execute(store))
  expect(await migrateStore(path, url)).toMatchObject({ hosts: 3 })
})

test('verifyCopy() tells of a row that is missing, and of one that is another', async () => {
  await writeKeys(`'a'`, `'b'`)
  await migrateStore(path, url)
  await inStore(url, async (store) => {
    const read = await sumTables(store)
    await store.updateTable('hosts').set({ failures: 1 }).where('host', '=', 'a').execute()
    await expect(verifyCopy(read, store)).rejects.toMatchObject({ code: 'copy-differs' })
    await store.updateTable('hosts').set({ failures: 0 }).where('host', '=', 'a').execute()
    expect(await verifyCopy(read, store)).toMatchObject({ hosts: 2 })
    await store.deleteFrom('hosts').where('host', '=', 'a').execute()
    await expect(verifyCopy(read, store)).rejects.toMatchObject({ code: 'copy-differs' })
  })
})
