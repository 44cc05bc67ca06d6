import type { Config } from '../config.ts'
import type { Instant } from '../entry.ts'
import type { ProblemRecord } from '../problem.ts'
import {
  type AlertRecord,
  dropAlert,
  failingNames,
  oneTells,
  readAlerts,
  returnRates,
  stuckDigests,
  writeAlert,
} from '../remember/alerts.ts'
import type { Store } from '../remember/open.ts'
import { sourceStandings } from '../remember/status-sources.ts'
import type { World } from '../world.ts'
import { type Alert, failingSources, lostLetters, stuckLetters } from './alert.ts'
import { mendFailedRun } from './failed-run.ts'
import { Messenger } from './messenger.ts'
import { waysOf } from './ways.ts'

/** For so long it is looked at what became of letters, in milliseconds. */
const LOOK_BACK = 7 * 24 * 60 * 60_000

/** Keys of rows that are not told, but stand in the report. */
const OF_WAYS = /^(?:way:|heartbeat$)/

/** What comes from outside. */
export interface WatchOptions {
  clock: () => Instant
  signal: AbortSignal
}

/** What there is to report of telling the owner. */
interface Told {
  problems: ProblemRecord[]
  fresh: ProblemRecord[]
}

const NOTHING: Told = { problems: [], fresh: [] }

/**
 * Tells the owner of what is newly wrong, and of what is over, as the store has it by now: other machines may have run
 * meanwhile. Who could not be reached is a problem of the report, and is told at the next run. In a file it needs the
 * lock.
 */
export async function tellOwner(world: World, options: WatchOptions): Promise<Told> {
  const { config, store, mailer } = world
  const messenger = new Messenger(waysOf(config, { mailer, ...options }))
  try {
    return (await oneTells(store, () => tellAll(world, messenger, options))) ?? NOTHING
  } finally {
    await messenger.close()
  }
}

async function tellAll({ config, store }: World, messenger: Messenger, { clock, signal }: WatchOptions): Promise<Told> {
  const now = clock()
  const standing = await standingAlerts(config, store, now)
  const known = await readAlerts(store)
  const outside = { store, messenger, now }
  for (const alert of standing) await tellStanding(alert, known.get(alert.key), outside)
  const keys = new Set(standing.map(({ key }) => key))
  for (const record of known.values()) {
    if (!keys.has(record.key) && !OF_WAYS.test(record.key)) await tellOver(record, outside)
  }
  await mendFailedRun(config, messenger)
  // What was cut off is nobody's fault, and is told at the next run.
  return signal.aborted ? NOTHING : await messenger.faults(store, known, now)
}

async function standingAlerts({ alerts, sources }: Config, store: Store, now: Instant): Promise<Alert[]> {
  const names = sources.map(({ name }) => name)
  const failing = await failingNames(store, names, alerts.sourceFailures)
  const standings = failing.length === 0 ? [] : await sourceStandings(store, failing)
  return [
    ...failingSources(
      [...standings].map(([name, standing]) => ({ name, ...standing })),
      alerts,
    ),
    ...stuckLetters(await stuckDigests(store, now - alerts.stuckAfter)),
    ...lostLetters(await returnRates(store, now - LOOK_BACK), alerts),
  ]
}

interface Outside {
  store: Store
  messenger: Messenger
  now: Instant
}

async function tellStanding(alert: Alert, known: AlertRecord | undefined, outside: Outside): Promise<void> {
  const { store, messenger, now } = outside
  const since = known?.since ?? alert.since
  const before = known?.toldBy.filter((name) => messenger.names.includes(name)) ?? []
  const left = messenger.names.filter((name) => !before.includes(name))
  const took = await messenger.tell({ ...alert, since, isOver: false }, left)
  if (known !== undefined && took.length === 0) return
  const toldAt = known?.toldAt ?? (took.length > 0 ? now : null)
  await writeAlert(store, { key: alert.key, since, detail: alert.message, toldBy: [...before, ...took], toldAt })
}

/** Whoever was told that it is wrong is told that it is over. */
async function tellOver(record: AlertRecord, { store, messenger }: Outside): Promise<void> {
  const { key, since, detail: message } = record
  const before = record.toldBy.filter((name) => messenger.names.includes(name))
  const took = await messenger.tell({ key, since, message, mend: '', isOver: true }, before)
  const left = before.filter((name) => !took.includes(name))
  if (left.length === 0) await dropAlert(store, key)
  else await writeAlert(store, { ...record, toldBy: left })
}
