import { type RawBuilder, sql } from 'kysely'
import { engineOf } from './engine.ts'
import type { Store } from './open.ts'

export type Row = Record<string, unknown>

/** A table, with the columns by which its rows are told apart. */
export interface Keyed {
  table: string
  keys: readonly string[]
}

/** Which rows of a table, by their keys; null: all. */
export interface Part {
  after?: Row | null
  upTo?: Row | null
}

/** Bytes of a page; a row that is larger is a page of its own. */
export const PAGE = 2 * 1024 * 1024
/** Rows whose sizes are asked before a page is read: few at first, then as many as came in the page before or more. */
const LOOK = { least: 16, most: 4096, more: 4 }

/** The rows of a table in the order of their keys, with texts as a server holds them; a page of them is in memory. */
export async function* pagesOf(store: Store, { table, keys }: Keyed, part: Part = {}): AsyncGenerator<Row[]> {
  const columns = await columnsOf(store, table)
  const order = sql.join(keys.map((key) => sql.ref(key)))
  // Not what is read of them: that may be no text.
  const byKey = sql.join(keys.map((key) => sql.ref(`${table}.${key}`)))
  const all = sql.join(columns.map((column) => readable(store, column)))
  let look = LOOK.least
  for (let last = part.after ?? null; ;) {
    const since = last === null ? sql`` : sql`and (${order}) > (${valuesOf(store, last, keys)})`
    const until = part.upTo ? sql`and (${order}) <= (${valuesOf(store, part.upTo, keys)})` : sql``
    const from = sql`from ${sql.table(table)} where true ${since} ${until} order by ${byKey}`
    const fit = await sql<{ count: number }>`
      select count(*) as count from (
        select sum(size) over (order by ${order} rows unbounded preceding) as total
        from (select ${order}, ${sizeOf(columns)} as size ${from} limit ${sql.lit(look)}) as looked
      ) as summed where total <= ${sql.lit(PAGE)}`.execute(store)
    const count = Math.max(fit.rows[0]?.count ?? 0, 1)
    const { rows } = await sql<Row>`select ${all} ${from} limit ${sql.lit(count)}`.execute(store)
    rows.forEach(readInto)
    const end = rows.at(-1)
    if (end === undefined) return
    last = { ...end }
    rows.forEach(holdAsServer)
    yield rows
    look = Math.min(Math.max(count * LOOK.more, LOOK.least), LOOK.most)
  }
}

interface Column {
  name: string
  isText: boolean
}

async function columnsOf(store: Store, table: string): Promise<Column[]> {
  const asked =
    engineOf(store) === 'sqlite'
      ? sql<{ name: string; type: string }>`select name, type from pragma_table_info(${table})`
      : sql<{ name: string; type: string }>`
          select column_name as name, data_type as type from information_schema.columns
          where table_schema = current_schema() and table_name = ${table} order by ordinal_position`
  return (await asked.execute(store)).rows.map(({ name, type }) => ({ name, isText: type.toLowerCase() === 'text' }))
}

/** No text is read for it. */
function sizeOf(columns: readonly Column[]): RawBuilder<number> {
  const sizes = columns.map(({ name, isText }) =>
    isText ? sql<number>`coalesce(octet_length(${sql.ref(name)}), 0)` : sql<number>`8`,
  )
  return sql<number>`${sql.join(sizes, sql` + `)}`
}

/** Of a text that holds NUL, some versions of the driver give just what is before. */
function readable(store: Store, { name, isText }: Column): RawBuilder<unknown> {
  const ref = sql.ref(name)
  if (!isText || engineOf(store) !== 'sqlite') return ref
  return sql`case when instr(${ref}, char(0)) > 0 then cast(${ref} as blob) else ${ref} end as ${ref}`
}

function readInto(row: Row): void {
  for (const name in row) {
    const value = row[name]
    if (value instanceof Uint8Array) row[name] = new TextDecoder('utf-8', { ignoreBOM: true }).decode(value)
  }
}

/** NUL is the one character that no text of PostgreSQL holds. */
function holdAsServer(row: Row): void {
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'string' && value.includes('\0')) row[name] = value.replaceAll('\0', '\u{FFFD}')
  }
}

function valuesOf(store: Store, row: Row, keys: readonly string[]): RawBuilder<unknown> {
  return sql.join(keys.map((key) => bound(store, row[key])))
}

function bound(store: Store, value: unknown): RawBuilder<unknown> {
  const isCut = typeof value === 'string' && value.includes('\0') && engineOf(store) === 'sqlite'
  return isCut ? sql`cast(${new TextEncoder().encode(value)} as text)` : sql`${value}`
}

/** True when a key of a file holds what a server cannot: the rows are in another order there. */
export async function holdsNul(store: Store, { table, keys }: Keyed): Promise<boolean> {
  if (engineOf(store) !== 'sqlite') return false
  const tests = keys.map((key) => sql`instr(${sql.ref(key)}, char(0)) > 0`)
  const { rows } = await sql`select 1 from ${sql.table(table)} where ${sql.join(tests, sql` or `)} limit 1`.execute(
    store,
  )
  return rows.length > 0
}

/** The row with the highest key. */
export async function lastRow(store: Store, { table, keys }: Keyed): Promise<Row | null> {
  const order = sql.join(keys.map((key) => sql`${sql.ref(key)} desc`))
  const columns = sql.join(keys.map((key) => sql.ref(key)))
  const { rows } = await sql<Row>`select ${columns} from ${sql.table(table)} order by ${order} limit 1`.execute(store)
  return rows[0] ?? null
}
