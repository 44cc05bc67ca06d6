import { sql } from 'kysely'
import { Problem } from '../problem.ts'
import { type Keyed, type Row, holdsNul, lastRow, pagesOf } from './copy-pages.ts'
import { insertRows } from './copy-rows.ts'
import { NO_ROWS, type TableSum, addRows } from './copy-sum.ts'
import { engineOf } from './engine.ts'
import type { Store } from './open.ts'
import type { Tables } from './tables.ts'

type TableName = Exclude<keyof Tables, 'spool' | 'naming'>

/** The tables of a store, those first to which others refer, with the columns by which their rows are told apart. */
const TABLES: Record<TableName, readonly string[]> = {
  ...{ settings: ['key'], secrets: ['id'], sources: ['id'], texts: ['id'], entries: ['id'] },
  ...{ fetches: ['source_id'], hosts: ['host'], sightings: ['source_id', 'key'], cross_keys: ['key', 'entry_id'] },
  ...{ files: ['source_id', 'path'], adopted: ['link'], runs: ['id'], slots: ['schedule', 'slot'] },
  ...{ subscribers: ['id'], requests: ['id'], consents: ['id'], notices: ['id'], throttles: ['key'] },
  ...{ suppressions: ['key'], soft_bounces: ['subscriber_id', 'mail'], rates: ['scope'] },
  ...{ collections: ['id'], collection_entries: ['collection_id', 'entry_id'], archives: ['id'] },
  ...{ digests: ['id'], digest_entries: ['digest_id', 'position'], ledger: ['id'], alerts: ['key'] },
}
const KEYED: Keyed[] = Object.entries(TABLES).map(([table, keys]) => ({ table, keys }))

/** Told how many rows of a table are copied. */
export type CopyProgress = (table: string, rows: number) => void

/** What a store holds, by table. */
export type Sums = ReadonlyMap<string, TableSum>

/**
 * Copies every row of a store into another that is empty, or that holds a part of the same copy; both have the schema
 * of this program. It may be any number of rows; nothing is held but a page of them.
 * @returns what was read, also of rows that were there already
 * @throws {Problem} `row-refused`
 */
export async function copyTables(from: Store, to: Store, onRows: CopyProgress = () => undefined): Promise<Sums> {
  const sums = new Map<string, TableSum>()
  for (const one of KEYED) sums.set(one.table, await copyTable(from, to, one, onRows))
  await continueIds(from, to)
  return sums
}

async function copyTable(from: Store, to: Store, one: Keyed, onRows: CopyProgress): Promise<TableSum> {
  // Rows are written in order, so that the last one tells how far it came.
  const after = await comeTo(from, to, one)
  let sum = after === null ? NO_ROWS : await sumTable(from, one, after)
  let rows = 0
  const write = async (page: readonly Row[]): Promise<void> => {
    await insertRows(to, one, page)
    onRows(one.table, (rows += page.length))
  }
  let writing = Promise.resolve()
  try {
    // While a page is written the next one is read; so there are two in memory.
    for await (const page of pagesOf(from, one, { after })) {
      sum = addRows(sum, page)
      await writing
      writing = write(page)
      // It is awaited later.
      writing.catch(() => undefined)
    }
  } finally {
    await writing
  }
  return sum
}

async function comeTo(from: Store, to: Store, one: Keyed): ReturnType<typeof lastRow> {
  const last = await lastRow(to, one)
  if (last === null || !(await holdsNul(from, one))) return last
  await sql`delete from ${sql.table(one.table)}`.execute(to)
  return null
}

/** True when no table has a row. */
export async function isEmptyStore(store: Store): Promise<boolean> {
  for (const { table } of KEYED) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(store)
    if (rows.length > 0) return false
  }
  return true
}

/** Reads all that a store holds. */
export async function sumTables(store: Store): Promise<Sums> {
  const sums = new Map<string, TableSum>()
  for (const one of KEYED) sums.set(one.table, await sumTable(store, one))
  return sums
}

async function sumTable(store: Store, one: Keyed, upTo: Awaited<ReturnType<typeof lastRow>> = null): Promise<TableSum> {
  let sum = NO_ROWS
  for await (const page of pagesOf(store, one, { upTo })) sum = addRows(sum, page)
  return sum
}

/**
 * Compares what a store holds with what was read from another.
 * @returns how many rows it has, by table
 * @throws {Problem} `copy-differs`
 */
export async function verifyCopy(read: Sums, to: Store): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const one of KEYED) {
    const [there, here] = [read.get(one.table) ?? NO_ROWS, await sumTable(to, one)]
    if (there.rows !== here.rows || there.hash !== here.hash) {
      const message = `The copy of the table ${one.table} is not the same: ${there.rows} rows there, ${here.rows} here`
      throw new Problem('copy-differs', message, { mend: 'empty the target and copy again' })
    }
    counts[one.table] = here.rows
  }
  return counts
}

/** Ids that were given away are never given to others, also those of rows that are gone. */
async function continueIds(from: Store, to: Store): Promise<void> {
  if (engineOf(to) === 'sqlite') return
  for (const [table, keys] of Object.entries(TABLES)) {
    if (keys.join() !== 'id' || ['archives', 'digests', 'ledger'].includes(table)) continue
    const last = await lastId(from, table)
    if (last === 0) continue
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${last})`.execute(to)
  }
}

async function lastId(store: Store, table: string): Promise<number> {
  const given =
    engineOf(store) === 'sqlite'
      ? sql<{ id: number }>`select seq as id from sqlite_sequence where name = ${table}`
      : sql<{ id: number }>`select coalesce(max(id), 0) as id from ${sql.table(table)}`
  return (await given.execute(store)).rows[0]?.id ?? 0
}
