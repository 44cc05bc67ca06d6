import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ignore from 'ignore'

/** What never belongs into a repository: addresses and secrets. */
const PRIVATE = [
  { line: 'feedwire.db*', paths: ['feedwire.db', 'feedwire.db-wal', 'feedwire.db.lock'] },
  { line: 'backup*.db', paths: ['backup.db', 'backup-1.db'] },
  { line: 'outbox/', paths: ['outbox/'] },
  { line: 'unread/', paths: ['unread/'] },
  { line: 'dkim*.pem', paths: ['dkim.pem'] },
  { line: '.env', paths: ['.env'] },
]

/**
 * What is to be added to `.gitignore`; null when it lacks nothing, or when there is no need of one.
 * @param isNew true for a site that has only just begun
 */
export function withPrivateFiles(folder: string, isNew: boolean): string | null {
  const path = join(folder, '.gitignore')
  const isThere = existsSync(path)
  if (!isThere && !isNew && !isInRepository(folder)) return null
  const before = isThere ? readFileSync(path, 'utf8') : ''
  const rules = ignore().add(before)
  const lines = PRIVATE.filter(({ paths }) => !paths.every((one) => rules.ignores(one))).map(({ line }) => `${line}\n`)
  if (lines.length === 0) return null
  return (before === '' || before.endsWith('\n') ? '' : '\n') + lines.join('')
}

function isInRepository(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true
    if (dirname(at) === at) return false
  }
}
