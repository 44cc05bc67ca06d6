import { type ScheduledTask, schedule } from 'node-cron'
import type { Config } from './config.ts'
import { dueDigestSlots } from './digests.ts'
import type { Instant } from './entry.ts'
import type { Log } from './log.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { Problem, type ProblemRecord } from './problem.ts'
import { storeClock } from './remember/clock.ts'
import { hasLettersToRetry } from './remember/letters.ts'
import { openStore } from './remember/open.ts'
import { lastSlot, takeSlot } from './remember/runs.ts'
import { unpublishedDigests } from './remember/unpublished.ts'
import { type RunOptions, type RunReport, runOnce, tellOfFailure, tellOfReturn } from './run.ts'
import type { Waker } from './sharing.ts'
import { isServer } from './store-place.ts'
import { type Slot, dueSlot, nextSlot } from './schedule.ts'

/** The name under which the slots of `schedule` are kept. */
const RUN_SCHEDULE = 'run'
/** When a mail server that took nothing is asked again, in milliseconds. */
const RETRY_AFTER = 5 * 60_000

/** What the daemon takes from outside. */
export type DaemonTools = Omit<RunOptions, 'now' | 'acceptRemovals' | 'digest'>

/**
 * Runs the job on its schedule until the signal is aborted, and then finishes what is in flight.
 * node-cron only wakes it, each minute; whether a slot is due is asked of the store, so that one that was slept
 * through, or that the clock skipped, is made up once.
 */
export async function daemon(config: Config, outside: DaemonTools, log: Log): Promise<void> {
  const clock = storeClock(config.database, outside.clock)
  const tools = { ...outside, clock: clock.read }
  log.info('started', { schedule: config.schedule.text, zone: config.site.timezone })
  const web = await openWeb(config, tools, log)
  let closing: Promise<void> | null = null
  const closeWeb = (): Promise<void> => (closing ??= web.close())
  // Readers are turned away while a run still finishes what it has in hand: there is time for one of the two only.
  const onAbort = (): void => {
    log.info('stopping')
    // Whatever it rejects with is thrown below.
    closeWeb().catch(() => undefined)
  }
  tools.signal.addEventListener('abort', onAbort)
  try {
    await runOnSchedule(config, tools, clock.set, log)
  } finally {
    tools.signal.removeEventListener('abort', onAbort)
    await closeWeb()
  }
  log.info('stopped')
}

/** Answers readers beside the runs, from the start to the end. */
async function openWeb(config: Config, tools: DaemonTools, log: Log): Promise<{ close: () => Promise<void> }> {
  if (config.web === null) return { close: () => Promise.resolve() }
  const { serveWeb } = await import('./endpoint.ts')
  return serveWeb(config, config.web, tools, log)
}

async function runOnSchedule(config: Config, tools: DaemonTools, setClock: SetClock, log: Log): Promise<void> {
  const { signal } = tools
  const runs = oneAtATime(runner(config, tools, setClock, log))
  await runs.ask()
  if (!signal.aborted) log.info('waiting', { next: nextSlot(config.schedule, config.site.timezone, tools.clock()) })
  const woken = new AbortController()
  const waker = await openWaker(config, runs.ask, (error) => {
    woken.abort(error)
  })
  const task = schedule('* * * * *', runs.ask, { noOverlap: true, suppressMissedWarning: true, logger: quiet(log) })
  try {
    await aborted(signal, task, woken.signal)
    await runs.rest()
  } finally {
    await task.destroy()
    await waker?.close()
  }
}

/** On a server other machines may have letters to be sent. */
async function openWaker(
  config: Config,
  work: () => Promise<void>,
  fail: (error: unknown) => void,
): Promise<Waker | null> {
  if (!isServer(config.database)) return null
  const { Waker } = await import('./sharing.ts')
  const waker = new Waker(config.database, work, fail)
  await waker.open()
  return waker
}

/** Resolves once the signal is aborted; rejects when a run fails by a bug. */
function aborted(signal: AbortSignal, task: ScheduledTask, woken: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    woken.addEventListener('abort', () => {
      reject(woken.reason instanceof Error ? woken.reason : new Error('a run failed'))
    })
    task.on('execution:failed', ({ execution }) => {
      reject(execution?.error ?? new Error('a run failed'))
    })
    signal.addEventListener('abort', () => {
      resolve()
    })
    if (signal.aborted) resolve()
  })
}

function quiet(log: Log) {
  const nothing = (): void => undefined
  return {
    ...{ info: nothing, warn: nothing, debug: nothing },
    error: (message: string | Error) => {
      log.error('scheduler', { message: String(message) })
    },
  }
}

/** What befalls a store and passes: it is no reason to wait for the next slot. */
const PASSING = ['store-unreachable', 'store-busy', 'store-full', 'run-cut-off']

/** Machines that share a server go by its clock, which is asked for before each wake. */
type SetClock = () => Promise<void>

/** Makes the function that runs the job when a slot is due. */
function runner(config: Config, tools: DaemonTools, setClock: SetClock, log: Log): () => Promise<void> {
  // A run that failed is tried again with the next slot, not with the next minute.
  let failed: string | null = null
  // A server that took nothing is asked again before the next slot.
  let retryAt = Infinity
  // So it is when others froze the letters.
  let sharesAt = -Infinity
  const share = async (now: Instant): Promise<void> => {
    const isAway = await shareWith(config, tools, now >= sharesAt, log)
    if (isAway) sharesAt = now + RETRY_AFTER
  }
  return async () => {
    let due: DueSlots | null = null
    try {
      await setClock()
      const now = tools.clock()
      due = await dueSlots(config, now, now >= retryAt)
      if (due === null || tools.signal.aborted || failed === JSON.stringify(due)) {
        await share(now)
        return
      }
      const { run } = due
      const report = await runOnce(config, {
        ...{ ...tools, now, acceptRemovals: false, digest: 'due' },
        ...(isServer(config.database) && {
          isDue: async () => (await dueSlots(config, now, now >= retryAt)) !== null,
          onPublished: async () => (run === null ? undefined : markDone(config, run)),
        }),
      })
      if (report === null) {
        log.info('busy', { message: 'another run is at work, or was first; tried again in a minute' })
        await share(now)
        return
      }
      failed = null
      retryAt = report.deliveries.due > 0 ? now + RETRY_AFTER : Infinity
      logReport(log, report)
      if (due.run !== null && !report.run.stopped) await markDone(config, due.run)
    } catch (error) {
      // The run itself has told of what went wrong in it.
      if (due === null && failed !== 'null') await tellOfFailure(config, error, tools)
      if (!(error instanceof Problem)) throw error
      failed = PASSING.includes(error.code) ? null : JSON.stringify(due)
      log.error('failed', error.toJSON())
    }
  }
}

/**
 * Publishes what another machine gathered and sends letters that it froze, if there are any.
 * @returns true when the mail server took none of them
 */
async function shareWith(config: Config, tools: DaemonTools, mails: boolean, log: Log): Promise<boolean> {
  if (!isServer(config.database)) return false
  const { publishHere, shareDelivery } = await import('./sharing.ts')
  const options: RunOptions = { ...tools, now: tools.clock(), acceptRemovals: false, digest: 'due' }
  const published = await publishHere(config, options)
  if (published !== null) log.info('published', filesOf(published))
  const deliveries = mails ? await shareDelivery(config, options) : null
  await tellOfReturn(config, tools)
  if (deliveries === null) return false
  const { problems, ...counts } = deliveries
  log.info('shared', { deliveries: counts })
  for (const problem of problems) log[problem.severity === 'error' ? 'error' : 'info']('problem', problem)
  return counts.sent === 0 && counts.due > 0
}

function filesOf({ written, unchanged, removed }: RunReport['published']) {
  return { written: written.length, unchanged, removed: removed.length }
}

/** The slots that are due and not done, and whether letters wait to be tried again or for their pages. */
interface DueSlots {
  run: Slot | null
  digests: string[]
  mail: boolean
  pages: boolean
}

async function dueSlots(config: Config, now: Instant, isRetry: boolean): Promise<DueSlots | null> {
  const store = await openStore(config.database)
  try {
    const zone = config.site.timezone
    const run = dueSlot(config.schedule, zone, await lastSlot(store, RUN_SCHEDULE), now)
    const digests = await dueDigestSlots(store, config, now)
    const mail = isRetry || (await hasLettersToRetry(store, now))
    // Whoever froze them died before their pages stood, or is about to publish them.
    const pages = (await unpublishedDigests(store)).length > 0
    return run === null && digests.length === 0 && !mail && !pages ? null : { run, digests, mail, pages }
  } finally {
    await store.destroy()
  }
}

/** A slot is done once its run is over, so that a killed run is made up. The run itself marks the slot of a digest. */
async function markDone(config: Config, slot: Slot): Promise<void> {
  const store = await openStore(config.database)
  try {
    await takeSlot(store, RUN_SCHEDULE, slot)
  } finally {
    await store.destroy()
  }
}

function logReport(log: Log, report: RunReport): void {
  const { run, gathered, digests, published, deliveries, exitCode } = report
  const files = filesOf(published)
  log.info('run', { ...run, exitCode, gathered, digests: digests.length, published: files, deliveries })
  const problems: ProblemRecord[] = [...report.sources.flatMap((source) => source.fresh), ...report.fresh]
  for (const problem of problems) log[problem.severity === 'error' ? 'error' : 'info']('problem', problem)
}
