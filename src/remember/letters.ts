import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import { engineOf } from './engine.ts'
import type { Store } from './open.ts'
import type { LedgerState } from './tables.ts'

const NOT_PAUSED = sql`digest_id not in (select id from digests where paused = 1)`

/** How many letters still wait to be sent, those that were put off left out. */
export async function countDue(store: Store): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ledger
    where state in ('due', 'deferred', 'claimed') and state <> 'deferred' and ${NOT_PAUSED}`.execute(store)
  return Number(rows[0]?.count ?? 0)
}

/** How many letters a run at `now` would try to send, also those that a dead run had claimed. */
export async function countSendable(store: Store, now: Instant): Promise<number> {
  // Counted in the index alone; those of a digest that is paused are asked for by digest.
  const { rows } = await sql<{ all: number; paused: number }>`
    select
      (select count(*) from ledger where state in ('due', 'deferred', 'claimed') and until <= ${now}) as "all",
      (select count(*) from digests cross join ledger
        where paused = 1 and digest_id = digests.id and state in ('due', 'deferred', 'claimed')
          and until <= ${now}) as paused`.execute(store)
  return Number(rows[0]?.all ?? 0) - Number(rows[0]?.paused ?? 0)
}

/** How many letters of a digest are summed up. */
const SUMMED_UP = {
  sqlite: sql`(select coalesce(sum(value), 0) from json_each(outcomes))`,
  postgres: sql`(select coalesce(sum(value::bigint), 0) from jsonb_each_text(outcomes::jsonb))`,
}

/** Marks the digests as done whose settled rows, with those that are summed up, are as many as were frozen. */
export async function closeDigests(store: Store, now: Instant): Promise<void> {
  await sql`
    update digests set done_at = ${now}
    where done_at is null and recipients = (
      select count(*) from ledger
      where digest_id = digests.id and state in ('sent', 'refused', 'suppressed', 'held', 'expired', 'cancelled')
    ) + ${SUMMED_UP[engineOf(store)]}`.execute(store)
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

/** @throws {Problem} `letter-forgotten` */
export async function readLetter(store: Store, digestId: string): Promise<FrozenLetter> {
  const row = await store
    .selectFrom('digests')
    .select(['id', 'domain', 'subject', 'html', 'text', 'created_at'])
    .where('id', '=', digestId)
    .executeTakeFirstOrThrow()
  const { id, domain, subject, html, text, created_at: createdAt } = row
  if (html === '' && text === '') {
    const mend = 'its page on the site still lists what was in it; "keep" says for how long letters are kept'
    throw new Problem('letter-forgotten', `The letter of digest ${id} is kept no more`, { mend })
  }
  return { id, domain, subject, html, text, createdAt }
}

/** A letter to one reader, as their history tells of it. */
export interface LetterRecord {
  digestId: string
  subject: string
  /** When the digest was frozen. */
  date: Instant
  state: LedgerState
  /** When it came to its end; null: it has not. */
  settledAt: Instant | null
  reply: string | null
}

/** The letters to a reader, newest first. */
export async function lettersTo(store: Store, subscriberId: number, limit: number): Promise<LetterRecord[]> {
  const rows = await store
    .selectFrom('ledger')
    .innerJoin('digests', 'digests.id', 'ledger.digest_id')
    .where('subscriber_id', '=', subscriberId)
    .select(['digest_id', 'subject', 'created_at', 'state', 'settled_at', 'reply'])
    .orderBy('created_at', 'desc')
    .orderBy('digest_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ digest_id: digestId, subject, created_at: date, state, settled_at: settledAt, reply }) => ({
    ...{ digestId, subject, date, state, settledAt, reply },
  }))
}

/** True when some letter is not settled yet, or its digest not closed: a run may die between the two. */
export async function hasOpenLetters(store: Store): Promise<boolean> {
  const open = await store.selectFrom('digests').select('id').where('done_at', 'is', null).limit(1).execute()
  return open.length > 0
}

/** True when a letter that was put off may be tried again; one that never was has 0 for its moment. */
export async function hasLettersToRetry(store: Store, now: Instant): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ledger
    where state in ('due', 'deferred', 'claimed') and state = 'deferred' and until > 0 and until <= ${now}
      and ${NOT_PAUSED} limit 1`.execute(store)
  return rows.length > 0
}
