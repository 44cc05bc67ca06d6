import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { type EmailAddress, addressKey } from '../subscriber.ts'
import type { Store } from './open.ts'
import { highestNumber } from './write.ts'

/** One reader of the digest, as a list shows it. */
export interface SubscriberRecord {
  id: number
  address: string
  state: 'active' | 'unsubscribed'
  addedAt: Instant
  leftAt: Instant | null
}

/** Adds the readers of the configuration, each once: who left is not brought back. Returns how many are new. */
export async function addConfigured(store: Store, addresses: readonly EmailAddress[], now: Instant): Promise<number> {
  let added = 0
  for (const address of addresses) if (await insertNew(store, address, now)) added++
  return added
}

/** Adds a reader, or brings one back who had left; either starts with what comes from now on. */
export async function addSubscriber(
  store: Store,
  address: EmailAddress,
  now: Instant,
): Promise<'added' | 'returned' | 'there already'> {
  return store.transaction().execute(async (tx) => {
    if (await insertNew(tx, address, now)) return 'added'
    const had = await highestNumber(tx)
    const { numUpdatedRows } = await tx
      .updateTable('subscribers')
      .set({ state: 'active', left_at: null, had, address })
      .where('address_key', '=', addressKey(address))
      .where('state', '=', 'unsubscribed')
      .executeTakeFirst()
    return numUpdatedRows > 0n ? 'returned' : 'there already'
  })
}

async function insertNew(store: Store, address: EmailAddress, now: Instant): Promise<boolean> {
  const had = await highestNumber(store)
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('subscribers')
    .values({ address, address_key: addressKey(address), state: 'active', had, added_at: now, left_at: null })
    .onConflict((c) => c.column('address_key').doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/**
 * Takes a reader off the list; letters that wait for them are not sent, even if they come back. False when there is no
 * such reader.
 */
export async function removeSubscriber(store: Store, address: EmailAddress, now: Instant): Promise<boolean> {
  return store.transaction().execute(async (tx) => {
    const reader = await tx
      .updateTable('subscribers')
      .set({ state: 'unsubscribed', left_at: now })
      .where('address_key', '=', addressKey(address))
      .where('state', '=', 'active')
      .returning('id')
      .executeTakeFirst()
    if (reader === undefined) return false
    await tx
      .updateTable('ledger')
      .set({ state: 'suppressed', reply: 'the reader has left', settled_at: now })
      .where('subscriber_id', '=', reader.id)
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
  return rows.map(({ id, address, state, added_at, left_at }) => ({
    id,
    address,
    state,
    addedAt: added_at,
    leftAt: left_at,
  }))
}
