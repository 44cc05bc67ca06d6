import { clearTimeout, setTimeout } from 'node:timers'
import type { Instant } from '../entry.ts'
import { type Claim, type Settled, type Settlement, giveBack, settleAndClaim } from '../remember/ledger.ts'
import { Trail } from '../remember/claim.ts'
import type { Lease } from '../remember/lease.ts'
import type { Rates } from '../remember/rates.ts'

/** How long a commit waits for letters that are about to be done, in milliseconds: a few times as long as it takes itself. */
const GATHERING_TIME = 2

/** For so long a run goes on at the pace of the settings, in milliseconds; while it does, nothing else is gathered. */
const LONGEST_WAIT = 10 * 60_000

/** What a desk needs besides the lease. */
export interface DeskTools {
  runId: number
  rates: Rates
  connections: number
  clock: () => Instant
  onExpired: (claim: Claim) => void
  onSettled?: (done: number) => void
}

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
  readonly #lease: Lease
  readonly #run: { runId: number; rates: Rates; trail: Trail }
  readonly #clock: () => Instant
  /** A commit does not wait for the last fifth of the letters: they come back while it is under way. */
  readonly #stragglers: number
  /** Whoever's turn comes later is left to the next run. */
  readonly #lastTurn: Instant
  #waiting: Request[] = []
  #isOpen = true
  #isBusy = false
  /** How many rows came to each end. */
  readonly settled = new Map<Settled, number>()
  readonly #onExpired: (claim: Claim) => void
  readonly #onSettled: ((done: number) => void) | undefined
  #done = 0
  /** Connections whose next letter waits for its turn. */
  #paced: Request[] = []
  #turn: NodeJS.Timeout | null = null
  /** Letters that were given out and are not back. */
  #inFlight = 0
  /** The ids of letters that were claimed and are not settled. */
  readonly #inHand = new Set<string>()
  #mostAreBack: () => void = () => undefined

  constructor(lease: Lease, tools: DeskTools) {
    this.#lease = lease
    this.#run = { runId: tools.runId, rates: tools.rates, trail: new Trail() }
    this.#clock = tools.clock
    this.#stragglers = Math.floor(tools.connections / 5)
    this.#lastTurn = tools.clock() + LONGEST_WAIT
    this.#onExpired = tools.onExpired
    this.#onSettled = tools.onSettled
  }

  /** Settles a letter, if any, and claims the next; null when there is none, or none is given out any more. */
  exchange(settlement: Settlement | null): Promise<Claim | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, resolve, reject })
      if (settlement !== null) this.#inFlight--
      if (this.#inFlight <= this.#stragglers) this.#mostAreBack()
      void this.#serve()
    })
  }

  /** From now on letters are settled, but none is given out. */
  close(): void {
    this.#isOpen = false
    this.#takeTurn()
  }

  async #serve(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    while (this.#waiting.length > 0) {
      await this.#gather()
      // Who waits for a turn asks again too: what it waits for may have gone.
      const batch = [...this.#waiting.splice(0), ...this.#endWait()]
      try {
        const settlements = batch.flatMap(({ settlement }) => settlement ?? [])
        const wanted = this.#isOpen ? batch.length : 0
        const now = this.#clock()
        const { claims, settled, waitUntil } = await this.#lease.use(async (store, wasCutOff) => {
          if (wasCutOff) await giveBack(store, this.#run.runId, this.#inHand)
          return settleAndClaim(store, this.#run, settlements, wanted, now)
        })
        for (const { claim } of settlements) this.#inHand.delete(claim.id)
        for (const { id } of claims) this.#inHand.add(id)
        this.#inFlight += claims.length
        for (const end of settled) this.settled.set(end, (this.settled.get(end) ?? 0) + 1)
        this.#done += settled.length
        this.#onSettled?.(this.#done)
        for (const [index, settlement] of settlements.entries()) {
          if (settled[index] === 'expired') this.#onExpired(settlement.claim)
        }
        for (const [index, request] of batch.entries()) {
          const claim = claims[index] ?? null
          if (claim === null && waitUntil !== null && waitUntil <= this.#lastTurn) this.#wait(request, waitUntil - now)
          else request.resolve(claim)
        }
      } catch (error) {
        for (const request of batch) request.reject(error)
      }
    }
    this.#isBusy = false
  }

  /** A commit waits for the disk, so it is shared with letters that come back in the next moment. */
  async #gather(): Promise<void> {
    if (this.#inFlight <= this.#stragglers) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHERING_TIME)
      this.#mostAreBack = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Asks again for a connection once the next letter has its turn. */
  #wait({ resolve, reject }: Request, time: number): void {
    this.#paced.push({ settlement: null, resolve, reject })
    this.#turn ??= setTimeout(() => {
      this.#takeTurn()
    }, time)
    if (!this.#isOpen) this.#takeTurn()
  }

  #takeTurn(): void {
    this.#waiting.push(...this.#endWait())
    void this.#serve()
  }

  #endWait(): Request[] {
    if (this.#turn !== null) clearTimeout(this.#turn)
    this.#turn = null
    return this.#paced.splice(0)
  }
}
