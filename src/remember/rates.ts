import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'

/** How fast letters may go, as milliseconds from one to the next; `all` null: as fast as they are taken. */
export interface Rates {
  all: number | null
  /** By domain of the recipient. */
  domains: ReadonlyMap<string, number>
}

export const NO_RATES: Rates = { all: null, domains: new Map() }

/** The name under which the time of all letters is kept; no domain is empty. */
const ALL = ''

/** When the next letter may go, to anybody and to each domain; it is kept in the store, so that no restart forgets it. */
export class Pace {
  readonly #rates: Rates
  readonly #next: Map<string, Instant>
  readonly #changed = new Set<string>()

  private constructor(rates: Rates, next: Map<string, Instant>) {
    this.#rates = rates
    this.#next = next
  }

  static async read(store: Store, rates: Rates, now: Instant): Promise<Pace> {
    const rows = await store.selectFrom('rates').selectAll().execute()
    // No turn is further away than the interval: the rate, or the clock, was another when it was written down.
    const next = rows.map(({ scope, next_at }): [string, Instant] => {
      const interval = (scope === ALL ? rates.all : rates.domains.get(scope)) ?? 0
      return [scope, Math.min(Number(next_at), Math.round(now + interval))]
    })
    return new Pace(rates, new Map(next))
  }

  /** When the next letter may go to anybody. */
  get next(): Instant {
    return this.#rates.all === null ? 0 : this.#nextOf(ALL)
  }

  /** Domains to which no letter may go yet, with when the next may. */
  blocked(now: Instant): Map<string, Instant> {
    const all = [...this.#rates.domains.keys()].map((domain): [string, Instant] => [domain, this.#nextOf(domain)])
    return new Map(all.filter(([, next]) => next > now))
  }

  /** Counts a letter to a domain that goes at `now`. */
  count(domain: string, now: Instant): void {
    this.#advance(ALL, this.#rates.all, now)
    this.#advance(domain, this.#rates.domains.get(domain) ?? null, now)
  }

  /** Writes down what was counted. */
  async write(store: Store): Promise<void> {
    for (const scope of this.#changed) {
      const next_at = this.#nextOf(scope)
      await store
        .insertInto('rates')
        .values({ scope, next_at })
        .onConflict((c) => c.column('scope').doUpdateSet({ next_at }))
        .execute()
    }
  }

  #nextOf(scope: string): Instant {
    return this.#next.get(scope) ?? 0
  }

  #advance(scope: string, interval: number | null, now: Instant): void {
    if (interval === null) return
    const turn = this.#nextOf(scope)
    // A turn that comes a little late does not put off those after it; after a longer rest none is made up for.
    const from = now - turn < interval ? turn : now
    this.#next.set(scope, Math.round(from + interval))
    this.#changed.add(scope)
  }
}
