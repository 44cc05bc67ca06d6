import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../files.ts'
import { Problem } from '../problem.ts'

/**
 * Hands each new mail of a Maildir to `take`, oldest name first, and moves it to `cur/` after that: marked as seen when
 * it was taken care of, unseen when a person is to read it.
 * @param take gives true when it was taken care of
 * @throws {Problem} `argument-maildir`, `maildir-unusable`
 */
export async function emptyMaildir(dir: string, take: (bytes: Uint8Array) => Promise<boolean>): Promise<void> {
  if (!existsSync(join(dir, 'new'))) {
    const mend = 'name the folder that has new/ and cur/ in it'
    throw new Problem('argument-maildir', 'There is no Maildir', { where: dir, mend })
  }
  const names = onDisk(dir, () => newMails(dir)) ?? []
  for (const name of names) {
    const bytes = onDisk(dir, () => readFileSync(join(dir, 'new', name)))
    if (bytes === null) continue
    const isSeen = await take(bytes)
    onDisk(dir, () => {
      moveToCur(dir, name, isSeen ? 'S' : '')
    })
  }
}

function newMails(dir: string): string[] {
  const entries = readdirSync(join(dir, 'new'), { withFileTypes: true })
  const mails = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  return mails.map(({ name }) => name).sort()
}

function moveToCur(dir: string, name: string, flags: string): void {
  mkdirSync(join(dir, 'cur'), { recursive: true })
  renameSync(join(dir, 'new', name), join(dir, 'cur', `${name.replace(/:.*$/, '')}:2,${flags}`))
  syncFolder(join(dir, 'cur'))
  syncFolder(join(dir, 'new'))
}

/** Null when a file is gone: somebody reads the Maildir at the same time. */
function onDisk<T>(dir: string, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error
    if (error.code === 'ENOENT') return null
    throw new Problem('maildir-unusable', `Cannot empty the Maildir: ${error.message}`, {
      where: dir,
      mend: 'see that Feedwire may read and write it, and that there is space',
      cause: error,
    })
  }
}
