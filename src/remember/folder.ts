import { Problem, type ProblemRecord } from '../problem.ts'
import { rememberFile, forgetFile } from './files.ts'
import { type Item, matchDrafts } from './match.ts'
import type { FileReading, KnownFile } from './reading.ts'
import { type Batch, addEntries, instantOf, removeEntries, updateEntries } from './write.ts'

/** Up to this many entries may leave a source at once without a question. */
const MAY_LEAVE = 10

/**
 * Remembers what changed in a folder: what was opened, and what is gone.
 * @returns the problem `source-shrunk` when so much is gone that nothing was removed
 */
export async function rememberFolder(
  batch: Batch,
  opened: readonly FileReading[],
  gone: readonly KnownFile[],
): Promise<ProblemRecord[]> {
  const { store, source } = batch
  const items = await matchDrafts(store, source, opened, gone)
  const known = items.filter(isKnown)
  const stays = new Set(known.map((item) => item.entryId))
  const displaced = new Set((await releaseKeys(batch, known)).filter((id) => !stays.has(id)))
  // Nothing leads to them any more, so that a removal put off would never be made up.
  await removeEntries(batch, [...displaced])
  const leaving = [...gone.flatMap((file) => file.entryId ?? []), ...opened.flatMap(withdrawn)].filter(
    (id) => !stays.has(id) && !displaced.has(id),
  )
  const shrunk = await askBeforeShrinking(batch, leaving)
  const held = new Set(shrunk === null ? [] : leaving)

  await updateEntries(batch, known)
  await addEntries(
    batch,
    oldestFirst(
      batch,
      items.filter((item) => item.entryId === null),
    ),
  )
  if (shrunk === null) await removeEntries(batch, leaving)

  const entryOf = new Map(items.map((item) => [item.file, item.entryId]))
  for (const file of opened) {
    const isHeld = withdrawn(file).some((id) => held.has(id))
    const keeps = isHeld || file.outcome === 'rejected'
    const entryId = entryOf.get(file) ?? (keeps ? (file.known?.entryId ?? null) : null)
    // Without a recipe it is opened again, and asked about again.
    await rememberFile(store, source.id, isHeld ? { ...file, recipe: '' } : file, entryId)
  }
  for (const file of gone) {
    const isHeld = file.entryId !== null && held.has(file.entryId)
    if (!isHeld) await forgetFile(store, source.id, file.path)
  }
  return shrunk === null ? [] : [shrunk]
}

function isKnown(item: Item): item is Item & { entryId: number } {
  return item.entryId !== null
}

/** The entry of a file that became a draft; a file that cannot be understood leaves its entry as it was. */
function withdrawn(file: FileReading): number[] {
  const isWithdrawn = file.outcome === 'read' && file.drafts.length === 0
  return isWithdrawn && file.known !== null && file.known.entryId !== null ? [file.known.entryId] : []
}

/** Frees paths that change hands; returns the entries that lost theirs to another article. */
async function releaseKeys(batch: Batch, items: readonly (Item & { entryId: number })[]): Promise<number[]> {
  const displaced: number[] = []
  for (const item of items) {
    const holder = await batch.store
      .selectFrom('entries')
      .select('id')
      .where('source_id', '=', batch.source.id)
      .where('key', '=', item.draft.key)
      .where('id', '!=', item.entryId)
      .executeTakeFirst()
    if (holder === undefined) continue
    await batch.store.updateTable('entries').set({ key: null }).where('id', '=', holder.id).execute()
    displaced.push(holder.id)
  }
  return displaced
}

/** A source that loses most of its entries at once is more likely an empty mount than an author's wish. */
async function askBeforeShrinking(batch: Batch, leaving: readonly number[]): Promise<ProblemRecord | null> {
  if (batch.moment.acceptRemovals || leaving.length <= MAY_LEAVE) return null
  const row = await batch.store
    .selectFrom('entries')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('source_id', '=', batch.source.id)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow()
  const count = Number(row.count)
  if (leaving.length * 2 <= count) return null
  const message = `${leaving.length} of ${count} entries are gone; none of them was removed`
  const mend = 'bring the files back, or run once with --accept-removals'
  return new Problem('source-shrunk', message, { where: batch.source.name, mend }).toJSON()
}

function oldestFirst(batch: Batch, items: readonly Item[]): Item[] {
  const at = (item: Item): number => instantOf(item.draft, batch.moment, batch.moment.now)
  const key = (item: Item): string => item.draft.key ?? ''
  return [...items].sort((a, b) => at(a) - at(b) || (key(a) < key(b) ? -1 : 1))
}
