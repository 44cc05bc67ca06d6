import { type Announced, announce } from './announcement.ts'
import { type Deliveries, deliver } from './deliver/deliver.ts'
import { letterMaker } from './deliver/letters.ts'
import type { SentNotices } from './deliver/notices.ts'
import { freezeDue } from './digests.ts'
import type { Instant } from './entry.ts'
import { gather } from './gather/gather.ts'
import type { ProblemRecord } from './problem.ts'
import { isStoreLost, publishSite } from './publication.ts'
import type { Published } from './publish/publish.ts'
import type { FrozenDigest } from './remember/freeze.ts'
import { countSendable, hasOpenLetters } from './remember/letters.ts'
import { type Remembered, rememberReading } from './remember/remember.ts'
import { heldEntries, releaseHeld } from './remember/hold.ts'
import { beginRun, endRun } from './remember/runs.ts'
import { addConfigured } from './remember/subscribers.ts'
import { isAnybodyWaiting } from './remember/waiting.ts'
import { gatherSource, readingRules } from './sources.ts'
import type { World } from './world.ts'

/** What comes from outside in a run: time, chance, and the wish to stop. */
export interface RunOptions {
  now: Instant
  clock: () => Instant
  random: () => number
  signal: AbortSignal
  acceptRemovals: boolean
  /** `now`: a digest is due to everybody in this run, whatever their schedules. */
  digest: 'due' | 'now'
}

/** What a run did; `--json` prints it without `fresh`. */
export interface RunReport {
  run: { id: number; startedAt: string; durationMs: number }
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
  /** 0, or 3 when something is set aside. */
  exitCode: 0 | 3
}

/** The whole job, once. Needs the lock of the store. */
export async function job(world: World, options: RunOptions): Promise<RunReport> {
  const { store } = world
  const { now } = options
  const runId = await beginRun(store, now)
  await addConfigured(store, world.config.subscribers, now)

  const sources = await gatherAndRemember(world, options)
  const held = await holdBack(world, now)
  const digests = await freezeDue(world, now, options.digest === 'now')
  const published = await publishSite(world, now)
  const announced = world.isRehearsal ? NOTHING_ANNOUNCED : await announce(world, options)
  const { problems: refusals, ...deliveries } = await deliverDue(world, runId, options)
  const notices = await sendWaiting(world, options)

  const problems = [...announced.problems, ...refusals, ...notices.problems]
  const all = [...sources.flatMap((source) => source.problems), ...problems]
  const exitCode = all.some(({ severity }) => severity === 'error') ? 3 : 0
  await endRun(store, runId, exitCode, options.clock())
  const run = { id: runId, startedAt: new Date(now).toISOString(), durationMs: options.clock() - now }
  return {
    run,
    sources,
    gathered: sum(sources),
    held,
    digests,
    published,
    announced,
    deliveries,
    notices: { sent: notices.sent },
    problems,
    fresh: [...announced.fresh, ...refusals, ...notices.problems],
    exitCode,
  }
}

/** Each source is remembered before the next is read, so that a crash costs no work that was done. */
async function gatherAndRemember(world: World, options: RunOptions): Promise<Remembered[]> {
  const { config, store, scope } = world
  const { site, digest, feeds } = config
  const { now, acceptRemovals } = options
  const hold = feeds.hold !== null
  const remembered: Remembered[] = []
  const isLost = await isStoreLost(world)
  if (isLost) await recover(world)
  const moment = { now, zone: site.timezone, firstRun: isLost ? 0 : digest.firstRun, hold, acceptRemovals, scope }
  const sources = config.sources.map(gatherSource)
  for await (const reading of gather(store, sources, readingRules(config), config.dir, now)) {
    remembered.push(await rememberReading(store, reading, moment))
  }
  return remembered
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

/** Lets go what waited long enough, and says what still waits. */
async function holdBack({ store, config }: World, now: Instant): Promise<RunReport['held']> {
  const { hold } = config.feeds
  await releaseHeld(store, hold, now)
  if (hold === null) return { entries: 0, until: null }
  const { entries, until } = await heldEntries(store, hold)
  return { entries, until: until === null ? null : new Date(until).toISOString() }
}

const NOTHING_ANNOUNCED: Announced = { command: 'none', told: [], problems: [], fresh: [] }

const NO_NOTICES: SentNotices = { sent: 0, problems: [] }

const NOTHING_SENT: Deliveries = {
  ...{ sent: 0, deferred: 0, refused: 0, suppressed: 0, held: 0, expired: 0, due: 0, maybeTwice: 0 },
  problems: [],
}

async function deliverDue(world: World, runId: number, options: RunOptions): Promise<Deliveries> {
  const { store, sender } = world
  if (!(await hasOpenLetters(store))) return NOTHING_SENT
  if (world.isRehearsal) return { ...NOTHING_SENT, due: await countSendable(store, options.now) }
  const { clock, random, signal } = options
  const { rates, unknown } = world.config.mail
  const letterFor = letterMaker(store, sender)
  return deliver(store, await world.mailer(), { runId, clock, random, signal, letterFor, rates, unknown })
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
