import type { Facts, RunFact, SourceFact } from './facts.ts'
import { count, minuteText, spanText, tookText } from './words.ts'

/** A table, for a terminal and for a page. */
export interface Table {
  title: string
  /** Names of the columns; none: the rows are a name and a text each. */
  head: readonly string[]
  rows: readonly (readonly string[])[]
  /** What stands in the place of a table without rows. */
  empty: string
}

/** So many runs and digests are shown. */
const MOST_RUNS = 8
const MOST_DIGESTS = 10

/** How a site stands, as tables. */
export function tablesOf(facts: Facts): Table[] {
  return [
    runsTable(facts),
    nextTable(facts),
    entriesTable(facts),
    readersTable(facts),
    lettersTable(facts),
    ...(facts.reasons.length > 0 ? [reasonsTable(facts)] : []),
    sourcesTable(facts),
    ...(facts.digests.length > 0 ? [digestsTable(facts)] : []),
    ...(facts.alerts.length > 0 ? [alertsTable(facts)] : []),
  ]
}

function runsTable({ runs, zone, now, atWork }: Facts): Table {
  const last = runs.find(({ endedAt }) => endedAt !== null)?.endedAt ?? null
  const ago = last === null ? '' : `; the last ended ${spanText(now - last)} ago`
  return {
    title: `Last runs (${zone})${ago}`,
    head: ['begun', 'took', 'new', 'updated', 'letters', 'ended with'],
    rows: runs.slice(0, MOST_RUNS).map((run) => runRow(run, zone, atWork.includes(run.id))),
    empty: 'There was no run yet.',
  }
}

function runRow({ startedAt, endedAt, exitCode, did }: RunFact, zone: string, isAtWork: boolean): string[] {
  const took = endedAt === null ? '' : tookText(endedAt - startedAt)
  const numbers = [did.new, did.updated, did.sent].map((number) => (number === null ? '' : String(number)))
  return [minuteText(zone, startedAt), took, ...numbers, isAtWork ? 'at work' : endText(exitCode, did.stopped)]
}

const ENDS: Readonly<Record<number, string>> = { 0: '0, well', 1: '1, failed', 3: '3, something set aside' }

function endText(exitCode: number | null, isStopped: boolean): string {
  if (exitCode === null) return 'no end'
  return isStopped ? `${exitCode}, stopped early` : (ENDS[exitCode] ?? String(exitCode))
}

function nextTable({ next, zone }: Facts): Table {
  const { gathering, digest, dueDigests, lettersDue, retryAt, heldUntil } = next
  const onSchedule = digest === null ? 'with each run that finds something new' : digest.replace('T', ' ')
  const minute = (at: number): string => minuteText(zone, at)
  return {
    title: `What is next (${zone})`,
    head: [],
    rows: [
      ['Gathering', `${gathering.replace('T', ' ')}, by "feedwire start"; else when your cron runs it`],
      ['Digest', dueDigests.length > 0 ? 'due with the next run' : onSchedule],
      ['Letters', lettersDue > 0 ? `${lettersDue} with the next run` : 'none'],
      ...(retryAt === null ? [] : [['Put off', `tried again from ${minute(retryAt)}`]]),
      ...(heldUntil === null ? [] : [['Held back', `entries, the first until ${minute(heldUntil)}`]]),
    ],
    empty: '',
  }
}

function entriesTable({ sources }: Facts): Table {
  const sum = (key: keyof SourceFact['entries']): string =>
    String(sources.reduce((total, { entries }) => total + entries[key], 0))
  return {
    title: 'Entries',
    head: ['shown', 'held back', 'hidden', 'removed'],
    rows: [[sum('shown'), sum('held'), sum('hidden'), sum('removed')]],
    empty: '',
  }
}

const SUPPRESSIONS = ['none', 'bounced', 'complained', 'deleted']

function readersTable({ readers }: Facts): Table {
  return {
    title: 'Readers',
    head: ['state', 'reachable', 'bounced', 'complained', 'deleted'],
    rows: Object.entries(readers).flatMap(([state, by]) => {
      const counts = SUPPRESSIONS.map((why) => by[why] ?? 0)
      return counts.some((number) => number > 0) ? [[state, ...counts.map(String)]] : []
    }),
    empty: 'There is no reader yet; "feedwire subscribers add" brings one.',
  }
}

function lettersTable({ letters }: Facts): Table {
  const some = Object.entries(letters).filter(([, number]) => number > 0)
  return {
    title: 'Letters',
    head: some.map(([state]) => state),
    rows: some.length === 0 ? [] : [some.map(([, number]) => String(number))],
    empty: 'There was no letter yet.',
  }
}

function reasonsTable({ reasons }: Facts): Table {
  return {
    title: 'Why letters did not go',
    head: ['letters', 'state', 'reason'],
    rows: reasons.map(({ state, reply, letters }) => [String(letters), state, reply === '' ? 'none given' : reply]),
    empty: '',
  }
}

function sourcesTable({ sources, zone }: Facts): Table {
  return {
    title: `Sources (${zone})`,
    head: ['name', 'kind', 'entries', 'files', 'set aside', 'failing'],
    rows: sources.map(({ name, kind, entries, files, setAside, failing }) => {
      const since = failing === null ? '' : `${count(failing.runs, 'run')}, since ${minuteText(zone, failing.since)}`
      return [name, kind, String(entries.shown), String(files), String(setAside), since]
    }),
    empty: 'The settings have no source.',
  }
}

function digestsTable({ digests, zone }: Facts): Table {
  const more = digests.length > MOST_DIGESTS ? `, the newest ${MOST_DIGESTS} of ${digests.length}` : ''
  return {
    title: `Digests with letters that wait or went wrong${more} (${zone})`,
    head: ['digest', 'frozen', 'open', 'held', 'failed', 'paused', 'subject'],
    rows: digests.slice(0, MOST_DIGESTS).map(({ id, date, open, held, failed, isPaused, subject }) => {
      const numbers = [open, held, failed].map(String)
      return [id, minuteText(zone, date), ...numbers, isPaused ? 'yes' : '', subject]
    }),
    empty: '',
  }
}

function alertsTable({ alerts, zone }: Facts): Table {
  return {
    title: `Alerts that stand (${zone})`,
    head: ['since', 'told', 'about', 'detail'],
    rows: alerts.map(({ key, since, toldAt, detail }) => {
      return [minuteText(zone, since), toldAt === null ? 'not yet' : minuteText(zone, toldAt), key, detail]
    }),
    empty: '',
  }
}
