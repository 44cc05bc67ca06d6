import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'

/** A source as its owner sees it. */
export interface SourceRecord {
  /** When it was first read with success; null before. */
  firstRead: Instant | null
  files: number
  /** Files that are set aside. */
  setAside: number
  entries: { shown: number; hidden: number; removed: number }
}

/** What is remembered of each of these sources. */
export async function sourceRecords(store: Store, names: readonly string[]): Promise<Map<string, SourceRecord>> {
  const rows = await store
    .selectFrom('sources')
    .where('name', 'in', [...names])
    .select(['id', 'name', 'first_read_at'])
    .execute()
  const sources = new Map<string, SourceRecord>()
  for (const { id, name, first_read_at: firstRead } of rows) {
    sources.set(name, { firstRead, ...(await countFiles(store, id)), entries: await countEntries(store, id) })
  }
  return sources
}

async function countFiles(store: Store, sourceId: number): Promise<Pick<SourceRecord, 'files' | 'setAside'>> {
  const rows = await store
    .selectFrom('files')
    .select(({ fn }) => ['rejected', fn.countAll<number>().as('count')])
    .where('source_id', '=', sourceId)
    .groupBy('rejected')
    .execute()
  const count = (rejected: 0 | 1): number => Number(rows.find((row) => row.rejected === rejected)?.count ?? 0)
  return { files: count(0) + count(1), setAside: count(1) }
}

async function countEntries(store: Store, sourceId: number): Promise<SourceRecord['entries']> {
  const counts = { shown: 0, hidden: 0, removed: 0 }
  const rows = await store
    .selectFrom('entries')
    .select(({ fn, eb }) => ['hidden', eb('removed_at', 'is', null).as('stands'), fn.countAll<number>().as('count')])
    .where('source_id', '=', sourceId)
    .groupBy(['hidden', 'stands'])
    .execute()
  for (const { hidden, stands, count } of rows) {
    counts[hidden === 1 ? 'hidden' : Number(stands) === 1 ? 'shown' : 'removed'] += Number(count)
  }
  return counts
}

/** The entry that a file of a source is; null when it is none that is remembered. */
export async function entryOfFile(
  store: Store,
  source: string,
  path: string,
): Promise<{ number: number; guid: string } | null> {
  const row = await store
    .selectFrom('files')
    .innerJoin('sources', 'sources.id', 'files.source_id')
    .innerJoin('entries', 'entries.id', 'files.entry_id')
    .where('sources.name', '=', source)
    .where('path', '=', path.normalize('NFC'))
    .select(['number', 'guid'])
    .executeTakeFirst()
  return row ?? null
}
