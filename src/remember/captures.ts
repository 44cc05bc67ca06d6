import type { Draft } from '../entry.ts'
import { codePoints, fingerprintOf, isSameCapture, openingOf } from '../identity.ts'
import { foldText } from '../markdown/text.ts'
import { isListedElsewhere } from './elsewhere.ts'
import { chunks, forgetFiles, rememberFiles } from './files.ts'
import type { Store } from './open.ts'
import type { FileReading } from './reading.ts'
import { type Item, putDrafts, shelvedFile } from './shelf.ts'
import { addEntries } from './add.ts'
import type { Batch } from './write.ts'

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
  gone: readonly string[],
): Promise<void> {
  const fresh = new Captures()
  for (const file of opened) {
    const isSeen = file.hash === file.known?.hash && !file.known.problems.some(({ severity }) => severity === 'error')
    for (const draft of [...file.drafts].reverse()) {
      const text = foldText(draft.written)
      const inStore = await remembered(batch.store, batch.source.id, text)
      const [found, another] = [...inStore, ...fresh.alike(text)]
      if (found === undefined) {
        if (!isSeen && !(await isListedElsewhere(batch, draft, text))) fresh.add({ file, draft, text, seed: text })
      } else if (another === undefined && (text === found.text || text.length > found.text.length)) {
        if (found.entryId === null) fresh.lengthen(found.text, draft, text)
        else await lengthen(batch, found.entryId, draft, text)
      }
    }
  }
  await rememberFiles(batch.store, batch.source.id, opened)
  await forgetFiles(batch.store, batch.source.id, gone)
  const drafts = fresh
    .captures()
    .map(({ file, ...capture }) => ({ file: shelvedFile(file), where: file.place, ...capture }))
  const items: Item[] = []
  for (const some of chunks(drafts, AT_ONCE)) items.push(...(await putDrafts(batch.store, some, items.length)))
  await addEntries(batch, items)
}

const AT_ONCE = 200

/** A snippet that was not remembered before this read. */
interface Capture {
  file: FileReading
  draft: Draft
  /** Folded. */
  text: string
  /** The text that was first captured. */
  seed: string
}

/** A text that is known; `entryId` is null when it is known only from this read. */
interface Known {
  entryId: number | null
  text: string
}

/** The texts that this read found new so far, in the order in which they were found. */
class Captures {
  readonly #captures: Capture[] = []
  readonly #byText = new Map<string, number>()
  readonly #byOpening = new Map<string, Set<string>>()

  add(capture: Capture): void {
    this.#put(capture, this.#captures.length)
  }

  /** Gives an article the text of a longer cut; the rest stays as it was first seen, as in the store. */
  lengthen(text: string, longer: Draft, longerText: string): void {
    const place = this.#byText.get(text) ?? -1
    const first = this.#captures[place]
    if (first === undefined) return
    this.#byText.delete(text)
    this.#byOpening.get(openingOf(text) ?? '')?.delete(text)
    const { snippet, body, written } = longer
    this.#put({ ...first, text: longerText, draft: { ...first.draft, snippet, body, written } }, place)
  }

  alike(text: string): Known[] {
    if (this.#byText.has(text)) return [{ entryId: null, text }]
    const near = [...(this.#byOpening.get(openingOf(text) ?? '') ?? [])]
    return near.filter((known) => isSameCapture(known, text)).map((known) => ({ entryId: null, text: known }))
  }

  captures(): Capture[] {
    return this.#captures
  }

  #put(capture: Capture, place: number): void {
    const { text } = capture
    this.#captures[place] = capture
    this.#byText.set(text, place)
    const opening = openingOf(text)
    if (opening === null) return
    this.#byOpening.set(opening, (this.#byOpening.get(opening) ?? new Set()).add(text))
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
    .innerJoin('texts', 'texts.id', 'entries.text_id')
    .select(['entries.id as entryId', 'texts.text'])
    .where('source_id', '=', sourceId)
    .where('opening', '=', opening)
    .execute()
  return rows.filter((row) => isSameCapture(row.text, text))
}

/** The longest text that was captured of an article is its identity from then on; neither that nor a new cut is news. */
async function lengthen(batch: Batch, entryId: number, draft: Draft, text: string): Promise<void> {
  const { store, revision, counts } = batch
  const { snippet } = draft
  const fingerprint = fingerprintOf(text)
  const { numUpdatedRows } = await store
    .updateTable('entries')
    .set({
      snippet,
      fingerprint,
      body_length: codePoints(text),
      opening: openingOf(text),
      revision,
    })
    .where('id', '=', entryId)
    .where((where) => where.or([where('fingerprint', '!=', fingerprint), where('snippet', '!=', snippet)]))
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await store
    .updateTable('texts')
    .set({ text: draft.body.text })
    .where('id', '=', (query) => query.selectFrom('entries').select('text_id').where('entries.id', '=', entryId))
    .execute()
  counts.changed = true
}
