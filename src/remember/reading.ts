import type { Draft, Instant } from '../entry.ts'
import type { ProblemRecord } from '../problem.ts'

/** What the file system says of a file; times in microseconds. */
export interface FileStat {
  size: number
  /** -1 when the file is so young that it may change again within the same tick of the clock. */
  mtime: number
  ctime: number
}

/** A file as it was when it was last read. */
export interface KnownFile extends FileStat {
  path: string
  hash: string
  /** Hash of all that, besides the bytes, decides what is read from them. */
  recipe: string
  entryId: number | null
  lookAgain: Instant | null
  problems: ProblemRecord[]
}

/** A file that was opened in this run. */
export interface FileReading {
  /** Relative to its source, with `/`, NFC. */
  path: string
  /** The same as a person finds it: relative to the configuration file. */
  place: string
  stat: FileStat
  hash: string
  recipe: string
  lookAgain: Instant | null
  /** `rejected`: it cannot be understood, so what was remembered of it stays as it is. */
  outcome: 'read' | 'rejected'
  /** What it holds; none when it is a draft, or of the future. */
  drafts: Draft[]
  problems: ProblemRecord[]
  known: KnownFile | null
}

/** What a source says now, compared with what is remembered of its files. */
export interface Reading {
  name: string
  kind: 'markdown' | 'listing'
  /** Null when the source could not be read at all; then nothing of it changes. */
  files: { opened: FileReading[]; touched: { path: string; stat: FileStat }[]; gone: KnownFile[] } | null
  /** Problems of the source as a whole. */
  problems: ProblemRecord[]
}
