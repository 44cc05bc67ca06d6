import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pid } from 'node:process'
import { stringify } from 'csv-stringify/sync'
import type { Instant } from '../entry.ts'
import { syncFolder } from '../files.ts'
import type { Topic } from '../preferences.ts'
import { Problem } from '../problem.ts'
import type { ExportedReader } from '../remember/export.ts'

/** Columns of an export; `subscribers import` understands each. Moments are ISO 8601, UTC. */
export const EXPORT_COLUMNS = [
  ...['address', 'state', 'suppressed', 'suppressed_at', 'suppressed_why', 'added_at', 'left_at'],
  ...['frequency', 'zone', 'topics', 'language'],
  ...['consent_asked_at', 'consent_confirmed_at', 'consent_source', 'consent_place', 'consent_client', 'consent_text'],
] as const

/** One reader in the columns of an export; what is the site's own is empty. */
export function exportCells({ reader, suppression, consent }: ExportedReader): string[] {
  const { address, state, addedAt, leftAt, preferences } = reader
  const { frequency, zone, topics, language } = preferences
  return [
    ...[address, state, suppression?.reason ?? '', iso(suppression?.since), suppression?.detail ?? ''],
    ...[iso(addedAt), iso(leftAt)],
    ...[frequency === 'site' ? '' : frequency, zone ?? '', topicsText(topics), language ?? ''],
    ...[iso(consent?.askedAt), iso(consent?.confirmedAt)],
    ...[consent?.source ?? '', consent?.place ?? '', consent?.client ?? '', consent?.text ?? ''],
  ]
}

function iso(at: Instant | null | undefined): string {
  return at === null || at === undefined ? '' : new Date(at).toISOString()
}

function topicsText(topics: readonly Topic[]): string {
  return topics.some((topic) => topic.includes(',')) ? JSON.stringify(topics) : topics.join(', ')
}

/** What a spreadsheet may take for a formula; and what would be taken for a guarded one. */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/

/** Records as lines of CSV (RFC 4180, but for `\n`). A cell that could be a formula has a `'` before it. */
export function csvLines(records: readonly (readonly string[])[]): string {
  return stringify(records.map((cells) => cells.map((cell) => (FORMULA.test(cell) ? `'${cell}` : cell))))
}

/** A file that is being written, and takes the place of what was there only when it is whole. */
export interface NewFile {
  write: (text: string) => void
  finish: () => void
  /** Leaves what was there. */
  drop: () => void
}

/**
 * Begins a file that its owner alone may read, as it holds addresses.
 * @throws {Problem} `argument-file` when it cannot be
 */
export function newPrivateFile(path: string): NewFile {
  const temporary = join(dirname(path), `.${basename(path)}.${String(pid)}.tmp`)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw unwritable(path, 'it is a folder')
  const file = createPrivate(temporary, path)
  return {
    write: (text) => {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    },
    finish: () => {
      fsyncSync(file)
      closeSync(file)
      renameSync(temporary, path)
      syncFolder(dirname(path))
    },
    drop: () => {
      closeSync(file)
      rmSync(temporary, { force: true })
    },
  }
}

function createPrivate(temporary: string, path: string): number {
  try {
    rmSync(temporary, { force: true })
    return openSync(temporary, 'wx', 0o600)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    throw unwritable(path, String(cause.code), cause)
  }
}

function unwritable(path: string, why: string, cause?: unknown): Problem {
  const mend = 'name a file in a folder that is there and may be written'
  return new Problem('argument-file', `Cannot write the file: ${why}`, { where: path, mend, cause })
}
