import type { Insertable } from 'kysely'
import { type ProblemRecord, readProblems } from '../problem.ts'
import type { Store } from './open.ts'
import type { FileReading, FileStat, KnownFile } from './reading.ts'
import type { Files } from './tables.ts'

/** Every file of a source that is remembered, by path. */
export async function knownFiles(store: Store, sourceName: string): Promise<Map<string, KnownFile>> {
  const rows = await store
    .selectFrom('files')
    .innerJoin('sources', 'sources.id', 'files.source_id')
    .where('sources.name', '=', sourceName)
    .selectAll('files')
    .execute()
  return new Map(
    rows.map((row) => [
      row.path,
      {
        path: row.path,
        size: row.size,
        mtime: row.mtime,
        ctime: row.ctime,
        hash: row.hash,
        recipe: row.recipe,
        entryId: row.entry_id,
        lookAgain: row.look_again,
        problems: readProblems(row.problems),
      },
    ]),
  )
}

/** How many files of a source are set aside. */
export async function countRejected(store: Store, sourceId: number): Promise<number> {
  const row = await store
    .selectFrom('files')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('source_id', '=', sourceId)
    .where('rejected', '=', 1)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Problems of files that were set aside or guessed at, for as long as the files stay as they are. */
export async function standingProblems(store: Store, sourceId: number): Promise<ProblemRecord[]> {
  const rows = await store
    .selectFrom('files')
    .select('problems')
    .where('source_id', '=', sourceId)
    .where('problems', '!=', '[]')
    .orderBy('path')
    .execute()
  return rows.flatMap((row) => readProblems(row.problems))
}

export async function rememberFile(
  store: Store,
  sourceId: number,
  file: FileReading,
  entryId: number | null,
): Promise<void> {
  const row: Omit<Insertable<Files>, 'source_id' | 'path'> = {
    size: file.stat.size,
    mtime: file.stat.mtime,
    ctime: file.stat.ctime,
    hash: file.hash,
    recipe: file.recipe,
    entry_id: entryId,
    look_again: file.lookAgain,
    rejected: file.outcome === 'rejected' ? 1 : 0,
    problems: JSON.stringify(file.problems),
  }
  await store
    .insertInto('files')
    .values({ source_id: sourceId, path: file.path, ...row })
    .onConflict((c) => c.columns(['source_id', 'path']).doUpdateSet(row))
    .execute()
}

export async function touchFile(store: Store, sourceId: number, path: string, stat: FileStat): Promise<void> {
  await store
    .updateTable('files')
    .set({ size: stat.size, mtime: stat.mtime, ctime: stat.ctime })
    .where('source_id', '=', sourceId)
    .where('path', '=', path)
    .execute()
}

export async function forgetFile(store: Store, sourceId: number, path: string): Promise<void> {
  await store.deleteFrom('files').where('source_id', '=', sourceId).where('path', '=', path).execute()
}
