import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { dueDigestSlots } from '../digests.ts'
import type { Instant } from '../entry.ts'
import { readAlerts } from '../remember/alerts.ts'
import { entriesSince, joinedByDay, leftByDay, newestDigests, newestRuns } from '../remember/history.ts'
import { heldEntries } from '../remember/hold.ts'
import { readCounts } from '../remember/metrics.ts'
import type { Store } from '../remember/open.ts'
import { nextRetry, openDigests, reasonsOf } from '../remember/status-letters.ts'
import { runsAtWork } from '../remember/status-lock.ts'
import { type SourceStanding, sourceStandings } from '../remember/status-sources.ts'
import { nextSlot } from '../schedule.ts'
import type { Facts, History, Next } from '../status/facts.ts'
import { WEEKS } from '../status/plots.ts'
import { mostFrequent } from '../status/reply.ts'
import { weeksBefore } from '../status/weeks.ts'
import { folderBeside } from '../store-place.ts'

/** So many runs tell how often they come, and stand in a plot. */
const RUNS = 50
const DIGESTS = 20
const REASONS = 5

/** How the site of a configuration stands. */
export async function readFacts(store: Store, config: Config, now: Instant): Promise<Facts> {
  const names = config.sources.map(({ name }) => name)
  const runs = await newestRuns(store, RUNS)
  const counts = await readCounts(store, names, now)
  const standings = await sourceStandings(store, names)
  const isAnybodyTold = config.alerts.mail !== null || config.alerts.url !== null
  return {
    ...{ now, zone: config.site.timezone, title: config.site.title, runs },
    atWork: await runsAtWork(store, config.database, runs),
    next: await nextOf(store, config, { now, lettersDue: counts.lettersDue }),
    sources: config.sources.map(({ name, kind }) => ({ name, kind, ...(standings.get(name) ?? UNREAD) })),
    readers: counts.subscribers,
    letters: counts.letters,
    reasons: mostFrequent(await reasonsOf(store), REASONS),
    digests: await openDigests(store),
    // Without a way to tell of them they are looked at no more.
    alerts: isAnybodyTold ? [...(await readAlerts(store)).values()] : [],
    unread: unreadMails(config),
    stuckAfter: config.alerts.stuckAfter,
  }
}

/** What the plots show; it takes longer than the rest when there are many readers. */
export async function readHistory(
  store: Store,
  config: Config,
  { now, zone, runs }: Pick<Facts, 'now' | 'zone' | 'runs'>,
): Promise<History> {
  const names = config.sources.map(({ name }) => name)
  return {
    ...{ now, zone },
    entries: await entriesSince(store, names, weeksBefore(now, zone, WEEKS)),
    joined: await joinedByDay(store),
    left: await leftByDay(store),
    digests: await newestDigests(store, DIGESTS),
    runs: runs.toReversed(),
  }
}

const UNREAD: SourceStanding = {
  ...{ firstRead: null, files: 0, setAside: 0, failing: null, problems: [], moreProblems: 0 },
  entries: { shown: 0, hidden: 0, removed: 0, held: 0 },
}

async function nextOf(
  store: Store,
  config: Config,
  { now, lettersDue }: { now: Instant; lettersDue: number },
): Promise<Next> {
  const { schedule, digest, site, feeds } = config
  const { timezone: zone } = site
  return {
    gathering: nextSlot(schedule, zone, now),
    digest: digest.schedule.kind === 'cron' ? nextSlot(digest.schedule.cron, zone, now) : null,
    dueDigests: await dueDigestSlots(store, config, now),
    lettersDue,
    retryAt: await nextRetry(store),
    heldUntil: feeds.hold === null ? null : (await heldEntries(store, feeds.hold)).until,
  }
}

/** Mails that `feedwire receive` kept for a person. */
function unreadMails(config: Config): Facts['unread'] {
  const folder = join(folderBeside(config), 'unread')
  try {
    return { folder, mails: readdirSync(folder).filter((name) => name.endsWith('.eml')).length }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { folder, mails: 0 }
    throw error
  }
}
