import type { Config } from './config.ts'
import { type RunOptions, type RunReport, job } from './job.ts'
import type { Instant } from './entry.ts'
import { clockOf } from './remember/clock.ts'
import { takeLock } from './remember/lock.ts'
import { wakeOthers } from './remember/unpublished.ts'
import { haveChanged } from './publication.ts'
import { isServer, mayStand } from './store-place.ts'
import { readTemplates } from './templates.ts'
import { openWorld, signingKeys } from './world.ts'

export type { RunOptions, RunReport } from './job.ts'

/** A run that several machines may come to at once. */
export interface SharedRunOptions extends RunOptions {
  /** Asked under the lock: false when another machine did meanwhile what this run is for. */
  isDue?: () => Promise<boolean>
}

/**
 * Runs the whole job once, under the lock of the store; null when another run holds it, or has done its work. On a
 * server the lock is given back before letters are sent: others may gather meanwhile, and help with sending.
 * Templates are checked before anything is touched, unless what is published was made from these very texts.
 * @throws {Problem} when the run failed; what was done before stands whole, and the next run goes on from there
 */
export async function runOnce(config: Config, options: SharedRunOptions): Promise<RunReport | null> {
  try {
    return await runLocked(config, options)
  } catch (error) {
    await tellOfFailure(config, error, options)
    throw error
  }
}

async function runLocked(config: Config, options: SharedRunOptions): Promise<RunReport | null> {
  const templates = readTemplates(config)
  // Without a store nothing tells that these very texts were checked before, and nothing is to be left behind.
  if (!mayStand(config.database)) {
    await templates.compiled()
    await signingKeys(config.mail)
  }
  const lock = await takeLock(config.database)
  if (lock === null) return null
  try {
    if ((await options.isDue?.()) === false) return null
    const world = await openWorld(config, templates, options.now, { lock })
    try {
      if (await haveChanged(world)) await templates.compiled()
      return await job(world, {
        ...options,
        onPublished: async (isNews) => {
          await options.onPublished?.(isNews)
          if (!isServer(config.database)) return
          await lock.release()
          if (isNews) await wakeOthers(world.store)
        },
      })
    } finally {
      await world.close()
    }
  } finally {
    await lock.release()
  }
}

/** The clock of a run of this process. @throws {Problem} `store-unreachable`, `store-refused`, told as a failed run */
export async function runClock(config: Config, outside: Pick<RunOptions, 'clock' | 'signal'>): Promise<() => Instant> {
  try {
    return await clockOf(config.database, outside.clock)
  } catch (error) {
    await tellOfFailure(config, error, outside)
    throw error
  }
}

/** The server of the store answers a machine whose runs are done by others: tells the owner so, if it was away. */
export async function tellOfReturn(
  config: Config,
  { clock, signal }: Pick<RunOptions, 'clock' | 'signal'>,
): Promise<void> {
  const { mail, url } = config.alerts
  if (signal.aborted || (mail === null && url === null)) return
  const { mendLostStore } = await import('./alerts/failed-run.ts')
  await mendLostStore(config, { clock, signal })
}

/** Tells the owner that a run failed, if there is a way. */
export async function tellOfFailure(
  config: Config,
  error: unknown,
  { clock, signal }: Pick<RunOptions, 'clock' | 'signal'>,
): Promise<void> {
  const { mail, url } = config.alerts
  if (signal.aborted || (mail === null && url === null)) return
  const { tellFailedRun } = await import('./alerts/failed-run.ts')
  try {
    await tellFailedRun(config, error, { clock, signal })
  } catch {
    // What is to be told first is why the run failed.
  }
}
