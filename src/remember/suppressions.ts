import type { Instant } from '../entry.ts'
import { type EmailAddress, addressKey, parseEmailAddress } from '../subscriber.ts'
import { addressHasher } from './address-hash.ts'
import { dropLetters } from './drop-letters.ts'
import type { Store } from './open.ts'
import type { SuppressionReason } from './tables.ts'
import { highestNumber } from './write.ts'

/** Why nobody is to be mailed at an address, and since when. */
export interface Suppression {
  reason: SuppressionReason
  /** What the other side said, one line. */
  detail: string
  since: Instant
}

/** A subscriber, or an address that need not be one. */
export type Suppressed = { subscriberId: number } | { address: EmailAddress }

/**
 * Sees to it that nothing more is mailed to an address, whatever becomes of its subscriber. What waits for it is not
 * sent. False when it was suppressed already, or there is no such subscriber.
 */
export async function suppress(
  store: Store,
  who: Suppressed,
  reason: SuppressionReason,
  detail: string,
  now: Instant,
): Promise<boolean> {
  return store.transaction().execute((tx) => suppressWithin(tx, who, reason, detail, now))
}

/** The same, within a transaction. */
export async function suppressWithin(
  tx: Store,
  who: Suppressed,
  reason: SuppressionReason,
  detail: string,
  now: Instant,
): Promise<boolean> {
  const address = 'address' in who ? who.address : await addressOf(tx, who.subscriberId)
  if (address === null) return false
  const key = await keyOf(tx, address)
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('suppressions')
    .values({ key, reason, detail: withoutAddress(detail, address), since: now })
    .onConflict((c) => c.column('key').doNothing())
    .executeTakeFirst()
  if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return false
  const subscriber = await tx
    .updateTable('subscribers')
    .set({ suppressed: reason })
    .where('address_key', '=', addressKey(address))
    .returning('id')
    .executeTakeFirst()
  if (subscriber !== undefined) {
    await dropLetters(tx, [subscriber.id], `the address is suppressed: ${reason}`, now)
  }
  return true
}

/** Says anew why an address is suppressed. */
export async function restateSuppression(
  tx: Store,
  address: EmailAddress,
  reason: SuppressionReason,
  detail: string,
): Promise<void> {
  const key = await keyOf(tx, address)
  await tx.updateTable('suppressions').set({ reason, detail }).where('key', '=', key).execute()
}

/** Servers repeat the address in their answers; it would be readable beside its key. */
function withoutAddress(detail: string, address: EmailAddress): string {
  return detail.replace(new RegExp(address.replace(/[^\w@]/g, '\\$&'), 'gi'), '…')
}

async function addressOf(tx: Store, subscriberId: number): Promise<EmailAddress | null> {
  const row = await tx.selectFrom('subscribers').select('address').where('id', '=', subscriberId).executeTakeFirst()
  return row === undefined || row.address === '' ? null : parseEmailAddress(row.address)
}

/** Why an address is suppressed, or null. */
export async function suppressionOf(store: Store, address: EmailAddress): Promise<Suppression | null> {
  const row = await store
    .selectFrom('suppressions')
    .select(['reason', 'detail', 'since'])
    .where('key', '=', await keyOf(store, address))
    .executeTakeFirst()
  return row ?? null
}

/** Mails to an address again; its reader begins with what comes from now on. False when it was not suppressed. */
export async function liftSuppression(store: Store, address: EmailAddress): Promise<boolean> {
  return store.transaction().execute((tx) => liftWithin(tx, address))
}

/** The same, within a transaction. */
export async function liftWithin(tx: Store, address: EmailAddress): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('suppressions')
    .where('key', '=', await keyOf(tx, address))
    .executeTakeFirst()
  if (numDeletedRows === 0n) return false
  const had = await highestNumber(tx)
  const subscriber = await tx
    .updateTable('subscribers')
    .set({ suppressed: '', had })
    .where('address_key', '=', addressKey(address))
    .returning('id')
    .executeTakeFirst()
  if (subscriber !== undefined) {
    await tx.deleteFrom('soft_bounces').where('subscriber_id', '=', subscriber.id).execute()
  }
  return true
}

const DAY = 24 * 60 * 60 * 1000
/** So many letters in a row of weeks that did not arrive: nobody reads there any more. */
const MOST_SOFT = 5
const LEAST_SPAN = 14 * DAY
const FORGOTTEN_AFTER = 60 * DAY

/**
 * Notes that a letter did not arrive for a reason that may pass. After five of them within sixty days, two weeks apart
 * or more, the address is suppressed.
 * @param mail what names the bounce, so that the same one is noted once
 */
export async function noteSoftBounce(
  store: Store,
  subscriberId: number,
  { mail, detail }: { mail: string; detail: string },
  now: Instant,
): Promise<'counted' | 'suppressed'> {
  return store.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('soft_bounces')
      .where('at', '<', now - FORGOTTEN_AFTER)
      .execute()
    if ((await addressOf(tx, subscriberId)) === null) return 'counted'
    await tx
      .insertInto('soft_bounces')
      .values({ subscriber_id: subscriberId, mail, at: now })
      .onConflict((c) => c.columns(['subscriber_id', 'mail']).doNothing())
      .execute()
    const { count, first, last } = await tx
      .selectFrom('soft_bounces')
      .where('subscriber_id', '=', subscriberId)
      .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('at').as('first'), fn.max('at').as('last')])
      .executeTakeFirstOrThrow()
    if (Number(count) < MOST_SOFT || Number(last) - Number(first) < LEAST_SPAN) return 'counted'
    await suppressWithin(tx, { subscriberId }, 'bounced', detail, now)
    return 'suppressed'
  })
}

/** Under this an address is remembered: it can be looked up, but not read. */
async function keyOf(store: Store, address: EmailAddress): Promise<string> {
  const hash = await addressHasher(store)
  return hash(addressKey(address))
}
