import type { Instant } from '../entry.ts'
import type { ProblemRecord } from '../problem.ts'
import type { Slot } from '../schedule.ts'

/** What a run says of itself; null: it did not say. */
export interface RunSummary {
  new: number | null
  updated: number | null
  removed: number | null
  sent: number | null
  deferred: number | null
  refused: number | null
  /** Why it failed. */
  problem: string | null
  /** It was told to end before all was done. */
  stopped: boolean
}

/** A run; one that was killed has no end and no exit code. */
export interface RunFact {
  id: number
  startedAt: Instant
  endedAt: Instant | null
  exitCode: number | null
  did: RunSummary
}

/** How many entries stand in each way. */
export interface EntryCounts {
  shown: number
  hidden: number
  removed: number
  /** They wait to be published. */
  held: number
}

/** A source of the settings. */
export interface SourceFact {
  name: string
  kind: string
  /** When it was first read with success; null before. */
  firstRead: Instant | null
  entries: EntryCounts
  files: number
  setAside: number
  /** Runs in a row that could not read it, and when the first of them was. */
  failing: { runs: number; since: Instant } | null
  /** What is set aside of it; the source's own first, and not more than a person reads. */
  problems: ProblemRecord[]
  /** How many files have others. */
  moreProblems: number
}

/** Letters that did not go, of one state and reason. */
export interface Reason {
  state: string
  /** What the other side said, without addresses. */
  reply: string
  letters: number
}

/** A digest some of whose letters are not settled, or went wrong and can still be sent. */
export interface OpenDigest {
  id: string
  subject: string
  date: Instant
  /** The owner holds it back. */
  isPaused: boolean
  /** Letters that are not settled. */
  open: number
  /** Letters that may have gone or not, and wait for the owner. */
  held: number
  /** Letters that were refused or given up, to readers who are still there and got nothing since. */
  failed: number
}

/** Something that is wrong for longer than a run. */
export interface AlertFact {
  key: string
  since: Instant
  toldAt: Instant | null
  detail: string
}

/** What comes next. */
export interface Next {
  /** When `feedwire start` gathers, on the wall clock of the site. */
  gathering: Slot
  /** When the next digest of the site is due; null: with each run that finds something new. */
  digest: Slot | null
  /** Digests that are due already. */
  dueDigests: string[]
  /** Letters that a run would send now. */
  lettersDue: number
  /** When the first of those that were put off may be tried again. */
  retryAt: Instant | null
  /** When the first entry that is held back is published. */
  heldUntil: Instant | null
}

/** Readers by what they chose, and then by why nothing is mailed to them (`none`: something is). */
type ReaderCounts = Readonly<Record<string, Readonly<Record<string, number>>>>

/** How a site stands at a moment. */
export interface Facts {
  now: Instant
  /** The zone of the site. */
  zone: string
  title: string
  /** Newest first. */
  runs: RunFact[]
  /** Ids of those that are at work. */
  atWork: readonly number[]
  next: Next
  sources: SourceFact[]
  readers: ReaderCounts
  /** Letters of digests by state. */
  letters: Readonly<Record<string, number>>
  reasons: Reason[]
  digests: OpenDigest[]
  alerts: AlertFact[]
  /** Mails that were kept for a person. */
  unread: { mails: number; folder: string }
  /** How long letters of a digest may wait, in milliseconds. */
  stuckAfter: number
}

/** What the plots show. */
export interface History {
  now: Instant
  zone: string
  /** How many entries have their date in each quarter of an hour. */
  entries: Moments
  /** How many came to the list, and how many left it. */
  joined: Moments
  left: Moments
  /** The newest digests, oldest first. */
  digests: DigestFact[]
  /** The newest runs, oldest first. */
  runs: RunFact[]
}

/** Counts by the instant at which a span of time begins. */
export type Moments = readonly { at: Instant; count: number }[]

/** A digest, and how many of its letters are in each state. */
export interface DigestFact {
  id: string
  date: Instant
  subject: string
  letters: Readonly<Record<string, number>>
}
