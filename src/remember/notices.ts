import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'

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
/** Who does not confirm gets so many letters within a month, so that nobody can fill another's mailbox. */
const MOST_IN_A_MONTH = 5
/** Whoever claims a notice has it for so long; after that it is taken for dead. */
const LEASE = 10 * MINUTE
/** After so long it is of no use any more: the link in it has expired. */
const GIVE_UP_AFTER = 2 * DAY

/** True when a reader may get one more: none within the last hour, and few that were not answered. */
export async function mayNotice(tx: Store, subscriberId: number, now: Instant): Promise<boolean> {
  const { rows } = await sql<{ open: number | null; latest: number | null }>`
    select max(created_at) as latest, sum(not exists (
      select 1 from consents
      where consents.subscriber_id = notices.subscriber_id and confirmed_at >= notices.created_at)) as open
    from notices where subscriber_id = ${subscriberId} and created_at between ${now - 30 * DAY} and ${now}`.execute(tx)
  const [{ open, latest } = { open: 0, latest: null }] = rows
  return Number(open ?? 0) < MOST_IN_A_MONTH && (latest === null || now - Number(latest) >= HOUR)
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

/** Claims what may be sent now. What a dead process had claimed comes back after ten minutes, as the same letter. */
export async function claimNotices(store: Store, limit: number, now: Instant): Promise<Notice[]> {
  return store.transaction().execute(async (tx) => {
    await dropAnswered(tx, now)
    const rows = await tx
      .selectFrom('notices')
      .innerJoin('subscribers', 'subscribers.id', 'notices.subscriber_id')
      .leftJoin('consents', 'consents.id', 'notices.consent_id')
      .select(['notices.id', 'kind', 'notices.subscriber_id', 'consent_id', 'address', 'created_at', 'attempts'])
      .select(['subscribers.language as own', 'consents.language as asked'])
      .where(sql<boolean>`notices.state = 'due'`)
      .where('until', '<=', now)
      .orderBy('until')
      .orderBy('notices.id')
      .limit(limit)
      .execute()
    const ids = rows.map(({ id }) => id)
    if (ids.length === 0) return []
    await tx
      .updateTable('notices')
      .set({ until: now + LEASE })
      .where('id', 'in', ids)
      .execute()
    return rows.map(
      ({ subscriber_id: subscriberId, consent_id: consentId, created_at: createdAt, own, asked, ...row }) => {
        const language = asked ?? own
        return { ...row, subscriberId, consentId, createdAt, language: language === '' ? null : language }
      },
    )
  })
}

/** Nobody is asked for what they confirmed, left or had deleted meanwhile. */
async function dropAnswered(tx: Store, now: Instant): Promise<void> {
  await tx
    .updateTable('notices')
    .set({ state: 'dropped', settled_at: now, reply: 'it was answered before it was sent' })
    .where(sql<boolean>`state = 'due'`)
    .where('kind', '=', 'confirm')
    .where('consent_id', 'not in', (eb) => eb.selectFrom('consents').select('id').where('confirmed_at', 'is', null))
    .execute()
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

/** When the next letter may be sent that is no digest; null when there is none. */
export async function nextNotice(store: Store): Promise<Instant | null> {
  const next = store.selectFrom('notices').select(({ fn }) => fn.min('until').as('until'))
  const row = await next.where(sql<boolean>`state = 'due'`).executeTakeFirst()
  const until = row?.until ?? null
  return until === null ? null : Number(until)
}
