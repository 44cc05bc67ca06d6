import { Problem, type ProblemRecord } from '../problem.ts'
import { meetElsewhere } from './elsewhere.ts'
import { LIST, addProblems, chunks, forgetFiles, knownFiles, knownImports, linkFiles, unsettleFiles } from './files.ts'
import { takePlaces } from './forestalled.ts'
import { matchItems } from './match.ts'
import type { KnownFile } from './reading.ts'
import { partsAmong } from './parts.ts'
import { type Item, type Shelf, type ShelvedFile, forgetTexts } from './shelf.ts'
import { addEntries } from './add.ts'
import { type Batch, instantOf, removeEntries, updateEntries } from './write.ts'

/** Up to this many entries may leave a source at once without a question. */
const MAY_LEAVE = 10

/**
 * Remembers what changed in a folder: what was opened, and what is gone.
 * @param lost paths of files that are gone
 * @returns the problem `source-shrunk` when so much is gone that nothing was removed
 */
export async function rememberFolder(batch: Batch, shelf: Shelf, lost: readonly string[]): Promise<ProblemRecord[]> {
  const { store, source } = batch
  const gone = [...(await knownFiles(store, source.name, lost)).values()]
  const included = await includedPaths(batch, shelf, lost)
  const items = shelf.items.filter(({ key }) => !included.has(key ?? ''))
  const parts = shelf.items.filter(({ key }) => included.has(key ?? ''))
  await forgetTexts(
    store,
    parts.map(({ textId }) => textId),
  )
  const goneIds = gone.flatMap((file) => file.entryId ?? [])
  await matchItems(store, source, items, shelf.files, goneIds)
  const { forestalled } = await meetElsewhere(
    batch,
    items.filter(({ entryId }) => entryId === null),
  )

  const known = items.filter(isKnown)
  const stays = new Set(known.map((item) => item.entryId))
  const displaced = new Set((await releaseKeys(batch, known)).filter((id) => !stays.has(id)))
  // Nothing leads to them any more, so that a removal put off would never be made up.
  await removeEntries(batch, [...displaced])
  const withdrawn = withdrawnFiles(shelf, items, await partsOfOthers(batch, shelf, included))
  const leaving = [...goneIds, ...withdrawn.flatMap(({ entryId }) => entryId ?? [])].filter(
    (id) => !stays.has(id) && !displaced.has(id),
  )
  const shrunk = await askBeforeShrinking(batch, leaving)
  const held = new Set(shrunk === null ? [] : leaving)

  await updateEntries(batch, known)
  const fresh = items.filter((item) => item.entryId === null)
  await addEntries(batch, oldestFirst(batch, fresh))
  await takePlaces(batch, forestalled)
  if (shrunk === null) await removeEntries(batch, leaving)
  await settleFiles(batch, items, withdrawn, gone, held)
  return shrunk === null ? [] : [shrunk]
}

function isKnown(item: Item): item is Item & { entryId: number } {
  return item.entryId !== null
}

/** Paths of articles that another one includes: these are parts, no entries. */
async function includedPaths(batch: Batch, shelf: Shelf, lost: readonly string[]): Promise<Set<string>> {
  const read = new Set([...lost, ...shelf.files.map(({ path }) => path)])
  const before = await knownImports(batch.store, batch.source.name)
  const rest = before.filter(({ path }) => !read.has(path))
  return new Set(partsAmong([...rest, ...shelf.imports]).keys())
}

/** A file whose entry goes, since the file is an entry no more. */
interface Withdrawn {
  path: string
  entryId: number | null
}

/** Files that were not opened in this run, and are from now on part of another article. */
async function partsOfOthers(batch: Batch, shelf: Shelf, included: ReadonlySet<string>): Promise<KnownFile[]> {
  const opened = new Set(shelf.files.map(({ path }) => path))
  const rest = [...included].filter((path) => !opened.has(path))
  return [...(await knownFiles(batch.store, batch.source.name, rest)).values()]
}

/** A file that cannot be understood leaves its entry as it was; one that became a draft or a part does not. */
function withdrawnFiles(shelf: Shelf, items: readonly Item[], parts: readonly KnownFile[]): Withdrawn[] {
  const hasItem = new Set<ShelvedFile>(items.map(({ file }) => file))
  const withdrawn = shelf.files.filter((file) => file.outcome === 'read' && !hasItem.has(file))
  return [
    ...withdrawn.map(({ path, before }) => ({ path, entryId: before?.entryId ?? null })),
    ...parts.map(({ path, entryId }) => ({ path, entryId })),
  ]
}

/** Frees paths that change hands; returns the entries that lost theirs to another article. */
async function releaseKeys(batch: Batch, items: readonly (Item & { entryId: number })[]): Promise<number[]> {
  const { store, source } = batch
  const ownerOf = new Map(items.map(({ key, entryId }) => [key, entryId]))
  const displaced: number[] = []
  for (const some of chunks([...ownerOf.keys()], LIST)) {
    const rows = await store
      .selectFrom('entries')
      .select(['id', 'key'])
      .where('source_id', '=', source.id)
      .where('key', 'in', some)
      .execute()
    displaced.push(...rows.filter(({ id, key }) => ownerOf.get(key) !== id).map(({ id }) => id))
  }
  for (const some of chunks(displaced, LIST)) {
    await store.updateTable('entries').set({ key: null }).where('id', 'in', some).execute()
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

function oldestFirst({ moment }: Batch, items: readonly Item[]): Item[] {
  const dated = items.map((item) => ({ item, at: instantOf(item.date, moment, moment.now), key: item.key ?? '' }))
  return dated.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1)).map(({ item }) => item)
}

/** Writes down which entry each file holds now, and forgets files that are gone for good. */
async function settleFiles(
  batch: Batch,
  items: readonly Item[],
  withdrawn: readonly Withdrawn[],
  gone: readonly KnownFile[],
  held: ReadonlySet<number>,
): Promise<void> {
  const { store, source } = batch
  const isHeld = ({ entryId }: Withdrawn): boolean => entryId !== null && held.has(entryId)
  await linkFiles(store, source.id, [
    ...items.map(({ file }) => file.path),
    ...withdrawn.filter((file) => !isHeld(file)).map(({ path }) => path),
  ])
  // They are opened again, and asked about again.
  await unsettleFiles(
    store,
    source.id,
    withdrawn.filter(isHeld).map(({ path }) => path),
  )
  for (const { file, late } of items) {
    if (late.length > 0) await addProblems(store, source.id, file.path, late)
  }
  await forgetFiles(
    store,
    source.id,
    gone.filter((file) => !isHeld(file)).map(({ path }) => path),
  )
}
