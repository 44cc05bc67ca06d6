import type { Selectable } from 'kysely'
import type { Instant, WrittenDate } from '../entry.ts'
import { dayInstant } from '../schedule.ts'
import type { Scope } from './entries.ts'
import { chunks } from './files.ts'
import { type UpdateInstants, freeInstant } from './instants.ts'
import type { Store } from './open.ts'
import type { Reading } from './reading.ts'
import { type Item, forgetTexts } from './shelf.ts'
import { takeDown } from './spool.ts'
import type { Entries, Spool } from './tables.ts'

/** What remembering depends on besides the reading. */
export interface Moment {
  now: Instant
  /** Where the owner's own articles are. */
  siteUrl: string
  /** The site's zone, for dates without one. */
  zone: string
  /** How many entries of a source's first read readers are told of. */
  firstRun: number
  /** True when new entries wait before they are published; those of a first read never do. */
  hold: boolean
  /** True when the owner says that a source may lose most of its entries. */
  acceptRemovals: boolean
  /** How the links of each source are made. */
  scope: Scope
  /** True when several sources may have one article. */
  meets: boolean
}

/** The changes of one source within one transaction. */
export interface Batch {
  store: Store
  source: { id: number; name: string; isFirstRead: boolean }
  kind: Reading['kind']
  /** Where the source is; null for files. */
  url: string | null
  moment: Moment
  /** Marks every entry that this batch changes. */
  revision: number
  counts: { new: number; updated: number; removed: number; changed: boolean }
  /** Gives what is updated in this batch instants of their own. */
  updates: UpdateInstants
}

/** The instant of a written date, never after it was first seen; without one, when it was first seen. */
export function instantOf(date: WrittenDate | null, moment: Moment, firstSeen: Instant): Instant {
  if (date === null) return firstSeen
  return date.kind === 'instant' ? Math.min(date.at, firstSeen) : dayInstant(date, moment.zone, firstSeen)
}

/** Entries that are looked up at once. */
const ROWS = 50

/** The highest number that an entry has; 0 when there is none. */
export async function highestNumber(store: Store): Promise<number> {
  const row = await store
    .selectFrom('entries')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirst()
  return Math.max(0, Number(row?.number ?? 0))
}

/** The place of the last entry in the queue of those held back, which counts down from -1; 0 when nobody waits. */
export async function lastInQueue(store: Store): Promise<number> {
  const row = await store
    .selectFrom('entries')
    .select(({ fn }) => fn.min('number').as('number'))
    .executeTakeFirst()
  return Math.min(0, Number(row?.number ?? 0))
}

/**
 * Brings remembered entries up to what their source says now. An edit of title, body or written date is an update;
 * the same bytes read in another way, or another tag, are none.
 */
export async function updateEntries(batch: Batch, items: readonly (Item & { entryId: number })[]): Promise<void> {
  const { store } = batch
  for (const some of chunks(items, ROWS)) {
    const ids = some.map(({ entryId }) => entryId)
    const rows = await store.selectFrom('entries').selectAll().where('id', 'in', ids).execute()
    const before = new Map(rows.map((row) => [row.id, row]))
    const spooled = await takeDown(store, some)
    const { kept, changed } = await settleTexts(store, some, before)
    for (const item of some) {
      const [was, is] = [before.get(item.entryId), spooled.get(item.place)]
      if (was === undefined || is === undefined) continue
      const row = { ...is, text_id: kept.get(item.entryId) ?? is.text_id }
      await updateEntry(batch, item, was, row, changed.has(item.entryId))
    }
  }
}

async function updateEntry(
  batch: Batch,
  item: Item,
  before: Selectable<Entries>,
  row: Omit<Spool, 'id'>,
  hasNewText: boolean,
): Promise<void> {
  const { store, moment, revision, counts, updates } = batch
  const { date, updated } = item
  const isRedated = row.written_date !== null && row.written_date !== before.written_date
  const isReissued = row.written_updated !== null && row.written_updated !== before.written_updated
  const isRewritten = row.fingerprint !== before.fingerprint || (row.title !== before.title && row.title_guessed === 0)
  const isMoved = (['key', 'slug', 'permalink'] as const).some((column) => row[column] !== before[column])
  const isUpdate = (isRewritten || isRedated || isReissued) && !item.file.isSame
  const stated = isReissued && updated !== null ? instantOf(updated, moment, moment.now) : moment.now
  const after = {
    ...row,
    explicit_id: item.explicitId,
    written_date: isRedated ? row.written_date : before.written_date,
    removed_at: null,
    ...(isRedated && {
      date: await freeInstant(store, instantOf(date, moment, before.first_seen), before.first_seen),
      date_only: date?.kind === 'day' ? (1 as const) : (0 as const),
    }),
    ...(isUpdate && {
      updated: await updates.next(stated, before.updated),
    }),
    // An archive is not written again for an edit, nor for an address that changed.
    ...((isUpdate || isMoved) && { again: await highestNumber(store) }),
    ...(before.removed_at !== null && { stood_revision: revision }),
  }
  if (isUpdate) counts.updated += 1
  const remembered: Record<string, unknown> = before
  // The folded text may be the same while the Markdown is not.
  if (!hasNewText && !Object.entries(after).some(([column, value]) => remembered[column] !== value)) return
  await store
    .updateTable('entries')
    .set({ ...after, revision })
    .where('id', '=', item.entryId)
    .execute()
  counts.changed = true
}

/** Keeps one row of `texts` for each entry, and says which row, and whose text is another now. */
async function settleTexts(
  store: Store,
  items: readonly (Item & { entryId: number })[],
  before: ReadonlyMap<number, Selectable<Entries>>,
): Promise<{ kept: Map<number, number>; changed: Set<number> }> {
  const pairs = items.map(({ entryId, textId }) => ({ entryId, textId, old: before.get(entryId)?.text_id ?? textId }))
  const ids = pairs.flatMap(({ textId, old }) => [textId, old])
  const rows = await store.selectFrom('texts').selectAll().where('id', 'in', ids).execute()
  const texts = new Map(rows.map(({ id, text }) => [id, text]))
  const kept = new Map<number, number>()
  const changed = new Set<number>()
  for (const { entryId, textId, old } of pairs) {
    kept.set(entryId, old)
    const [was, is] = [texts.get(old), texts.get(textId)]
    if (was === is || is === undefined) continue
    changed.add(entryId)
    await store.updateTable('texts').set({ text: is }).where('id', '=', old).execute()
  }
  const spare = pairs.filter(({ textId, old }) => textId !== old)
  await forgetTexts(
    store,
    spare.map(({ textId }) => textId),
  )
  return { kept, changed }
}

/** Takes entries out of the feeds; they stay remembered. */
export async function removeEntries(batch: Batch, ids: readonly number[]): Promise<void> {
  const { store, moment, revision, counts } = batch
  for (const id of ids) {
    const { numUpdatedRows } = await store
      .updateTable('entries')
      .set({ removed_at: moment.now, revision, stood_revision: revision })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) continue
    counts.removed += 1
    counts.changed = true
  }
}
