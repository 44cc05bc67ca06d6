import type { ProblemRecord } from '../problem.ts'
import type { Facts, OpenDigest, RunFact, SourceFact } from './facts.ts'
import { overdue } from './late.ts'
import { count, minuteText, spanText } from './words.ts'

/** Something that is for a person to do. */
export interface Need {
  code: string
  message: string
  mend: string
}

/** What of a site needs a person, the gravest first; empty when all is well. */
export function needsOf(facts: Facts): Need[] {
  const found = [
    ...runNeeds(facts),
    ...facts.sources.flatMap((source) => sourceNeeds(source, facts)),
    ...digestNeeds(facts),
    ...unreadNeeds(facts),
  ]
  const all = [...found, ...alertNeeds(facts, found)]
  return all.length === 0 ? unnamed(facts) : all
}

function runNeeds(facts: Facts): Need[] {
  const { runs, now, atWork } = facts
  const [newest] = runs
  if (newest === undefined) {
    return [{ code: 'run-none', message: 'There was no run yet', mend: 'run "feedwire run", then let cron do so' }]
  }
  const starts = runs.map(({ startedAt }) => startedAt)
  const gap = atWork.length > 0 ? null : overdue(starts, now)
  const late = {
    code: 'run-late',
    message: `The last run began ${spanText(now - newest.startedAt)} ago; before, ${spanText(gap ?? 0)} was the longest wait`,
    mend: 'see that cron, the timer or "feedwire start" is at work',
  }
  return [...failedRun(facts), ...(gap === null ? [] : [late])]
}

/** The last run that is not still at work. */
function lastOver({ runs, atWork }: Facts): RunFact | undefined {
  return runs.find(({ id }) => !atWork.includes(id))
}

function failedRun(facts: Facts): Need[] {
  const last = lastOver(facts)
  if (last === undefined) return []
  if (last.endedAt === null) {
    const message = 'The last run was ended before it was done'
    return [{ code: 'run-killed', message, mend: 'run "feedwire run"; it goes on where that one was' }]
  }
  if (last.exitCode !== 1) return []
  const why = last.did.problem === null ? '' : `: ${last.did.problem}`
  return [
    { code: 'run-failed', message: `The last run failed${why}`, mend: 'run "feedwire doctor", then "feedwire run"' },
  ]
}

function sourceNeeds({ name, failing, problems, moreProblems }: SourceFact, { zone }: Facts): Need[] {
  const told = problems.map((problem) => ({ code: problem.code, message: placed(problem), mend: problem.mend }))
  const more = {
    code: 'files-aside',
    message: `${count(moreProblems, 'more file')} of the source "${name}" ${moreProblems === 1 ? 'is' : 'are'} set aside`,
    mend: '"feedwire run --json" lists all',
  }
  const lines = [...told, ...(moreProblems === 0 ? [] : [more])]
  if (failing === null) return lines
  const runs = failing.runs === 1 ? 'the last run' : `${failing.runs} runs in a row`
  const message = `The source "${name}" could not be read by ${runs}, since ${minuteText(zone, failing.since)}`
  const [first, ...rest] = lines
  if (first === undefined) return [{ code: 'source-failing', message, mend: 'run "feedwire run" to see why' }]
  return [{ ...first, message: `${message}: ${first.message}` }, ...rest]
}

function placed({ where, message }: ProblemRecord): string {
  return where === null ? message : `${where}: ${message}`
}

function digestNeeds({ digests, now, stuckAfter }: Facts): Need[] {
  const late = digests.filter(({ isPaused, date }) => !isPaused && now - date > stuckAfter)
  const [stuck, unsure, lost] = [lettersOf(late, 'open'), lettersOf(digests, 'held'), lettersOf(digests, 'failed')]
  const oldest = late.findLast(({ open }) => open > 0)?.date ?? now
  return [
    ...lettersNeed(stuck, {
      code: 'digest-stuck',
      said: `${stuck.letters === 1 ? 'has' : 'have'} waited for ${spanText(now - oldest)}`,
      mend: `"feedwire digests show ${stuck.newest}" tells why; "feedwire run" tries again`,
    }),
    ...lettersNeed(unsure, {
      code: 'letters-held',
      said: 'may have gone or not',
      mend: `"feedwire digests retry ${unsure.newest}" sends them again`,
    }),
    ...lettersNeed(lost, {
      code: 'letters-failed',
      said: 'did not arrive, and their readers are still on the list',
      mend: `"feedwire digests show ${lost.newest}" tells why; "feedwire digests retry ${lost.newest}" sends them again, and "feedwire subscribers remove" takes a reader off`,
    }),
  ]
}

/** Letters of some digests, and the newest of these. */
interface SomeLetters {
  letters: number
  digests: number
  newest: string
}

/** @param digests newest first */
function lettersOf(digests: readonly OpenDigest[], key: 'open' | 'held' | 'failed'): SomeLetters {
  const some = digests.filter((digest) => digest[key] > 0)
  const letters = some.reduce((sum, digest) => sum + digest[key], 0)
  return { letters, digests: some.length, newest: some[0]?.id ?? '' }
}

function lettersNeed(some: SomeLetters, { code, said, mend }: { code: string; said: string; mend: string }): Need[] {
  if (some.letters === 0) return []
  const ofWhich = some.digests === 1 ? `the digest ${some.newest}` : `${some.digests} digests`
  const each = some.digests === 1 ? '' : '; so with each of them, listed below'
  return [{ code, message: `${count(some.letters, 'letter')} of ${ofWhich} ${said}`, mend: mend + each }]
}

function unreadNeeds({ unread: { mails, folder } }: Facts): Need[] {
  if (mails === 0) return []
  const message = `${count(mails, 'mail')} could not be understood and ${mails === 1 ? 'was' : 'were'} kept for you`
  return [{ code: 'mails-unread', message, mend: `read and delete ${mails === 1 ? 'it' : 'them'}: ${folder}` }]
}

const MENDS = new Map([
  ['bounces', '"feedwire digests list" and "show" tell why; mail servers turn away who writes to many dead addresses'],
  ['heartbeat', 'check the address under "heartbeat", and the network'],
])

/** Alerts of sources and of letters that wait are told by what the store has of them. */
function alertNeeds({ alerts, zone }: Facts, found: readonly Need[]): Need[] {
  const isTold = (key: string): boolean =>
    key.startsWith('source:') || key === 'stuck' || (key === 'run' && found.some(({ code }) => code === 'run-failed'))
  return alerts
    .filter(({ key }) => !isTold(key))
    .map(({ key, since, detail }) => ({
      code: `alert-${key}`,
      message: `${detail === '' ? key : detail} (since ${minuteText(zone, since)})`,
      mend: MENDS.get(key) ?? 'run "feedwire doctor", then "feedwire run"',
    }))
}

/** A run may have set aside what nothing here remembers, such as a command of the owner's that failed. */
function unnamed(facts: Facts): Need[] {
  const last = lastOver(facts)
  // Letters that were refused since the address is no more are seen to.
  if (last?.exitCode !== 3 || (last.did.refused ?? 0) > 0) return []
  return [{ code: 'run-aside', message: 'The last run set something aside', mend: 'run "feedwire run" to see what' }]
}
