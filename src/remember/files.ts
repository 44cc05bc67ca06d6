import type { Insertable, Selectable } from 'kysely'
import { type ProblemRecord, readProblems } from '../problem.ts'
import { ManyInserts } from './bulk.ts'
import { readNames } from './entries.ts'
import type { Store } from './open.ts'
import type { FileReading, FileStat, KnownFile, Lookups } from './reading.ts'
import type { Files } from './tables.ts'

/** Names in one list of a statement; SQLite before 3.32 allowed 999. */
export const LIST = 500

/** Asks the store for the files of a source. */
export function lookupsOf(store: Store, sourceName: string): Lookups {
  return {
    lookUp: (paths) => knownFiles(store, sourceName, paths),
    imports: () => knownImports(store, sourceName),
  }
}

/** Remembered files of a source by path; those that are not remembered are missing. */
export async function knownFiles(
  store: Store,
  sourceName: string,
  paths: readonly string[],
): Promise<Map<string, KnownFile>> {
  const known = new Map<string, KnownFile>()
  for (const some of chunks(paths, LIST)) {
    const rows = await store
      .selectFrom('files')
      .selectAll()
      .where('source_id', '=', (source) => source.selectFrom('sources').select('id').where('name', '=', sourceName))
      .where('path', 'in', some)
      .execute()
    for (const row of rows) known.set(row.path, knownFile(row))
  }
  return known
}

function knownFile(row: Selectable<Files>): KnownFile {
  const { path, size, mtime, ctime, hash, recipe, entry_id: entryId, look_again: lookAgain } = row
  const [problems, imports] = [readProblems(row.problems), readNames(row.imports)]
  return { path, size, mtime, ctime, hash, recipe, entryId, lookAgain, problems, imports }
}

/** Which remembered files of a source include others, and which. */
export async function knownImports(store: Store, sourceName: string): Promise<{ path: string; imports: string[] }[]> {
  const rows = await store
    .selectFrom('files')
    .select(['path', 'imports'])
    .where('source_id', '=', (source) => source.selectFrom('sources').select('id').where('name', '=', sourceName))
    .where('imports', '!=', '[]')
    .execute()
  return rows.map(({ path, imports }) => ({ path, imports: readNames(imports) }))
}

/** Parts of a list, each of at most `size` items. */
export function* chunks<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size)
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

/** Remembers files that were opened; each keeps the entry that it held until `linkFiles` is told otherwise. */
export async function rememberFiles(store: Store, sourceId: number, files: readonly FileReading[]): Promise<void> {
  for (const some of chunks(files, 100)) {
    const rows = some.map((file) => rowOf(sourceId, file))
    await insertFiles.insert(store, rows)
  }
}

const insertFiles = new ManyInserts((store, rows: Insertable<Files>[]) =>
  store
    .insertInto('files')
    .values(rows)
    .onConflict((c) =>
      c.columns(['source_id', 'path']).doUpdateSet((row) => ({
        size: row.ref('excluded.size'),
        mtime: row.ref('excluded.mtime'),
        ctime: row.ref('excluded.ctime'),
        hash: row.ref('excluded.hash'),
        recipe: row.ref('excluded.recipe'),
        look_again: row.ref('excluded.look_again'),
        rejected: row.ref('excluded.rejected'),
        problems: row.ref('excluded.problems'),
        imports: row.ref('excluded.imports'),
      })),
    ),
)

function rowOf(sourceId: number, file: FileReading): Insertable<Files> {
  const { path, stat, hash, recipe, lookAgain, outcome, problems, imports } = file
  return {
    source_id: sourceId,
    path,
    ...{ size: stat.size, mtime: stat.mtime, ctime: stat.ctime },
    hash,
    recipe,
    entry_id: null,
    look_again: lookAgain,
    rejected: outcome === 'rejected' ? 1 : 0,
    problems: JSON.stringify(problems),
    imports: JSON.stringify(imports),
  }
}

/** Gives files the entries that have their paths as keys, or none. */
export async function linkFiles(store: Store, sourceId: number, paths: readonly string[]): Promise<void> {
  for (const some of chunks(paths, LIST)) {
    await store
      .updateTable('files')
      .set((query) => ({
        entry_id: query
          .selectFrom('entries')
          .select('entries.id')
          .whereRef('entries.source_id', '=', 'files.source_id')
          .whereRef('entries.key', '=', 'files.path')
          .where('removed_at', 'is', null),
      }))
      .where('source_id', '=', sourceId)
      .where('path', 'in', some)
      .execute()
  }
}

/** Sees to it that files are opened in the next run. */
export async function unsettleFiles(store: Store, sourceId: number, paths: readonly string[]): Promise<void> {
  for (const some of chunks(paths, LIST)) {
    await store
      .updateTable('files')
      .set({ recipe: '' })
      .where('source_id', '=', sourceId)
      .where('path', 'in', some)
      .execute()
  }
}

/** Adds what was found out about a file once all of its source were read. */
export async function addProblems(
  store: Store,
  sourceId: number,
  path: string,
  problems: readonly ProblemRecord[],
): Promise<void> {
  const row = await store
    .selectFrom('files')
    .select('problems')
    .where('source_id', '=', sourceId)
    .where('path', '=', path)
    .executeTakeFirstOrThrow()
  await store
    .updateTable('files')
    .set({ problems: JSON.stringify([...readProblems(row.problems), ...problems]) })
    .where('source_id', '=', sourceId)
    .where('path', '=', path)
    .execute()
}

/** Remembers the new stamp of a file whose bytes are as they were. */
export async function touchFile(store: Store, sourceId: number, path: string, stat: FileStat): Promise<void> {
  await store
    .updateTable('files')
    .set({ size: stat.size, mtime: stat.mtime, ctime: stat.ctime })
    .where('source_id', '=', sourceId)
    .where('path', '=', path)
    .execute()
}

/** Forgets files that are not there any more. */
export async function forgetFiles(store: Store, sourceId: number, paths: readonly string[]): Promise<void> {
  for (const some of chunks(paths, LIST)) {
    await store.deleteFrom('files').where('source_id', '=', sourceId).where('path', 'in', some).execute()
  }
}
