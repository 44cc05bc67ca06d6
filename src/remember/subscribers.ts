import { type Selectable, sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { type Frequency, NO_PREFERENCES, type Preferences, type Topic } from '../preferences.ts'
import { type EmailAddress, addressKey } from '../subscriber.ts'
import type { Store } from './open.ts'
import { type Commit, ownCommit } from './shared-commit.ts'
import { suppressionOf } from './suppressions.ts'
import { type ConsentOrigin, closeConsents, enterConsent } from './consents.ts'
import type { SubscriberState, Subscribers, SuppressionReason } from './tables.ts'
import { columnsOf, preferencesOf } from './wishes.ts'
import { highestNumber } from './write.ts'

/** One reader of the digest, as a list shows it. */
export interface SubscriberRecord {
  id: number
  address: string
  state: SubscriberState
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
  for (const { address, ...wishes } of readers) {
    const end = await vouchFor(store, { address, wishes, origin: SETTINGS, brings: ['pending'] }, now)
    if (end !== 'there already') added++
  }
  return added
}

const SETTINGS: ConsentOrigin = { source: 'settings', place: '', client: '', text: '' }
const COMMAND: ConsentOrigin = { source: 'command', place: '', client: '', text: '' }

/**
 * Adds a reader for whom the owner vouches, or brings one back who had left; either starts with what comes from now on.
 * Who was there already keeps their preferences.
 */
export async function addSubscriber(
  store: Store,
  address: EmailAddress,
  now: Instant,
  wishes: Preferences = NO_PREFERENCES,
): Promise<'added' | 'returned' | 'there already'> {
  return vouchFor(store, { address, wishes, origin: COMMAND, brings: ['pending', 'unsubscribed'] }, now)
}

interface Vouched {
  address: EmailAddress
  wishes: Preferences
  origin: ConsentOrigin
  /** The states out of which one who is known becomes active. */
  brings: readonly SubscriberState[]
}

async function vouchFor(
  store: Store,
  { address, wishes, origin, brings }: Vouched,
  now: Instant,
): Promise<'added' | 'returned' | 'there already'> {
  const key = addressKey(address)
  const known = await store.selectFrom('subscribers').select('state').where('address_key', '=', key).executeTakeFirst()
  if (known !== undefined && !brings.includes(known.state)) return 'there already'
  if (known === undefined && origin.source === 'settings') {
    // Who had everything deleted is not written down again by every run.
    if ((await suppressionOf(store, address))?.reason === 'deleted') return 'there already'
  }
  return store.transaction().execute(async (tx) => {
    const agreed = { askedAt: now, confirmedAt: now }
    const id = await insertSubscriber(tx, address, { state: 'active', preferences: wishes, now })
    if (id !== null) {
      await enterConsent(tx, id, origin, agreed, wishes)
      return 'added'
    }
    const had = await highestNumber(tx)
    const back = await tx
      .updateTable('subscribers')
      .set({ state: 'active', left_at: null, had, ...columnsOfAddress(address), ...columnsOf(wishes) })
      .where('address_key', '=', key)
      .where('state', 'in', brings)
      .returning('id')
      .executeTakeFirst()
    if (back === undefined) return 'there already'
    await closeConsents(tx, back.id)
    await enterConsent(tx, back.id, origin, agreed, wishes)
    return known?.state === 'pending' ? 'added' : 'returned'
  })
}

/** @returns the id of the new reader; null when there is one with this address */
export async function insertSubscriber(
  tx: Store,
  address: EmailAddress,
  { state, preferences, now }: { state: SubscriberState; preferences: Preferences; now: Instant },
): Promise<number | null> {
  const had = await highestNumber(tx)
  const row = await tx
    .insertInto('subscribers')
    .values({
      ...{ ...columnsOfAddress(address), address_key: addressKey(address), state, had },
      ...{ added_at: now, left_at: null, suppressed: (await suppressionOf(tx, address))?.reason ?? '' },
      ...columnsOf(preferences),
    })
    .onConflict((c) => c.column('address_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

/** Changes what a reader asks for; what they had stays had. False when there is no such reader. */
export async function setPreferences(
  store: Store,
  address: EmailAddress,
  changes: Partial<Preferences>,
  commit: Commit = ownCommit(store),
): Promise<boolean> {
  return commit(async (tx) => {
    const found = await findSubscriber(tx, address)
    if (found?.state !== 'active' && found?.state !== 'paused') return false
    await tx
      .updateTable('subscribers')
      .set(columnsOf({ ...found.preferences, ...changes }))
      .where('id', '=', found.id)
      .execute()
    return true
  })
}

/** The reader with this id; null when there is none, or what was known of them is deleted. */
export async function readSubscriber(store: Store, id: number): Promise<SubscriberRecord | null> {
  const row = await store.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined || row.address === '' ? null : toRecord(row)
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

function toRecord(row: Selectable<Subscribers>): SubscriberRecord {
  const { id, address, state, added_at: addedAt, left_at: leftAt } = row
  const suppressed = row.suppressed === '' ? null : row.suppressed
  return { id, address, state, addedAt, leftAt, suppressed, preferences: preferencesOf(row) }
}

/** Which readers are asked for; what is left out makes no difference. */
export interface SubscriberFilter {
  states?: readonly SubscriberState[]
  /** True: those alone to whom nothing is mailed; false: the others. */
  isSuppressed?: boolean
  /** What stands behind the `@`, in lower case. */
  domain?: string
  frequency?: Frequency
  /** One of those that they chose. */
  topic?: Topic
}

/** A page of the list, in the order in which readers came; `after` is the last id of the page before. */
export async function listSubscribers(
  store: Store,
  after: number,
  limit: number,
  filter: SubscriberFilter = {},
): Promise<SubscriberRecord[]> {
  const { states, isSuppressed, domain, frequency, topic } = filter
  let query = store
    .selectFrom('subscribers')
    .selectAll()
    .where('id', '>', after)
    // Of those who had everything deleted there is nothing to list.
    .where('address', '!=', '')
  // Not by an index of states: its rows would be sorted anew for each page.
  if (states !== undefined) query = query.where(sql<boolean>`state || '' in (${sql.join(states)})`)
  if (isSuppressed !== undefined) query = query.where('suppressed', isSuppressed ? '!=' : '=', '')
  if (domain !== undefined) query = query.where('domain', '=', domain)
  if (frequency !== undefined) query = query.where('frequency', '=', frequency)
  // As it stands in the list of them, in JSON.
  if (topic !== undefined) query = query.where(sql<boolean>`replace(topics, ${JSON.stringify(topic)}, '') <> topics`)
  const rows = await query.orderBy('id').limit(limit).execute()
  return rows.map(toRecord)
}
