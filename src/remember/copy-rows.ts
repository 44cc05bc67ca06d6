import { sql } from 'kysely'
import { Problem } from '../problem.ts'
import type { Keyed, Row } from './copy-pages.ts'
import { engineOf } from './engine.ts'
import type { Store } from './open.ts'

/**
 * Inserts rows, those first that stand first.
 * @throws {Problem} `row-refused` for the first that the server does not take; those before it are there then
 */
export async function insertRows(store: Store, to: Keyed, rows: readonly Row[]): Promise<void> {
  try {
    await insertAll(store, to.table, rows)
  } catch (error) {
    if (!(error instanceof Error && REFUSED.test(stateOf(error)))) throw error
    const [first] = rows
    if (rows.length === 1 && first !== undefined) throw refusedRow(to, first, error)
    const half = rows.length >> 1
    await insertRows(store, to, rows.slice(0, half))
    await insertRows(store, to, rows.slice(half))
  }
}

/** As one text, which is of the same form however many rows and columns there are. */
async function insertAll(store: Store, table: string, rows: readonly Row[]): Promise<void> {
  const into = sql.table(table)
  if (engineOf(store) === 'postgres') {
    await sql`insert into ${into}
      select * from json_populate_recordset(cast(null as ${into}), cast(${JSON.stringify(rows)} as json))`.execute(
      store,
    )
    return
  }
  const columns = Object.keys(rows[0] ?? {})
  const values = JSON.stringify(rows.map((row) => columns.map((column) => row[column])))
  await sql`insert into ${into} (${sql.join(columns.map((column) => sql.ref(column)))})
    select ${sql.join(columns.map((_, at) => sql`value ->> ${sql.lit(at)}`))} from json_each(${values})`.execute(store)
}

/** SQLSTATE of data that no column takes, of keys that are there already, and of those that no index takes. */
const REFUSED = /^(?:22...|23505|54000)$/

const TWICE = { message: 'a row with this key is there', mend: 'two keys differ in no more than a NUL; take one out' }
const LONG = { message: 'a key is too long', mend: 'a server takes 2704 bytes at most: take out what is called so' }
const OTHER = { message: 'a value is none of its column', mend: 'mend the value in the file' }

/** The SQLSTATE of what the server said. */
function stateOf(error: Error): string {
  const told = error instanceof Problem ? error.cause : error
  return told instanceof Error && 'code' in told ? String(told.code) : ''
}

function refusedRow({ table, keys }: Keyed, row: Row, cause: Error): Problem {
  const { message, mend } = stateOf(cause) === '23505' ? TWICE : stateOf(cause) === '54000' ? LONG : OTHER
  const where = `${table}, ${keys.map((key) => `${key} ${shown(row[key])}`).join(', ')}`
  return new Problem('row-refused', `The server does not take a row: ${message} (${cause.message})`, {
    where,
    mend: `${mend}, and go on with the same command`,
    cause,
  })
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 100 ? `${text.slice(0, 100)}… (${Buffer.byteLength(text)} bytes)` : text
}
