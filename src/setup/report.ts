import type { ProblemRecord } from '../problem.ts'

/** What one run did. */
export interface RunReport {
  /** `startedAt` is ISO 8601 in UTC; `stopped`: it was told to end before all was done, and the next run does the rest. */
  run: { id: number; startedAt: string; durationMs: number; stopped: boolean }
  sources: SourceReport[]
  /** The same of all sources together. */
  gathered: Counts
  /** Entries that wait to be published, and when the first of them will be (ISO 8601). */
  held: { entries: number; until: string | null }
  /** Digests that were made, and how many readers get each. */
  digests: { id: string; subject: string; entries: number; more: number; recipients: number }[]
  /** Paths below the publish directory. */
  published: { written: string[]; unchanged: number; removed: string[] }
  /** What became of the command in `publish.after`, and the feeds that the hub was told of. */
  announced: { command: 'none' | 'unchanged' | 'done' | 'failed'; told: string[] }
  deliveries: DeliveryReport
  /** Letters that ask readers to confirm, or tell them that they are on the list. */
  notices: { sent: number }
  /** Problems of no source: an address or a server that refused, a command that failed. */
  problems: ProblemRecord[]
  /** 0, or 3 when something is set aside in a run that was not stopped. */
  exitCode: 0 | 3
}

/** Entries in the files that this run opened, what became of them, and files that are set aside. */
export interface Counts {
  seen: number
  new: number
  updated: number
  removed: number
  rejected: number
}

/** What was read of a source; `name` is that of the settings. */
export interface SourceReport extends Counts {
  name: string
  kind: string
  problems: ProblemRecord[]
}

/** What became of letters; `due` ones are sent by the next run. */
export interface DeliveryReport {
  sent: number
  deferred: number
  refused: number
  suppressed: number
  held: number
  expired: number
  due: number
  /** Of those sent: an earlier try ended without an answer, so that the reader may have the letter twice. */
  maybeTwice: number
}
