import { existsSync, realpathSync } from 'node:fs'
import type { RunFact } from '../status/facts.ts'
import { isServer } from '../store-place.ts'
import { leasedRuns } from './lease.ts'
import type { Store } from './open.ts'
import { openSqlite } from './sqlite.ts'

/**
 * Which runs are at work. On a server there may be several: one gathers under the lock, and others, that gave it back,
 * send letters.
 * @param runs newest first
 */
export async function runsAtWork(
  store: Store,
  place: string,
  runs: readonly Pick<RunFact, 'id' | 'endedAt'>[],
): Promise<number[]> {
  const open = runs.filter(({ endedAt }) => endedAt === null).map(({ id }) => id)
  if (open.length === 0) return []
  const [newest] = runs
  const gathers = newest?.endedAt === null && (await isRunAtWork(place)) ? newest.id : null
  const leased = isServer(place) ? await leasedRuns(store) : []
  return open.filter((id) => id === gathers || leased.includes(id))
}

/**
 * True while a run holds the lock of a store. It is asked by a read, which holds the lock for less than a moment
 * itself; so ask only when a run seems to be at work.
 */
export async function isRunAtWork(storePath: string): Promise<boolean> {
  if (isServer(storePath)) return (await import('./postgres-lock.ts')).isServerLocked(storePath)
  const path = existsSync(storePath) ? `${realpathSync(storePath)}.lock` : ''
  if (!existsSync(path)) return false
  const file = await openSqlite(path)
  try {
    file.exec('pragma busy_timeout = 0')
    file.prepare('select count(*) from sqlite_master').all()
    return false
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return true
    throw error
  } finally {
    file.close()
  }
}
