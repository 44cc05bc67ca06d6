import { existsSync, realpathSync } from 'node:fs'
import { isServer } from '../store-place.ts'
import { openSqlite } from './sqlite.ts'

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
