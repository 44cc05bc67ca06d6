import { copyFileSync, constants, existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { syncFolder } from '../files.ts'
import { Problem } from '../problem.ts'
import { type Store, storeIn, unreadable } from './open.ts'
import { openSqlite } from './sqlite.ts'
import { syncFile } from './write-copy.ts'

/** A store that is to be set aside; nobody else can open it until it is released. */
export interface Standing {
  store: Store
  /** True when all of it stands in its one file; false when it is too damaged for that. */
  isWhole: boolean
  /** Where it will be kept. */
  beside: string
  release(): Promise<void>
}

/**
 * Takes a store for this process alone, and brings what stands in its log into the file itself.
 * @throws {Problem} `store-in-use`, `store-unreadable`
 */
export async function holdStanding(real: string, now: Instant): Promise<Standing> {
  const store = storeIn(await openSqlite(real).catch((error: unknown) => Promise.reject(unreadable(real, error))))
  try {
    const isWhole = await takeAlone(store, real)
    const release = (): Promise<void> => (isWhole ? letGo(store) : store.destroy())
    return { store, isWhole, beside: freeName(real, now), release }
  } catch (error) {
    await store.destroy()
    throw error
  }
}

/** False when the store is too damaged to be read at all: that is what backups are for. */
async function takeAlone(store: Store, real: string): Promise<boolean> {
  try {
    await sql`pragma locking_mode = exclusive`.execute(store)
    await foldLog(store)
    await sql`begin exclusive`.execute(store)
    return true
  } catch (cause) {
    if (isDamage(cause)) return false
    if (!(cause instanceof Problem && cause.code === 'store-busy')) throw unreadable(real, cause)
    throw new Problem('store-in-use', 'Another process has the store open', {
      where: real,
      mend: 'stop "feedwire start" and "feedwire serve" first, and start them again after it',
      cause,
    })
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
function isDamage(error: unknown): boolean {
  const fault = error instanceof Problem ? error.cause : error
  const code = fault instanceof Error && 'errcode' in fault ? Number(fault.errcode) & 0xff : 0
  return code === 11 || code === 26
}

/** A connection may live on, unseen, until its statements are collected: it shall hold nobody up. */
async function letGo(store: Store): Promise<void> {
  await sql`pragma locking_mode = normal`.execute(store)
  await sql`rollback`.execute(store)
  await store.destroy()
}

/**
 * Brings all of a store into its one file. Nobody else may have it open, at work or not (SQLite, "Write-Ahead
 * Logging", section 6).
 * @throws {Problem} `store-busy`
 */
export async function foldLog(store: Store): Promise<void> {
  const { rows } = await sql<{ journal_mode: string }>`pragma journal_mode = delete`.execute(store)
  if (rows[0]?.journal_mode === 'delete') return
  const mend = 'try again when it has ended'
  throw new Problem('store-busy', 'Another process has the store open', { mend })
}

/** `feedwire.db.before-restore-20260131-101500`, in UTC. */
function freeName(real: string, now: Instant): string {
  const [day = '', time = ''] = new Date(now).toISOString().replace(/[-:]/g, '').split(/[T.]/)
  const name = `${real}.before-restore-${day}-${time}`
  for (let again = 1; ; again++) {
    const free = again === 1 ? name : `${name}-${again}`
    if (!existsSync(free)) return free
  }
}

/** What SQLite writes beside a store. */
const LOGS = ['-wal', '-shm', '-journal'] as const

/**
 * Gives a store that is ready the name of the one that stands, which is kept under another before: at each moment one
 * of them, whole, has the name.
 * @returns where the other is kept
 */
export function putInPlace(made: string, real: string, standing: Standing | null): string | null {
  if (standing !== null) {
    for (const ending of standing.isWhole ? [''] : ['', '-wal', '-journal']) {
      if (existsSync(real + ending)) keepAs(real + ending, standing.beside + ending)
    }
    syncFolder(dirname(real))
  }
  // The log of another store would be written into the new one.
  for (const ending of LOGS) rmSync(real + ending, { force: true })
  renameSync(made, real)
  syncFolder(dirname(real))
  return standing?.beside ?? null
}

/** A second name, so that the first is never without a file; a copy where the disk knows no second names. */
function keepAs(file: string, name: string): void {
  try {
    linkSync(file, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code !== 'EEXIST')) throw error
    copyFileSync(file, name, constants.COPYFILE_EXCL)
    syncFile(name)
  }
}
