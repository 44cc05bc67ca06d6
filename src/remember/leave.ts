import type { Instant } from '../entry.ts'
import { type EmailAddress, addressKey, parseEmailAddress } from '../subscriber.ts'
import { closeConsents } from './consents.ts'
import { dropLetters } from './drop-letters.ts'
import type { Store } from './open.ts'
import { type Commit, ownCommit } from './shared-commit.ts'
import { restateSuppression, suppressWithin } from './suppressions.ts'
import { wiping } from './wipe.ts'
import { highestNumber } from './write.ts'

/**
 * Takes a reader off the list; letters that wait for them are not sent, even if they come back, and what they were
 * asked to confirm is void. False when there is no such reader.
 */
export async function removeSubscriber(store: Store, address: EmailAddress, now: Instant): Promise<boolean> {
  const find = store.selectFrom('subscribers').select('id').where('address_key', '=', addressKey(address))
  const row = await find.executeTakeFirst()
  return row !== undefined && removeSubscriberById(store, row.id, now)
}

/**
 * The same for the reader with this id.
 * @param commit left out: a transaction of its own
 */
export async function removeSubscriberById(
  store: Store,
  id: number,
  now: Instant,
  commit: Commit = ownCommit(store),
): Promise<boolean> {
  // Whoever asks again and again for what is done shall cost no write.
  if (!(await hasPartOf(store, id, now))) return false
  return commit(async (tx) => {
    await closeConsents(tx, id)
    const left = await tx
      .updateTable('subscribers')
      .set({ state: 'unsubscribed', left_at: now })
      .where('id', '=', id)
      // Who only was asked is forgotten in time.
      .where('state', 'in', ['active', 'paused'])
      .executeTakeFirst()
    if (left.numUpdatedRows === 0n) return false
    await dropLetters(tx, [id], 'the reader has left', now)
    return true
  })
}

/** True for who is on the list, or could still be by what they were asked to confirm. */
async function hasPartOf(store: Store, id: number, now: Instant): Promise<boolean> {
  const find = store.selectFrom('subscribers').select('state').where('id', '=', id)
  const state = (await find.executeTakeFirst())?.state
  if (state === 'active' || state === 'paused') return true
  const consents = store.selectFrom('consents').select('id').where('subscriber_id', '=', id)
  return (await consents.where('open_until', '>', now).limit(1).execute()).length > 0
}

/** Sends a reader nothing until they resume; what appears meanwhile is not made up for. False unless they are active. */
export async function pauseSubscriber(
  store: Store,
  id: number,
  now: Instant,
  commit: Commit = ownCommit(store),
): Promise<boolean> {
  return commit(async (tx) => {
    const paused = tx.updateTable('subscribers').set({ state: 'paused' }).where('id', '=', id)
    const { numUpdatedRows } = await paused.where('state', '=', 'active').executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await dropLetters(tx, [id], 'the reader has paused', now)
    return true
  })
}

/** False unless the reader had paused. */
export async function resumeSubscriber(store: Store, id: number, commit: Commit = ownCommit(store)): Promise<boolean> {
  return commit(async (tx) => {
    const had = await highestNumber(tx)
    const resumed = tx.updateTable('subscribers').set({ state: 'active', had }).where('id', '=', id)
    const { numUpdatedRows } = await resumed.where('state', '=', 'paused').executeTakeFirst()
    return numUpdatedRows > 0n
  })
}

/**
 * Forgets a reader: a keyed hash takes the place of their address, so that nothing is mailed to it again until they ask
 * for it themselves. What was sent stays counted. False when there is no such reader.
 */
export async function deleteSubscriber(
  store: Store,
  id: number,
  now: Instant,
  by: 'reader' | 'owner' = 'reader',
  commit: Commit = ownCommit(store),
): Promise<boolean> {
  return wiping(store, () => commit((tx) => deleteWithin(tx, id, now, by)))
}

async function deleteWithin(tx: Store, id: number, now: Instant, by: 'reader' | 'owner'): Promise<boolean> {
  const row = await tx.selectFrom('subscribers').select('address').where('id', '=', id).executeTakeFirst()
  if (row === undefined || row.address === '') return false
  const address = parseEmailAddress(row.address)
  await suppressWithin(tx, { address }, 'deleted', '', now)
  await restateSuppression(tx, address, 'deleted', `deleted by the ${by}`)
  // No address has a space.
  await tx
    .updateTable('subscribers')
    .set({ state: 'unsubscribed', left_at: now, address: '', address_key: `deleted ${id}`, domain: '' })
    .set({ frequency: 'site', zone: '', topics: '[]', language: '', suppressed: 'deleted' })
    .where('id', '=', id)
    .execute()
  await dropLetters(tx, [id], '', now)
  // What is answered to a letter on its way comes too late to be written down: it may hold the address.
  const onItsWay = tx.updateTable('ledger').set({ state: 'suppressed', settled_at: now })
  await onItsWay.where('subscriber_id', '=', id).where('state', '=', 'claimed').execute()
  const waiting = tx.updateTable('notices').set({ state: 'dropped', settled_at: now })
  await waiting.where('subscriber_id', '=', id).where('state', '=', 'due').execute()
  // Servers repeat addresses, in one form or another, in what they answer.
  for (const table of ['ledger', 'notices'] as const) {
    const reply = 'the reader was deleted'
    await tx.updateTable(table).set({ reply }).where('subscriber_id', '=', id).execute()
  }
  await tx.deleteFrom('requests').where('address_key', '=', addressKey(address)).execute()
  await tx.deleteFrom('consents').where('subscriber_id', '=', id).execute()
  await tx.deleteFrom('soft_bounces').where('subscriber_id', '=', id).execute()
  return true
}
