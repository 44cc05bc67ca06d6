import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { engineOf } from './engine.ts'
import { countSendable } from './letters.ts'
import type { Store } from './open.ts'
import type { LedgerState, SubscriberState, SuppressionReason } from './tables.ts'

/** How a site stands, in numbers. */
export interface Counts {
  /** Entries that feeds and pages may show. */
  entries: number
  /** By what they chose, and then by why nothing is mailed to them. */
  subscribers: Record<SubscriberState, BySuppression>
  /** Letters of digests, also those of which only their number is kept. */
  letters: Record<LedgerState, number>
  /** Letters that a run would try to send now. */
  lettersDue: number
  /** Sources of which something is set aside. */
  sourcesWithProblems: number
  /** The last run that came to its end; null before the first. Its length is in milliseconds. */
  lastRun: { endedAt: Instant; durationMs: number; exitCode: number } | null
}

/** How many there are by the reason of a suppression; `none`: they are not suppressed. */
export type BySuppression = Record<SuppressionReason | 'none', number>

/**
 * Counts what is remembered; every letter is gone through, a second for some five million.
 * @param sources names of the sources that are read; what others left behind counts for nothing
 */
export async function readCounts(store: Store, sources: readonly string[], now: Instant): Promise<Counts> {
  return {
    entries: await countEntries(store, sources),
    subscribers: await countSubscribers(store),
    letters: await countLetters(store),
    lettersDue: await countSendable(store, now),
    sourcesWithProblems: await countSourcesWithProblems(store, sources),
    lastRun: await lastRun(store),
  }
}

async function countEntries(store: Store, sources: readonly string[]): Promise<number> {
  const { count } = await store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('sources.name', 'in', [...sources])
    .where('number', '>', 0)
    .where('removed_at', 'is', null)
    .where('hidden', '=', 0)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function countSubscribers(store: Store): Promise<Counts['subscribers']> {
  const nobody = (): BySuppression => ({ none: 0, bounced: 0, complained: 0, deleted: 0 })
  const counts = { pending: nobody(), active: nobody(), paused: nobody(), unsubscribed: nobody() }
  const rows = await store
    .selectFrom('subscribers')
    .select(({ fn }) => ['state', 'suppressed', fn.countAll<number>().as('count')])
    .groupBy(['state', 'suppressed'])
    .execute()
  for (const { state, suppressed, count } of rows)
    counts[state][suppressed === '' ? 'none' : suppressed] = Number(count)
  return counts
}

/** How many letters of each digest that are summed up came to which end. */
const SUMMED_UP = {
  sqlite: { each: sql`json_each(outcomes)`, value: sql`value` },
  postgres: { each: sql`jsonb_each_text(outcomes::jsonb)`, value: sql`value::bigint` },
}

async function countLetters(store: Store): Promise<Counts['letters']> {
  const settled = { sent: 0, refused: 0, suppressed: 0, held: 0, expired: 0, cancelled: 0 }
  const counts = { due: 0, claimed: 0, deferred: 0, ...settled }
  const { each, value } = SUMMED_UP[engineOf(store)]
  // By digest first, as the index has it: three times as fast.
  const rows = await store
    .selectFrom('ledger')
    .select(({ fn }) => ['digest_id', 'state', fn.countAll<number>().as('count')])
    .groupBy(['digest_id', 'state'])
    .execute()
  const summed = await sql<{ state: LedgerState; count: number }>`
    select key as state, sum(${value}) as count from digests, ${each}
    where outcomes <> '{}' group by key`.execute(store)
  for (const { state, count } of [...rows, ...summed.rows]) counts[state] += Number(count)
  return counts
}

/** A quote within the text of a problem stands behind a backslash in JSON, so that nothing else looks like this. */
const ERROR = '%"severity":"error"%'

async function countSourcesWithProblems(store: Store, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from sources
    where name in (${sql.join(names)}) and (problems like ${ERROR} or exists (
      select 1 from files where files.source_id = sources.id and files.problems like ${ERROR}))`.execute(store)
  return Number(rows[0]?.count ?? 0)
}

async function lastRun(store: Store): Promise<Counts['lastRun']> {
  const run = await store
    .selectFrom('runs')
    .select(['started_at', 'ended_at', 'exit_code'])
    .where('kind', '=', 'run')
    .where('ended_at', 'is not', null)
    .where('exit_code', 'is not', null)
    .$narrowType<{ ended_at: number; exit_code: number }>()
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (run === undefined) return null
  const endedAt = Number(run.ended_at)
  return { endedAt, durationMs: endedAt - Number(run.started_at), exitCode: run.exit_code }
}
