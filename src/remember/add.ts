import { type AliasableExpression, sql } from 'kysely'
import { type Instant, anchorOf } from '../entry.ts'
import { guidOfExplicitId, mintId, spaceOut } from '../identity.ts'
import { linkOf } from '../link.ts'
import { sinceMidnight } from '../schedule.ts'
import { type AdoptedGuids, adoptedGuids } from './adopted.ts'
import { ManyInserts } from './bulk.ts'
import { LIST, chunks } from './files.ts'
import { takenInstants } from './instants.ts'
import type { Store } from './open.ts'
import { type Item, giveUpId } from './shelf.ts'
import { type Names, namesOf } from './spool.ts'
import type { Naming } from './tables.ts'
import { type Batch, type Moment, highestNumber, instantOf, lastInQueue } from './write.ts'

const insertNaming = new ManyInserts((store, rows: Naming[]) => store.insertInto('naming').values(rows))

/** Rows that are written in one statement. */
const ROWS = 50

/** Remembers new entries, given oldest first, and numbers them in that order, or in that order lets them wait. */
export async function addEntries(batch: Batch, items: readonly Item[]): Promise<void> {
  const { store, source, moment, counts } = batch
  if (items.length === 0) return
  const { now } = moment
  const wanted = items.map((item) => instantOf(item.date, moment, now))
  const isTaken = await takenInstants(store, items.length)
  const dates = await spaceOut(wanted, latestDate(wanted, moment), isTaken)
  const announcedFrom = source.isFirstRead ? items.length - moment.firstRun : 0
  const isHeld = moment.hold && !source.isFirstRead
  const before = isHeld ? await lastInQueue(store) : await highestNumber(store)
  const numberOf = (index: number): number => (isHeld ? before - 1 - index : before + 1 + index)
  const adopted = await adoptedGuids(store)
  const minted = new Set<string>()
  const updatedOf = updateOf(batch, dates, isTaken)
  await clearNaming(store)
  let done = 0
  for (const some of chunks(items, ROWS)) {
    const named = some.map((item, index) => ({
      item,
      number: numberOf(done + index),
      date: dates[done + index] ?? now,
    }))
    const guids = await freeGuids(batch, named, adopted, minted)
    const rows: Naming[] = []
    for (const [index, { item, number, date }] of named.entries()) {
      const { guid, isAdopted } = guids[index] ?? { guid: '', isAdopted: false }
      rows.push({
        place: item.place,
        number,
        announce: done + index >= announcedFrom && !isAdopted ? 1 : 0,
        guid,
        anchor: anchorOf(guid),
        explicit_id: item.explicitId,
        date,
        date_only: item.date?.kind === 'day' ? 1 : 0,
        updated: await updatedOf(item, date),
      })
    }
    await insertNaming.insert(store, rows)
    done += some.length
  }
  await addNamed(batch)
  counts.new += items.length
  counts.changed = true
}

/** Gives the instant at which a new entry was updated: its date, or a later one that its source states. */
function updateOf(
  { moment, updates }: Batch,
  dates: readonly Instant[],
  isTaken: (at: Instant) => Promise<boolean>,
): (item: Item, date: Instant) => Promise<Instant> {
  // Hardly any source states it.
  let occupied: Set<Instant> | null = null
  return async ({ updated }, date) => {
    const stated = updated === null ? date : instantOf(updated, moment, moment.now)
    if (stated <= date) return date
    const taken = (occupied ??= new Set(dates))
    return updates.next(stated, date, async (at) => taken.has(at) || (await isTaken(at)))
  }
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
  ...([
    'image',
    'enclosures',
    'series',
    'tags',
    'categories',
    'snippet',
    'body_format',
    'fingerprint',
    'body_length',
  ] as const),
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

/** A new entry, numbered and dated. */
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
  const olderGuid = adopted.isEmpty ? () => null : await olderGuids(batch, named, adopted)
  const wishes = named.map((one) => {
    const older = olderGuid(one)
    const own = one.item.explicitId === null ? null : guidOfExplicitId(source.name, one.item.explicitId)
    return { item: one.item, older, own, plain: mintId(source.name, one.item.seed) }
  })
  const asked = wishes.flatMap(({ older, own, plain }) => [older, own, plain].flatMap((guid) => guid ?? []))
  const held = new Set(await heldGuids(store, asked))
  const isFree = (guid: string): boolean => !held.has(guid) && !minted.has(guid)
  const guids: { guid: string; isAdopted: boolean }[] = []
  for (const { item, older, own, plain } of wishes) {
    const isAdopted = older !== null && isFree(older)
    const isOwn = own !== null && isFree(own)
    if (own !== null && !isOwn && !isAdopted) giveUpId(item)
    const wish = isAdopted ? older : isOwn ? own : plain
    const guid = isFree(wish) ? wish : await nextGuid(store, source.name, item.seed, isFree)
    minted.add(guid)
    guids.push({ guid, isAdopted })
  }
  return guids
}

/** Tells what an adopted feed calls each of them. */
async function olderGuids(
  batch: Batch,
  named: readonly Named[],
  adopted: AdoptedGuids,
): Promise<(one: Named) => string | null> {
  const names = await namesOf(
    batch.store,
    named.map(({ item }) => item),
  )
  return (one) => {
    const name = names.get(one.item.place)
    if (name === undefined) return null
    return adopted.guidOf({ link: newLink(batch, one, name), title: name.title, date: one.date })
  }
}

async function heldGuids(store: Store, guids: readonly string[]): Promise<string[]> {
  const held: string[] = []
  for (const some of chunks(guids, LIST)) {
    const rows = await store.selectFrom('entries').select('guid').where('guid', 'in', some).execute()
    held.push(...rows.map(({ guid }) => guid))
  }
  return held
}

async function nextGuid(
  store: Store,
  sourceName: string,
  seed: string,
  isFree: (guid: string) => boolean,
): Promise<string> {
  for (let again = 1; ; again++) {
    const guid = mintId(sourceName, seed, String(again))
    if (isFree(guid) && (await heldGuids(store, [guid])).length === 0) return guid
  }
}

/** Where a new entry will be found; an anchor on our own pages tells nothing, as its guid is still open. */
function newLink({ source, moment }: Batch, { item, number, date }: Named, { permalink, slug }: Names): string {
  const rules = moment.scope.get(source.name)
  return rules === undefined ? '' : linkOf({ permalink, slug, key: item.key, date, number, anchor: '' }, rules)
}
