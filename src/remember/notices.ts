import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'
import { NO_RATES, Pace, type Rates } from './rates.ts'
import type { SubscriberState } from './tables.ts'
import { throttle } from './throttle.ts'

/** A letter to one reader that is no digest, ready to be sent. */
export interface Notice {
  id: number
  kind: 'confirm' | 'known'
  subscriberId: number
  /** What the reader is to confirm; null when nothing. */
  consentId: number | null
  address: string
  /** Of our texts; null: the site's. */
  language: string | null
  createdAt: Instant
  attempts: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/**
 * Who does not confirm gets so many letters within a month, and then one in three days, so that nobody can fill the
 * mailbox of somebody else, nor keep them from joining.
 */
const MOST_IN_A_MONTH = 5
/** Whoever claims a notice has it for so long; after that it is taken for dead. */
const LEASE = 10 * MINUTE
/** So many letters may go before the turn that `mail.rate` gives them. */
const MOST_AHEAD = 10
/** After so long it is of no use any more: the link in it has expired. */
const GIVE_UP_AFTER = 2 * DAY

/**
 * True when a reader may get one more: none within the last hour, and few that were not answered. Who left since then
 * begins anew, so that they can come back at once.
 */
export async function mayNotice(tx: Store, subscriberId: number, kind: Notice['kind'], now: Instant): Promise<boolean> {
  const counts =
    kind === 'known'
      ? sql`true`
      : sql`kind = 'confirm' and created_at >= coalesce((select left_at from subscribers where id = subscriber_id), 0)`
  const { rows } = await sql<{ open: number | null; latest: number | null }>`
    select max(created_at) as latest, count(*) filter (where kind = ${kind} and not exists (
      select 1 from consents
      where consents.subscriber_id = notices.subscriber_id and confirmed_at >= notices.created_at)) as open
    from notices where subscriber_id = ${subscriberId} and created_at >= ${now - 30 * DAY} and ${counts}`.execute(tx)
  const [{ open, latest } = { open: 0, latest: null }] = rows
  const rest = Number(open ?? 0) < MOST_IN_A_MONTH ? HOUR : 3 * DAY
  return latest === null || Math.abs(now - Number(latest)) >= rest
}

export async function enterNotice(
  tx: Store,
  { subscriberId, kind, consentId }: Pick<Notice, 'subscriberId' | 'kind' | 'consentId'>,
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('notices')
    .values({
      ...{ subscriber_id: subscriberId, kind, consent_id: consentId, created_at: now },
      ...{ state: 'due', until: 0, attempts: 0, settled_at: null, reply: null },
    })
    .execute()
}

/**
 * Claims the letter that waits longest, of those that may be sent now. One that a dead process had claimed comes back
 * after ten minutes, as the same letter.
 */
export async function claimNotice(store: Store, now: Instant, rates: Rates = NO_RATES): Promise<Notice | null> {
  if ((await nextNotice(store)) === null) return null
  return store.transaction().execute(async (tx) => {
    for (;;) {
      const row = await tx
        .selectFrom('notices')
        .innerJoin('subscribers', 'subscribers.id', 'notices.subscriber_id')
        .leftJoin('consents', 'consents.id', 'notices.consent_id')
        .select(['notices.id', 'kind', 'notices.subscriber_id', 'consent_id', 'address', 'created_at', 'attempts'])
        .select(['subscribers.language as own', 'subscribers.state', 'suppressed', 'consents.language as asked'])
        .select(['confirmed_at', 'open_until'])
        .where(sql<boolean>`notices.state = 'due'`)
        .where('until', '<=', now)
        .orderBy('until')
        .orderBy('notices.id')
        .limit(1)
        .executeTakeFirst()
      if (row === undefined) return null
      const { id, kind, address, attempts, own, asked } = row
      const obstacle = obstacleOf(row, now)
      if (obstacle !== null) {
        await tx
          .updateTable('notices')
          .set({ ...obstacle, settled_at: now })
          .where('id', '=', id)
          .execute()
        continue
      }
      if (!(await isInPace(tx, rates, address, now))) return null
      await tx
        .updateTable('notices')
        .set({ until: now + LEASE })
        .where('id', '=', id)
        .execute()
      const { subscriber_id: subscriberId, consent_id: consentId, created_at: createdAt } = row
      const language = asked ?? own
      return {
        ...{ id, kind, address, attempts, subscriberId, consentId, createdAt },
        language: language === '' ? null : language,
      }
    }
  })
}

/** They go before their turn, and those of digests after them pay for it; but not all that a crowd asks for. */
async function isInPace(tx: Store, rates: Rates, address: string, now: Instant): Promise<boolean> {
  const { all } = rates
  if (all !== null && (await throttle(tx, 'notices', { burst: MOST_AHEAD, interval: Math.ceil(all) }, now)) > 0)
    return false
  const pace = await Pace.read(tx, rates, now)
  pace.count(address.slice(address.lastIndexOf('@') + 1), now)
  await pace.write(tx)
  return true
}

interface Circumstances {
  kind: Notice['kind']
  address: string
  state: SubscriberState
  suppressed: string
  confirmed_at: number | null
  open_until: number | null
}

/** Why a letter is of no use any more, or null. */
function obstacleOf(
  { kind, address, state, suppressed, confirmed_at, open_until }: Circumstances,
  now: Instant,
): { state: 'dropped' | 'expired'; reply: string } | null {
  if (address === '') return { state: 'dropped', reply: 'the reader was deleted' }
  switch (kind) {
    case 'known': {
      const gets = (state === 'active' || state === 'paused') && suppressed === ''
      return gets ? null : { state: 'dropped', reply: 'the reader has left' }
    }
    case 'confirm':
      if (open_until === null || confirmed_at !== null) return { state: 'dropped', reply: 'it was answered before' }
      return now < open_until ? null : { state: 'expired', reply: 'it can be confirmed no longer' }
  }
}

/** How a try ended. */
export type NoticeEnd =
  | { state: 'sent' | 'refused'; reply: string }
  /** It did not go, and is tried again; after two days it is given up. */
  | { state: 'due'; until: Instant; reply: string }

export async function settleNotice(store: Store, notice: Notice, end: NoticeEnd, now: Instant): Promise<void> {
  const isLate = end.state === 'due' && now - notice.createdAt >= GIVE_UP_AFTER
  const values =
    end.state === 'due' && !isLate
      ? { until: end.until, attempts: notice.attempts + 1, reply: end.reply }
      : { state: end.state === 'due' ? ('expired' as const) : end.state, settled_at: now, reply: end.reply }
  await store.updateTable('notices').set(values).where('id', '=', notice.id).where('state', '=', 'due').execute()
}

/** Nothing is sent before a moment: the server takes no letters. */
export async function putNoticesOff(store: Store, until: Instant): Promise<void> {
  await store
    .updateTable('notices')
    .set({ until })
    .where(sql<boolean>`state = 'due'`)
    .where('until', '<', until)
    .execute()
}

/** When the next letter may be sent that is no digest; null when there is none. */
export async function nextNotice(store: Store): Promise<Instant | null> {
  const next = store.selectFrom('notices').select(({ fn }) => fn.min('until').as('until'))
  const row = await next.where(sql<boolean>`state = 'due'`).executeTakeFirst()
  const until = row?.until ?? null
  return until === null ? null : Number(until)
}

/** A letter that is no digest, as a reader's history tells of it. */
export interface NoticeRecord {
  kind: Notice['kind']
  date: Instant
  state: 'due' | 'sent' | 'refused' | 'expired' | 'dropped'
  /** When it came to its end; null: it has not. */
  settledAt: Instant | null
  reply: string | null
}

/** The letters to a reader that are no digest, newest first. */
export async function noticesTo(store: Store, subscriberId: number, limit: number): Promise<NoticeRecord[]> {
  const rows = await store
    .selectFrom('notices')
    .select(['kind', 'created_at', 'state', 'settled_at', 'reply'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ kind, created_at: date, state, settled_at: settledAt, reply }) => ({
    ...{ kind, date, state, settledAt, reply },
  }))
}
