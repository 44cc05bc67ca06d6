import { Kysely, Migrator, sql } from 'kysely'
import { z } from 'zod'
import { migrations } from '../../src/remember/migrations.ts'
import { type SqliteFile, kyselyDatabase, openSqlite, sqliteDialect } from '../../src/remember/sqlite.ts'

/** The steps of the schema that were released, in order. */
export const STEPS = Object.keys(migrations)

const NAMES = z.array(z.object({ name: z.string() }))

/** Makes the store that a program of an older schema would have made, with all that a store of today has and it knew. */
export async function makeOlderStore(today: string, path: string, step: string): Promise<void> {
  await makeEmpty(path, step)
  const file = await openSqlite(path)
  file.exec('pragma foreign_keys = off')
  file.exec(`attach database '${today}' as today`)
  file.exec('begin')
  file.exec('delete from sqlite_sequence')
  for (const table of tablesOf(file, 'main')) {
    const known = columnsOf(file, 'today', table)
    const columns = columnsOf(file, 'main', table).filter((column) => known.includes(column))
    if (columns.length > 0) {
      file.exec(`insert into main.${table} (${columns.join()}) select ${columns.join()} from today.${table}`)
    }
  }
  inItsWords(file, step)
  file.exec('commit')
  file.close()
}

/** What the older schema said otherwise; its files were read in an older way as well. */
function inItsWords(file: SqliteFile, step: string): void {
  file.exec("update files set recipe = 'older'")
  if (step < '004') file.exec("update digests set frequency = 'slot'")
  if (step >= '002') return
  file.exec('insert into bodies select id, (select text from today.texts where id = text_id) from today.entries')
  file.exec("update entries set author = (select authors ->> '$[0]' from today.entries as t where t.id = entries.id)")
}

/** A store without rows, as the migrator of the older programs made it. */
async function makeEmpty(path: string, step: string): Promise<void> {
  const old = new Kysely<unknown>({ dialect: sqliteDialect({ database: kyselyDatabase(await openSqlite(path)) }) })
  const steps = Object.fromEntries(Object.entries(migrations).filter(([name]) => name <= step))
  await sql`pragma journal_mode = wal`.execute(old)
  const migrator = new Migrator({ db: old, provider: { getMigrations: () => Promise.resolve(steps) } })
  const { error } = await migrator.migrateToLatest()
  await old.destroy()
  if (error !== undefined) throw new Error(`the store of ${step} cannot be made`, { cause: error })
}

function tablesOf(file: SqliteFile, schema: string): string[] {
  const rows = file.prepare(`select name from ${schema}.sqlite_master where type = 'table'`).all()
  return NAMES.parse(rows).flatMap(({ name }) => (/^(?:sqlite|kysely)_(?!sequence)/.test(name) ? [] : [name]))
}

function columnsOf(file: SqliteFile, schema: string, table: string): string[] {
  return NAMES.parse(file.prepare(`select name from pragma_table_info('${table}', '${schema}')`).all()).map(
    ({ name }) => name,
  )
}
