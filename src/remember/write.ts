import { type Instant, type WrittenDate, anchorOf } from '../entry.ts'
import { guidOfExplicitId, mintId, spaceOut } from '../identity.ts'
import { linkOf } from '../link.ts'
import { dayInstant, sinceMidnight } from '../schedule.ts'
import { type AdoptedGuids, adoptedGuids } from './adopted.ts'
import type { Scope } from './entries.ts'
import { ManyInserts } from './bulk.ts'
import { LIST, chunks } from './files.ts'
import type { Store } from './open.ts'
import { type Item, forgetTexts, giveUpId, takeDown } from './shelf.ts'
import type { Entries, Naming, Spool } from './tables.ts'
import { type AliasableExpression, type Selectable, sql } from 'kysely'

/** What remembering depends on besides the reading. */
export interface Moment {
  now: Instant
  /** The site's zone, for dates without one. */
  zone: string
  /** How many entries of a source's first read readers are told of. */
  firstRun: number
  /** True when the owner says that a source may lose most of its entries. */
  acceptRemovals: boolean
  /** How the links of each source are made. */
  scope: Scope
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

/** The instant of a written date, never after it was first seen; without one, when it was first seen. */
export function instantOf(date: WrittenDate | null, moment: Moment, firstSeen: Instant): Instant {
  if (date === null) return firstSeen
  return date.kind === 'instant' ? Math.min(date.at, firstSeen) : dayInstant(date, moment.zone, firstSeen)
}

const insertNaming = new ManyInserts((store, rows: Naming[]) => store.insertInto('naming').values(rows))

/** Rows that are written in one statement. */
const ROWS = 50

/** Remembers new entries, given oldest first, and numbers them in that order. */
export async function addEntries(batch: Batch, items: readonly Item[]): Promise<void> {
  const { store, source, moment, counts } = batch
  if (items.length === 0) return
  const { now } = moment
  const wanted = items.map((item) => instantOf(item.date, moment, now))
  const isTaken = await takenInstants(store, items.length)
  const dates = await spaceOut(wanted, latestDate(wanted, moment), isTaken)
  const announcedFrom = source.isFirstRead ? items.length - moment.firstRun : 0
  const first = (await highestNumber(store)) + 1
  const adopted = await adoptedGuids(store)
  const minted = new Set<string>()
  await clearNaming(store)
  let done = 0
  for (const some of chunks(items, ROWS)) {
    const named = some.map((item, index) => ({ item, number: first + done + index, date: dates[done + index] ?? now }))
    const guids = await freeGuids(batch, named, adopted, minted)
    const rows = named.map(({ item, number, date }, index): Naming => {
      const { guid, isAdopted } = guids[index] ?? { guid: '', isAdopted: false }
      const updated = item.updated === null ? date : instantOf(item.updated, moment, now)
      return {
        place: item.place,
        number,
        announce: done + index >= announcedFrom && !isAdopted ? 1 : 0,
        guid,
        anchor: anchorOf(guid),
        explicit_id: item.explicitId,
        date,
        date_only: item.date?.kind === 'day' ? 1 : 0,
        updated: Math.max(date, updated),
      }
    })
    await insertNaming.insert(store, rows)
    done += some.length
  }
  await addNamed(batch)
  counts.new += items.length
  counts.changed = true
}

/** The table is temporary: it goes with the connection. */
async function clearNaming(store: Store): Promise<void> {
  await sql`create temporary table if not exists naming (
    place integer primary key, number bigint, announce integer, guid text, anchor text, explicit_id text, date bigint,
    date_only integer, updated bigint
  )`.execute(store)
  await store.deleteFrom('naming').execute()
}

/** Brings together what the source says of the new entries and what they are called here. */
async function addNamed({ store, source, moment, revision }: Batch): Promise<void> {
  const value = (of: number): AliasableExpression<number> => sql<number>`cast(${of} as bigint)`
  await store
    .insertInto('entries')
    .columns([...NAMED, ...FOLLOWED, 'source_id', 'first_seen', 'revision', 'hidden'])
    .expression((query) =>
      query
        .selectFrom('naming')
        .innerJoin('spool', 'spool.id', 'naming.place')
        .select([
          ...NAMED.map((name) => `naming.${name}` as const),
          ...FOLLOWED.map((name) => `spool.${name}` as const),
        ])
        .select([
          value(source.id).as('source_id'),
          value(moment.now).as('first_seen'),
          value(revision).as('revision'),
          value(0).as('hidden'),
        ])
        .orderBy('naming.number'),
    )
    .execute()
}

const NAMED = ['number', 'announce', 'guid', 'anchor', 'explicit_id', 'date', 'date_only', 'updated'] as const
const FOLLOWED = [
  ...(['key', 'title', 'title_guessed', 'written_date', 'written_updated', 'permalink', 'slug', 'authors'] as const),
  ...(['image', 'series', 'tags', 'categories', 'snippet', 'body_format', 'fingerprint', 'body_length'] as const),
  ...(['opening', 'text_id'] as const),
] as const

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

/** Asks whether an entry has an instant: the store, or for many questions a list of all that are there. */
async function takenInstants(store: Store, questions: number): Promise<(at: Instant) => Promise<boolean>> {
  if (questions <= ROWS) return (at) => isTaken(store, at)
  const taken = new Set<Instant>()
  const rows = await store.selectFrom('entries').select(['date', 'updated']).execute()
  for (const { date, updated } of rows) taken.add(date).add(updated)
  return (at) => Promise.resolve(taken.has(at))
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

/** A new entry with what its link may be made of. */
interface Named {
  item: Item
  number: number
  date: Instant
}

/**
 * A guid for each new entry: what an adopted feed calls it, else that of its own id, else one minted from its place.
 * @param minted all that were given so far in this batch
 */
async function freeGuids(
  batch: Batch,
  named: readonly Named[],
  adopted: AdoptedGuids,
  minted: Set<string>,
): Promise<{ guid: string; isAdopted: boolean }[]> {
  const { store, source } = batch
  const wishes = named.map((one) => {
    const older = adopted.guidOf({ ...one, link: newLink(batch, one), title: one.item.title })
    const own = one.item.explicitId === null ? null : guidOfExplicitId(source.name, one.item.explicitId)
    return { item: one.item, older, own, plain: mintId(source.name, one.item.seed) }
  })
  const asked = wishes.flatMap(({ older, own, plain }) => [older, own, plain].flatMap((guid) => guid ?? []))
  const held = new Set([...minted, ...(await heldGuids(store, asked))])
  const guids: { guid: string; isAdopted: boolean }[] = []
  for (const { item, older, own, plain } of wishes) {
    const isAdopted = older !== null && !held.has(older)
    const isOwn = own !== null && !held.has(own)
    if (own !== null && !isOwn && !isAdopted) giveUpId(item)
    const wish = isAdopted ? older : isOwn ? own : plain
    const guid = held.has(wish) ? await nextGuid(store, source.name, item.seed, held) : wish
    held.add(guid)
    minted.add(guid)
    guids.push({ guid, isAdopted })
  }
  return guids
}

async function heldGuids(store: Store, guids: readonly string[]): Promise<string[]> {
  const held: string[] = []
  for (const some of chunks(guids, LIST)) {
    const rows = await store.selectFrom('entries').select('guid').where('guid', 'in', some).execute()
    held.push(...rows.map(({ guid }) => guid))
  }
  return held
}

async function nextGuid(store: Store, sourceName: string, seed: string, held: ReadonlySet<string>): Promise<string> {
  for (let again = 1; ; again++) {
    const guid = mintId(sourceName, seed, String(again))
    if (!held.has(guid) && (await heldGuids(store, [guid])).length === 0) return guid
  }
}

/** Where a new entry will be found; an anchor on our own pages tells nothing, as its guid is still open. */
function newLink({ source, moment }: Batch, { item, number, date }: Named): string {
  const { permalink, slug, key } = item
  const rules = moment.scope.get(source.name)
  return rules === undefined ? '' : linkOf({ permalink, slug, key, date, number, anchor: '' }, rules)
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
  const { store, moment, revision, counts } = batch
  const { date, updated } = item
  const isRedated = row.written_date !== null && row.written_date !== before.written_date
  const isReissued = row.written_updated !== null && row.written_updated !== before.written_updated
  const isRewritten = row.fingerprint !== before.fingerprint || (row.title !== before.title && !item.titleGuessed)
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
    // An update that lies before the last one would not be seen.
    ...(isUpdate && { updated: stated > before.updated ? stated : Math.max(moment.now, before.updated) }),
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
      .set({ removed_at: moment.now, revision })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) continue
    counts.removed += 1
    counts.changed = true
  }
}
