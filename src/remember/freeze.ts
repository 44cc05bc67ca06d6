import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Frequency } from '../preferences.ts'
import type { Slot } from '../schedule.ts'
import { Statement, engineOf } from './engine.ts'
import type { Store } from './open.ts'
import { isSlotTaken, takeSlot } from './runs.ts'
import { holdUntilPublished } from './unpublished.ts'
import { highestNumber } from './write.ts'

/** Active readers who want the same and had the same. */
export interface Group {
  frequency: Frequency
  /** IANA zone; empty: the site's. */
  zone: string
  /** Sorted topics as JSON text. */
  topics: string
  /** Empty: the site's. */
  language: string
  /** The highest number that was frozen for them. */
  had: number
}

/** Active readers whose address is not suppressed, in the order of their index. */
const ACTIVE = `from subscribers as reader where state = 'active' and suppressed = ''`
const ORDER = 'order by frequency, zone, topics, language, had limit 1'

/**
 * Goes from the first reader of each group to the first of the next, so that it takes as long as there are groups and
 * not readers. SQLite compares several columns in an index with values only, not with columns, and goes through all
 * that are equal: hence the empty texts, and the next number.
 */
const GROUPS = new Statement<Group>(`
  with recursive firsts (id) as (
    select (select reader.id ${ACTIVE} ${ORDER})
    union all
    select (
      select reader.id ${ACTIVE} and (reader.frequency, reader.zone, reader.topics, reader.language, reader.had) >=
        (one.frequency || '', one.zone || '', one.topics || '', one.language || '', one.had + 1) ${ORDER})
    from firsts join subscribers as one on one.id = firsts.id)
  select frequency, zone, topics, language, had from firsts join subscribers on subscribers.id = firsts.id
  order by had, frequency, zone, topics, language`)

/** All active readers whose address is not suppressed, by what they want and had. */
export function readerGroups(store: Store): Promise<Group[]> {
  return GROUPS.run(store, [])
}

/** A digest ready to be frozen: one rendered letter, for some groups of readers. */
export interface FreezableDigest {
  id: string
  frequency: Frequency
  zone: string
  slot: Slot
  variant: string
  /** Language of our texts; empty: the site's. */
  language: string
  /** True when it stands in the list of past digests. */
  isListed: boolean
  domain: string
  letter: { subject: string; html: string; text: string }
  entries: readonly FrozenEntry[]
  more: number
  groups: readonly Group[]
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

/** What is decided at one moment. */
export interface Decision {
  digests: readonly FreezableDigest[]
  /** Every group that was looked at, also those for which there is nothing. */
  groups: readonly Group[]
  /** The slots that are done with it. */
  slots: readonly { schedule: string; slot: Slot }[]
}

/**
 * Freezes digests in one transaction: letters, entries, a ledger row for each recipient, the move of `had`, and the
 * slots. After it nothing can be lost or doubled by deciding again. A reader who wished for something else meanwhile
 * is in none of the groups, and gets what is due from the next run.
 */
export async function freezeDigests(store: Store, decision: Decision, now: Instant): Promise<FrozenDigest[]> {
  const { digests, groups, slots } = decision
  if (groups.length === 0 && slots.length === 0) return []
  const frozen = await store.transaction().execute(async (tx) => {
    for (const { schedule, slot } of slots) if (await isSlotTaken(tx, schedule, slot)) return []
    for (const { schedule, slot } of slots) await takeSlot(tx, schedule, slot)
    const frozen: FrozenDigest[] = []
    for (const digest of digests) {
      const recipients = await freezeDigest(tx, digest, now)
      const { id, letter, entries, more } = digest
      if (recipients > 0) frozen.push({ id, subject: letter.subject, entries: entries.length, more, recipients })
    }
    await holdUntilPublished(
      tx,
      frozen.map(({ id }) => id),
    )
    const had = await highestNumber(tx)
    for (const group of groups) {
      if (group.had < had) await tx.updateTable('subscribers').set({ had }).where(isOf(group)).execute()
    }
    return frozen
  })
  await tellPlanner(store, frozen)
  return frozen
}

/** So many letters are too many to be sorted with each claim. */
const MANY = 1000

/** A server looks through a table by itself a minute later; until then it would not know how many letters wait. */
async function tellPlanner(store: Store, digests: readonly FrozenDigest[]): Promise<void> {
  const letters = digests.reduce((sum, { recipients }) => sum + recipients, 0)
  if (engineOf(store) === 'postgres' && letters >= MANY) await sql`analyze (skip_locked) ledger`.execute(store)
}

async function freezeDigest(tx: Store, digest: FreezableDigest, now: Instant): Promise<number> {
  const { id, frequency, zone, slot, variant, language, isListed, domain, letter, entries, more } = digest
  let recipients = 0
  for (const group of digest.groups) recipients += await countGroup(tx, group)
  // Readers may have left since the digest was composed.
  if (recipients === 0) return 0
  const own = { id, frequency, zone, slot, variant, language, domain, ...letter, more, recipients }
  await tx
    .insertInto('digests')
    .values({ ...own, listed: isListed ? 1 : 0, created_at: now, done_at: null })
    .execute()
  for (const [position, entry] of entries.entries()) {
    const { id: entryId, title, link, date, snippet } = entry
    const names = { tags: JSON.stringify(entry.tags), categories: JSON.stringify(entry.categories) }
    await tx
      .insertInto('digest_entries')
      .values({ digest_id: id, position, entry_id: entryId, title, link, date, snippet, ...names })
      .execute()
  }
  for (const group of digest.groups) await enterLetters(tx, id, group)
  return recipients
}

async function countGroup(tx: Store, group: Group): Promise<number> {
  const count = tx.selectFrom('subscribers').select(({ fn }) => fn.countAll<number>().as('count'))
  const row = await count.where(isOf(group)).executeTakeFirstOrThrow()
  return Number(row.count)
}

/** One row of the ledger for each reader of a group. */
async function enterLetters(tx: Store, digestId: string, group: Group): Promise<void> {
  await sql`
    insert into ledger (id, digest_id, subscriber_id, state, until, attempts, maybe_twice)
    select ${digestId} || '.' || id, ${digestId}, id, 'due', 0, 0, 0 from subscribers where ${isOf(group)}`.execute(tx)
}

function isOf({ frequency, zone, topics, language, had }: Group) {
  return sql<boolean>`state = 'active' and suppressed = '' and frequency = ${frequency} and zone = ${zone} and topics = ${topics}
    and language = ${language} and had = ${had}`
}
