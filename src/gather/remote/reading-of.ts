import { hash as hashOf } from 'node:crypto'
import { letHeapGrow } from '../../heap.ts'
import { Problem } from '../../problem.ts'
import type { FileChange, FileReading, Reading } from '../../remember/reading.ts'
import type { KnownRemote } from '../../remember/remote.ts'
import type { RemoteSource } from '../../remote-source.ts'
import type { ReadingRules } from '../article.ts'
import type { Tools } from '../http/tools.ts'
import { recipeOf } from '../recipe.ts'
import type { Document, ReadDocument } from './document.ts'

/** What a source says. */
export type RemoteReading = Reading & {
  /** Bytes of its document that are held for it. */
  size: number
  /** True when its document lists something. */
  isUsable: boolean
}

/** What reading a source takes from outside. */
export interface RemoteTools {
  rules: ReadingRules
  http: Omit<Tools, 'wanted'>
  /** How many of these articles are new to the store. */
  countNew: (source: string, keys: readonly string[]) => Promise<number>
}

/** How the document of a source is called among the files of the store. */
export function documentPath({ at }: RemoteSource): string {
  return at.kind === 'file' ? at.path : at.url
}

/** What decides, besides its bytes, what is read of a document. */
export function recipeFor(source: RemoteSource, { lost }: KnownRemote, { rules }: RemoteTools): string {
  return recipeOf(rules, source.kind, source.kind === 'page' ? [source.select, source.pages] : [], lost)
}

/** A document that came is compared with what is remembered of it, and read when it is another. */
export async function readingOf(
  source: RemoteSource,
  document: Document,
  known: KnownRemote,
  tools: RemoteTools,
): Promise<RemoteReading> {
  const recipe = recipeFor(source, known, tools)
  const hash = hashOf('sha256', document.body, 'hex')
  if (known.file?.hash === hash && known.file.recipe === recipe) return nothingNew(source, known)
  const { outcome, drafts, problems } = await readOrSetAside(source, document, known.file === null, tools)
  const path = documentPath(source)
  const file: FileReading = {
    ...{ path, place: source.name, recipe, hash, outcome, drafts, problems, known: known.file },
    stat: { size: document.body.length, mtime: -1, ctime: -1 },
    ...{ lookAgain: null, imports: [] },
  }
  const files = { changes: () => only({ kind: 'opened', file }), gone: known.others }
  const isUsable = outcome === 'read' && drafts.length > 0
  return { ...nothingNew(source, known), files, size: document.body.length, isUsable }
}

/** A document that is as it was. */
export function nothingNew({ name, kind }: RemoteSource, { file, others }: KnownRemote): RemoteReading {
  const isUsable = file !== null && file.problems.every(({ severity }) => severity !== 'error')
  return { name, kind, files: { changes: () => only(), gone: others }, problems: [], size: 0, isUsable }
}

/** What is asked for has come already. */
async function* only(...changes: FileChange[]): AsyncGenerator<FileChange> {
  for (const change of changes) yield await Promise.resolve(change)
}

type Outcome = Pick<FileReading, 'outcome' | 'drafts' | 'problems'>

/** What cannot be understood is set aside; it says so until the document is another. */
async function readOrSetAside(
  source: RemoteSource,
  document: Document,
  isFirst: boolean,
  tools: RemoteTools,
): Promise<Outcome> {
  try {
    const { drafts, problems } = await readAll(source, document, isFirst, tools)
    return { outcome: 'read', drafts, problems }
  } catch (error) {
    if (!(error instanceof Problem) || error.code.startsWith('fetch-')) throw error
    return { outcome: 'rejected', drafts: [], problems: [error.toJSON()] }
  }
}

/** It is heavy, and most runs find nothing new. */
async function readAll(
  source: RemoteSource,
  document: Document,
  isFirst: boolean,
  tools: RemoteTools,
): Promise<ReadDocument> {
  letHeapGrow()
  const { readDocument } = await import('./document.ts')
  const first = readDocument(source, document, tools.rules)
  if (source.kind !== 'page' || first.next === null || source.pages === 1) return first
  const { readOlder } = await import('./older.ts')
  return readOlder(source, first, isFirst, tools)
}
