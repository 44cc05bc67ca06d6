import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Instant } from '../entry.ts'
import { writeFileAtomic } from '../files.ts'
import { Problem } from '../problem.ts'

/** Keeps mails for a person as files of `dir`, such as `20261006T080000Z-0123456789abcdef.eml`; nothing deletes them. */
export function unreadFolder(dir: string): (bytes: Uint8Array, id: string, now: Instant) => string {
  return (bytes, id, now) => {
    const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
    try {
      // They hold addresses, so nobody else may read them.
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      const there = readdirSync(dir).find((name) => name.endsWith(`-${id}.eml`))
      const path = join(dir, there ?? `${time}-${id}.eml`)
      if (there === undefined) writeFileAtomic(path, bytes)
      return path
    } catch (error) {
      throw unwritable(error, dir)
    }
  }
}

function unwritable(error: unknown, dir: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  return new Problem('unread-unwritable', `Cannot keep a mail for you: ${error.message}`, {
    where: dir,
    mend: 'make the folder writable, or free some space',
    cause: error,
  })
}
