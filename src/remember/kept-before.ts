import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sweepTemporaries } from '../files.ts'
import { Problem } from '../problem.ts'
import { writeCopy } from './write-copy.ts'

/** So many stores from before an upgrade are kept. */
const MOST_KEPT = 2

/**
 * Keeps a store as it is before a step of the schema, as `feedwire.db.before-007-upkeep` beside it; of such files the
 * two newest are left.
 * @throws {Problem} `upgrade-unkept`
 */
export async function keepBefore(path: string, step: string): Promise<void> {
  const beside = `${path}.before-${step}`
  try {
    sweepTemporaries(dirname(path), (name) => isBefore(path, name))
    await writeCopy(path, beside, () => Promise.resolve())
    for (const old of keptBefore(path).slice(MOST_KEPT)) rmSync(old)
  } catch (cause) {
    if (!(cause instanceof Problem) && !(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new Problem('upgrade-unkept', `Cannot keep the store as it is before the upgrade: ${cause.message}`, {
      where: beside,
      mend: 'make room beside the store, or see that its folder may be written; until then the older version works on',
      cause,
    })
  }
}

/** The files that are kept, newest first. */
function keptBefore(path: string): string[] {
  const written = (file: string): number => statSync(file).mtimeMs
  return readdirSync(dirname(path))
    .filter((name) => isBefore(path, name))
    .map((name) => join(dirname(path), name))
    .sort((a, b) => written(b) - written(a))
}

function isBefore(path: string, name: string): boolean {
  const start = `${basename(path)}.before-`
  return name.startsWith(start) && /^\d{3}-[a-z-]+$/.test(name.slice(start.length))
}
