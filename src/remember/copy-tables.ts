import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { Problem } from '../problem.ts'
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
const NAMES = Object.keys(TABLES)

/** Rows that are held in memory. */
const PAGE = 500

type Row = Record<string, unknown>

/** Told how many rows of a table are copied. */
export type CopyProgress = (table: string, rows: number) => void

/**
 * Copies every row of a store into another that is empty, or that holds a part of the same copy; both have the schema
 * of this program. It may be any number of rows; nothing is held but a page of them.
 */
export async function copyTables(from: Store, to: Store, onRows: CopyProgress = () => undefined): Promise<void> {
  for (const [table, keys] of Object.entries(TABLES)) {
    let rows = 0
    // Pages are written whole and in order, so that the last row tells how far it came.
    for await (const page of pagesOf(from, table, keys, await lastRow(to, table, keys))) {
      await insertRows(to, table, page)
      onRows(table, (rows += page.length))
    }
  }
  await continueIds(from, to)
}

/** True when no table has a row. */
export async function isEmptyStore(store: Store): Promise<boolean> {
  for (const table of NAMES) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(store)
    if (rows.length > 0) return false
  }
  return true
}

/** How many rows a store has, by table. @throws {Problem} `copy-differs` when a table has not the same rows in both */
export async function verifyCopy(from: Store, to: Store): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [table, keys] of Object.entries(TABLES)) {
    const [one, other] = [await digestOf(from, table, keys), await digestOf(to, table, keys)]
    if (one.hash !== other.hash) {
      const message = `The copy of the table ${table} is not the same: ${one.rows} rows there, ${other.rows} here`
      throw new Problem('copy-differs', message, { mend: 'empty the target and copy again' })
    }
    counts[table] = one.rows
  }
  return counts
}

async function digestOf(store: Store, table: string, keys: readonly string[]): Promise<{ rows: number; hash: string }> {
  const hash = createHash('sha256')
  let rows = 0
  for await (const page of pagesOf(store, table, keys, null)) {
    for (const row of page) hash.update(`${JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))}\n`)
    rows += page.length
  }
  return { rows, hash: hash.digest('hex') }
}

/** The rows after one, in the order of their keys; texts as a server holds them. */
async function* pagesOf(
  store: Store,
  table: string,
  keys: readonly string[],
  after: Row | null,
): AsyncGenerator<Row[]> {
  const columns = sql.join(keys.map((key) => sql.ref(key)))
  for (let last = after; ;) {
    const since: RawBuilder<unknown> = last === null ? sql`` : sql`where (${columns}) > (${valuesOf(last, keys)})`
    const { rows } = await sql<Row>`
      select * from ${sql.table(table)} ${since} order by ${columns} limit ${sql.lit(PAGE)}`.execute(store)
    last = rows.at(-1) ?? null
    if (last === null) return
    yield rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, held(value)])))
  }
}

function held(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\u{FFFD}') : value
}

function valuesOf(row: Row, columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.val(row[column])))
}

async function lastRow(store: Store, table: string, keys: readonly string[]): Promise<Row | null> {
  const order = sql.join(keys.map((key) => sql`${sql.ref(key)} desc`))
  const { rows } = await sql<Row>`select * from ${sql.table(table)} order by ${order} limit 1`.execute(store)
  return rows[0] ?? null
}

async function insertRows(store: Store, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const names = sql.join(columns.map((column) => sql.ref(column)))
  const values = sql.join(rows.map((row) => sql`(${valuesOf(row, columns)})`))
  await sql`insert into ${sql.table(table)} (${names}) values ${values}`.execute(store)
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
