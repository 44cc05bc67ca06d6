import { fingerprintOf, isSameCapture, openingOf } from '../identity.ts'
import { forgetFile, rememberFile } from './files.ts'
import { type Item, itemOf } from './match.ts'
import type { Store } from './open.ts'
import type { FileReading, KnownFile } from './reading.ts'
import { type Batch, addEntries } from './write.ts'

/**
 * Remembers the snippets of listings, file by file and within a file from the bottom up, since the newest stands on
 * top. A snippet's only identity is its text. Captures may cut one article at different lengths: a cut text that is
 * the opening of exactly one known text, or the other way round, is that article; of several it may be any, so it
 * counts as seen. A listing is a window: what falls out of it is not removed, even with its file. A file whose bytes
 * were understood before holds nothing new, in whatever way it is read now.
 */
export async function rememberCaptures(
  batch: Batch,
  opened: readonly FileReading[],
  gone: readonly KnownFile[],
): Promise<void> {
  const fresh = new Captures()
  for (const file of opened) {
    const isSeen = file.hash === file.known?.hash && !file.known.problems.some(({ severity }) => severity === 'error')
    for (const draft of [...file.drafts].reverse()) {
      const item = itemOf(file, draft)
      const inStore = await remembered(batch.store, batch.source.id, item.folded)
      const [found, another] = [...inStore, ...fresh.alike(item.folded)]
      if (found === undefined) {
        if (!isSeen) fresh.add(item)
      } else if (another === undefined && (item.folded === found.text || item.folded.length > found.text.length)) {
        if (found.entryId === null) fresh.lengthen(found.text, item)
        else await lengthen(batch, found.entryId, item)
      }
    }
  }
  await addEntries(batch, fresh.items())
  for (const file of opened) await rememberFile(batch.store, batch.source.id, file, null)
  for (const file of gone) await forgetFile(batch.store, batch.source.id, file.path)
}

/** A text that is known; `entryId` is null when it is known only from this read. */
interface Known {
  entryId: number | null
  text: string
}

/** The texts that this read found new so far, in the order in which they were found. */
class Captures {
  readonly #items: Item[] = []
  readonly #byText = new Map<string, number>()
  readonly #byOpening = new Map<string, Set<string>>()

  add(item: Item): void {
    this.#put(item, this.#items.length)
  }

  /** Gives an article the text of a longer cut; the rest stays as it was first seen, as in the store. */
  lengthen(text: string, longer: Item): void {
    const place = this.#byText.get(text) ?? -1
    const first = this.#items[place]
    if (first === undefined) return
    this.#byText.delete(text)
    this.#byOpening.get(openingOf(text) ?? '')?.delete(text)
    const { folded, fingerprint, bodyLength } = longer
    const { snippet, body } = longer.draft
    this.#put({ ...first, folded, fingerprint, bodyLength, draft: { ...first.draft, snippet, body } }, place)
  }

  alike(text: string): Known[] {
    if (this.#byText.has(text)) return [{ entryId: null, text }]
    const near = [...(this.#byOpening.get(openingOf(text) ?? '') ?? [])]
    return near.filter((known) => isSameCapture(known, text)).map((known) => ({ entryId: null, text: known }))
  }

  items(): Item[] {
    return this.#items
  }

  #put(item: Item, place: number): void {
    this.#items[place] = item
    this.#byText.set(item.folded, place)
    const opening = openingOf(item.folded)
    if (opening === null) return
    this.#byOpening.set(opening, (this.#byOpening.get(opening) ?? new Set()).add(item.folded))
  }
}

async function remembered(store: Store, sourceId: number, text: string): Promise<Known[]> {
  const same = await store
    .selectFrom('entries')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('fingerprint', '=', fingerprintOf(text))
    .executeTakeFirst()
  if (same !== undefined) return [{ entryId: same.id, text }]
  const opening = openingOf(text)
  if (opening === null) return []
  const rows = await store
    .selectFrom('entries')
    .innerJoin('bodies', 'bodies.entry_id', 'entries.id')
    .select(['entries.id as entryId', 'bodies.text'])
    .where('source_id', '=', sourceId)
    .where('opening', '=', opening)
    .execute()
  return rows.filter((row) => isSameCapture(row.text, text))
}

/** The longest text that was captured of an article is its identity from then on; neither that nor a new cut is news. */
async function lengthen(batch: Batch, entryId: number, item: Item): Promise<void> {
  const { store, revision, counts } = batch
  const { numUpdatedRows } = await store
    .updateTable('entries')
    .set({
      snippet: item.draft.snippet,
      fingerprint: item.fingerprint,
      body_length: item.bodyLength,
      opening: openingOf(item.folded),
      revision,
    })
    .where('id', '=', entryId)
    .where((where) =>
      where.or([where('fingerprint', '!=', item.fingerprint), where('snippet', '!=', item.draft.snippet)]),
    )
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await store.updateTable('bodies').set({ text: item.draft.body.text }).where('entry_id', '=', entryId).execute()
  counts.changed = true
}
