import { existsSync } from 'node:fs'
import { sql } from 'kysely'
import { Problem } from '../problem.ts'
import { placeName } from '../store-place.ts'
import { type CopyProgress, copyTables, isEmptyStore, verifyCopy } from './copy-tables.ts'
import { missingStore } from './inspect.ts'
import { takeLock } from './lock.ts'
import { movedTo, noteMove, refuseMoved } from './moved.ts'
import { type Store, openStore } from './open.ts'
import { COPYING, takeServerLock } from './postgres-lock.ts'
import { storeNonce } from './settings.ts'

/**
 * Moves all that a store in a file holds to a server: copies it, compares both, and marks the file as moved. As long as
 * it takes nobody writes to the file, and after it nobody does. A copy that was broken off goes on where it stood;
 * until it is whole, no run works on it.
 * @returns how many rows there are, by table
 * @throws {Problem} `store-missing`, `store-busy`, `store-moved`, `target-not-empty`, `row-refused`, `copy-differs`,
 *   and what opening both throws
 */
export async function migrateStore(path: string, url: string, onRows?: CopyProgress): Promise<Record<string, number>> {
  if (!existsSync(path)) throw missingStore(path)
  return locked([() => takeLock(path), () => takeServerLock(url, true)], () =>
    opened(path, (from) =>
      opened(url, async (to) => {
        await begin(from, to, url)
        const counts = await from.transaction().execute(async (tx) => {
          const read = await copyTables(tx, to, onRows)
          const same = await verifyCopy(read, to)
          if ((await movedTo(tx)) === null) await noteMove(tx, placeName(url))
          return same
        })
        // Last, so that at no moment letters may go from both.
        await sql`comment on table settings is null`.execute(to)
        return counts
      }),
    ),
  )
}

async function locked<T>(locks: (() => ReturnType<typeof takeLock>)[], work: () => Promise<T>): Promise<T> {
  const [first, ...others] = locks
  if (first === undefined) return work()
  const lock = await first()
  if (lock === null) {
    throw new Problem('store-busy', 'A run is at work on this store', { mend: 'stop it, and try again' })
  }
  try {
    return await locked(others, work)
  } finally {
    await lock.release()
  }
}

async function opened<T>(place: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(place, { moves: true })
  try {
    return await work(store)
  } finally {
    await store.destroy()
  }
}

/** Marks the target as one that is being copied to, beside its rows. */
async function begin(from: Store, to: Store, url: string): Promise<void> {
  const mark = `copying ${await storeNonce(from)}`
  const { rows } = await sql<{ mark: string | null }>`select ${COPYING} as mark`.execute(to)
  const found = rows[0]?.mark ?? null
  if (found === mark) return
  await refuseMoved(from)
  if (found !== null || !(await isEmptyStore(to))) {
    const mend = 'name an empty database, or go on with the copy of the same store'
    throw new Problem('target-not-empty', 'The database holds a store already', { where: placeName(url), mend })
  }
  await sql`comment on table settings is ${sql.lit(mark)}`.execute(to)
}
