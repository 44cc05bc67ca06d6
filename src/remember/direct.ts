import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'

/** What an owner says of a digest under way. */
export type Direction = 'pause' | 'resume' | 'cancel' | 'retry'

/**
 * Directs the letters of a digest: `pause` holds back what is not sent until `resume`; `cancel` gives it up; `retry`
 * makes due again what was refused, given up or held, for readers who are still there.
 * @returns how many letters it is about
 */
export async function directDigest(
  store: Store,
  digestId: string,
  direction: Direction,
  now: Instant,
): Promise<number> {
  return store.transaction().execute(async (tx) => {
    switch (direction) {
      case 'pause':
      case 'resume':
        await tx
          .updateTable('digests')
          .set({ paused: direction === 'pause' ? 1 : 0 })
          .where('id', '=', digestId)
          .execute()
        return countOpen(tx, digestId)
      case 'cancel':
        return cancel(tx, digestId, now)
      case 'retry':
        return retry(tx, digestId)
    }
  })
}

async function countOpen(tx: Store, digestId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ledger
    where state in ('due', 'deferred', 'claimed') and digest_id = ${digestId}`.execute(tx)
  return Number(rows[0]?.count ?? 0)
}

/** A letter that a run has in its hands goes its way. */
async function cancel(tx: Store, digestId: string, now: Instant): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('ledger')
    .set({ state: 'cancelled', reply: 'the digest was cancelled', settled_at: now })
    .where('digest_id', '=', digestId)
    .where('state', 'in', ['due', 'deferred'])
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

async function retry(tx: Store, digestId: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('ledger')
    .set({ state: 'due', until: 0, attempts: 0, first_deferred_at: null, run_id: null, settled_at: null })
    // What was held may have gone already.
    .set({ maybe_twice: sql<0 | 1>`case when state = 'held' then 1 else maybe_twice end` })
    .where('digest_id', '=', digestId)
    .where('state', 'in', ['refused', 'expired', 'held'])
    .where('subscriber_id', 'in', (ledger) =>
      ledger
        .selectFrom('subscribers')
        .select('subscribers.id')
        .where('subscribers.state', '=', 'active')
        .where('suppressed', '=', ''),
    )
    .executeTakeFirst()
  // Whoever wants them sent does not want them held back.
  const open = { paused: 0 as const, ...(numUpdatedRows > 0n && { done_at: null }) }
  await tx.updateTable('digests').set(open).where('id', '=', digestId).execute()
  return Number(numUpdatedRows)
}

/** Why letters of a digest did not go, each reason with how many and one of the addresses; the most first. */
export async function failuresOf(
  store: Store,
  digestId: string,
  limit: number,
): Promise<{ state: string; reply: string; letters: number; example: string }[]> {
  const rows = await store
    .selectFrom('ledger')
    .innerJoin('subscribers', 'subscribers.id', 'ledger.subscriber_id')
    .where('digest_id', '=', digestId)
    .where('ledger.state', 'in', ['refused', 'expired', 'held', 'deferred', 'suppressed'])
    .select(({ fn }) => [
      'ledger.state as state',
      'reply',
      fn.countAll<number>().as('letters'),
      fn.min('address').as('example'),
    ])
    .groupBy(['ledger.state', 'reply'])
    .orderBy('letters', 'desc')
    .orderBy('reply')
    .limit(limit)
    .execute()
  return rows.map(({ state, reply, letters, example }) => ({
    ...{ state, reply: reply ?? '', letters: Number(letters), example },
  }))
}
