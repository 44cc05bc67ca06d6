import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Problem } from '../problem.ts'
import { isServer } from '../store-place.ts'
import { openFile, openStore, unreadable } from './open.ts'

/**
 * Writes a copy of a store as it is at this moment, also while a run is at work on it; without a store, nothing.
 * @throws {Problem} `store-unreadable`, `copy-full`
 */
export async function copyStore(path: string, target: string): Promise<void> {
  if (isServer(path)) return copyFromServer(path, target)
  if (!existsSync(path)) return
  const file = await openFile(path)
  try {
    file.exec('pragma busy_timeout = 15000')
    file.exec(`vacuum into '${target.replaceAll("'", "''")}'`)
  } catch (error) {
    throw isFull(error) ? noRoom(target, error) : unreadable(path, error)
  } finally {
    file.close()
  }
}

/** All tables as they are at one moment. */
async function copyFromServer(url: string, target: string): Promise<void> {
  const { copyTables } = await import('./copy-tables.ts')
  const from = await openStore(url)
  const to = await openStore(target)
  try {
    await from
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((tx) => copyTables(tx, to))
  } finally {
    await Promise.all([from.destroy(), to.destroy()])
  }
}

/** SQLITE_FULL; the store itself is only read. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 13
}

function noRoom(target: string, cause: unknown): Problem {
  const mend = 'make room on the disk of this folder'
  return new Problem('copy-full', 'There is no room for the copy of the store', { where: dirname(target), mend, cause })
}
