import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Frequency, Preferences } from '../preferences.ts'
import { type Scope, readNames } from './entries.ts'
import type { FrozenEntry } from './freeze.ts'
import type { Store } from './open.ts'
import { type Outcomes, addOutcomes, readOutcomes } from './outcomes.ts'
import { preferencesOf } from './wishes.ts'
import type { LedgerState } from './tables.ts'

/** A digest as its page on the site shows it. */
export interface PublishedDigest {
  id: string
  subject: string
  date: Instant
  /** The zone whose calendar gives its day. */
  zone: string
  /** Language of our texts in it; empty: the site's. */
  language: string
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
  /** The zone whose calendar gives its day. */
  zone: string
  /** How many it listed. */
  entries: number
}

/** The digests of everything, on the site's own schedule; newest first. */
export async function digestList(store: Store): Promise<ListedDigest[]> {
  const rows = await store
    .selectFrom('digests')
    .leftJoin('digest_entries', 'digest_entries.digest_id', 'digests.id')
    .select(({ fn }) => ['id', 'subject', 'zone', 'created_at as date', fn.count<number>('position').as('entries')])
    .where('listed', '=', 1)
    .groupBy(['id', 'subject', 'zone', 'created_at'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, entries: Number(row.entries) }))
}

/** A digest for its page; entries that were removed or hidden since are left out. */
export async function readDigest(store: Store, scope: Scope, id: string): Promise<PublishedDigest> {
  const digest = await store
    .selectFrom('digests')
    .select(['id', 'subject', 'created_at', 'zone', 'language', 'more'])
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
    zone: digest.zone,
    language: digest.language,
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

/** How many readers of one kind a digest went to. */
export interface AudienceCount extends Preferences {
  readers: number
}

/** Who a digest is for, by what they ask for now; the most readers first. */
export async function audiencesOf(store: Store, digestId: string): Promise<AudienceCount[]> {
  const columns = ['frequency', 'zone', 'topics', 'language'] as const
  const rows = await store
    .selectFrom('ledger')
    .innerJoin('subscribers', 'subscribers.id', 'ledger.subscriber_id')
    .where('digest_id', '=', digestId)
    .select(({ fn }) => [...columns, fn.countAll<number>().as('readers')])
    .groupBy(columns)
    .orderBy('readers', 'desc')
    .orderBy('frequency')
    .execute()
  return rows.map((row) => ({ ...preferencesOf(row), readers: Number(row.readers) }))
}

/** A digest, and what became of its letters. */
export interface DigestRecord {
  id: string
  date: Instant
  subject: string
  frequency: Frequency
  zone: string
  slot: string
  entries: number
  more: number
  recipients: number
  /** How many letters are in each state. */
  letters: Partial<Record<LedgerState, number>>
  /** When its last letter was settled; null: some are still to be sent. */
  doneAt: Instant | null
}

/** The newest digests, newest first, all readers' together. */
export async function listDigests(store: Store, limit: number): Promise<DigestRecord[]> {
  const rows = await digestRows(store).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return Promise.all(rows.map((row) => toDigestRecord(store, row)))
}

/** One digest, by its id or by a beginning of it that no other has; null when there is none, or more than one. */
export async function findDigest(store: Store, name: string): Promise<DigestRecord | null> {
  const like = `${name.replace(/[%_\\]/g, '\\$&')}%`
  const rows = await digestRows(store)
    .where(sql<boolean>`id like ${like} escape '\\'`)
    .limit(2)
    .execute()
  const row = rows.find(({ id }) => id === name) ?? (rows.length === 1 ? rows[0] : undefined)
  return row === undefined ? null : toDigestRecord(store, row)
}

function digestRows(store: Store) {
  return store
    .selectFrom('digests')
    .select(['id', 'created_at', 'subject', 'frequency', 'zone', 'slot', 'more', 'recipients', 'done_at', 'outcomes'])
    .select((eb) => [
      eb
        .selectFrom('digest_entries')
        .whereRef('digest_id', '=', 'digests.id')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .as('entries'),
    ])
}

type DigestRow = Awaited<ReturnType<ReturnType<typeof digestRows>['execute']>>[number]

async function toDigestRecord(store: Store, row: DigestRow): Promise<DigestRecord> {
  const { id, subject, frequency, zone, slot, more, recipients, created_at: date, done_at: doneAt } = row
  const states = await store
    .selectFrom('ledger')
    .where('digest_id', '=', id)
    .select(({ fn }) => ['state', fn.countAll<number>().as('n')])
    .groupBy('state')
    .execute()
  const rows: Outcomes = Object.fromEntries(states.map(({ state, n }) => [state, Number(n)]))
  const letters = addOutcomes(readOutcomes(row.outcomes), rows)
  return { id, date, subject, frequency, zone, slot, entries: Number(row.entries), more, recipients, letters, doneAt }
}
