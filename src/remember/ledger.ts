import { type Updateable, sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'
import type { Ledger, LedgerState } from './tables.ts'

/** A letter that this run is to send now. */
export interface Claim {
  /** `<digest>.<subscriber>` */
  id: string
  digestId: string
  subscriberId: number
  address: string
  attempts: number
  /** A try before this one ended without an answer. */
  maybeTwice: boolean
}

/** How a try ended. */
export type Settlement = { claim: Claim } & (
  | { state: 'sent'; reply: string }
  | { state: 'refused'; reply: string }
  | { state: 'deferred'; until: Instant; reply: string; unknown: boolean }
  /** The server took nobody's letters: this one was not tried. */
  | { state: 'due' }
)

/** What became of a settlement or of a row that was not sent. */
export type Settled = 'sent' | 'refused' | 'deferred' | 'expired' | 'suppressed' | 'due'

/** Letters that cannot be delivered for so long are given up, in milliseconds. */
const GIVE_UP_AFTER = 3 * 24 * 60 * 60 * 1000

/**
 * Takes over what a dead run claimed; to be called under the lock, when no other run is alive.
 * @param sentOnce true when sending a letter again leaves one copy
 */
export async function adoptClaims(store: Store, sentOnce: boolean): Promise<void> {
  await store
    .updateTable('ledger')
    .set({ state: 'due', run_id: null, until: 0, ...(!sentOnce && { maybe_twice: 1 as const }) })
    .where(sql<boolean>`state in ('due', 'deferred', 'claimed') and state = 'claimed'`)
    .execute()
}

/**
 * Settles some letters and claims others, in one commit.
 * @returns the claims; what became of each settlement, in their order, and then of each row that was suppressed meanwhile
 */
export async function settleAndClaim(
  store: Store,
  runId: number,
  settlements: readonly Settlement[],
  wanted: number,
  now: Instant,
): Promise<{ claims: Claim[]; settled: Settled[] }> {
  return store.transaction().execute(async (tx) => {
    const settled: Settled[] = []
    for (const settlement of settlements) settled.push(await settle(tx, runId, settlement, now))
    const claims: Claim[] = []
    while (claims.length < wanted) {
      const batch = await claim(tx, runId, wanted - claims.length, now)
      if (batch.length === 0) break
      for (const row of batch) {
        if (row.subscriberState === 'active') claims.push(row.claim)
        else {
          // The reader left after the digest was frozen.
          await close(tx, runId, row.claim, 'suppressed', 'the reader has left', now)
          settled.push('suppressed')
        }
      }
    }
    return { claims, settled }
  })
}

async function claim(tx: Store, runId: number, limit: number, now: Instant) {
  // The words of the partial index, so that it is used.
  const { rows } = await sql<{
    id: string
    digest_id: string
    subscriber_id: number
    attempts: number
    maybe_twice: number
    address: string
    subscriber_state: string
  }>`
    update ledger set state = 'claimed', run_id = ${runId}
    where id in (
      select id from ledger
      where state in ('due', 'deferred', 'claimed') and state <> 'claimed' and until <= ${now}
      order by until, id limit ${limit})
    returning id, digest_id, subscriber_id, attempts, maybe_twice,
      (select address from subscribers where subscribers.id = subscriber_id) as address,
      (select state from subscribers where subscribers.id = subscriber_id) as subscriber_state`.execute(tx)
  return rows.map((row) => ({
    subscriberState: row.subscriber_state,
    claim: {
      id: row.id,
      digestId: row.digest_id,
      subscriberId: row.subscriber_id,
      address: row.address,
      attempts: row.attempts,
      maybeTwice: row.maybe_twice === 1,
    },
  }))
}

async function settle(tx: Store, runId: number, settlement: Settlement, now: Instant): Promise<Settled> {
  const { claim, state } = settlement
  switch (state) {
    case 'sent':
    case 'refused':
      await close(tx, runId, claim, state, settlement.reply, now)
      return state
    case 'due':
      await reopen(tx, runId, claim, { state })
      return state
    case 'deferred':
      return putOff(tx, runId, settlement, now)
  }
}

const MAYBE_TWICE = { maybe_twice: 1 as const }

async function putOff(
  tx: Store,
  runId: number,
  { claim, until, reply, unknown }: Settlement & { state: 'deferred' },
  now: Instant,
): Promise<Settled> {
  const row = await tx
    .selectFrom('ledger')
    .select('first_deferred_at')
    .where('id', '=', claim.id)
    .executeTakeFirstOrThrow()
  const since = row.first_deferred_at ?? now
  if (now - since >= GIVE_UP_AFTER) {
    await close(tx, runId, claim, 'expired', reply, now)
    return 'expired'
  }
  await reopen(tx, runId, claim, {
    state: 'deferred',
    until: Math.min(until, since + GIVE_UP_AFTER),
    attempts: claim.attempts + 1,
    first_deferred_at: since,
    reply,
    ...(unknown && MAYBE_TWICE),
  })
  return 'deferred'
}

async function close(
  tx: Store,
  runId: number,
  claim: Claim,
  state: LedgerState,
  reply: string,
  now: Instant,
): Promise<void> {
  await change(tx, runId, claim, { state, reply, settled_at: now })
}

async function reopen(tx: Store, runId: number, claim: Claim, values: Updateable<Ledger>): Promise<void> {
  await change(tx, runId, claim, { until: 0, run_id: null, ...values })
}

/** Changes a row only while this run still holds it. */
async function change(tx: Store, runId: number, claim: Claim, values: Updateable<Ledger>): Promise<void> {
  await tx
    .updateTable('ledger')
    .set(values)
    .where('id', '=', claim.id)
    .where('state', '=', 'claimed')
    .where('run_id', '=', runId)
    .execute()
}

/** How many letters still wait to be sent, those that were put off left out. */
export async function countDue(store: Store): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ledger
    where state in ('due', 'deferred', 'claimed') and state <> 'deferred'`.execute(store)
  return Number(rows[0]?.count ?? 0)
}

/** How many letters a run at `now` would try to send, also those that a dead run had claimed. */
export async function countSendable(store: Store, now: Instant): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ledger
    where state in ('due', 'deferred', 'claimed') and until <= ${now}`.execute(store)
  return Number(rows[0]?.count ?? 0)
}

/** Marks the digests as done whose settled rows sum to the number that was frozen. */
export async function closeDigests(store: Store, now: Instant): Promise<void> {
  await sql`
    update digests set done_at = ${now}
    where done_at is null and recipients = (
      select count(*) from ledger
      where digest_id = digests.id and state in ('sent', 'refused', 'suppressed', 'expired'))`.execute(store)
}

/** The letter of a digest, without what belongs to one reader. */
export interface FrozenLetter {
  id: string
  domain: string
  subject: string
  html: string
  text: string
  createdAt: Instant
}

export async function readLetter(store: Store, digestId: string): Promise<FrozenLetter> {
  const row = await store
    .selectFrom('digests')
    .select(['id', 'domain', 'subject', 'html', 'text', 'created_at'])
    .where('id', '=', digestId)
    .executeTakeFirstOrThrow()
  const { id, domain, subject, html, text, created_at: createdAt } = row
  return { id, domain, subject, html, text, createdAt }
}

/** True when some letter is not settled yet, or its digest not closed: a run may die between the two. */
export async function hasOpenLetters(store: Store): Promise<boolean> {
  const open = await store.selectFrom('digests').select('id').where('done_at', 'is', null).limit(1).execute()
  return open.length > 0
}

/** True when a letter that was put off may be tried again. */
export async function hasLettersToRetry(store: Store, now: Instant): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ledger
    where state in ('due', 'deferred', 'claimed') and state = 'deferred' and until <= ${now} limit 1`.execute(store)
  return rows.length > 0
}
