import type { Config } from '../config.ts'
import type { Instant } from '../entry.ts'
import { hostOf } from '../gather/http/address.ts'
import { type FetchState, type HostRecord, knownFetch, knownHosts } from '../remember/fetches.ts'
import type { Store } from '../remember/open.ts'
import { type SourceStanding, sourceStandings } from '../remember/status-sources.ts'
import type { RemoteSource } from '../remote-source.ts'
import { minuteText } from '../status/words.ts'
import { countText } from './count-text.ts'

/** A source of the settings, and how it stands. */
export interface Standing extends SourceStanding {
  /** What is known of asking for it; null for what is not asked for, and before. */
  fetch: FetchState | null
  /** Its host, when that is left alone. */
  host: HostRecord | null
}

type Source = Config['sources'][number]

const UNREAD: Standing = {
  ...{ firstRead: null, files: 0, setAside: 0, entries: { shown: 0, hidden: 0, removed: 0, held: 0 } },
  ...{ failing: null, problems: [], moreProblems: 0, fetch: null, host: null },
}

/** How these sources stand, in their order. */
export async function standingsOf(store: Store, sources: readonly Source[]): Promise<Standing[]> {
  const names = sources.map(({ name }) => name)
  const standings = await sourceStandings(store, names)
  const hosts = new Map((await knownHosts(store)).map((host) => [host.host, host]))
  const found: Standing[] = []
  for (const source of sources) {
    const url = addressOf(source)
    const known = url === null ? null : await knownFetch(store, source.name)
    const fetch = known?.url === url ? known : null
    const host = url === null ? null : (hosts.get(hostOf(new URL(fetch?.movedTo ?? url))) ?? null)
    found.push({ ...UNREAD, ...standings.get(source.name), fetch, host })
  }
  return found
}

function addressOf(source: Source): string | null {
  return isRemote(source) && source.at.kind === 'url' ? source.at.url : null
}

/** True for a page or feed of others. */
export function isRemote(source: Source): source is RemoteSource {
  return source.kind === 'page' || source.kind === 'feed'
}

/** When its document is not asked for before; null: the next run asks. */
function nextAsk({ fetch, host }: Standing, now: Instant): Instant | null {
  const until = Math.max(fetch?.askAfter ?? 0, host?.until ?? 0)
  return until > now ? until : null
}

/** What a person is told of a source: counts in one line, then what is wrong. */
export function standingLines(source: Source, standing: Standing, zone: string, now: Instant): string[] {
  const { firstRead, files, setAside, entries, failing, problems, fetch } = standing
  const day = firstRead === null ? 'never read yet' : `first read ${new Date(firstRead).toISOString().slice(0, 10)}`
  const one = isRemote(source) ? 'document' : 'file'
  const counts = [
    countText(files, one, `${one}s`),
    `${entries.shown} shown`,
    ...(entries.held > 0 ? [`${entries.held} waiting to be published`] : []),
    ...(entries.hidden > 0 ? [`${entries.hidden} hidden`] : []),
    ...(entries.removed > 0 ? [`${entries.removed} removed`] : []),
    ...(setAside > 0 ? [`${setAside} set aside`] : []),
  ]
  const [problem] = isRemote(source) || failing !== null ? problems : []
  const why = problem === undefined ? '' : `: ${problem.message} - ${problem.mend}`
  const failed = failing === null ? 'not understood' : `failing since ${minuteText(zone, failing.since)}`
  const until = nextAsk(standing, now)
  return [
    [...counts, day].join(', '),
    ...(failing === null && why === '' ? [] : [`${failed}${why}`]),
    ...(fetch === null || fetch.movedTo === null ? [] : [`moved for good to ${fetch.movedTo}`]),
    ...(until === null ? [] : [`not asked before ${minuteText(zone, until)}`]),
  ]
}

/** The same for a program. */
export function standingJson(standing: Standing, now: Instant): object {
  const { firstRead, failing, fetch, host: _, problems, moreProblems: __, ...rest } = standing
  const until = nextAsk(standing, now)
  return {
    ...rest,
    firstRead: instantText(firstRead),
    failing: failing === null ? null : { runs: failing.runs, since: instantText(failing.since) },
    problems,
    movedTo: fetch?.movedTo ?? null,
    notAskedBefore: instantText(until),
  }
}

function instantText(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
