import { type ProblemRecord, readProblems } from '../problem.ts'
import { countRejected, standingProblems, touchFile } from './files.ts'
import { rememberFolder } from './folder.ts'
import { rememberCaptures } from './captures.ts'
import type { Store } from './open.ts'
import type { Reading } from './reading.ts'
import { readSetting, writeSetting } from './settings.ts'
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
    const whole = [...reading.problems]
    if (reading.files !== null) {
      const { opened, touched, gone } = reading.files
      const batch: Batch = { store: tx, source, moment, revision, counts }
      for (const file of touched) await touchFile(tx, source.id, file.path, file.stat)
      if (reading.kind === 'listing') await rememberCaptures(batch, opened, gone)
      else whole.push(...(await rememberFolder(batch, opened, gone)))
      if (source.isFirstRead && (await wasRead(tx, source.id))) await markRead(tx, source.id, moment)
    }
    if (counts.changed) await writeSetting(tx, 'revision', String(revision))
    await rememberProblems(tx, source, whole)
    const opened = reading.files?.opened ?? []
    return {
      name: reading.name,
      kind: reading.kind,
      seen: opened.reduce((sum, file) => sum + file.drafts.length, 0),
      new: counts.new,
      updated: counts.updated,
      removed: counts.removed,
      rejected: await countRejected(tx, source.id),
      problems: [...whole, ...(await standingProblems(tx, source.id))],
      fresh: [
        ...freshOf(whole, before),
        ...opened.flatMap((file) => freshOf(file.problems, file.known?.problems ?? [])),
      ],
    }
  })
}

/** Counts the batches that changed an entry. */
export async function storeRevision(store: Store): Promise<number> {
  return Number((await readSetting(store, 'revision')) ?? 0)
}

async function sourceRow(store: Store, reading: Reading): Promise<Batch['source'] & { problems: string }> {
  const { name, kind } = reading
  await store
    .insertInto('sources')
    .values({ name, kind, first_read_at: null, problems: '[]' })
    .onConflict((c) => c.column('name').doUpdateSet({ kind }))
    .execute()
  const row = await store
    .selectFrom('sources')
    .select(['id', 'first_read_at', 'problems'])
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return { id: row.id, name, isFirstRead: row.first_read_at === null, problems: row.problems }
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

function freshOf(problems: readonly ProblemRecord[], before: readonly ProblemRecord[]): ProblemRecord[] {
  const known = new Set(before.map((problem) => `${problem.code} ${problem.message}`))
  return problems.filter((problem) => !known.has(`${problem.code} ${problem.message}`))
}
