import { execFile } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Kysely, Migrator, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { latestEntries, wholeEntries } from '../../src/remember/entries.ts'
import { migrations } from '../../src/remember/migrations.ts'
import { openStore } from '../../src/remember/open.ts'
import { writeSetting } from '../../src/remember/settings.ts'
import { kyselyDatabase, openSqlite, sqliteDialect } from '../../src/remember/sqlite.ts'
import type { Tables } from '../../src/remember/tables.ts'
import { tempFolder } from '../support/folder.ts'
import { scriptOf } from '../support/script.ts'

const OPENER = await scriptOf('open-store.ts')

let dir = ''
let path = ''
beforeEach(() => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

describe('openStore()', () => {
  test('makes a store and its folder, and finds in it later what was put there', async () => {
    const deep = join(dir, 'data', 'feedwire.db')
    const store = await openStore(deep)
    await writeSetting(store, 'tides', 'high')
    await store.destroy()
    const again = await openStore(deep)
    expect(await again.selectFrom('settings').selectAll().execute()).toEqual([{ key: 'tides', value: 'high' }])
    await again.destroy()
  })

  test.skipIf(process.platform === 'win32')('makes a store that nobody else may read', async () => {
    await (await openStore(path)).destroy()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test.skipIf(process.getuid?.() !== 0)('gives a store that root makes to whoever has its folder', async () => {
    chownSync(dir, 12_345, 12_346)
    await (await openStore(path)).destroy()
    expect(statSync(path)).toMatchObject({ uid: 12_345, gid: 12_346 })
  })

  test('writes ahead, waits for the disk and keeps references', async () => {
    const store = await openStore(path)
    const pragma = async (name: string): Promise<unknown> =>
      Object.values((await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(store)).rows[0] ?? {})[0]
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
    await store.destroy()
  })

  test('opens a store that is open', async () => {
    const [first, second] = [await openStore(path), await openStore(path)]
    await writeSetting(first, 'tides', 'high')
    expect(await second.selectFrom('settings').selectAll().execute()).toHaveLength(1)
    await Promise.all([first.destroy(), second.destroy()])
  })

  test('opens a store that several processes make at once', async () => {
    const run = promisify(execFile)
    const opened = await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, [OPENER, path])))
    expect(new Set(opened.map(({ stdout }) => stdout)).size).toBe(1)
  })

  test('refuses the store of a newer program, and leaves it as it is', async () => {
    const store = await openStore(path)
    await sql`insert into kysely_migration (name, timestamp) values ('999-later', '2030-01-01')`.execute(store)
    await store.destroy()
    const before = readFileSync(path)
    await expect(openStore(path)).rejects.toMatchObject({ name: 'Problem', code: 'store-newer' })
    await expect(openStore(path)).rejects.toThrow('999-later')
    expect(readFileSync(path)).toEqual(before)
  })

  test('refuses a file that is no database, and leaves it as it is', async () => {
    const text = 'a text that is no database, and long enough to be looked at as one. '.repeat(20)
    writeFileSync(path, text)
    await expect(openStore(path)).rejects.toMatchObject({ name: 'Problem', code: 'store-unreadable', where: path })
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  test('refuses a folder', async () => {
    mkdirSync(path)
    await expect(openStore(path)).rejects.toMatchObject({ name: 'Problem', code: 'store-unreadable' })
  })

  test('refuses a path below a file', async () => {
    writeFileSync(path, '')
    await expect(openStore(join(path, 'a.db'))).rejects.toMatchObject({ name: 'Problem', code: 'store-unreadable' })
  })
})

describe('sqliteDialect()', () => {
  const open = async (): Promise<Kysely<Tables>> =>
    new Kysely<Tables>({ dialect: sqliteDialect({ database: kyselyDatabase(await openSqlite(path)) }) })

  test('brings a store of the first schema up to date, with every text and author', async () => {
    const old = await open()
    const first = { '001-first': migrations['001-first'] ?? { up: () => Promise.resolve() } }
    await new Migrator({ db: old, provider: { getMigrations: () => Promise.resolve(first) } }).migrateToLatest()
    await sql`insert into sources values (1, 'notes', 'markdown', 1, '[]')`.execute(old)
    const authors = [`Ada "the \\ gauge" O'Hara`, null, '潮']
    for (const [index, author] of authors.entries()) {
      const id = index + 1
      await sql`insert into entries (id, source_id, number, announce, guid, anchor, title, title_guessed, date, date_only,
        slug, author, tags, categories, snippet, body_format, fingerprint, body_length, first_seen, updated, revision)
        values (${id}, 1, ${id}, 0, ${`urn:${id}`}, '', '', 0, ${id}, 0, '', ${author}, '[]', '[]', '', 'text', '', 0, 0, 0, 1)
      `.execute(old)
      await sql`insert into bodies values (${id}, ${`body ${id}`})`.execute(old)
    }
    await old.destroy()

    const store = await openStore(path)
    const rules = { pattern: null, publishUrl: 'https://tides.example.org/', zone: 'UTC' }
    const entries = await wholeEntries(store, await latestEntries(store, new Map([['notes', rules]]), 10))
    expect(entries.map(({ number, authors, body }) => [number, authors, body.text])).toEqual([
      [3, ['潮'], 'body 3'],
      [2, [], 'body 2'],
      [1, [`Ada "the \\ gauge" O'Hara`], 'body 1'],
    ])
    await store.destroy()
  })

  test('leaves nothing of a migration that fails half way', async () => {
    const db = await open()
    const up = async (step: Kysely<unknown>): Promise<void> => {
      await step.schema.createTable('half').addColumn('a', 'text').execute()
      throw new Error('the disk is full')
    }
    const provider = { getMigrations: () => Promise.resolve({ '001': { up } }) }
    const { error } = await new Migrator({ db, provider }).migrateToLatest()
    expect(error).toMatchObject({ message: 'the disk is full' })
    expect((await db.introspection.getTables()).map(({ name }) => name)).not.toContain('half')
    await db.destroy()
  })

  test('lets a transaction read, then write, while another one waits', async () => {
    const store = await openStore(path)
    await store.transaction().execute(async (tx) => {
      await tx.selectFrom('settings').selectAll().execute()
      const other = await openSqlite(path)
      other.exec('pragma busy_timeout = 0')
      expect(() => other.exec("insert into settings values ('b', '2')")).toThrow(/locked/)
      other.close()
      await writeSetting(tx, 'a', '1')
    })
    expect(await store.selectFrom('settings').select('key').execute()).toEqual([{ key: 'a' }])
    await store.destroy()
  })

  test('lets two stores of one process wait for each other', async () => {
    const [one, other] = [await openStore(path), await openStore(path)]
    const written: string[] = []
    let late: Promise<void> = Promise.resolve()
    await one.transaction().execute(async (tx) => {
      await writeSetting(tx, 'a', '1')
      late = other.transaction().execute(async (second) => {
        await writeSetting(second, 'b', '2')
        written.push('other')
      })
      // As many turns as the other needs to find the store taken.
      for (let turn = 0; turn < 20; turn++) await tx.selectFrom('settings').selectAll().execute()
      written.push('one')
    })
    await late
    expect(written).toEqual(['one', 'other'])
    expect(await one.selectFrom('settings').select('key').orderBy('key').execute()).toEqual([
      { key: 'a' },
      { key: 'b' },
    ])
    await Promise.all([one.destroy(), other.destroy()])
  })

  test('undoes a transaction that throws', async () => {
    const store = await openStore(path)
    const broken = store.transaction().execute(async (tx) => {
      await writeSetting(tx, 'a', '1')
      throw new Error('no')
    })
    await expect(broken).rejects.toThrow('no')
    expect(await store.selectFrom('settings').selectAll().execute()).toEqual([])
    await store.destroy()
  })

  test.each([[new Date(0)], [undefined], [true], [{}]])('binds no %o', async (value) => {
    const store = await openStore(path)
    await expect(sql`select ${value}`.execute(store)).rejects.toThrow('cannot bind')
    await store.destroy()
  })

  test('keeps numbers to the last digit and texts to the last character', async () => {
    const store = await openStore(path)
    const at = 8_640_000_000_000_000
    await store.insertInto('runs').values({ started_at: at, ended_at: null, exit_code: null }).execute()
    await writeSetting(store, '潮', '🌊\n')
    expect((await store.selectFrom('runs').select('started_at').executeTakeFirst())?.started_at).toBe(at)
    expect((await store.selectFrom('settings').select('value').executeTakeFirst())?.value).toBe('🌊\n')
    await store.destroy()
  })
})

describe('a store', () => {
  for (const [says, pragma, code] of [
    ['that is full', 'max_page_count = 1', 'store-full'],
    ['that may not be written', 'query_only = 1', 'store-unreadable'],
  ] as const) {
    test(`${says} is told as ${code}, from a transaction too, and keeps what it had`, async () => {
      const store = await openStore(path)
      await writeSetting(store, 'tides', 'high')
      await sql.raw(`pragma ${pragma}`).execute(store)
      const write = store.transaction().execute((tx) => writeSetting(tx, 'wind', 'x'.repeat(1_000_000)))
      await expect(write).rejects.toMatchObject({ name: 'Problem', code })
      const settings = await store.selectFrom('settings').select(['key', 'value']).execute()
      expect(settings).toEqual([{ key: 'tides', value: 'high' }])
      await store.destroy()
    })
  }
})
