import { appendFileSync, chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { writeFileAtomic } from '../files.ts'
import { Problem } from '../problem.ts'

/** A file to be written; `path` is relative to the site's folder, with `/`. */
export interface NewFile {
  path: string
  text: string
  /** True when nobody but its owner may read it. */
  isPrivate?: boolean
  /** True when the text comes after what is there already. */
  isAddition?: boolean
}

/**
 * Makes folders and writes files, leaving alone those that are there.
 * @returns the paths of what was written
 * @throws {Problem} `init-failed`
 */
export function writeNewFiles(folder: string, files: readonly NewFile[], folders: readonly string[]): string[] {
  try {
    for (const path of ['.', ...folders]) mkdirSync(resolve(folder, path), { recursive: true })
    return files.flatMap((file) => (writeNewFile(folder, file) ? [file.path] : []))
  } catch (cause) {
    throw refusedByDisk(cause, folder, 'write')
  }
}

/** What is wrong when the disk refuses; anything else as it is. */
export function refusedByDisk(cause: unknown, folder: string, what: 'read' | 'write'): unknown {
  if (!(cause instanceof Error && 'syscall' in cause && 'code' in cause)) return cause
  const where = 'path' in cause ? String(cause.path) : folder
  const mend = `see that Feedwire may ${what} there, and do it again`
  return new Problem('init-failed', `Cannot ${what} (${String(cause.code)})`, { where, mend, cause })
}

function writeNewFile(folder: string, { path, text, isPrivate = false, isAddition = false }: NewFile): boolean {
  const file = resolve(folder, path)
  const isThere = existsSync(file)
  if (isThere && !isAddition) return false
  mkdirSync(dirname(file), { recursive: true })
  // A secret is never readable by others, not even at first.
  if (isPrivate && isThere) chmodSync(file, 0o600)
  if (isAddition) appendFileSync(file, text, { mode: isPrivate ? 0o600 : 0o666 })
  else writeFileAtomic(file, text)
  return true
}
