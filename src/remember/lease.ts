import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import { engineOf } from './engine.ts'
import type { Store } from './open.ts'
import { type Quiet, SIGN_OF_LIFE, watchSession } from './postgres-session.ts'

/** What makes letters that were claimed those of one run, for as long as it lives. */
export interface Lease {
  /**
   * Does work on the store while the lease is held; work that is cut off is done again, and then knows that nobody may
   * have heard what came of it.
   */
  use<T>(work: (store: Store, wasCutOff: boolean) => Promise<T>): Promise<T>
  end(): Promise<void>
}

/**
 * Takes the lease of a run. In a file nobody else is at work, so that it is nothing. On a server it is an advisory lock
 * of the connection on which letters are claimed: it is free once that is gone, be it that the process died, that it
 * was cut off, that it hangs or that the server was started anew, and no clock of a machine is asked.
 * @param hang milliseconds after which a process that gives no sign of life loses it
 */
export function takeLease(store: Store, runId: number, hang?: number): Lease {
  if (engineOf(store) === 'postgres') return new ServerLease(store, runId, hang)
  return { use: (work) => work(store, false), end: () => Promise.resolve() }
}

/** The first half of the keys of leases; the second is the run. */
export const LEASES = sql`hashtext('feedwire letters ' || current_schema())`

/** The runs whose lease is held. */
const HELD = sql`
  select objid from pg_locks join pg_database on pg_database.oid = pg_locks.database
  where locktype = 'advisory' and datname = current_database() and objsubid = 2
    and cast(classid as bigint) = cast(${LEASES} as bigint) & 4294967295`

/** On a server: the runs whose lease is held. */
export async function leasedRuns(store: Store): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select cast(objid as bigint) as id from (${HELD}) as held`.execute(store)
  return rows.map(({ id }) => id)
}

/** On a server: true when a letter may be tried at `now`, or taken over, since the lease of its run is free. */
export async function hasClaimable(store: Store, now: Instant): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ledger
    where state in ('due', 'deferred', 'claimed') and until <= ${now}
      and digest_id not in (select id from digests where paused = 1)
      and not exists (select 1 from settings where key = 'unpublished' and digest_id = any(string_to_array(value, ' ')))
      and (state <> 'claimed' or cast(run_id as oid) not in (${HELD}))
    limit 1`.execute(store)
  return rows.length > 0
}

/** How long a server that is away is waited for, in milliseconds: it may be started anew. */
const PATIENCE = 60_000
const PAUSE = 500

class ServerLease implements Lease {
  readonly #store: Store
  readonly #runId: number
  readonly #hang: number | undefined
  /** How many are at work on the session. */
  #atWork = 0
  #beat: Promise<unknown> = Promise.resolve()
  #session: Session | null = null

  constructor(store: Store, runId: number, hang?: number) {
    this.#store = store
    this.#runId = runId
    this.#hang = hang
  }

  async use<T>(work: (store: Store, wasCutOff: boolean) => Promise<T>): Promise<T> {
    this.#atWork++
    try {
      return await this.#try(work)
    } finally {
      this.#atWork--
    }
  }

  async #try<T>(work: (store: Store, wasCutOff: boolean) => Promise<T>): Promise<T> {
    let wasCutOff = false
    for (const since = performance.now(); ;) {
      try {
        this.#session ??= this.#open()
        const store = await this.#session.store
        await this.#beat
        return await work(store, wasCutOff)
      } catch (error) {
        const isCutOff = error instanceof Problem && error.code === 'store-unreachable'
        const isTooLate = performance.now() - since >= PATIENCE
        // Two that wait for each other: the server ends one of them, and its work is done again.
        const isInTheWay = error instanceof Problem && error.code === 'store-busy'
        if (isTooLate || !(isCutOff || isInTheWay)) throw error
        wasCutOff ||= isCutOff
        if (isCutOff) await this.end()
        await setTimeout(PAUSE)
      }
    }
  }

  async end(): Promise<void> {
    const session = this.#session
    this.#session = null
    await session?.end()
  }

  #open(): Session {
    return openSession(this.#store, this.#runId, (own) => {
      const query = (text: string): Promise<unknown> => sql.raw(text).execute(own)
      // Work on the session is a sign of life by itself, and a connection does one thing at a time.
      const beat = (): Promise<unknown> => (this.#atWork > 0 ? Promise.resolve() : (this.#beat = query(SIGN_OF_LIFE)))
      return watchSession(query, beat, this.#hang)
    })
  }
}

/** A connection of its own. */
interface Session {
  store: Promise<Store>
  end: () => Promise<void>
}

function openSession(store: Store, runId: number, watch: (own: Store) => Promise<Quiet>): Session {
  const over = new AbortController()
  let held: Promise<void> = Promise.resolve()
  const opened = new Promise<Store>((resolve, reject) => {
    held = store.connection().execute(async (own) => {
      const quiet = await watch(own)
      await sql`select pg_advisory_lock(${LEASES}, cast(${runId} as integer))`.execute(own)
      resolve(own)
      if (!over.signal.aborted) await once(over.signal, 'abort')
      await quiet()
      await sql`select pg_advisory_unlock(${LEASES}, cast(${runId} as integer))`.execute(own)
      await sql`reset idle_session_timeout`.execute(own)
    })
    held.catch(reject)
  })
  return {
    store: opened,
    end: async () => {
      over.abort()
      // What is cut off has lost the lease as well.
      await held.catch(() => undefined)
    },
  }
}
