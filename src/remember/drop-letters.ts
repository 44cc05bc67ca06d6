import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'

/** Letters that wait for these readers are not sent; those on their way go theirs. */
export async function dropLetters(
  tx: Store,
  subscriberIds: readonly number[],
  reply: string,
  now: Instant,
): Promise<void> {
  await tx
    .updateTable('ledger')
    .set({ state: 'suppressed', reply, settled_at: now })
    .where('subscriber_id', 'in', subscriberIds)
    // The words of the partial index, so that it is used.
    .where(sql<boolean>`state in ('due', 'deferred', 'claimed') and state <> 'claimed'`)
    .execute()
}
