import { existsSync } from 'node:fs'
import { openFile, unreadable } from './open.ts'

/**
 * Writes a copy of a store as it is at this moment, also while a run is at work on it; without a store, nothing.
 * @throws {Problem} `store-unreadable`
 */
export async function copyStore(path: string, target: string): Promise<void> {
  if (!existsSync(path)) return
  const file = await openFile(path)
  try {
    file.exec(`vacuum into '${target.replaceAll("'", "''")}'`)
  } catch (error) {
    throw unreadable(path, error)
  } finally {
    file.close()
  }
}
