import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isServer } from '../store-place.ts'
import { openFile, unreadable } from './open.ts'

/** Held by the one run at work on a store. */
export interface Lock {
  release(): Promise<void>
  /** On a server: the process there that holds it; null once it is given back, and for a file. */
  readonly holder: number | null
}

/**
 * Takes the lock of a store, or returns null when another process holds it; it is free again once its holder dies.
 * @throws {Problem} `store-unreadable`, `store-unreachable`
 */
export async function takeLock(place: string): Promise<Lock | null> {
  if (!isServer(place)) return takeFileLock(place)
  const { takeServerLock } = await import('./postgres-lock.ts')
  return takeServerLock(place)
}

/**
 * It is an exclusive transaction on a database beside the store: the system frees it when its holder dies,
 * even by SIGKILL, so no lock is ever left behind.
 */
async function takeFileLock(storePath: string): Promise<Lock | null> {
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
    holder: null,
    release: () => {
      database.close()
      return Promise.resolve()
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
