import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from './folder.ts'

/** Mounts a file system of 1 MB, which lives in memory, in a folder. */
export function mountDisk(folder: string): string {
  const path = join(folder, 'disk')
  mkdirSync(path)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'feedwire-test', path], { stdio: 'pipe' })
  return path
}

export function unmountDisk(disk: string): void {
  execFileSync('umount', [disk], { stdio: 'pipe' })
}

function mountFault(): string | null {
  const folder = tempFolder()
  try {
    unmountDisk(mountDisk(folder))
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Why no file system can be mounted here, or null. */
export const MOUNT_FAULT = mountFault()
