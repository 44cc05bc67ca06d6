import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { DigestFact, Moments, RunFact } from '../status/facts.ts'
import { readSummary } from './history-summary.ts'
import type { Store } from './open.ts'
import { type Outcomes, addOutcomes, readOutcomes } from './outcomes.ts'

/** The newest runs, newest first; those left out that only sent letters of others. */
export async function newestRuns(store: Store, limit: number): Promise<RunFact[]> {
  const runs = store.selectFrom('runs').selectAll().where('kind', '=', 'run')
  const rows = await runs.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(({ id, started_at: startedAt, ended_at: endedAt, exit_code: exitCode, summary }) => {
    return { id, startedAt, endedAt, exitCode, did: readSummary(summary) }
  })
}

/** The newest digests with what became of their letters, oldest first. */
export async function newestDigests(store: Store, limit: number): Promise<DigestFact[]> {
  const rows = await store
    .selectFrom('digests')
    .select(['id', 'created_at as date', 'subject', 'outcomes'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  const digests: DigestFact[] = []
  for (const { outcomes, ...digest } of rows.reverse()) {
    digests.push({ ...digest, letters: addOutcomes(readOutcomes(outcomes), await lettersOf(store, digest.id)) })
  }
  return digests
}

async function lettersOf(store: Store, id: string): Promise<Outcomes> {
  const rows = await store
    .selectFrom('ledger')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('digest_id', '=', id)
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]))
}

/** The zones' offsets are multiples of it. */
const QUARTER = 15 * 60_000

/** How many entries that are shown have their date in each quarter of an hour since a moment. */
export async function entriesSince(store: Store, sources: readonly string[], since: Instant): Promise<Moments> {
  const rows = await store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('sources.name', 'in', [...sources])
    .where('date', '>=', since)
    .where('number', '>', 0)
    .where('removed_at', 'is', null)
    .where('hidden', '=', 0)
    .select(({ fn }) => [sql<number>`date / ${sql.lit(QUARTER)}`.as('place'), fn.countAll<number>().as('count')])
    .groupBy('place')
    .orderBy('place')
    .execute()
  return momentsOf(rows, QUARTER)
}

const DAY = 24 * 60 * 60_000

/** How many readers came to the list each day of UTC, those left out who never agreed. */
export async function joinedByDay(store: Store): Promise<Moments> {
  const rows = await store
    .selectFrom('subscribers')
    .where('state', '<>', 'pending')
    .select(({ fn }) => [sql<number>`added_at / ${sql.lit(DAY)}`.as('place'), fn.countAll<number>().as('count')])
    .groupBy('place')
    .orderBy('place')
    .execute()
  return momentsOf(rows, DAY)
}

/** How many of those left it each day. */
export async function leftByDay(store: Store): Promise<Moments> {
  const rows = await store
    .selectFrom('subscribers')
    .where('state', '=', 'unsubscribed')
    .select(({ fn }) => [
      sql<number>`coalesce(left_at, added_at) / ${sql.lit(DAY)}`.as('place'),
      fn.countAll<number>().as('count'),
    ])
    .groupBy('place')
    .orderBy('place')
    .execute()
  return momentsOf(rows, DAY)
}

function momentsOf(rows: readonly { place: number; count: number }[], length: number): Moments {
  return rows.map(({ place, count }) => ({ at: Math.floor(place) * length, count: Number(count) }))
}
