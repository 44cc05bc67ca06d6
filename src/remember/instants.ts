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

/**
 * Instants for the updates of one batch, no two the same and none that an entry has: of entries with one `updated`
 * Atom's readers cannot tell which is newer.
 */
export class UpdateInstants {
  readonly #store: Store
  readonly #now: Instant
  /** Where to look on for what is wanted again. */
  readonly #next = new Map<Instant, Instant>()

  constructor(store: Store, now: Instant) {
    this.#store = store
    this.#now = now
  }

  /**
   * The instant of an update: as near before the stated one as there is room, in milliseconds.
   * @param stated what the source says, or the moment of the run
   * @param last when the entry was last updated: an update that lies before it would not be seen
   * @param isOccupied asks whether an entry has an instant; by default, one that the store knows
   */
  async next(
    stated: Instant,
    last: Instant,
    isOccupied = (at: Instant): Promise<boolean> => isTaken(this.#store, at),
  ): Promise<Instant> {
    const wanted = stated > last ? stated : this.#now
    let at = this.#next.get(wanted) ?? wanted
    while (at > last && (await isOccupied(at))) at -= 1
    if (at > last) {
      this.#next.set(wanted, at - 1)
      return at
    }
    // There is no room between: better some milliseconds late than not seen.
    let later = Math.max(last + 1, wanted)
    while (await isOccupied(later)) later += 1
    return later
  }
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
