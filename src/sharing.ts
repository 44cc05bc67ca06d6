import type { Config } from './config.ts'
import type { Deliveries } from './deliver/deliver.ts'
import { type RunOptions, deliverDue } from './job.ts'
import type { Log } from './log.ts'
import { hasClaimable } from './remember/lease.ts'
import { openStore } from './remember/open.ts'
import type { Ear } from './remember/postgres-wake.ts'
import { beginRun, endRun } from './remember/runs.ts'
import { isServer } from './store-place.ts'
import { readTemplates } from './templates.ts'
import { openWorld } from './world.ts'

/** Sends letters beside whoever else does, if there are any; null when there are none, or the store is a file. */
export async function shareDelivery(config: Config, options: RunOptions): Promise<Deliveries | null> {
  if (!isServer(config.database) || options.signal.aborted || !(await isAnyWaiting(config, options))) return null
  const world = await openWorld(config, readTemplates(config), options.now)
  try {
    const runId = await beginRun(world.store, options.now)
    const deliveries = await deliverDue(world, runId, options)
    const { sent, deferred, refused } = deliveries
    await endRun(world.store, runId, 0, options.clock(), JSON.stringify({ sent, deferred, refused }))
    return deliveries
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

/** Wakes a daemon when there are letters to send; the connection is opened anew when it was lost. */
export class Waker {
  readonly #config: Config
  readonly #work: () => Promise<void>
  readonly #log: Log
  #ear: Ear | null = null
  #fail: (error: unknown) => void = () => undefined

  constructor(config: Config, work: () => Promise<void>, log: Log) {
    this.#config = config
    this.#work = work
    this.#log = log
  }

  /** Told when the work that was woken fails. */
  onFault(fail: (error: unknown) => void): void {
    this.#fail = fail
  }

  /** To be called now and then. */
  async attend(): Promise<void> {
    if (this.#ear !== null) return
    const { listen } = await import('./remember/postgres-wake.ts')
    try {
      this.#ear = await listen(
        this.#config.database,
        () => this.#wake(),
        () => {
          this.#ear = null
        },
      )
    } catch (error) {
      this.#log.error('deaf', { message: String(error) })
    }
  }

  #wake(): void {
    this.#work().catch(this.#fail)
  }

  async close(): Promise<void> {
    await this.#ear?.close()
  }
}
