import type { AlertsConfig } from '../config-types.ts'
import type { Instant } from '../entry.ts'
import type { ProblemRecord } from '../problem.ts'
import type { ReturnRate, StuckDigest } from '../remember/alerts.ts'
import type { SourceFact } from '../status/facts.ts'

/** Something that stands wrong, in words for the owner. */
export interface Alert {
  /** Its kind and what it is about, such as `source:articles`. */
  key: string
  since: Instant
  /** One line. */
  message: string
  mend: string
}

/** What the owner is told: that something is wrong, or that it is no more. */
export interface News extends Alert {
  isOver: boolean
}

/** The sources that could not be read in so many runs in a row. */
export function failingSources(
  sources: readonly Pick<SourceFact, 'name' | 'failing' | 'problems'>[],
  { sourceFailures }: Pick<AlertsConfig, 'sourceFailures'>,
): Alert[] {
  return sources.flatMap(({ name, failing, problems }) => {
    if (failing === null || failing.runs < sourceFailures) return []
    const problem = problems.find(({ severity }) => severity === 'error')
    const why = problem === undefined ? '' : `: ${problem.message}`
    return {
      key: `source:${name}`,
      since: failing.since,
      message: `The source "${name}" could not be read in ${failing.runs} ${failing.runs === 1 ? 'run' : 'runs in a row'}${why}`,
      mend: problem?.mend ?? 'see "feedwire sources list"',
    }
  })
}

/** One alert for all digests of which letters have waited for too long. */
export function stuckLetters(digests: readonly StuckDigest[]): Alert[] {
  const [oldest] = digests
  if (oldest === undefined) return []
  const letters = digests.reduce((sum, digest) => sum + digest.letters, 0)
  const more = digests.length === 1 ? '' : ` and ${digests.length - 1} more`
  return [
    {
      key: 'stuck',
      since: oldest.createdAt,
      message: `${letters === 1 ? '1 letter is' : `${letters} letters are`} still to be sent of the digest "${oldest.subject}"${more}`,
      mend: `"feedwire digests show ${oldest.id}" says why; "feedwire run" tries again, and "feedwire digests cancel" gives up`,
    },
  ]
}

/** Of fewer letters than these a share says nothing. */
const LEAST_LETTERS = 20

/** One alert when of some digest more letters were lost than so many percent. */
export function lostLetters(rates: readonly ReturnRate[], { bounceRate }: Pick<AlertsConfig, 'bounceRate'>): Alert[] {
  const percent = ({ lost, tried }: ReturnRate): number => (lost / tried) * 100
  const bad = rates.filter((rate) => rate.tried >= LEAST_LETTERS && percent(rate) > bounceRate)
  const [worst] = bad.sort((a, b) => percent(b) - percent(a))
  if (worst === undefined) return []
  const share = `${worst.lost} of ${worst.tried} letters (${percent(worst).toFixed(1)} percent)`
  return [
    {
      key: 'bounces',
      since: worst.createdAt,
      message: `${share} of the digest "${worst.subject}" were refused or came back`,
      mend: `"feedwire digests show ${worst.id}" says why; mail servers turn away who writes to many dead addresses`,
    },
  ]
}

/** A run that ended without doing its work. */
export function failedRun({ message, mend }: Pick<ProblemRecord, 'message' | 'mend'>, since: Instant): Alert {
  return { key: 'run', since, message: `A run failed: ${message}`, mend }
}
