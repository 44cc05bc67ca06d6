import pg from 'pg'
import { stampsBelow } from './folder.ts'

/**
 * Each row of a database, with the transaction that wrote it, by table, and the time and bytes of each file of a folder:
 * what must not move when nothing is done.
 */
export async function serverState(place: string, dir: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: place })
  await client.connect()
  const tables = await client.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  )
  const state: Record<string, string> = stampsBelow(dir)
  for (const { name } of tables.rows) {
    const { rows } = await client.query<{ text: string }>(
      `select xmin || ' ' || row_to_json(t) as text from "${name}" as t order by 1`,
    )
    state[`table ${name}`] = rows.map(({ text }) => text).join('\n')
  }
  await client.end()
  return state
}
