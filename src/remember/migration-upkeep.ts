import { type Kysely, sql } from 'kysely'

/** What an owner asks: since when a source fails, what a run did, what became of letters that are kept no more. */
export async function upkeep(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('sources')
    .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('sources').addColumn('failing_since', 'bigint').execute()
  await db.schema
    .alterTable('runs')
    .addColumn('summary', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute()
  await db.schema
    .alterTable('digests')
    .addColumn('outcomes', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute()
  await db.schema
    .createTable('alerts')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('told_at', 'bigint')
    .addColumn('told_by', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('detail', 'text', (c) => c.notNull())
    .execute()
  // Rows of digests hold whole letters: those that are done, or not, and those that are summed up, are found without.
  await db.schema.createIndex('digests_created').on('digests').columns(['created_at', 'id']).execute()
  await db.schema.createIndex('digests_done').on('digests').column('done_at').execute()
  await sql`create index digests_outcomes on digests (outcomes) where outcomes <> '{}'`.execute(db)
}
