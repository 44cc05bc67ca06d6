import { sql } from 'kysely'
import type { Store } from '../../src/remember/open.ts'

/** Makes the store note each row that comes into or is changed in a table, by whichever connection. */
export async function noteWrites(store: Store, tables: readonly string[]): Promise<void> {
  await sql`create table writes (id integer primary key, what text not null)`.execute(store)
  for (const table of tables) {
    for (const act of ['insert', 'update']) {
      const name = sql.id(`note_${act}_${table}`)
      const what = sql.lit(`${act} ${table}`)
      await sql`create trigger ${name} after ${sql.raw(act)} on ${sql.id(table)}
        begin insert into writes (what) values (${what}); end`.execute(store)
    }
  }
}

/** What was noted since the last look, in its order. */
export async function takeWrites(store: Store): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`select what from writes order by id`.execute(store)
  await sql`delete from writes`.execute(store)
  return rows.map(({ what }) => what)
}
