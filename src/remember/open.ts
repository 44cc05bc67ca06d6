import { closeSync, lchownSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely } from 'kysely'
import { Problem } from '../problem.ts'
import { isServer } from '../store-place.ts'
import type { Lock } from './lock.ts'
import { refuseMoved } from './moved.ts'
import { BUSY_SLICE, type SqliteFile, kyselyDatabase, openSqlite, sqliteDialect } from './sqlite.ts'
import type { Tables } from './tables.ts'
import { upgradeStore } from './upgrade.ts'

/** The store: everything that must outlive a run. */
export type Store = Kysely<Tables>

/** How a store is opened. */
export interface OpenOptions {
  /** False when what it was before an upgrade need not be kept beside it; a server's is kept by nobody. */
  keeps?: boolean
  /** That of the run at work, which on a server may lose it: its transactions fail then with `run-cut-off`. */
  lock?: Lock
  /** True for who goes on with a move: the store of a file may be marked as moved. */
  moves?: boolean
}

/** How long opening waits for another process that writes, in milliseconds. */
const BUSY_TIMEOUT = 15_000

/**
 * Opens the store and brings its schema up to date.
 * @param place the path of a file, or the URL of a database on a PostgreSQL server
 * @throws {Problem} `store-unreadable`, `store-newer`, `store-foreign`, `store-moved`, `upgrade-unkept`, and from a
 *   server `store-unreachable`, `store-refused`
 */
export async function openStore(place: string, options: OpenOptions = {}): Promise<Store> {
  return isServer(place) ? openOnServer(place, options.lock ?? null) : openInFile(place, options)
}

async function openOnServer(url: string, lock: Lock | null): Promise<Store> {
  const [{ onServer }, { serverFaultAt }] = await Promise.all([import('./postgres.ts'), import('./postgres-fault.ts')])
  const store = new Kysely<Tables>(onServer(url, lock))
  try {
    await upgradeStore(store, null)
    return store
  } catch (error) {
    await store.destroy()
    throw serverFaultAt(url, error)
  }
}

async function openInFile(path: string, { keeps = true, moves = false }: OpenOptions): Promise<Store> {
  const file = await openFile(path)
  try {
    file.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`)
    file.exec('pragma journal_mode = wal')
    file.exec('pragma synchronous = full')
    file.exec('pragma foreign_keys = on')
    // What is deleted is wiped where its page is written anyway.
    file.exec('pragma secure_delete = fast')
    const store = storeIn(file)
    if (!moves) await refuseMoved(store)
    await upgradeStore(store, keeps ? path : null)
    file.exec(`pragma busy_timeout = ${BUSY_SLICE}`)
    return store
  } catch (error) {
    file.close()
    throw error instanceof Problem ? error : unreadable(path, error)
  }
}

/** Opens a store to be looked at, whatever its schema; nothing can be written. @throws {Problem} `store-unreadable` */
export async function openAsItIs(path: string): Promise<Store> {
  const file = await openFile(path)
  try {
    file.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`)
    file.exec('pragma query_only = on')
    file.exec('select count(*) from sqlite_master')
    return storeIn(file)
  } catch (error) {
    file.close()
    throw unreadable(path, error)
  }
}

/** The store in a file that is open. */
export function storeIn(file: SqliteFile): Store {
  return new Kysely<Tables>({ dialect: sqliteDialect({ database: kyselyDatabase(file) }) })
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
    return
  }
  giveAs(dirname(path), path)
}

/** What root makes in the place of another user is given to whoever has the other file or folder. */
export function giveAs(other: string, path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(other)
  if (uid === 0) return
  try {
    // Never through a link: whoever has the folder may put one there.
    lchownSync(path, uid, gid)
  } catch (error) {
    // Some disks, and some containers, give nothing away.
    if (!(error instanceof Error && 'syscall' in error)) throw error
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
