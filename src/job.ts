import { setImmediate } from 'node:timers/promises'
import { type Announced, announce } from './announcement.ts'
import { type Deliveries, type DeliveryTools, deliver } from './deliver/deliver.ts'
import { letterMaker } from './deliver/letters.ts'
import type { SentNotices } from './deliver/notices.ts'
import { freezeDue } from './digests.ts'
import type { Instant } from './entry.ts'
import { gather } from './gather/gather.ts'
import { watched } from './gather/watched.ts'
import type { ProblemRecord } from './problem.ts'
import { type Publishing, isStoreLost, publishSite } from './publication.ts'
import type { Published } from './publish/publish.ts'
import type { FrozenDigest } from './remember/freeze.ts'
import { takeLease } from './remember/lease.ts'
import { countSendable, hasOpenLetters } from './remember/letters.ts'
import { numberFirstReads } from './remember/first-reads.ts'
import { type Remembered, rememberReading } from './remember/remember.ts'
import { heldEntries, releaseHeld } from './remember/hold.ts'
import { forgetOld } from './remember/retention.ts'
import { beginRun, endRun } from './remember/runs.ts'
import { addConfigured } from './remember/subscribers.ts'
import { letGo, unpublishedDigests } from './remember/unpublished.ts'
import { isAnybodyWaiting } from './remember/waiting.ts'
import { gatherSource, mayMeet, readingRules } from './sources.ts'
import type { World } from './world.ts'

/** What comes from outside in a run: time, chance, and the wish to stop. */
export interface RunOptions {
  now: Instant
  clock: () => Instant
  random: () => number
  /** Once it is aborted, what is in flight is finished, and nothing else is begun. */
  signal: AbortSignal
  acceptRemovals: boolean
  /** `now`: a digest is due to everybody in this run, whatever their schedules. */
  digest: 'due' | 'now'
  /** Told how far the run is. */
  progress?: RunProgress
  /**
   * Waited for once all is published and before letters are sent, unless the run is told to stop.
   * @param isNews true when documents changed, or letters may be sent that might not before
   */
  onPublished?: (isNews: boolean) => Promise<void>
}

/** Takes how much is done of what takes long; `whole` is null when nobody knows how much there is. */
export type RunProgress = (work: 'files' | 'letters', done: number, whole: number | null) => void

/** What a run did; `--json` prints it without `fresh`. */
export interface RunReport {
  /** `stopped`: it was told to end before all was done; the next run does the rest. */
  run: { id: number; startedAt: string; durationMs: number; stopped: boolean }
  sources: Remembered[]
  gathered: { seen: number; new: number; updated: number; removed: number; rejected: number }
  /** What waits to be published, and when the first of it is. */
  held: { entries: number; until: string | null }
  digests: FrozenDigest[]
  published: Published
  announced: Pick<Announced, 'command' | 'told'>
  deliveries: Omit<Deliveries, 'problems'>
  /** Letters that ask readers to confirm, or tell them that they are on the list. */
  notices: { sent: number }
  /** Problems of no source: an address or a server that refused, a command that failed. */
  problems: ProblemRecord[]
  /** Those of `problems` that were not told before. */
  fresh: ProblemRecord[]
  /** 0, or 3 when something is set aside in a run that was not stopped. */
  exitCode: 0 | 3
}

/** The whole job, once. Needs the lock of the store. */
export async function job(world: World, options: RunOptions): Promise<RunReport> {
  const runId = await beginRun(world.store, options.now)
  const lease = takeLease(world.store, runId)
  try {
    const report = await work(world, { runId, lease }, options)
    await endRun(world.store, runId, report.exitCode, options.clock(), summaryOf(report))
    await forgetOld(world.store, world.config.keep, options.clock())
    return await withHeartbeat(world, report, options)
  } catch (error) {
    await endFailed(world, runId, error, options.clock())
    throw error
  } finally {
    await lease.end()
  }
}

/** A run, and its lease if it has one already. */
type LeasedRun = Pick<DeliveryTools, 'runId' | 'lease'>

/** A run that was told to stop goes through the rest without doing anything. */
async function work(world: World, { runId, lease }: Required<LeasedRun>, options: RunOptions): Promise<RunReport> {
  const { store } = world
  const { now, signal } = options
  await addConfigured(store, world.config.subscribers, now)

  const sources = await gatherAndRemember(world, options)
  const held = await holdBack(world, now)
  const digests = signal.aborted ? [] : await freezeDue(world, now, options.digest === 'now')
  const unpublished = await unpublishedDigests(store)
  const { problems: unmade, ...published } = signal.aborted ? NOTHING_PUBLISHED : await publishSite(world, now)
  const announced = world.isRehearsal || signal.aborted ? NOTHING_ANNOUNCED : await announce(world, options)
  // Once the lock is given back it is by its lease that others see it at work.
  if (!signal.aborted) await lease.use(() => letGo(store, unpublished))
  const isNews = published.written.length + published.removed.length + unpublished.length > 0
  if (!signal.aborted) await options.onPublished?.(isNews)
  const { problems: refusals, ...deliveries } = await deliverDue(world, { runId, lease }, options)
  const notices = await sendWaiting(world, options)
  const stopped = signal.aborted
  const alerts = await raiseAlerts(world, options)

  const problems = [...unmade, ...announced.problems, ...refusals, ...notices.problems, ...alerts.problems]
  const all = [...sources.flatMap((source) => source.problems), ...problems]
  const isWell = stopped || all.every(({ severity }) => severity !== 'error')
  return {
    run: { id: runId, startedAt: new Date(now).toISOString(), durationMs: options.clock() - now, stopped },
    sources,
    gathered: sum(sources),
    held,
    digests,
    published,
    announced,
    deliveries,
    notices: { sent: notices.sent },
    problems,
    fresh: [...unmade, ...announced.fresh, ...refusals, ...notices.problems, ...alerts.fresh],
    exitCode: isWell ? 0 : 3,
  }
}

/** What is remembered of a run, as JSON text. */
function summaryOf({ gathered, published, deliveries, run }: RunReport): string {
  const { sent, deferred, refused } = deliveries
  const changed = { new: gathered.new, updated: gathered.updated, removed: gathered.removed }
  const stopped = run.stopped && { stopped: true }
  return JSON.stringify({ ...changed, published: published.written.length, sent, deferred, refused, ...stopped })
}

/** Notes why a run failed, unless it is the store that cannot take it. */
export async function endFailed({ store }: World, runId: number, error: unknown, now: Instant): Promise<void> {
  const problem = error instanceof Error ? error.message : String(error)
  try {
    await endRun(store, runId, 1, now, JSON.stringify({ problem }))
  } catch {
    // It may be the store that failed; what is to be told is why the run did.
  }
}

/** Each source is remembered before the next is read, so that a crash costs no work that was done. */
async function gatherAndRemember(world: World, options: RunOptions): Promise<Remembered[]> {
  const { config, store, scope } = world
  const { site, digest, feeds } = config
  const { now, acceptRemovals, signal, progress } = options
  const hold = feeds.hold !== null
  const remembered: Remembered[] = []
  const isLost = await isStoreLost(world)
  if (isLost) await recover(world)
  const firstRun = isLost ? 0 : digest.firstRun
  const about = { siteUrl: site.url, zone: site.timezone, scope, meets: mayMeet(config.sources) }
  const moment = { now, firstRun, hold, acceptRemovals, ...about }
  const sources = config.sources.map(gatherSource)
  let files = 0
  const onFile = (): void => progress?.('files', ++files, null)
  try {
    const outside = { ...config.fetch, signal, clock: options.clock }
    for await (const reading of gather(store, sources, readingRules(config), config.dir, now, outside)) {
      signal.throwIfAborted()
      remembered.push(await rememberReading(store, watched(reading, signal, onFile), moment))
      // What waits for an answer of others is heard, and so is a signal.
      await setImmediate()
    }
  } catch (error) {
    // What was remembered of the source that was being read is undone; the next run reads it anew.
    if (!signal.aborted || error !== signal.reason) throw error
  }
  if (remembered.filter(isNewOfOthers).length > 1) await numberFirstReads(store, now)
  return remembered
}

function isNewOfOthers(source: Remembered): boolean {
  return (source.kind === 'page' || source.kind === 'feed') && source.new > 0
}

/** What it loads is for stores that were lost alone. */
async function recover(world: World): Promise<void> {
  const { recoverIds } = await import('./recovery.ts')
  await recoverIds(world)
}

/** Most runs have none of these letters, and load nothing for them. */
async function sendWaiting(world: World, options: RunOptions): Promise<SentNotices> {
  if (world.isRehearsal || !(await isAnybodyWaiting(world.store, options.now))) return NO_NOTICES
  const { sendNotices } = await import('./notices.ts')
  return sendNotices(world, options)
}

const UNTOLD = { problems: [], fresh: [] }

/** Tells the owner what stands wrong, if there is a way. */
async function raiseAlerts(world: World, options: RunOptions): Promise<Pick<RunReport, 'problems' | 'fresh'>> {
  const { mail, url } = world.config.alerts
  if (world.isRehearsal || options.signal.aborted || (mail === null && url === null)) return UNTOLD
  const { tellOwner } = await import('./alerts/watch.ts')
  return tellOwner(world, options)
}

/** Lets a watchman know that there was a run. */
async function withHeartbeat(world: World, report: RunReport, options: RunOptions): Promise<RunReport> {
  const { heartbeat } = world.config
  if (world.isRehearsal || options.signal.aborted || heartbeat === null) return report
  const { beat } = await import('./alerts/heartbeat.ts')
  const { problems, fresh } = await beat(world, heartbeat, options)
  return { ...report, problems: [...report.problems, ...problems], fresh: [...report.fresh, ...fresh] }
}

/** Lets go what waited long enough, and says what still waits. */
async function holdBack({ store, config }: World, now: Instant): Promise<RunReport['held']> {
  const { hold } = config.feeds
  await releaseHeld(store, hold, now)
  if (hold === null) return { entries: 0, until: null }
  const { entries, until } = await heldEntries(store, hold)
  return { entries, until: until === null ? null : new Date(until).toISOString() }
}

const NOTHING_PUBLISHED: Publishing = { written: [], unchanged: 0, removed: [], problems: [] }

const NOTHING_ANNOUNCED: Announced = { command: 'none', told: [], problems: [], fresh: [] }

const NO_NOTICES: SentNotices = { sent: 0, problems: [] }

const NOTHING_SENT: Deliveries = {
  ...{ sent: 0, deferred: 0, refused: 0, suppressed: 0, held: 0, expired: 0, due: 0, maybeTwice: 0 },
  problems: [],
}

/** Sends what is due, without looking for anything new. */
export async function deliverDue(world: World, run: LeasedRun, options: RunOptions): Promise<Deliveries> {
  const { store, sender } = world
  if (!(await hasOpenLetters(store))) return NOTHING_SENT
  if (world.isRehearsal || options.signal.aborted) {
    return { ...NOTHING_SENT, due: await countSendable(store, options.now) }
  }
  const { clock, random, signal } = options
  const { rates, unknown } = world.config.mail
  const onSettled = await letterProgress(world, options)
  const letterFor = letterMaker(store, sender)
  const tools = { ...run, ...{ clock, random, signal, letterFor, rates, unknown }, ...(onSettled && { onSettled }) }
  return deliver(store, await world.mailer(), tools)
}

/** Letters are counted beforehand only when somebody looks on. */
async function letterProgress(
  { store }: World,
  { now, progress }: RunOptions,
): Promise<((done: number) => void) | undefined> {
  if (progress === undefined) return undefined
  const whole = await countSendable(store, now)
  return (done) => {
    progress('letters', done, whole)
  }
}

function sum(sources: readonly Remembered[]): RunReport['gathered'] {
  const total = { seen: 0, new: 0, updated: 0, removed: 0, rejected: 0 }
  for (const source of sources) {
    total.seen += source.seen
    total.new += source.new
    total.updated += source.updated
    total.removed += source.removed
    total.rejected += source.rejected
  }
  return total
}
