import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pid, platform } from 'node:process'

/**
 * Writes a file so that after any crash it is whole, old or new, never half: a temporary file in the same folder,
 * synced, renamed over the target, the folder synced. The folder must exist.
 */
export function writeFileAtomic(path: string, bytes: string | Uint8Array): void {
  const temporary = temporaryOf(path)
  try {
    writeSynced(temporary, bytes)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** Where a file is written before it gets its name; `sweepTemporaries()` knows it by its form. */
export function temporaryOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${String(pid)}.tmp`)
}

/**
 * Takes away the temporary files that killed processes left in a folder.
 * @param isOurs tells by its name whether a file is one that we write
 */
export function sweepTemporaries(folder: string, isOurs: (name: string) => boolean): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const target = /^\.(.+)\.\d+\.tmp$/.exec(entry.name)?.[1]
    if (target !== undefined && entry.isFile() && isOurs(target)) rmSync(join(folder, entry.name), { force: true })
  }
}

function writeSynced(path: string, bytes: string | Uint8Array): void {
  const file = openSync(path, 'w')
  try {
    writeFileSync(file, bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A rename lasts once its folder is synced (fsync(2)). Windows cannot open a folder as a file, and needs no sync. */
export function syncFolder(path: string): void {
  if (platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
