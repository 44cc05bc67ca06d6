import type { BigIntStats } from 'node:fs'
import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Coding } from './static-coding.ts'
import { isServed } from './static-path.ts'

/** What stands at a path. */
export interface Place {
  /** The directory and the path below it, with no symbolic link in either. */
  root: string
  path: string
  kind: 'file' | 'folder'
}

/** A file that is open, so that it stays the same whatever is renamed over it. */
export interface OpenedFile {
  handle: FileHandle
  stats: BigIntStats
  /** How it is compressed; null: it is not. */
  coding: Coding | null
}

const ENDINGS: Record<Coding, string> = { br: '.br', gzip: '.gz' }
/** Codes by which the disk says that there is no such file. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']

/** Finds what stands at a path below a directory; null: nothing that is to be served, also when a link leads out. */
export function placeOf(dir: string, names: readonly string[]): Promise<Place | null> {
  return unlessAbsent(async () => {
    const root = await realpath(dir)
    return placeAt(root, join(root, ...names))
  })
}

/** Opens a file, or the first of its compressed copies that is there; null when it has gone. */
export async function openPlace({ root, path }: Place, codings: readonly Coding[]): Promise<OpenedFile | null> {
  for (const coding of codings) {
    const copy = await unlessAbsent(() => placeAt(root, `${path}${ENDINGS[coding]}`))
    const opened = copy?.kind === 'file' ? await opening(copy.path) : null
    if (opened !== null) return { ...opened, coding }
  }
  const opened = await opening(path)
  return opened && { ...opened, coding: null }
}

/** Looks before anything is opened: to open a pipe waits for its writer. */
async function placeAt(root: string, target: string): Promise<Place | null> {
  const path = await realpath(target)
  // The names on the disk may be others than those that were asked for: links, and short names of Windows.
  const names = path === root ? [] : relative(root, path).split(sep)
  if (!isServed(names)) return null
  const stats = await stat(path)
  if (stats.isDirectory()) return { root, path, kind: 'folder' }
  return stats.isFile() ? { root, path, kind: 'file' } : null
}

function opening(path: string): Promise<Pick<OpenedFile, 'handle' | 'stats'> | null> {
  return unlessAbsent(async () => {
    const handle = await open(path)
    try {
      return { handle, stats: await handle.stat({ bigint: true }) }
    } catch (error) {
      await handle.close()
      throw error
    }
  })
}

async function unlessAbsent<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.includes(String(error.code))) return null
    throw error
  }
}
