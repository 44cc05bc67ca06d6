import type { Instant } from '../entry.ts'
import { spaceOut } from '../identity.ts'
import type { Store } from './open.ts'

/** So many questions are asked of the store one by one; for more of them a list of all instants is fetched. */
const FEW = 50

/** An instant that no entry has, near the one that is wanted and not after `latest`. */
export async function freeInstant(store: Store, wanted: Instant, latest: Instant): Promise<Instant> {
  const [free] = await spaceOut([wanted], latest, (at) => isTaken(store, at))
  return free ?? wanted
}

/** Asks whether an entry has an instant: the store, or for many questions a list of all that are there. */
export async function takenInstants(store: Store, questions: number): Promise<(at: Instant) => Promise<boolean>> {
  if (questions <= FEW) return (at) => isTaken(store, at)
  const taken = new Set<Instant>()
  const rows = await store.selectFrom('entries').select(['date', 'updated']).execute()
  for (const { date, updated } of rows) taken.add(date).add(updated)
  return (at) => Promise.resolve(taken.has(at))
}

async function isTaken(store: Store, at: Instant): Promise<boolean> {
  const row = await store
    .selectFrom('entries')
    .select('id')
    .where((where) => where.or([where('date', '=', at), where('updated', '=', at)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
