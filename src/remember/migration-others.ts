import type { Kysely } from 'kysely'

/**
 * Pages and feeds of others: what is known of asking for them, and of articles that stand in several sources. And other
 * machines, which send letters of a run that is not theirs.
 */
export async function others(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('runs')
    .addColumn('kind', 'text', (c) => c.notNull().defaultTo('run'))
    .execute()
  await db.schema
    .alterTable('entries')
    .addColumn('enclosures', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute()
  await db.schema
    .createTable('fetches')
    .addColumn('source_id', 'integer', (c) => c.primaryKey().references('sources.id'))
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('moved_to', 'text')
    .addColumn('said_by', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('etag', 'text')
    .addColumn('last_modified', 'text')
    .addColumn('ask_after', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema
    .createTable('hosts')
    .addColumn('host', 'text', (c) => c.primaryKey())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addColumn('failures', 'integer', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('sightings')
    .addColumn('source_id', 'integer', (c) => c.notNull().references('sources.id'))
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('entry_id', 'integer', (c) => c.notNull().references('entries.id'))
    .addColumn('opening', 'text')
    .addColumn('text', 'text')
    .addPrimaryKeyConstraint('sightings_pk', ['source_id', 'key'])
    .execute()
  await db.schema.createIndex('sightings_opening').on('sightings').columns(['source_id', 'opening']).execute()
  await db.schema.createIndex('sightings_entry').on('sightings').column('entry_id').execute()
  await db.schema
    .createTable('cross_keys')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('entry_id', 'integer', (c) => c.notNull().references('entries.id'))
    .addPrimaryKeyConstraint('cross_keys_pk', ['key', 'entry_id'])
    .execute()
  await db.schema.createIndex('cross_keys_entry').on('cross_keys').column('entry_id').execute()
}
