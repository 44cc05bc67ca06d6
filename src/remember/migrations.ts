import { type Kysely, type Migration, sql } from 'kysely'
import { members } from './migration-members.ts'
import { others } from './migration-others.ts'
import { upkeep } from './migration-upkeep.ts'

/** Every step that the schema took, in order. A step that was released is never edited. */
export const migrations: Record<string, Migration> = {
  '001-first': { up: first },
  '002-articles': { up: articles },
  '003-collections': { up: collections },
  '004-preferences': { up: preferences },
  '005-suppressions': { up: suppressions },
  '006-members': { up: members },
  '007-upkeep': { up: upkeep },
  '008-others': { up: others },
}

async function first(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('settings')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('secrets')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('value', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('sources')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('first_read_at', 'bigint')
    .addColumn('problems', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('entries')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('source_id', 'integer', (c) => c.notNull().references('sources.id'))
    .addColumn('number', 'bigint', (c) => c.notNull().unique())
    .addColumn('announce', 'integer', (c) => c.notNull())
    .addColumn('guid', 'text', (c) => c.notNull().unique())
    .addColumn('anchor', 'text', (c) => c.notNull())
    .addColumn('key', 'text')
    .addColumn('explicit_id', 'text')
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('title_guessed', 'integer', (c) => c.notNull())
    .addColumn('date', 'bigint', (c) => c.notNull())
    .addColumn('date_only', 'integer', (c) => c.notNull())
    .addColumn('written_date', 'text')
    .addColumn('permalink', 'text')
    .addColumn('slug', 'text', (c) => c.notNull())
    .addColumn('author', 'text')
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('categories', 'text', (c) => c.notNull())
    .addColumn('snippet', 'text', (c) => c.notNull())
    .addColumn('body_format', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('body_length', 'integer', (c) => c.notNull())
    .addColumn('opening', 'text')
    .addColumn('first_seen', 'bigint', (c) => c.notNull())
    .addColumn('updated', 'bigint', (c) => c.notNull())
    .addColumn('removed_at', 'bigint')
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('entries_source_key', ['source_id', 'key'])
    .execute()
  for (const column of ['explicit_id', 'fingerprint', 'opening']) {
    await db.schema.createIndex(`entries_${column}`).on('entries').columns(['source_id', column]).execute()
  }
  for (const column of ['date', 'updated', 'revision']) {
    await db.schema.createIndex(`entries_${column}`).on('entries').column(column).execute()
  }
  await db.schema
    .createTable('bodies')
    .addColumn('entry_id', 'integer', (c) => c.primaryKey().references('entries.id'))
    .addColumn('text', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('files')
    .addColumn('source_id', 'integer', (c) => c.notNull().references('sources.id'))
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('size', 'bigint', (c) => c.notNull())
    .addColumn('mtime', 'bigint', (c) => c.notNull())
    .addColumn('ctime', 'bigint', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('recipe', 'text', (c) => c.notNull())
    .addColumn('entry_id', 'integer', (c) => c.references('entries.id'))
    .addColumn('look_again', 'bigint')
    .addColumn('rejected', 'integer', (c) => c.notNull())
    .addColumn('problems', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('files_pk', ['source_id', 'path'])
    .execute()
  await db.schema.createIndex('files_entry').on('files').column('entry_id').execute()

  await db.schema
    .createTable('runs')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('started_at', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('exit_code', 'integer')
    .execute()
  await db.schema
    .createTable('slots')
    .addColumn('schedule', 'text', (c) => c.notNull())
    .addColumn('slot', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('slots_pk', ['schedule', 'slot'])
    .execute()

  await db.schema
    .createTable('subscribers')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('address_key', 'text', (c) => c.notNull().unique())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('had', 'bigint', (c) => c.notNull())
    .addColumn('added_at', 'bigint', (c) => c.notNull())
    .addColumn('left_at', 'bigint')
    .execute()
  await db.schema.createIndex('subscribers_had').on('subscribers').columns(['state', 'had']).execute()

  await db.schema
    .createTable('digests')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('frequency', 'text', (c) => c.notNull())
    .addColumn('zone', 'text', (c) => c.notNull())
    .addColumn('slot', 'text', (c) => c.notNull())
    .addColumn('variant', 'text', (c) => c.notNull())
    .addColumn('domain', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('html', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('more', 'integer', (c) => c.notNull())
    .addColumn('recipients', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('done_at', 'bigint')
    .addUniqueConstraint('digests_once', ['frequency', 'zone', 'slot', 'variant'])
    .execute()
  await db.schema
    .createTable('digest_entries')
    .addColumn('digest_id', 'text', (c) => c.notNull().references('digests.id'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('entry_id', 'integer', (c) => c.notNull().references('entries.id'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('link', 'text', (c) => c.notNull())
    .addColumn('date', 'bigint', (c) => c.notNull())
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('categories', 'text', (c) => c.notNull())
    .addColumn('snippet', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('digest_entries_pk', ['digest_id', 'position'])
    .execute()
  await db.schema.createIndex('digest_entries_entry').on('digest_entries').column('entry_id').execute()
  await db.schema
    .createTable('ledger')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('digest_id', 'text', (c) => c.notNull().references('digests.id'))
    .addColumn('subscriber_id', 'integer', (c) => c.notNull().references('subscribers.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('run_id', 'integer', (c) => c.references('runs.id'))
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('first_deferred_at', 'bigint')
    .addColumn('maybe_twice', 'integer', (c) => c.notNull())
    .addColumn('settled_at', 'bigint')
    .addColumn('reply', 'text')
    .addUniqueConstraint('ledger_once', ['digest_id', 'subscriber_id'])
    .execute()
  // Only what is still to be done: claiming never grows with what is settled.
  await sql`create index ledger_open on ledger (until, id) where state in ('due', 'deferred', 'claimed')`.execute(db)
  // Runs are pruned; without it each would be looked for in the whole ledger.
  await sql`create index ledger_run on ledger (run_id) where run_id is not null`.execute(db)
  await db.schema.createIndex('ledger_digest_state').on('ledger').columns(['digest_id', 'state']).execute()
}

/** What more of an article is remembered; bodies get rows of their own, so that they can be written as they are read. */
async function articles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('texts')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('text', 'text', (c) => c.notNull())
    .execute()
  await sql`insert into texts (id, text) select entry_id, text from bodies`.execute(db)
  await db.schema
    .alterTable('entries')
    .addColumn('text_id', 'integer', (c) => c.references('texts.id'))
    .execute()
  await sql`update entries set text_id = id`.execute(db)
  // Else each text that goes is looked for in all entries.
  await db.schema.createIndex('entries_text').on('entries').column('text_id').execute()
  await db.schema.dropTable('bodies').execute()

  await db.schema
    .alterTable('entries')
    .addColumn('authors', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute()
  const quoted = sql`replace(replace(author, ${'\\'}, ${'\\\\'}), '"', ${'\\"'})`
  await sql`update entries set authors = '["' || ${quoted} || '"]' where author is not null`.execute(db)
  await db.schema.alterTable('entries').dropColumn('author').execute()
  for (const column of ['image', 'series', 'written_updated']) {
    await db.schema.alterTable('entries').addColumn(column, 'text').execute()
  }
  await db.schema
    .alterTable('entries')
    .addColumn('hidden', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema
    .alterTable('files')
    .addColumn('imports', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute()
  await db.schema
    .createTable('adopted')
    .addColumn('link', 'text', (c) => c.primaryKey())
    .addColumn('guid', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('published', 'bigint')
    .execute()
}

/** Feeds of a tag, an author and so on; archives, which hold what the feeds no longer do. */
async function collections(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('collections')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('slug', 'text', (c) => c.notNull())
    .addColumn('feed_id', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('collections_key', ['kind', 'key'])
    .addUniqueConstraint('collections_slug', ['kind', 'slug'])
    .execute()
  await db.schema
    .createTable('collection_entries')
    .addColumn('collection_id', 'integer', (c) => c.notNull().references('collections.id'))
    .addColumn('entry_id', 'integer', (c) => c.notNull().references('entries.id'))
    .addPrimaryKeyConstraint('collection_entries_pk', ['collection_id', 'entry_id'])
    .execute()
  await db.schema.createIndex('collection_entries_entry').on('collection_entries').column('entry_id').execute()
  await db.schema
    .createTable('archives')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('first', 'bigint', (c) => c.notNull())
    .addColumn('last', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema.alterTable('entries').addColumn('again', 'bigint').execute()
  await sql`create index entries_again on entries (again) where again is not null`.execute(db)
  await db.schema
    .alterTable('entries')
    .addColumn('stood_revision', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.createIndex('entries_stood_revision').on('entries').column('stood_revision').execute()
}

/** What readers ask for. */
async function preferences(db: Kysely<unknown>): Promise<void> {
  const columns = { frequency: 'site', zone: '', topics: '[]', language: '' }
  for (const [column, value] of Object.entries(columns)) {
    await db.schema
      .alterTable('subscribers')
      .addColumn(column, 'text', (c) => c.notNull().defaultTo(value))
      .execute()
  }
  // Each run counts readers by what they want and had; one who is due is found by the same words.
  await db.schema.dropIndex('subscribers_had').execute()
  await db.schema
    .createIndex('subscribers_due')
    .on('subscribers')
    .columns(['state', 'frequency', 'zone', 'topics', 'language', 'had'])
    .execute()
  await db.schema
    .alterTable('digests')
    .addColumn('language', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await db.schema
    .alterTable('digests')
    .addColumn('listed', 'integer', (c) => c.notNull().defaultTo(1))
    .execute()
  await sql`update digests set frequency = 'site' where frequency = 'slot'`.execute(db)
}

/** Addresses that are not mailed to; letters that the owner holds back. */
async function suppressions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('suppressions')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('soft_bounces')
    .addColumn('subscriber_id', 'integer', (c) => c.notNull().references('subscribers.id'))
    .addColumn('mail', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('soft_bounces_pk', ['subscriber_id', 'mail'])
    .execute()
  await db.schema.createIndex('soft_bounces_at').on('soft_bounces').column('at').execute()
  await db.schema
    .createTable('rates')
    .addColumn('scope', 'text', (c) => c.primaryKey())
    .addColumn('next_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .alterTable('subscribers')
    .addColumn('domain', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  // A new store has nobody yet, and not every database knows these words.
  const { rows } = await sql`select 1 from subscribers limit 1`.execute(db)
  if (rows.length > 0) await sql`update subscribers set domain = substr(address, instr(address, '@') + 1)`.execute(db)
  await db.schema
    .alterTable('subscribers')
    .addColumn('suppressed', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await db.schema.dropIndex('subscribers_due').execute()
  await db.schema
    .createIndex('subscribers_due')
    .on('subscribers')
    .columns(['state', 'suppressed', 'frequency', 'zone', 'topics', 'language', 'had'])
    .execute()
  // The history of one reader.
  await db.schema.createIndex('ledger_subscriber').on('ledger').column('subscriber_id').execute()
  await db.schema
    .alterTable('digests')
    .addColumn('paused', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
}
