import { statSync } from 'node:fs'
import { z } from 'zod'
import { migrations } from '../remember/migrations.ts'
import { unreadable } from '../remember/open.ts'
import { type SqliteFile, openSqlite } from '../remember/sqlite.ts'
import { type Finding, fault, foreign, note, ok } from './finding.ts'
import { isOpenToOthers } from './settings.ts'

/** What a look at the store found; it changes nothing, and a run may be at work meanwhile. */
export interface StoreReading {
  /** Bytes of the file, of what was not yet written back into it, and of it what is free. */
  size: number
  wal: number
  free: number
  /** What SQLite finds wrong with it. */
  damage: string[]
  /** The steps of the schema that it took; none when it is no store of ours. */
  steps: string[]
  /** The latest instant that it remembers, in milliseconds since 1970. */
  latest: number | null
  hasSecret: boolean
}

/** The whole check reads every index against its table; beyond this size, each page only is looked at. */
const WHOLE_CHECK_MOST = 64 * 1024 * 1024
const MOST_DAMAGE = 5

/**
 * Looks at a store without bringing its schema up to date; null when there is none.
 * @throws {Problem} `store-unreadable`
 */
export async function readStore(path: string): Promise<StoreReading | null> {
  const size = statSync(path, { throwIfNoEntry: false })?.size
  // An empty file is one that a first run is about to fill.
  if (size === undefined || size === 0) return null
  const wal = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  try {
    const file = await openSqlite(path)
    try {
      file.exec('pragma query_only = on; pragma busy_timeout = 5000')
      return { size, wal, ...contentOf(file, size) }
    } finally {
      file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

function contentOf(file: SqliteFile, size: number): Omit<StoreReading, 'size' | 'wal'> {
  const check = size <= WHOLE_CHECK_MOST ? 'integrity_check' : 'quick_check'
  const damage = texts(file, `pragma ${check}(${MOST_DAMAGE})`).filter((line) => line !== 'ok')
  const free = number(file, 'pragma freelist_count') * number(file, 'pragma page_size')
  const isOurs = number(file, `select count(*) from sqlite_master where name = 'kysely_migration'`) > 0
  if (damage.length > 0 || !isOurs) return { free, damage, steps: [], latest: null, hasSecret: false }
  return {
    free,
    damage,
    steps: texts(file, 'select name from kysely_migration order by name'),
    latest:
      number(
        file,
        `select max((select ifnull(max(started_at), 0) from runs), ifnull(max(first_seen), 0)) from entries`,
      ) || null,
    hasSecret: number(file, 'select count(*) from secrets') > 0,
  }
}

const row = z.record(z.string(), z.union([z.string(), z.number(), z.bigint()]))

function texts(file: SqliteFile, query: string): string[] {
  return file
    .prepare(query)
    .all()
    .map((found) => String(Object.values(row.parse(found))[0]))
}

function number(file: SqliteFile, query: string): number {
  return Number(texts(file, query)[0] ?? 0)
}

/** What is said of a store. */
export function storeFindings(path: string, reading: StoreReading | null): Finding[] {
  if (reading === null) return [note(`There is no store yet (${path})`, '"feedwire run" makes it')]
  const { damage, steps } = reading
  if (damage.length > 0) {
    const words = foreign(damage.join('; '))
    return [fault(`The store is damaged: ${words}`, 'restore a backup with "feedwire restore FILE"')]
  }
  const schema = schemaFindings(path, steps, `${sizesText(reading)}, whole`)
  if (schema.some(({ state }) => state === 'fault')) return schema
  return [...schema, ...wasteNotes(reading), ...modeFaults(path)]
}

/** What is said of the schema of a store, by the steps that it took; `well`: what else there is to say if it can be used. */
export function schemaFindings(name: string, steps: readonly string[], well: string): Finding[] {
  const newer = steps.find((step) => !Object.hasOwn(migrations, step))
  if (newer !== undefined) {
    const mend = 'install the newer version again, or restore the backup from before the upgrade'
    return [fault(`The store was written by a newer Feedwire (it has step ${foreign(newer)})`, mend)]
  }
  const last = steps.at(-1)
  if (last === undefined) return [fault(`${name} is no store of Feedwire`, 'name another in "database"')]
  const isOld = steps.length < Object.keys(migrations).length
  return [
    ok(`${well}, schema ${last}`),
    ...(isOld ? [note(`The store is of an older version (${last})`, 'the next run brings it up to date')] : []),
  ]
}

const MEGABYTE = 1_000_000

function sizesText({ size, wal, free }: StoreReading): string {
  const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`
  return `${megabytes(size)} (${megabytes(free)} of it free), ${megabytes(wal)} to be written back`
}

function wasteNotes({ size, free }: StoreReading): Finding[] {
  if (free < 20 * MEGABYTE || free * 2 < size) return []
  return [note('More than half of the store is free space', '"feedwire compact" makes it small')]
}

function modeFaults(path: string): Finding[] {
  if (!isOpenToOthers(path)) return []
  return [fault(`Others on this machine may read ${path}, which holds addresses and the secret`, `chmod 600 ${path}`)]
}
