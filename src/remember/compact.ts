import { existsSync, realpathSync, statSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import { missingStore, refuseServer } from './inspect.ts'
import { takeLock } from './lock.ts'
import { openStore } from './open.ts'
import { type Forgotten, forgetAllOld } from './retention.ts'

/** What came of making a store small; sizes in bytes, with what waits beside the file. */
export interface Compacted extends Forgotten {
  before: number
  after: number
}

/**
 * Forgets what is kept for longer than `keep` milliseconds, and writes the store anew without gaps.
 * @throws {Problem} `store-missing`, `store-busy`, `store-full`
 */
export async function compactStore(path: string, keep: number, now: Instant): Promise<Compacted> {
  refuseServer(path)
  if (!existsSync(path)) throw missingStore(path)
  const lock = await takeLock(path)
  if (lock === null) {
    throw new Problem('store-busy', 'A run is at work on this store', { mend: 'try again when it has ended' })
  }
  try {
    const real = realpathSync(path)
    const before = sizeOf(real)
    refuseFullDisk(real, before)
    const forgotten = await forgetAndVacuum(real, keep, now)
    return { before, after: sizeOf(real), ...forgotten }
  } finally {
    await lock.release()
  }
}

async function forgetAndVacuum(real: string, keep: number, now: Instant): Promise<Forgotten> {
  const store = await openStore(real)
  try {
    const forgotten = await forgetAllOld(store, keep, now)
    await sql`vacuum`.execute(store).catch((error: unknown) => {
      throw error instanceof Problem && error.code === 'store-full' ? noRoom(real, error) : error
    })
    await sql`pragma wal_checkpoint(truncate)`.execute(store)
    return forgotten
  } finally {
    await store.destroy()
  }
}

function sizeOf(real: string): number {
  return statSync(real).size + (statSync(`${real}-wal`, { throwIfNoEntry: false })?.size ?? 0)
}

/** A copy is made of the store among the temporary files of the system, and then written to the log beside it. */
function refuseFullDisk(real: string, size: number): void {
  const { bavail, bsize } = statfsSync(dirname(real))
  if (bavail * bsize >= 2 * size) return
  throw noRoom(real)
}

function noRoom(real: string, cause?: Problem): Problem {
  const mend =
    'make room for twice the size of the store on its disk, and for once in /var/tmp, or where SQLITE_TMPDIR says'
  return new Problem('store-full', 'There is no room to write the store anew', { where: real, mend, cause })
}
