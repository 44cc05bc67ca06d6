import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import { engineOf } from './engine.ts'
import type { Store } from './open.ts'

/** What is wrong for longer than a run, as the store has it. */
export interface AlertRecord {
  /** Its kind and what it is about, such as `source:articles`. */
  key: string
  since: Instant
  /** What is wrong, one line. */
  detail: string
  /** The ways by which the owner was told. */
  toldBy: readonly string[]
  toldAt: Instant | null
}

/** All that stands wrong, by key. */
export async function readAlerts(store: Store): Promise<Map<string, AlertRecord>> {
  const rows = await store.selectFrom('alerts').selectAll().orderBy('key').execute()
  return new Map(
    rows.map(({ key, since, detail, told_by: by, told_at: at }) => [
      key,
      {
        key,
        since: Number(since),
        detail,
        toldBy: by.split(' ').filter(Boolean),
        toldAt: at === null ? null : Number(at),
      },
    ]),
  )
}

/** Remembers it, or what is new of it. */
export async function writeAlert(store: Store, { key, since, detail, toldBy, toldAt }: AlertRecord): Promise<void> {
  const told = { told_by: toldBy.join(' '), told_at: toldAt, detail }
  await store
    .insertInto('alerts')
    .values({ key, since, ...told })
    .onConflict((c) => c.column('key').doUpdateSet(told))
    .execute()
}

/** Forgets what is over. */
export async function dropAlert(store: Store, key: string): Promise<void> {
  await store.deleteFrom('alerts').where('key', '=', key).execute()
}

/**
 * Tells the owner as the only one who does. In a file that is the run at work; on a server another machine is waited
 * for, and what it told stands in the store then. Whoever dies meanwhile keeps nobody waiting.
 * @returns null when another takes so long that the rest is for the next run
 */
export async function oneTells<T>(store: Store, tell: () => Promise<T>): Promise<T | null> {
  if (engineOf(store) === 'sqlite') return tell()
  const commit = store.transaction().setIsolationLevel('read committed')
  return commit.execute(async (tx) => ((await isAlone(tx)) ? tell() : null))
}

/** Waits for whoever else tells, until the end of their transaction; false when that takes too long. */
async function isAlone(tx: Store): Promise<boolean> {
  try {
    await sql`select pg_advisory_xact_lock(hashtext('feedwire alerts'), hashtext(current_schema()))`.execute(tx)
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'store-busy') return false
    throw error
  }
}

/** Names of those of some sources that could not be read in so many runs in a row. */
export async function failingNames(store: Store, names: readonly string[], least: number): Promise<string[]> {
  const find = store
    .selectFrom('sources')
    .select('name')
    .where('name', 'in', [...names])
  const rows = await find.where('failures', '>=', least).orderBy('id').execute()
  return rows.map(({ name }) => name)
}

/** A digest of which letters wait. */
export interface StuckDigest {
  id: string
  subject: string
  createdAt: Instant
  letters: number
}

/** The digests from before a moment that have letters still to be sent, oldest first; not those that the owner holds back. */
export async function stuckDigests(store: Store, before: Instant): Promise<StuckDigest[]> {
  const { rows } = await sql<{ id: string; subject: string; at: number; letters: number }>`
    select id, subject, created_at as at, (
      select count(*) from ledger
      where digest_id = digests.id and state in ('due', 'deferred', 'claimed')) as letters
    from digests where done_at is null and paused = 0 and created_at < ${before}
    order by created_at, id`.execute(store)
  return rows
    .map(({ id, subject, at, letters }) => ({ id, subject, createdAt: Number(at), letters: Number(letters) }))
    .filter(({ letters }) => letters > 0)
}

/** What became of the letters of a digest. */
export interface ReturnRate {
  id: string
  subject: string
  createdAt: Instant
  /** Letters that a server took or refused. */
  tried: number
  /** Of those: refused, or sent and come back because the address is no more. */
  lost: number
}

/** How many letters were lost of each digest since a moment, oldest first. */
export async function returnRates(store: Store, since: Instant): Promise<ReturnRate[]> {
  const { rows } = await sql<{ id: string; subject: string; at: number; tried: number; lost: number }>`
    select id, subject, created_at as at,
      (select count(*) from ledger where digest_id = digests.id and state in ('sent', 'refused')) as tried,
      (select count(*) from ledger where digest_id = digests.id and state = 'refused') + ${CAME_BACK} as lost
    from digests where created_at >= ${since} order by created_at, id`.execute(store)
  return rows.map(({ id, subject, at, tried, lost }) => ({
    ...{ id, subject, createdAt: Number(at), tried: Number(tried), lost: Number(lost) },
  }))
}

/** A mail that comes back is laid to the last letter that its reader was sent. */
const CAME_BACK = sql`(
  select count(*) from subscribers cross join ledger as sent
  where sent.id = digests.id || '.' || subscribers.id and subscribers.suppressed = 'bounced' and sent.state = 'sent' and not exists (
    select 1 from ledger as later join digests as next on next.id = later.digest_id
    where later.subscriber_id = subscribers.id and later.state = 'sent' and next.created_at > digests.created_at))`
