import { sql } from 'kysely'
import { type ProblemRecord, readProblems } from '../problem.ts'
import type { EntryCounts, SourceFact } from '../status/facts.ts'
import type { Store } from './open.ts'

/** A source, without what the settings say of it. */
export type SourceStanding = Omit<SourceFact, 'name' | 'kind'>

/** Problems of one source that are told; the others are counted. */
const MOST_PROBLEMS = 5

/** How each of these sources stands; one that was never read is not there. */
export async function sourceStandings(store: Store, names: readonly string[]): Promise<Map<string, SourceStanding>> {
  const rows = await store
    .selectFrom('sources')
    .where('name', 'in', [...names])
    .select(['id', 'name', 'first_read_at', 'problems', 'failures', 'failing_since'])
    .execute()
  const sources = new Map<string, SourceStanding>()
  for (const { id, name, first_read_at: firstRead, problems, failures, failing_since: since } of rows) {
    const failing = failures === 0 || since === null ? null : { runs: failures, since }
    const counts = { ...(await countFiles(store, id)), entries: await countEntries(store, id) }
    const own = readProblems(problems).filter(isError).slice(0, MOST_PROBLEMS)
    const files = await fileProblems(store, id, MOST_PROBLEMS - own.length)
    sources.set(name, {
      ...{ firstRead, ...counts, failing },
      ...{ problems: [...own, ...files.told], moreProblems: files.more },
    })
  }
  return sources
}

async function countFiles(store: Store, sourceId: number): Promise<Pick<SourceStanding, 'files' | 'setAside'>> {
  const row = await store
    .selectFrom('files')
    .where('source_id', '=', sourceId)
    .select(({ fn }) => [fn.countAll<number>().as('files'), fn.sum<number | null>('rejected').as('rejected')])
    .executeTakeFirstOrThrow()
  return { files: Number(row.files), setAside: Number(row.rejected ?? 0) }
}

async function countEntries(store: Store, sourceId: number): Promise<EntryCounts> {
  const counts: EntryCounts = { shown: 0, hidden: 0, removed: 0, held: 0 }
  const rows = await store
    .selectFrom('entries')
    .where('source_id', '=', sourceId)
    .select(({ fn }) => [STANDING.as('standing'), fn.countAll<number>().as('count')])
    .groupBy('standing')
    .execute()
  for (const { standing, count } of rows) counts[standing] = Number(count)
  return counts
}

const STANDING = sql<keyof EntryCounts>`case
  when removed_at is not null then 'removed' when hidden = 1 then 'hidden' when number < 0 then 'held' else 'shown' end`

/** A quote within the text of a problem stands behind a backslash in JSON, so that nothing else looks like this. */
const ERROR = '%"severity":"error"%'

async function fileProblems(
  store: Store,
  sourceId: number,
  most: number,
): Promise<{ told: ProblemRecord[]; more: number }> {
  const find = store.selectFrom('files').where('source_id', '=', sourceId).where('problems', 'like', ERROR)
  const rows = await find.select('problems').orderBy('path').limit(most).execute()
  const { files } = await find.select(({ fn }) => fn.countAll<number>().as('files')).executeTakeFirstOrThrow()
  const told = rows.flatMap(({ problems }) => readProblems(problems).filter(isError))
  return { told, more: Number(files) - rows.length }
}

function isError({ severity }: ProblemRecord): boolean {
  return severity === 'error'
}
