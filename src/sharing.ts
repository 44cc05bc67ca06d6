import { clearTimeout, setTimeout } from 'node:timers'
import type { Config } from './config.ts'
import type { Deliveries } from './deliver/deliver.ts'
import { type RunOptions, deliverDue, endFailed } from './job.ts'
import { isPublished, publishSite } from './publication.ts'
import type { Published } from './publish/publish.ts'
import { type Lock, takeLock } from './remember/lock.ts'
import { hasClaimable } from './remember/lease.ts'
import { openStore } from './remember/open.ts'
import type { Ear } from './remember/postgres-wake.ts'
import { beginRun, endRun } from './remember/runs.ts'
import { isServer } from './store-place.ts'
import { readTemplates } from './templates.ts'
import { type World, openWorld } from './world.ts'

/** Sends letters beside whoever else does, if there are any; null when there are none, or the store is a file. */
export async function shareDelivery(config: Config, options: RunOptions): Promise<Deliveries | null> {
  if (!isServer(config.database) || options.signal.aborted || !(await isAnyWaiting(config, options))) return null
  return inWorld(config, options, async (world) => {
    const runId = await beginRun(world.store, options.now, 'share')
    try {
      const deliveries = await deliverDue(world, { runId }, options)
      const { sent, deferred, refused } = deliveries
      await endRun(world.store, runId, 0, options.clock(), JSON.stringify({ sent, deferred, refused }))
      return deliveries
    } catch (error) {
      await endFailed(world, runId, error, options.clock())
      throw error
    }
  })
}

/**
 * Publishes what another machine gathered, if the publish directory of this one is not the same; null when it is, when
 * a run is at work, or when the store is a file.
 */
export async function publishHere(config: Config, options: RunOptions): Promise<Published | null> {
  if (!isServer(config.database) || options.signal.aborted || (await inWorld(config, options, isPublished))) return null
  const lock = await takeLock(config.database)
  if (lock === null) return null
  try {
    return await inWorld(config, options, (world) => publishSite(world, options.now), lock)
  } finally {
    await lock.release()
  }
}

async function inWorld<T>(
  config: Config,
  { now }: RunOptions,
  work: (world: World) => Promise<T>,
  lock?: Lock,
): Promise<T> {
  const world = await openWorld(config, readTemplates(config), now, { ...(lock !== undefined && { lock }) })
  try {
    return await work(world)
  } finally {
    await world.close()
  }
}

async function isAnyWaiting({ database }: Config, { now }: RunOptions): Promise<boolean> {
  const store = await openStore(database)
  try {
    return await hasClaimable(store, now)
  } finally {
    await store.destroy()
  }
}

/** After so long a server that was lost is tried again, in milliseconds. */
const PAUSE = 2_000

/** Wakes a daemon when there are letters to send, and when a server that was lost is there again. */
export class Waker {
  readonly #url: string
  readonly #work: () => Promise<void>
  readonly #fail: (error: unknown) => void
  #ear: Ear | null = null
  #again: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(url: string, work: () => Promise<void>, fail: (error: unknown) => void) {
    this.#url = url
    this.#work = work
    this.#fail = fail
  }

  /** Begins to listen. */
  async open(): Promise<void> {
    const { listen } = await import('./remember/postgres-wake.ts')
    const onLetters = (): void => {
      this.#wake()
    }
    const onLost = (): void => {
      this.#tryAgain()
    }
    try {
      this.#ear = await listen(this.#url, onLetters, onLost)
    } catch {
      this.#tryAgain()
    }
    if (this.#isClosed) await this.#ear?.close()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#again !== null) clearTimeout(this.#again)
    await this.#ear?.close()
  }

  #tryAgain(): void {
    if (this.#isClosed || this.#again !== null) return
    this.#ear = null
    this.#again = setTimeout(() => {
      this.#again = null
      void this.open().then(() => {
        if (this.#ear !== null) this.#wake()
      })
    }, PAUSE)
  }

  #wake(): void {
    if (!this.#isClosed) this.#work().catch(this.#fail)
  }
}
