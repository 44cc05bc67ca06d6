import { fingerprintOf, isSameCapture, openingOf } from '../identity.ts'
import { LIST, chunks } from './files.ts'
import type { Store } from './open.ts'

/** Which of these names of a source stand for entries that are followed in another source; entry ids by name. */
export async function sightedKeys(
  store: Store,
  sourceId: number,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const some of chunks(keys, LIST)) {
    const rows = await store
      .selectFrom('sightings')
      .select(['key', 'entry_id'])
      .where('source_id', '=', sourceId)
      .where('key', 'in', some)
      .execute()
    for (const { key, entry_id: id } of rows) found.set(key, id)
  }
  return found
}

/** True when articles of a source are followed in another one. */
export async function hasSightings(store: Store, sourceId: number): Promise<boolean> {
  const rows = await store.selectFrom('sightings').select('key').where('source_id', '=', sourceId).limit(1).execute()
  return rows.length > 0
}

/** Which of these entries were seen in a source under some name. */
export async function sightedEntries(store: Store, sourceId: number, ids: readonly number[]): Promise<Set<number>> {
  const found = new Set<number>()
  for (const some of chunks(ids, LIST)) {
    const rows = await store
      .selectFrom('sightings')
      .select('entry_id')
      .where('source_id', '=', sourceId)
      .where('entry_id', 'in', some)
      .execute()
    for (const { entry_id: id } of rows) found.add(id)
  }
  return found
}

/** Remembers that an entry, which is followed in another source, stands in this one too. */
export async function sight(store: Store, sourceId: number, key: string, entryId: number): Promise<void> {
  await put(store, { source_id: sourceId, key, entry_id: entryId, opening: null, text: null })
}

/** The same for a folded text of a listing, which has no other name. */
export async function sightText(store: Store, sourceId: number, text: string, entryId: number): Promise<void> {
  const [key, opening] = [fingerprintOf(text), openingOf(text)]
  await put(store, { source_id: sourceId, key, entry_id: entryId, opening, text: opening === null ? null : text })
}

async function put(
  store: Store,
  row: { source_id: number; key: string; entry_id: number; opening: string | null; text: string | null },
): Promise<void> {
  await store
    .insertInto('sightings')
    .values(row)
    .onConflict((c) => c.columns(['source_id', 'key']).doUpdateSet({ entry_id: row.entry_id }))
    .execute()
}

/** The source follows the entry itself from now on. */
export async function unsight(store: Store, sourceId: number, entryId: number): Promise<void> {
  await store.deleteFrom('sightings').where('source_id', '=', sourceId).where('entry_id', '=', entryId).execute()
}

/** The entries that this text of a listing, or a shorter or longer cut of it, was seen to be. */
export async function sightedTexts(store: Store, sourceId: number, text: string): Promise<number[]> {
  const exact = await sightedKeys(store, sourceId, [fingerprintOf(text)])
  if (exact.size > 0) return [...exact.values()]
  const opening = openingOf(text)
  if (opening === null) return []
  const rows = await store
    .selectFrom('sightings')
    .select(['entry_id', 'text'])
    .where('source_id', '=', sourceId)
    .where('opening', '=', opening)
    .execute()
  return [...new Set(rows.filter((row) => isSameCapture(row.text ?? '', text)).map((row) => row.entry_id))]
}
