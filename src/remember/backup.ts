import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sql } from 'kysely'
import { Problem } from '../problem.ts'
import { inspectStore, missingStore, refuseServer } from './inspect.ts'
import { type Store, openAsItIs } from './open.ts'
import { writeCopy } from './write-copy.ts'

/** What a file holds that a store was copied to. */
export interface Backup extends Contents {
  /** Bytes. */
  size: number
}

/** How much there is. */
export interface Contents {
  entries: number
  subscribers: number
  digests: number
}

/**
 * Copies a store to a file as it is at this moment, also while others write to it; the copy is looked through before
 * it gets its name.
 * @param force true when a file that is there may be written over
 * @throws {Problem} `store-missing`, `store-unreadable`, `store-damaged`, `backup-exists`, `backup-place`,
 *   `copy-full`
 */
export async function backUpStore(path: string, target: string, force: boolean): Promise<Backup> {
  refuseServer(path)
  if (!existsSync(path)) throw missingStore(path)
  const real = realTarget(target)
  refuseStoreItself(path, real)
  refuseStanding(real, force)
  try {
    return await writeCopy(path, real, (copy) => lookThrough(copy, path))
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw unwritable(target, cause)
  }
}

/** What a copy holds. @throws {Problem} `store-damaged`, `store-missing` */
async function lookThrough(copy: string, path: string): Promise<Backup> {
  const { check, schema, size } = await inspectStore(copy)
  if (check !== 'ok') throw damaged(path, check)
  if (schema.length === 0) throw missingStore(path)
  return { size, ...(await countIn(copy)) }
}

export function damaged(path: string, lines: readonly string[]): Problem {
  const mend = 'restore the newest backup that is whole'
  return new Problem('store-damaged', `The store is damaged: ${lines.slice(0, 3).join('; ')}`, { where: path, mend })
}

async function countIn(copy: string): Promise<Contents> {
  const store = await openAsItIs(copy)
  try {
    return await countContents(store)
  } finally {
    await store.destroy()
  }
}

/** What a store holds, whatever its schema. */
export async function countContents(store: Store): Promise<Contents> {
  const count = async (table: keyof Contents): Promise<number> => {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(store)
    return rows[0]?.count ?? 0
  }
  return {
    entries: await count('entries'),
    subscribers: await count('subscribers'),
    digests: await count('digests'),
  }
}

/** The file itself that a path leads to, or will. @throws {Problem} `backup-place` */
function realTarget(target: string): string {
  try {
    return existsSync(target) ? realpathSync(target) : join(realpathSync(dirname(target)), basename(target))
  } catch (cause) {
    throw unwritable(target, cause)
  }
}

function unwritable(target: string, cause: unknown): Problem {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const mend = 'name a file in a folder that is there and may be written'
  return new Problem('backup-place', `Cannot write the backup: ${reason}`, { where: target, mend, cause })
}

/** What belongs to a store, besides itself. */
export const STORE_ENDINGS = ['-wal', '-shm', '-journal', '.lock'] as const

/** @throws {Problem} `backup-place` */
export function refuseStoreItself(path: string, target: string): void {
  const real = existsSync(path) ? realpathSync(path) : path
  const own = [real, ...STORE_ENDINGS.map((ending) => real + ending)]
  if (!own.some((file) => file === target || isSameFile(file, target))) return
  const mend = 'name another file'
  throw new Problem('backup-place', 'This file is the store itself, or belongs to it', { where: target, mend })
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((file) => statSync(file, { throwIfNoEntry: false, bigint: true }))
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
}

/** @throws {Problem} `backup-exists`, `backup-place` */
function refuseStanding(target: string, force: boolean): void {
  const standing = statSync(target, { throwIfNoEntry: false })
  if (standing === undefined) return
  if (!standing.isFile()) throw unwritable(target, 'it is no file')
  if (force) return
  const mend = 'name another file, for instance with the date in it; or write over it with --force'
  throw new Problem('backup-exists', 'There is such a file already', { where: target, mend })
}
