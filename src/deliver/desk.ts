import type { Instant } from '../entry.ts'
import { type Claim, type Settled, type Settlement, settleAndClaim } from '../remember/ledger.ts'
import type { Store } from '../remember/open.ts'

interface Request {
  settlement: Settlement | null
  resolve: (claim: Claim | null) => void
  reject: (error: unknown) => void
}

/**
 * Where connections hand in what became of their letter and get the next one. Requests that come while a commit is
 * under way share the next commit, and a letter is claimed only for a connection that asks: there are never more
 * claimed letters than connections.
 */
export class Desk {
  readonly #store: Store
  readonly #runId: number
  readonly #clock: () => Instant
  #waiting: Request[] = []
  #isOpen = true
  #isBusy = false
  /** How many rows came to each end. */
  readonly settled = new Map<Settled, number>()
  readonly #onExpired: (claim: Claim) => void

  constructor(store: Store, runId: number, clock: () => Instant, onExpired: (claim: Claim) => void) {
    this.#store = store
    this.#runId = runId
    this.#clock = clock
    this.#onExpired = onExpired
  }

  /** Settles a letter, if any, and claims the next; null when there is none, or none is given out any more. */
  exchange(settlement: Settlement | null): Promise<Claim | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, resolve, reject })
      void this.#serve()
    })
  }

  /** From now on letters are settled, but none is given out. */
  close(): void {
    this.#isOpen = false
  }

  async #serve(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        const settlements = batch.flatMap(({ settlement }) => settlement ?? [])
        const wanted = this.#isOpen ? batch.length : 0
        const { claims, settled } = await settleAndClaim(this.#store, this.#runId, settlements, wanted, this.#clock())
        for (const end of settled) this.settled.set(end, (this.settled.get(end) ?? 0) + 1)
        for (const [index, settlement] of settlements.entries()) {
          if (settled[index] === 'expired') this.#onExpired(settlement.claim)
        }
        for (const [index, request] of batch.entries()) request.resolve(claims[index] ?? null)
      } catch (error) {
        for (const request of batch) request.reject(error)
      }
    }
    this.#isBusy = false
  }
}
