import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder, temporaryOf } from '../files.ts'
import { copyStore } from './copy.ts'

/**
 * Writes a copy of a store as it is at this moment, whole or not at all, also while others write to it; only its owner
 * may read it, from its first byte on.
 * @param check looks at the copy before it gets its name; what it throws leaves the target as it was
 * @throws {Problem} `store-unreadable`, `copy-full`
 */
export async function writeCopy<T>(path: string, target: string, check: (copy: string) => Promise<T>): Promise<T> {
  const temporary = temporaryOf(target)
  try {
    await copyPrivately(path, temporary)
    syncFile(temporary)
    const found = await check(temporary)
    renameSync(temporary, target)
    syncFolder(dirname(target))
    return found
  } catch (error) {
    removeCopy(temporary)
    throw error
  }
}

/** Writes a copy that only its owner may read, over a file that a killed process left. */
export async function copyPrivately(path: string, target: string): Promise<void> {
  removeCopy(target)
  // SQLite writes into an empty file as into none.
  closeSync(openSync(target, 'wx', 0o600))
  await copyStore(path, target)
}

/** On a full disk SQLite leaves its journal as well; it would be taken for that of the next copy of this name. */
function removeCopy(path: string): void {
  for (const ending of ['', '-journal']) rmSync(path + ending, { force: true })
}

/** Waits until a file is on the disk. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
