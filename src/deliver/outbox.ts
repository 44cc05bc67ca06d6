import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { sweepTemporaries, writeFileAtomic } from '../files.ts'
import { Problem } from '../problem.ts'
import type { Compose, Letter, Mailer, Outcome } from './mailer.ts'
import { composeMime } from './mime.ts'

/** A name that every file system takes as it is, also one that folds case or keeps device names for itself. */
const SAFE_NAME = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9._-]{0,99}$/

/** Writes each letter as a file of `dir`, named by its id; a letter that stands there already is left alone. */
export function outboxMailer(dir: string, compose: Compose = composeMime): Mailer {
  const nothingToClose = (): Promise<void> => Promise.resolve()
  let isReady = false
  const send = async (letter: Letter): Promise<Outcome> => {
    const name = `${baseName(letter.id)}.eml`
    const mime = await compose(letter)
    try {
      if (!isReady) makeReady(dir)
      isReady = true
      if (!existsSync(join(dir, name))) writeFileAtomic(join(dir, name), mime)
    } catch (error) {
      return { kind: 'stopped', problem: unwritable(error, dir) }
    }
    return { kind: 'sent', reply: name }
  }
  return {
    connections: 1,
    idempotent: true,
    open: () => ({ send, close: nothingToClose }),
    close: nothingToClose,
  }
}

function makeReady(dir: string): void {
  mkdirSync(dir, { recursive: true })
  sweepTemporaries(dir, (name) => name.endsWith('.eml'))
}

/** The part of a letter's id before `@`, or a hash when that would be no good name. */
function baseName(id: string): string {
  const local = id.replace(/@[^@]*$/, '')
  return SAFE_NAME.test(local) ? local : createHash('sha256').update(id).digest('hex')
}

function unwritable(error: unknown, dir: string): Problem {
  if (!(error instanceof Error && 'syscall' in error)) throw error
  return new Problem('outbox-unwritable', `Cannot write letters: ${error.message}`, {
    where: dir,
    mend: 'make the folder writable, or free some space',
    cause: error,
  })
}
