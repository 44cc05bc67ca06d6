import { type Insertable, sql } from 'kysely'
import { ManyInserts } from './bulk.ts'
import { LIST, chunks } from './files.ts'
import type { Standing } from './import-decision.ts'
import type { Change } from './import-write.ts'
import type { Store } from './open.ts'

/** Temporary: how addresses would stand. */
type Rehearsal = {
  address_key: string
  id: number | null
  state: Standing['state']
  suppressed: Standing['suppressed']
}

/** Begins an import that writes nothing. The table is temporary: it goes with the connection. */
export async function startRehearsal(store: Store): Promise<void> {
  await sql`create temporary table if not exists rehearsal (
    address_key text primary key, id bigint, state text, suppressed text
  )`.execute(store)
  await withRehearsal(store).deleteFrom('rehearsal').execute()
}

/** How addresses would stand that were brought before. */
export async function knownInRehearsal(store: Store, addressKeys: readonly string[]): Promise<Map<string, Standing>> {
  const found = new Map<string, Standing>()
  for (const keys of chunks(addressKeys, LIST)) {
    const rows = await withRehearsal(store)
      .selectFrom('rehearsal')
      .selectAll()
      .where('address_key', 'in', keys)
      .execute()
    for (const { address_key: key, ...standing } of rows) found.set(key, standing)
  }
  return found
}

/** Remembers what would be written. */
export async function rehearse(store: Store, changes: readonly Change[]): Promise<void> {
  for (const some of chunks(changes, LIST / 2)) {
    await insertRehearsal.insert(
      store,
      some.map(({ key, after: { id, state, suppressed } }) => ({ address_key: key, id, state, suppressed })),
    )
  }
}

const insertRehearsal = new ManyInserts((store, rows: Insertable<Rehearsal>[]) =>
  withRehearsal(store)
    .insertInto('rehearsal')
    .values(rows)
    .onConflict((c) =>
      c.column('address_key').doUpdateSet((row) => ({
        state: row.ref('excluded.state'),
        suppressed: row.ref('excluded.suppressed'),
      })),
    ),
)

function withRehearsal(store: Store) {
  return store.withTables<{ rehearsal: Rehearsal }>()
}
