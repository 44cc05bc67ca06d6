import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Slot } from '../schedule.ts'
import type { Scope } from './entries.ts'
import { readNames } from './entries.ts'
import type { Store } from './open.ts'
import { takeSlot } from './runs.ts'
import { highestNumber } from './write.ts'

/** Active readers by the highest number that each had; `had` ascending. */
export async function readersByHad(store: Store): Promise<{ had: number; readers: number }[]> {
  const rows = await store
    .selectFrom('subscribers')
    .select(({ fn }) => ['had', fn.countAll<number>().as('readers')])
    .where('state', '=', 'active')
    .groupBy('had')
    .orderBy('had')
    .execute()
  return rows.map((row) => ({ had: row.had, readers: Number(row.readers) }))
}

/** A digest ready to be frozen: one rendered letter, for the readers whose `had` lies in a range. */
export interface FreezableDigest {
  id: string
  frequency: string
  zone: string
  slot: Slot
  variant: string
  domain: string
  letter: { subject: string; html: string; text: string }
  entries: readonly FrozenEntry[]
  more: number
  /** Readers with `from <= had < to`. */
  from: number
  to: number
}

/** An entry as a digest shows it, whatever becomes of it later. */
export interface FrozenEntry {
  id: number
  title: string
  link: string
  date: Instant
  tags: string[]
  categories: string[]
  snippet: string
}

/** A digest that was frozen. */
export interface FrozenDigest {
  id: string
  subject: string
  entries: number
  more: number
  recipients: number
}

/**
 * Freezes digests in one transaction: letters, entries, a ledger row for each recipient, the move of `had`, and the
 * slot. After it nothing can be lost or doubled by deciding again.
 */
export async function freezeDigests(
  store: Store,
  digests: readonly FreezableDigest[],
  slot: { schedule: string; slot: Slot } | null,
  now: Instant,
): Promise<FrozenDigest[]> {
  if (digests.length === 0 && slot === null) return []
  return store.transaction().execute(async (tx) => {
    if (slot !== null && !(await takeSlot(tx, slot.schedule, slot.slot))) return []
    const frozen: FrozenDigest[] = []
    for (const digest of digests) {
      const recipients = await freezeDigest(tx, digest, now)
      const { id, letter, entries, more } = digest
      if (recipients > 0) frozen.push({ id, subject: letter.subject, entries: entries.length, more, recipients })
    }
    if (digests.length > 0) {
      const had = await highestNumber(tx)
      await tx.updateTable('subscribers').set({ had }).where('state', '=', 'active').where('had', '<', had).execute()
    }
    return frozen
  })
}

async function freezeDigest(tx: Store, digest: FreezableDigest, now: Instant): Promise<number> {
  const { id, frequency, zone, slot, variant, domain, letter, entries, more } = digest
  const row = await tx
    .selectFrom('subscribers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', '=', 'active')
    .where('had', '>=', digest.from)
    .where('had', '<', digest.to)
    .executeTakeFirstOrThrow()
  const recipients = Number(row.count)
  // Readers may have left since the digest was composed.
  if (recipients === 0) return 0
  const own = { id, frequency, zone, slot, variant, domain, ...letter, more, recipients }
  await tx
    .insertInto('digests')
    .values({ ...own, created_at: now, done_at: null })
    .execute()
  for (const [position, entry] of entries.entries()) {
    const { id: entryId, title, link, date, snippet } = entry
    const names = { tags: JSON.stringify(entry.tags), categories: JSON.stringify(entry.categories) }
    await tx
      .insertInto('digest_entries')
      .values({ digest_id: id, position, entry_id: entryId, title, link, date, snippet, ...names })
      .execute()
  }
  await sql`
    insert into ledger (id, digest_id, subscriber_id, state, until, attempts, maybe_twice)
    select ${id} || '.' || id, ${id}, id, 'due', 0, 0, 0 from subscribers
    where state = 'active' and had >= ${digest.from} and had < ${digest.to}`.execute(tx)
  return recipients
}

/** A digest as its page on the site shows it. */
export interface PublishedDigest {
  id: string
  subject: string
  date: Instant
  more: number
  entries: FrozenEntry[]
}

/** Ids of the digests that have a page, oldest first. */
export async function digestIds(store: Store): Promise<string[]> {
  const rows = await store.selectFrom('digests').select('id').orderBy('created_at').orderBy('id').execute()
  return rows.map((row) => row.id)
}

/** A digest as a list of digests names it. */
export interface ListedDigest {
  id: string
  subject: string
  date: Instant
  /** How many it listed. */
  entries: number
}

/** All digests, newest first. */
export async function digestList(store: Store): Promise<ListedDigest[]> {
  const rows = await store
    .selectFrom('digests')
    .leftJoin('digest_entries', 'digest_entries.digest_id', 'digests.id')
    .select(({ fn }) => ['id', 'subject', 'created_at as date', fn.count<number>('position').as('entries')])
    .groupBy(['id', 'subject', 'created_at'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, entries: Number(row.entries) }))
}

/** A digest for its page; entries that were removed or hidden since are left out. */
export async function readDigest(store: Store, scope: Scope, id: string): Promise<PublishedDigest> {
  const digest = await store
    .selectFrom('digests')
    .select(['id', 'subject', 'created_at', 'more'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const entries = await store
    .selectFrom('digest_entries')
    .innerJoin('entries', 'entries.id', 'digest_entries.entry_id')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('digest_id', '=', id)
    .where('removed_at', 'is', null)
    .where('hidden', '=', 0)
    .where('sources.name', 'in', [...scope.keys()])
    .selectAll('digest_entries')
    .orderBy('position')
    .execute()
  return {
    id: digest.id,
    subject: digest.subject,
    date: digest.created_at,
    more: digest.more,
    entries: entries.map(({ entry_id, title, link, date, tags, categories, snippet }) => ({
      id: entry_id,
      title,
      link,
      date,
      tags: readNames(tags),
      categories: readNames(categories),
      snippet,
    })),
  }
}

/** Digests whose page an entry that changed since a revision stands on. */
export async function digestsChangedSince(store: Store, revision: number): Promise<Set<string>> {
  const rows = await store
    .selectFrom('digest_entries')
    .innerJoin('entries', 'entries.id', 'digest_entries.entry_id')
    .where('entries.revision', '>', revision)
    .select('digest_id')
    .distinct()
    .execute()
  return new Set(rows.map((row) => row.digest_id))
}
