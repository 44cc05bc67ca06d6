import { existsSync, statSync } from 'node:fs'
import { sql } from 'kysely'
import { Problem } from '../problem.ts'
import { isServer, placeName } from '../store-place.ts'
import { type Store, openAsItIs } from './open.ts'
import { stepsOf } from './upgrade.ts'

/** How a store is as a file. */
export interface Inspection {
  /** The steps that its schema has taken, in order. */
  schema: string[]
  /** Bytes. */
  size: number
  /** Bytes that wait beside it to be written into it. */
  walSize: number
  /** Pages without content, which `compact` gives back. */
  freePages: number
  /** What SQLite finds wrong with it, a line each. */
  check: 'ok' | string[]
}

/**
 * Looks at a store without changing it, also while a run is at work on it; the whole file is read.
 * @throws {Problem} `store-missing`, `store-unreadable`, `store-foreign`
 */
export async function inspectStore(path: string): Promise<Inspection> {
  if (!existsSync(path)) throw missingStore(path)
  const store = await openAsItIs(path)
  try {
    const schema = await stepsOf(store)
    const free = await sql<{ freelist_count: number }>`pragma freelist_count`.execute(store)
    const walSize = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
    const check = await checkStore(store)
    return { schema, size: statSync(path).size, walSize, freePages: free.rows[0]?.freelist_count ?? 0, check }
  } finally {
    await store.destroy()
  }
}

/** What is done to a file cannot be done to a server. @throws {Problem} `store-on-server` */
export function refuseServer(place: string): void {
  if (!isServer(place)) return
  const mend = 'use what the server has for it, such as pg_dump, pg_restore and vacuum'
  throw new Problem('store-on-server', 'The store is no file', { where: placeName(place), mend })
}

export function missingStore(path: string): Problem {
  const mend = '"feedwire run" makes it; or see that "database" names the right file'
  return new Problem('store-missing', 'There is no store', { where: path, mend })
}

async function checkStore(store: Store): Promise<Inspection['check']> {
  try {
    const { rows } = await sql<{ quick_check: string }>`pragma quick_check`.execute(store)
    const lines = rows.map((row) => row.quick_check)
    return lines.join() === 'ok' ? 'ok' : lines
  } catch (error) {
    // Some damage ends the very check.
    if (!(error instanceof Problem)) throw error
    return [error.message]
  }
}
