import type { FetchState } from './fetches.ts'
import { knownFetch } from './fetches.ts'
import { LIST, chunks, knownFiles } from './files.ts'
import type { Store } from './open.ts'
import type { KnownFile } from './reading.ts'
import { sightedKeys } from './sightings.ts'

/** What is remembered of a source that is a page or feed. */
export interface KnownRemote {
  /** Its document; null when it was never read. */
  file: KnownFile | null
  /** Documents that it had under another address. */
  others: string[]
  fetch: FetchState | null
  /** True while the runs before could not read it. */
  isFailing: boolean
  /** Sources that are read no more and follow articles which stand here too: here they are to be looked for again. */
  lost: string[]
}

/**
 * @param path what its document is called among the files of the source
 * @param configured names of all sources that are read
 */
export async function knownRemote(
  store: Store,
  name: string,
  path: string,
  configured: readonly string[],
): Promise<KnownRemote> {
  const rows = await store
    .selectFrom('sources')
    .leftJoin('files', 'files.source_id', 'sources.id')
    .select(['sources.failures', 'files.path'])
    .where('name', '=', name)
    .execute()
  if (rows.length === 0) return { file: null, others: [], fetch: null, isFailing: false, lost: [] }
  const others = rows.flatMap((row) => (row.path === null || row.path === path ? [] : [row.path]))
  const file = (await knownFiles(store, name, [path])).get(path) ?? null
  const lost = (await followedBy(store, name)).filter((source) => !configured.includes(source))
  return { file, others, fetch: await knownFetch(store, name), isFailing: (rows[0]?.failures ?? 0) > 0, lost }
}

/** The sources that follow articles which this one was seen to have. */
async function followedBy(store: Store, name: string): Promise<string[]> {
  const rows = await store
    .selectFrom('sightings')
    .innerJoin('sources as here', 'here.id', 'sightings.source_id')
    .innerJoin('entries', 'entries.id', 'sightings.entry_id')
    .innerJoin('sources as there', 'there.id', 'entries.source_id')
    .select('there.name')
    .distinct()
    .where('here.name', '=', name)
    .orderBy('there.name')
    .execute()
  return rows.map((row) => row.name)
}

/** How many of these keys of a source are of no entry yet. */
export async function countNewKeys(store: Store, name: string, keys: readonly string[]): Promise<number> {
  const source = await store.selectFrom('sources').select('id').where('name', '=', name).executeTakeFirst()
  if (source === undefined) return new Set(keys).size
  const sighted = await sightedKeys(store, source.id, keys)
  const wanted = new Set(keys.filter((key) => !sighted.has(key)))
  for (const some of chunks([...wanted], LIST)) {
    const rows = await store
      .selectFrom('entries')
      .select('key')
      .where('source_id', '=', source.id)
      .where('key', 'in', some)
      .execute()
    for (const { key } of rows) wanted.delete(key ?? '')
  }
  return wanted.size
}
