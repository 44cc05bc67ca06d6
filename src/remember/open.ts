import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, Migrator, sql } from 'kysely'
import { Problem } from '../problem.ts'
import { migrations } from './migrations.ts'
import { BUSY_SLICE, type SqliteFile, kyselyDatabase, openSqlite, sqliteDialect } from './sqlite.ts'
import type { Tables } from './tables.ts'

/** The store: everything that must outlive a run. */
export type Store = Kysely<Tables>

/** How long opening waits for another process that writes, in milliseconds. */
const BUSY_TIMEOUT = 15_000

/**
 * Opens the store and brings its schema up to date.
 * @throws {Problem} `store-unreadable`, `store-newer`
 */
export async function openStore(path: string): Promise<Store> {
  const file = await openFile(path)
  try {
    file.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`)
    file.exec('pragma journal_mode = wal')
    file.exec('pragma synchronous = full')
    file.exec('pragma foreign_keys = on')
    // What is deleted is wiped where its page is written anyway.
    file.exec('pragma secure_delete = fast')
    const store: Store = new Kysely<Tables>({ dialect: sqliteDialect({ database: kyselyDatabase(file) }) })
    await migrate(store)
    file.exec(`pragma busy_timeout = ${BUSY_SLICE}`)
    return store
  } catch (error) {
    file.close()
    throw error instanceof Problem ? error : unreadable(path, error)
  }
}

/** Opens a database file; a new one can be read by its owner only, since it holds addresses and the secret. */
export async function openFile(path: string): Promise<SqliteFile> {
  try {
    mkdirSync(dirname(path), { recursive: true })
    createFile(path)
    return await openSqlite(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

function createFile(path: string): void {
  try {
    // Never an existing file: closing it would drop the locks that this process has on it (POSIX, fcntl).
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
  }
}

export function unreadable(path: string, cause: unknown): Problem {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const isFull = reason.includes('disk is full')
  const mend = isFull
    ? 'make room on its disk'
    : 'see that the path is a file that Feedwire made and may write, or restore a backup'
  return new Problem('store-unreadable', `Cannot open the store: ${reason}`, { where: path, mend, cause })
}

async function migrate(store: Store): Promise<void> {
  const known = Object.keys(migrations)
  const done = await appliedMigrations(store)
  const newer = done.find((name) => !known.includes(name))
  if (newer !== undefined) {
    throw new Problem('store-newer', `The store was written by a newer Feedwire (it has step ${newer})`, {
      mend: 'install the newer version again, or restore the backup from before the upgrade',
    })
  }
  if (done.length === known.length) return
  const migrator = new Migrator({ db: store, provider: { getMigrations: () => Promise.resolve(migrations) } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error instanceof Error ? error : new Error('the migration failed', { cause: error })
}

async function appliedMigrations(store: Store): Promise<string[]> {
  const tables = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name = 'kysely_migration'`.execute(store)
  if (tables.rows.length === 0) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(store)
  return rows.map((row) => row.name)
}
