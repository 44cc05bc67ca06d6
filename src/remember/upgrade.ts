import { sql } from 'kysely'
import { engineOf } from './engine.ts'
import { Problem } from '../problem.ts'
import { migrations } from './migrations.ts'
import type { Store } from './open.ts'

/**
 * Brings the schema of a store up to date, all steps in one transaction: what fails or is killed leaves it as it was,
 * for the program that wrote it. What was there before is kept beside it.
 * @param path the file beside which it is kept; null: it is not
 * @throws {Problem} `store-newer`, `store-foreign`, `upgrade-unkept`
 */
export async function upgradeStore(store: Store, path: string | null): Promise<void> {
  if ((await pendingSteps(store)).length === 0) return
  await store.transaction().execute(async (tx) => {
    // Another process may have taken them meanwhile; as long as this one holds the transaction, none can.
    const pending = await pendingSteps(tx)
    const isNew = pending.length === Object.keys(migrations).length
    if (isNew) await begin(tx)
    else if (path !== null && pending[0] !== undefined) {
      const { keepBefore } = await import('./kept-before.ts')
      await keepBefore(path, pending[0])
    }
    for (const step of pending) await takeStep(tx, step)
  })
}

/** The steps that the schema of a store has taken, in order; none of an empty file. @throws {Problem} `store-foreign` */
export async function stepsOf(store: Store): Promise<string[]> {
  const tables = await TABLES[engineOf(store)].execute(store)
  if (tables.rows.length === 0) return []
  if (!tables.rows.some(({ name }) => name === 'kysely_migration')) {
    const mend = 'let "database" name a file of its own'
    throw new Problem('store-foreign', 'The store is a database of another program', { mend })
  }
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(store)
  return rows.map((row) => row.name)
}

const TABLES = {
  sqlite: sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite%'`,
  postgres: sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`,
}

async function pendingSteps(store: Store): Promise<string[]> {
  const done = await stepsOf(store)
  refuseNewer(done)
  return Object.keys(migrations).filter((step) => !done.includes(step))
}

/** @throws {Problem} `store-newer` */
export function refuseNewer(steps: readonly string[]): void {
  const newer = steps.find((step) => !(step in migrations))
  if (newer === undefined) return
  throw new Problem('store-newer', `The store was written by a newer Feedwire (it has step ${newer})`, {
    mend: 'install the newer version again, or restore the backup from before the upgrade',
  })
}

async function begin(tx: Store): Promise<void> {
  if (engineOf(tx) === 'postgres') await refuseEncoding(tx)
  await createStepTable(tx)
}

/** @throws {Problem} `store-refused` when the database has no room for every text */
async function refuseEncoding(tx: Store): Promise<void> {
  const { rows } = await sql<{ encoding: string }>`select current_setting('server_encoding') as encoding`.execute(tx)
  const encoding = rows[0]?.encoding ?? ''
  if (encoding === 'UTF8') return
  const mend = "make the database anew: create database feedwire encoding 'UTF8' template template0"
  throw new Problem('store-refused', `The database keeps texts in ${encoding}, which has no room for all`, { mend })
}

const NEWEST = Object.keys(migrations).at(-1) ?? ''

/** Asked of a store that is open for long: a newer program may have come to it. @throws {Problem} `store-newer` */
export async function refuseNewerStore(store: Store): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration where name > ${NEWEST} limit 1`.execute(store)
  refuseNewer(rows.map(({ name }) => name))
}

/** The table that kysely's own migrator made, in stores that are older than this file. */
async function createStepTable(tx: Store): Promise<void> {
  await sql`create table if not exists kysely_migration (
    name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(tx)
}

const NOW = {
  sqlite: sql`strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
  postgres: sql`to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
}

async function takeStep(tx: Store, step: string): Promise<void> {
  await migrations[step]?.up(tx)
  await sql`insert into kysely_migration values (${step}, ${NOW[engineOf(tx)]})`.execute(tx)
}
