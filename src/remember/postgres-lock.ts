import { sql } from 'kysely'
import pg from 'pg'
import { Problem } from '../problem.ts'
import type { Lock } from './lock.ts'
import { connectionOf } from './postgres.ts'
import { askServer } from './postgres-ask.ts'
import { serverFaultAt } from './postgres-fault.ts'
import { type Quiet, SIGN_OF_LIFE, watchSession } from './postgres-session.ts'

/** What is noted beside a store as long as a copy to it is under way; else null. */
const MARK = `obj_description(to_regclass('settings'), 'pg_class')`
export const COPYING = sql.raw<string | null>(MARK)

function halfCopied(): Problem {
  const mend = 'go on with "feedwire migrate", or empty the database'
  return new Problem('store-half-copied', 'The copy to this store is not whole', { mend })
}

function noSchema(): Problem {
  const mend = 'make it, or let search_path in "database" name one that is there'
  return new Problem('store-refused', 'The database of the store has no such schema', { mend })
}

/** One lock for each schema. */
const KEY = [`hashtext('feedwire run')`, 'hashtext(current_schema())']

/** As the server lists them. */
const UNSIGNED = KEY.map((key) => `cast(${key} as bigint) & 4294967295`)
const IS_HELD = `
  from pg_locks join pg_database on pg_database.oid = pg_locks.database
  where locktype = 'advisory' and datname = current_database() and objsubid = 2 and granted
    and (cast(classid as bigint), cast(objid as bigint)) = (${UNSIGNED.join()})`

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
    const { rows } = await client.query<{ taken: number | null; mark: string | null; holder: number }>(
      `select pg_try_advisory_lock(${KEY.join()}) as taken, ${MARK} as mark, pg_backend_pid() as holder`,
    )
    const [row] = rows
    // Without a schema there is nothing to lock.
    if (row?.taken === null) throw noSchema()
    if (typeof row?.mark === 'string' && !isCopying) throw halfCopied()
    if (row?.taken === 1) {
      const query = (text: string): Promise<unknown> => client.query(text)
      return new ServerLock(client, row.holder, await watchSession(query, () => query(SIGN_OF_LIFE)))
    }
    await client.end()
    return null
  } catch (error) {
    await client.end().catch(() => undefined)
    throw serverFaultAt(url, error)
  }
}

class ServerLock implements Lock {
  readonly #client: pg.Client
  readonly #quiet: Quiet
  #holder: number | null

  constructor(client: pg.Client, holder: number, quiet: Quiet) {
    this.#client = client
    this.#holder = holder
    this.#quiet = quiet
  }

  get holder(): number | null {
    return this.#holder
  }

  /** The server may notice a moment later that a connection has ended, so the lock is given back in words. */
  async release(): Promise<void> {
    this.#holder = null
    await this.#quiet()
    await this.#client.query('select pg_advisory_unlock_all()').catch(() => undefined)
    await this.#client.end().catch(() => undefined)
  }
}

/**
 * Asked of each transaction of a run: its lock may be gone, and another run at work.
 * @param query runs a statement on the connection of the transaction
 * @throws {Problem} `run-cut-off`
 */
export async function checkHeld(query: (sql: string) => Promise<{ rowCount: number | null }>, holder: number) {
  if ((await query(`select 1 ${IS_HELD} and pid = ${holder}`)).rowCount === 1) return
  const mend = 'see that the way to the server is sound; the next run goes on from here'
  throw new Problem('run-cut-off', 'The server ended the connection that kept other runs away', { mend })
}

/** True while a connection holds the lock. */
export function isServerLocked(url: string): Promise<boolean> {
  return askServer(url, async (ask) => (await ask(`select 1 ${IS_HELD}`)).length > 0)
}
