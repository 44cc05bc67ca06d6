import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { OpenDigest, Reason } from '../status/facts.ts'
import type { Store } from './open.ts'

/** Reasons that are looked at; servers put what is different each time into theirs. */
const MOST_REASONS = 2000

/**
 * Why letters did not go, by state and as the servers said it, with addresses; the most letters first. Each digest is
 * asked by the index of its states, so that the letters which went are not gone through.
 */
export async function reasonsOf(store: Store): Promise<Reason[]> {
  const { rows } = await sql<{ state: string; reply: string | null; letters: number }>`
    select state, reply, count(*) as letters
    from digests cross join ledger
    where ledger.digest_id = digests.id
      and ledger.state in ('refused', 'expired', 'held', 'deferred', 'suppressed', 'cancelled')
    group by state, reply order by letters desc limit ${MOST_REASONS}`.execute(store)
  return rows.map(({ state, reply, letters }) => ({ state, reply: reply ?? '', letters: Number(letters) }))
}

interface OpenRow {
  id: string
  subject: string
  date: number
  paused: number
  open: number
  held: number
  failed: number
}

/** A letter to a reader who is still there. */
const TO_READER = sql`exists (
  select 1 from subscribers where subscribers.id = ledger.subscriber_id and state = 'active' and suppressed = '')`
/** It was refused or given up, and no later one went to its reader. */
const IS_FAILED = sql`ledger.state in ('refused', 'expired') and ${TO_READER} and not exists (
  select 1 from ledger as later
  where later.subscriber_id = ledger.subscriber_id and later.state = 'sent' and later.settled_at > ledger.settled_at)`

/** Digests with letters that wait, or that went wrong and can still be sent; newest first. */
export async function openDigests(store: Store): Promise<OpenDigest[]> {
  const { rows } = await sql<OpenRow>`
    with counted as (
      select digest_id, count(*) as open, 0 as held, 0 as failed from ledger
      where state in ('due', 'deferred', 'claimed') group by digest_id
      union all
      select digest_id, 0, count(*) filter (where ledger.state = 'held' and ${TO_READER}),
        count(*) filter (where ${IS_FAILED})
      from digests cross join ledger
      where ledger.digest_id = digests.id and ledger.state in ('held', 'refused', 'expired')
      group by digest_id)
    select digests.id, digests.subject, digests.created_at as date, digests.paused,
      sum(open) as open, sum(held) as held, sum(failed) as failed
    from counted join digests on digests.id = counted.digest_id
    group by digests.id having sum(open) + sum(held) + sum(failed) > 0
    order by digests.created_at desc, digests.id desc`.execute(store)
  return rows.map(({ paused, ...row }) => ({
    ...{ id: row.id, subject: row.subject, date: row.date, isPaused: paused === 1 },
    ...{ open: Number(row.open), held: Number(row.held), failed: Number(row.failed) },
  }))
}

/** When the first letter that was put off may be tried again; null when none was. */
export async function nextRetry(store: Store): Promise<Instant | null> {
  const { rows } = await sql<{ until: number | null }>`
    select min(until) as until from ledger
    where state in ('due', 'deferred', 'claimed') and state = 'deferred' and until > 0`.execute(store)
  return rows[0]?.until ?? null
}
