import { type Selectable, sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { NO_PREFERENCES, type Preferences, type Topic, parseTopic } from '../preferences.ts'
import { type EmailAddress, addressKey } from '../subscriber.ts'
import type { Store } from './open.ts'
import { suppressionOf } from './suppressions.ts'
import type { Subscribers, SuppressionReason } from './tables.ts'
import { highestNumber } from './write.ts'

/** One reader of the digest, as a list shows it. */
export interface SubscriberRecord {
  id: number
  address: string
  state: 'active' | 'unsubscribed'
  addedAt: Instant
  leftAt: Instant | null
  /** Why nothing is mailed to the address; null: something is. */
  suppressed: SuppressionReason | null
  preferences: Preferences
}

/** Adds the readers of the configuration, each once: who left is not brought back. Returns how many are new. */
export async function addConfigured(
  store: Store,
  readers: readonly ({ address: EmailAddress } & Preferences)[],
  now: Instant,
): Promise<number> {
  let added = 0
  for (const reader of readers) if (await insertNew(store, reader.address, now, reader)) added++
  return added
}

/**
 * Adds a reader, or brings one back who had left; either starts with what comes from now on. Who was there already
 * keeps their preferences.
 */
export async function addSubscriber(
  store: Store,
  address: EmailAddress,
  now: Instant,
  preferences: Preferences = NO_PREFERENCES,
): Promise<'added' | 'returned' | 'there already'> {
  return store.transaction().execute(async (tx) => {
    if (await insertNew(tx, address, now, preferences)) return 'added'
    const had = await highestNumber(tx)
    const { numUpdatedRows } = await tx
      .updateTable('subscribers')
      .set({ state: 'active', left_at: null, had, ...columnsOfAddress(address), ...columnsOf(preferences) })
      .where('address_key', '=', addressKey(address))
      .where('state', '=', 'unsubscribed')
      .executeTakeFirst()
    return numUpdatedRows > 0n ? 'returned' : 'there already'
  })
}

async function insertNew(store: Store, address: EmailAddress, now: Instant, wish: Preferences): Promise<boolean> {
  const had = await highestNumber(store)
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('subscribers')
    .values({
      ...{ ...columnsOfAddress(address), address_key: addressKey(address), state: 'active', had },
      ...{ added_at: now, left_at: null, suppressed: (await suppressionOf(store, address))?.reason ?? '' },
      ...columnsOf(wish),
    })
    .onConflict((c) => c.column('address_key').doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Changes what an active reader asks for; what they had stays had. False when there is no such reader. */
export async function setPreferences(
  store: Store,
  address: EmailAddress,
  changes: Partial<Preferences>,
): Promise<boolean> {
  return store.transaction().execute(async (tx) => {
    const found = await findSubscriber(tx, address)
    if (found?.state !== 'active') return false
    await tx
      .updateTable('subscribers')
      .set(columnsOf({ ...found.preferences, ...changes }))
      .where('id', '=', found.id)
      .execute()
    return true
  })
}

/** The reader with this address, also one who has left; null when they never came. */
export async function findSubscriber(store: Store, address: EmailAddress): Promise<SubscriberRecord | null> {
  const key = addressKey(address)
  const row = await store.selectFrom('subscribers').selectAll().where('address_key', '=', key).executeTakeFirst()
  return row === undefined ? null : toRecord(row)
}

function columnsOfAddress(address: EmailAddress) {
  return { address, domain: address.slice(address.lastIndexOf('@') + 1) }
}

function columnsOf({ frequency, zone, topics, language }: Preferences) {
  return { frequency, zone: zone ?? '', topics: JSON.stringify(topics), language: language ?? '' }
}

/** Topics as `columnsOf()` writes them. */
export function readTopics(json: string): Topic[] {
  const topics: unknown = JSON.parse(json)
  return Array.isArray(topics) ? topics.map((topic) => parseTopic(String(topic))) : []
}

function toRecord(row: Selectable<Subscribers>): SubscriberRecord {
  const { id, address, state, added_at: addedAt, left_at: leftAt } = row
  const suppressed = row.suppressed === '' ? null : row.suppressed
  return { id, address, state, addedAt, leftAt, suppressed, preferences: preferencesOf(row) }
}

type PreferenceColumns = Pick<Selectable<Subscribers>, 'frequency' | 'zone' | 'topics' | 'language'>

/** What the columns say, as `columnsOf()` writes them. */
export function preferencesOf({ frequency, zone, topics, language }: PreferenceColumns): Preferences {
  return {
    frequency,
    zone: zone === '' ? null : zone,
    topics: readTopics(topics),
    language: language === '' ? null : language,
  }
}

/**
 * Takes a reader off the list; letters that wait for them are not sent, even if they come back. False when there is no
 * such reader.
 */
export async function removeSubscriber(store: Store, address: EmailAddress, now: Instant): Promise<boolean> {
  return leave(store, { column: 'address_key', value: addressKey(address) }, now)
}

/** The same for the reader with this id. */
export async function removeSubscriberById(store: Store, id: number, now: Instant): Promise<boolean> {
  return leave(store, { column: 'id', value: id }, now)
}

async function leave(
  store: Store,
  reader: { column: 'address_key'; value: string } | { column: 'id'; value: number },
  now: Instant,
): Promise<boolean> {
  return store.transaction().execute(async (tx) => {
    const left = await tx
      .updateTable('subscribers')
      .set({ state: 'unsubscribed', left_at: now })
      .where(reader.column, '=', reader.value)
      .where('state', '=', 'active')
      .returning('id')
      .executeTakeFirst()
    if (left === undefined) return false
    await tx
      .updateTable('ledger')
      .set({ state: 'suppressed', reply: 'the reader has left', settled_at: now })
      .where('subscriber_id', '=', left.id)
      // The words of the partial index, so that it is used.
      .where(sql<boolean>`state in ('due', 'deferred', 'claimed') and state <> 'claimed'`)
      .execute()
    return true
  })
}

/** A page of the list, in the order in which readers came; `after` is the last id of the page before. */
export async function listSubscribers(store: Store, after: number, limit: number): Promise<SubscriberRecord[]> {
  const rows = await store
    .selectFrom('subscribers')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toRecord)
}
