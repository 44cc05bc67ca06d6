import { type Draft, type Instant, anchorOf } from '../entry.ts'
import { guidOfExplicitId, mintId, openingOf, spaceOut, writtenText } from '../identity.ts'
import { dayInstant, sinceMidnight } from '../schedule.ts'
import { type Item, giveUpId } from './match.ts'
import type { Store } from './open.ts'

/** What remembering depends on besides the reading. */
export interface Moment {
  now: Instant
  /** The site's zone, for dates without one. */
  zone: string
  /** How many entries of a source's first read readers are told of. */
  firstRun: number
  /** True when the owner says that a source may lose most of its entries. */
  acceptRemovals: boolean
}

/** The changes of one source within one transaction. */
export interface Batch {
  store: Store
  source: { id: number; name: string; isFirstRead: boolean }
  moment: Moment
  /** Marks every entry that this batch changes. */
  revision: number
  counts: { new: number; updated: number; removed: number; changed: boolean }
}

/** The instant of a draft: its own date, never after it was first seen. */
export function instantOf(draft: Draft, moment: Moment, firstSeen: Instant): Instant {
  if (draft.date === null) return firstSeen
  return draft.date.kind === 'instant'
    ? Math.min(draft.date.at, firstSeen)
    : dayInstant(draft.date, moment.zone, firstSeen)
}

/** Remembers new entries, given oldest first, and numbers them in that order. */
export async function addEntries(batch: Batch, items: readonly Item[]): Promise<void> {
  const { store, source, moment, revision, counts } = batch
  if (items.length === 0) return
  const { now } = moment
  const wanted = items.map((item) => instantOf(item.draft, moment, now))
  const dates = await spaceOut(wanted, latestDate(wanted, moment), (at) => isTaken(store, at))
  const announcedFrom = source.isFirstRead ? items.length - moment.firstRun : 0
  let number = await highestNumber(store)
  for (const [index, item] of items.entries()) {
    const guid = await freeGuid(store, source.name, item)
    const date = dates[index] ?? now
    number += 1
    const { id } = await store
      .insertInto('entries')
      .values({
        ...columnsOf(item),
        source_id: source.id,
        number,
        announce: index >= announcedFrom ? 1 : 0,
        guid,
        anchor: anchorOf(guid),
        title: item.draft.title,
        date,
        date_only: item.draft.date?.kind === 'day' ? 1 : 0,
        written_date: writtenText(item.draft.date),
        first_seen: now,
        updated: date,
        removed_at: null,
        revision,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await store.insertInto('bodies').values({ entry_id: id, text: item.draft.body.text }).execute()
    item.entryId = id
  }
  counts.new += items.length
  counts.changed = true
}

/**
 * No date lies after its entry was first seen; but right after midnight those of today may lie some seconds ahead,
 * since spacing them into the past would show them on the day before.
 */
function latestDate(wanted: readonly Instant[], { now, zone }: Moment): Instant {
  const midnight = now - sinceMidnight(now, zone)
  return Math.max(now, midnight + wanted.filter((at) => at >= midnight).length * 1000)
}

/** The highest number that an entry has; 0 when there is none. */
export async function highestNumber(store: Store): Promise<number> {
  const row = await store
    .selectFrom('entries')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirst()
  return Number(row?.number ?? 0)
}

async function freeInstant(store: Store, wanted: Instant, latest: Instant): Promise<Instant> {
  const [free] = await spaceOut([wanted], latest, (at) => isTaken(store, at))
  return free ?? wanted
}

async function isTaken(store: Store, at: Instant): Promise<boolean> {
  const row = await store
    .selectFrom('entries')
    .select('id')
    .where((where) => where.or([where('date', '=', at), where('updated', '=', at)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function freeGuid(store: Store, sourceName: string, item: Item): Promise<string> {
  const holds = async (guid: string): Promise<boolean> =>
    (await store.selectFrom('entries').select('id').where('guid', '=', guid).executeTakeFirst()) !== undefined
  if (item.explicitId !== null) {
    const guid = guidOfExplicitId(sourceName, item.explicitId)
    if (!(await holds(guid))) return guid
    giveUpId(item)
  }
  const { seed } = item
  for (let again = 0; ; again++) {
    const guid = again === 0 ? mintId(sourceName, seed) : mintId(sourceName, seed, String(again))
    if (!(await holds(guid))) return guid
  }
}

/** Columns that follow the source without being news. */
function columnsOf(item: Item) {
  const { draft } = item
  return {
    key: draft.key,
    explicit_id: item.explicitId,
    title_guessed: draft.titleGuessed ? (1 as const) : (0 as const),
    permalink: draft.permalink,
    slug: draft.slug,
    author: draft.author,
    tags: JSON.stringify(draft.tags),
    categories: JSON.stringify(draft.categories),
    snippet: draft.snippet,
    body_format: draft.body.format,
    fingerprint: item.fingerprint,
    body_length: item.bodyLength,
    opening: draft.key === null ? openingOf(item.folded) : null,
  }
}

/**
 * Brings remembered entries up to what their source says now. An edit of title, body or written date is an update;
 * the same bytes read in another way, or another tag, are none.
 */
export async function updateEntries(batch: Batch, items: readonly (Item & { entryId: number })[]): Promise<void> {
  const { store, moment, revision, counts } = batch
  for (const item of items) {
    const { draft } = item
    const before = await store
      .selectFrom('entries')
      .selectAll()
      .where('id', '=', item.entryId)
      .executeTakeFirstOrThrow()
    const columns = columnsOf(item)
    const written = writtenText(draft.date)
    const isRedated = written !== null && written !== before.written_date
    const isEdited =
      (draft.title !== before.title && !draft.titleGuessed) || columns.fingerprint !== before.fingerprint || isRedated
    const isUpdate = isEdited && item.file.hash !== item.file.known?.hash
    const after = {
      ...columns,
      title: draft.title,
      removed_at: null,
      ...(isRedated && {
        date: await freeInstant(store, instantOf(draft, moment, before.first_seen), before.first_seen),
        date_only: draft.date?.kind === 'day' ? (1 as const) : (0 as const),
        written_date: written,
      }),
      ...(isUpdate && { updated: Math.max(moment.now, before.updated) }),
    }
    const remembered: Record<string, unknown> = before
    // The folded text may be the same while the Markdown is not.
    const { numUpdatedRows } = await store
      .updateTable('bodies')
      .set({ text: draft.body.text })
      .where('entry_id', '=', item.entryId)
      .where('text', '!=', draft.body.text)
      .executeTakeFirst()
    const isChanged = Object.entries(after).some(([column, value]) => remembered[column] !== value)
    if (isChanged || numUpdatedRows > 0n) {
      await store
        .updateTable('entries')
        .set({ ...after, revision })
        .where('id', '=', item.entryId)
        .execute()
      counts.changed = true
    }
    if (isUpdate) counts.updated += 1
  }
}

/** Takes entries out of the feeds; they stay remembered. */
export async function removeEntries(batch: Batch, ids: readonly number[]): Promise<void> {
  const { store, moment, revision, counts } = batch
  for (const id of ids) {
    const { numUpdatedRows } = await store
      .updateTable('entries')
      .set({ removed_at: moment.now, revision })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) continue
    counts.removed += 1
    counts.changed = true
  }
}
