import { sql } from 'kysely'
import pg from 'pg'
import { Problem } from '../problem.ts'
import type { Lock } from './lock.ts'
import { connectionOf } from './postgres.ts'
import { serverFault } from './postgres-fault.ts'

/** What is noted beside a store as long as a copy to it is under way; else null. */
const MARK = `obj_description(to_regclass('settings'), 'pg_class')`
export const COPYING = sql.raw<string | null>(MARK)

function halfCopied(): Problem {
  const mend = 'go on with "feedwire migrate", or empty the database'
  return new Problem('store-half-copied', 'The copy to this store is not whole', { mend })
}

/** One lock for each schema. */
const KEY = [`hashtext('feedwire run')`, 'hashtext(current_schema())']

/** As the server lists them. */
const UNSIGNED = KEY.map((key) => `cast(${key} as bigint) & 4294967295`)

/**
 * It is an advisory lock of a connection of its own: the server frees it when the connection ends, however it ends.
 * @param isCopying true for who fills the store; nobody else works on one that is not whole
 * @throws {Problem} `store-half-copied`, `store-unreachable`, `store-refused`
 */
export async function takeServerLock(url: string, isCopying = false): Promise<Lock | null> {
  const client = new pg.Client(connectionOf(url))
  // Whoever holds the lock hears of the loss by what they write next.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ taken: number; mark: string | null }>(
      `select pg_try_advisory_lock(${KEY.join()}) as taken, ${MARK} as mark`,
    )
    if (typeof rows[0]?.mark === 'string' && !isCopying) throw halfCopied()
    if (rows[0]?.taken === 1) return { release: () => unlock(client) }
    await client.end()
    return null
  } catch (error) {
    await client.end().catch(() => undefined)
    throw serverFault(error)
  }
}

/** The server may notice a moment later that a connection has ended, so the lock is given back in words. */
async function unlock(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_unlock_all()').catch(() => undefined)
  await client.end().catch(() => undefined)
}

/** True while a connection holds the lock. */
export async function isServerLocked(url: string): Promise<boolean> {
  const client = new pg.Client(connectionOf(url))
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query(`
      select 1 from pg_locks join pg_database on pg_database.oid = pg_locks.database
      where locktype = 'advisory' and datname = current_database() and objsubid = 2 and granted
        and (cast(classid as bigint), cast(objid as bigint)) = (${UNSIGNED.join()})`)
    return rows.length > 0
  } catch (error) {
    throw serverFault(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}
