import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openFile, unreadable } from './open.ts'

/** Held by the one run at work on a store. */
export interface Lock {
  release(): void
}

/**
 * Takes the lock of a store, or returns null when another process holds it.
 * It is an exclusive transaction on a database beside the store: the system frees it when its holder dies,
 * even by SIGKILL, so no lock is ever left behind.
 * @throws {Problem} `store-unreadable`
 */
export async function takeLock(storePath: string): Promise<Lock | null> {
  const path = lockPath(storePath)
  const database = await openFile(path)
  try {
    database.exec('pragma busy_timeout = 0')
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if (error instanceof Error && /locked|busy/i.test(error.message)) return null
    throw unreadable(path, error)
  }
  return {
    release: () => {
      database.close()
    },
  }
}

/** The lock stands beside the file itself, so that it is one for every link to that file. */
function lockPath(storePath: string): string {
  try {
    if (existsSync(storePath)) return `${realpathSync(storePath)}.lock`
    mkdirSync(dirname(storePath), { recursive: true })
    return join(realpathSync(dirname(storePath)), `${basename(storePath)}.lock`)
  } catch (error) {
    throw unreadable(storePath, error)
  }
}
