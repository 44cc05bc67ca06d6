import type { Draft, Instant } from '../entry.ts'
import type { ProblemRecord } from '../problem.ts'
import type { FetchState } from './fetches.ts'

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
  imports: string[]
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
  /** Paths of other articles of the source that it includes; these are no entries of their own. */
  imports: string[]
  known: KnownFile | null
}

/** A file whose bytes are as they were, under another stamp. */
export interface TouchedFile {
  path: string
  stat: FileStat
}

/** What became of a file since it was last read. */
export type FileChange = { kind: 'opened'; file: FileReading } | { kind: 'touched'; file: TouchedFile }

/** Asks for more of the remembered files of a source, within the transaction that remembers what became of them. */
export interface Lookups {
  /** All that is remembered of some of them, by path. */
  lookUp: (paths: readonly string[]) => Promise<Map<string, KnownFile>>
  /** Which of them include others, and which. */
  imports: () => Promise<{ path: string; imports: string[] }[]>
}

/** What a source says now, compared with what is remembered of its files. */
export interface Reading {
  name: string
  kind: 'markdown' | 'listing' | 'page' | 'feed'
  /** Null when the source could not be read at all; then nothing of it changes. */
  files: {
    /** Files are opened as they are asked for, so that no more than a few are held at once. */
    changes: (lookups: Lookups) => AsyncIterable<FileChange>
    /** Paths of remembered files that are not there any more. */
    gone: string[]
  } | null
  /** Problems of the source as a whole. */
  problems: ProblemRecord[]
  /** What counts when it is asked for the next time; only of what is fetched. */
  fetch?: FetchState
}
