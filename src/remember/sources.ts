import type { Store } from './open.ts'

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
