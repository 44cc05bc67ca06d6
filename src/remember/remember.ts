import { type ProblemRecord, readProblems } from '../problem.ts'
import { countRejected, lookupsOf, standingProblems, touchFile } from './files.ts'
import { type Failing, countFailure } from './failing.ts'
import { rememberFetch } from './fetches.ts'
import { rememberFolder } from './folder.ts'
import { UpdateInstants } from './instants.ts'
import { rememberCaptures } from './captures.ts'
import type { Store } from './open.ts'
import type { FileChange, FileReading, Reading, TouchedFile } from './reading.ts'
import { storeRevision } from './revision.ts'
import { writeSetting } from './settings.ts'
import { freshProblems, shelve } from './shelf.ts'
import { rememberWindow } from './window.ts'
import type { Batch, Moment } from './write.ts'

/** What a source brought in this run. */
export interface Remembered {
  name: string
  kind: string
  /** Entries in the files that were opened. */
  seen: number
  new: number
  updated: number
  removed: number
  /** Files that are set aside, opened in this run or not. */
  rejected: number
  /** Null when this run could read it. */
  failing: Failing | null
  problems: ProblemRecord[]
  /** Those of `problems` that were not there in the last run. */
  fresh: ProblemRecord[]
}

/** Remembers what a source says, in one transaction: a crash leaves all of it or nothing. */
export async function rememberReading(store: Store, reading: Reading, moment: Moment): Promise<Remembered> {
  return store.transaction().execute(async (tx) => {
    const source = await sourceRow(tx, reading)
    const before = readProblems(source.problems)
    const revision = (await storeRevision(tx)) + 1
    const counts = { new: 0, updated: 0, removed: 0, changed: false }
    const updates = new UpdateInstants(tx, moment.now)
    const about = { kind: reading.kind, url: reading.fetch?.url ?? null }
    const batch: Batch = { store: tx, source, ...about, moment, revision, counts, updates }
    const read = reading.files === null ? NOTHING : await rememberFiles(batch, reading.kind, reading.files)
    const whole = [...reading.problems, ...read.problems]
    if (reading.files !== null && source.isFirstRead && (await wasRead(tx, source.id))) {
      await markRead(tx, source.id, moment)
    }
    if (counts.changed) await writeSetting(tx, 'revision', String(revision))
    await rememberProblems(tx, source, whole)
    if (reading.fetch !== undefined) await rememberFetch(tx, source.id, reading.fetch)
    const rejected = await countRejected(tx, source.id)
    return {
      name: reading.name,
      kind: reading.kind,
      seen: read.seen,
      new: counts.new,
      updated: counts.updated,
      removed: counts.removed,
      rejected,
      failing: await countFailure(tx, source, reading, rejected, moment.now),
      problems: [...whole, ...(await standingProblems(tx, source.id))],
      fresh: [...freshProblems(whole, before), ...read.fresh],
    }
  })
}

/** What came of the files of a source. */
interface Read {
  seen: number
  /** Problems of the source as a whole. */
  problems: readonly ProblemRecord[]
  /** Problems of files that were not there before. */
  fresh: readonly ProblemRecord[]
}

const NOTHING: Read = { seen: 0, problems: [], fresh: [] }

async function rememberFiles(
  batch: Batch,
  kind: Reading['kind'],
  { changes, gone }: NonNullable<Reading['files']>,
): Promise<Read> {
  const each = changes(lookupsOf(batch.store, batch.source.name))
  switch (kind) {
    case 'markdown':
      return rememberArticles(batch, each, gone)
    case 'listing':
      return rememberWindows(batch, each, gone, rememberCaptures)
    case 'page':
    case 'feed':
      return rememberWindows(batch, each, gone, rememberWindow)
  }
}

/** What only shows the newest articles, so that what it does not show is not gone. */
async function rememberWindows(
  batch: Batch,
  changes: AsyncIterable<FileChange>,
  gone: readonly string[],
  rememberOpened: typeof rememberWindow,
): Promise<Read> {
  const opened: FileReading[] = []
  const touched: TouchedFile[] = []
  for await (const change of changes) {
    if (change.kind === 'opened') opened.push(change.file)
    else touched.push(change.file)
  }
  await touchFiles(batch, touched)
  if (opened.length > 0 || gone.length > 0) await rememberOpened(batch, opened, gone)
  return {
    seen: opened.reduce((sum, file) => sum + file.drafts.length, 0),
    problems: [],
    fresh: opened.flatMap((file) => freshProblems(file.problems, file.known?.problems ?? [])),
  }
}

async function rememberArticles(
  batch: Batch,
  changes: AsyncIterable<FileChange>,
  gone: readonly string[],
): Promise<Read> {
  const shelf = await shelve(batch.store, batch.source.id, changes)
  await touchFiles(batch, shelf.touched)
  const isAsBefore = shelf.files.length === 0 && gone.length === 0
  const problems = isAsBefore ? [] : await rememberFolder(batch, shelf, gone)
  const late = shelf.items.flatMap((item) => (item.file.before?.hadTakenId === true ? [] : item.late))
  return { seen: shelf.items.length, problems, fresh: [...shelf.fresh, ...late] }
}

async function touchFiles({ store, source }: Batch, files: readonly TouchedFile[]): Promise<void> {
  for (const { path, stat } of files) await touchFile(store, source.id, path, stat)
}

interface SourceRecord {
  id: number
  name: string
  isFirstRead: boolean
  problems: string
  failures: number
  failing_since: number | null
}

async function sourceRow(store: Store, { name, kind }: Reading): Promise<SourceRecord> {
  const known = await knownSource(store, name)
  // A run that finds nothing new writes nothing.
  if (known?.kind === kind) return known
  await store
    .insertInto('sources')
    .values({ name, kind, first_read_at: null, problems: '[]' })
    .onConflict((c) => c.column('name').doUpdateSet({ kind }))
    .execute()
  const made = await knownSource(store, name)
  if (made === null) throw new Error(`the source ${name} was written and is not there`)
  return made
}

async function knownSource(store: Store, name: string): Promise<(SourceRecord & { kind: string }) | null> {
  const row = await store
    .selectFrom('sources')
    .select(['id', 'kind', 'first_read_at', 'problems', 'failures', 'failing_since'])
    .where('name', '=', name)
    .executeTakeFirst()
  if (row === undefined) return null
  const { first_read_at: readAt, ...record } = row
  return { ...record, name, isFirstRead: readAt === null }
}

/** A source was read once one of its files could be understood, or it has none: what comes later is news. */
async function wasRead(store: Store, sourceId: number): Promise<boolean> {
  const files = await store
    .selectFrom('files')
    .select('rejected')
    .where('source_id', '=', sourceId)
    .distinct()
    .execute()
  return files.length === 0 || files.some(({ rejected }) => rejected === 0)
}

async function markRead(store: Store, sourceId: number, { now }: Moment): Promise<void> {
  await store.updateTable('sources').set({ first_read_at: now }).where('id', '=', sourceId).execute()
}

async function rememberProblems(
  store: Store,
  source: { id: number; problems: string },
  problems: readonly ProblemRecord[],
): Promise<void> {
  const text = JSON.stringify(problems)
  if (text === source.problems) return
  await store.updateTable('sources').set({ problems: text }).where('id', '=', source.id).execute()
}
