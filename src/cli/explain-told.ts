import type { ExplainedDocument } from '../gather/remote/explain.ts'
import type { ProblemRecord } from '../problem.ts'
import type { RemoteSource } from '../remote-source.ts'
import type { SourceSettings } from '../setup/settings.ts'
import type { Standing } from './source-standing.ts'

/** What is told of a page or feed. */
export interface Told {
  /** The address, or the file as it was named. */
  asked: string
  /** The source of the settings that it is. */
  source: RemoteSource | null
  standing: Standing | null
  /** What its server said; null for a file, and for what cannot be had. */
  found: { at: string; movedTo: string | null; contentType: string | null } | null
  /** What links of a file are taken relative to, when it does not say where it was. */
  guessedBase: string | null
  document: ExplainedDocument | null
  /** Sources to paste, the better one first. */
  paste: SourceSettings[]
  problems: ProblemRecord[]
}
