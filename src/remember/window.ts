import type { Instant } from '../entry.ts'
import { SHORTEST_IDENTITY, writtenText } from '../identity.ts'
import { titleKey } from './adopted.ts'
import { addEntries } from './add.ts'
import { entriesByCrossKey, freshenCrossKeys, linkCrossKey } from './cross-keys.ts'
import { meetElsewhere } from './elsewhere.ts'
import { LIST, addProblems, chunks, forgetFiles, rememberFiles } from './files.ts'
import type { FileReading } from './reading.ts'
import { storeRevision } from './revision.ts'
import { type Item, forgetTexts, putDrafts, shelvedFile } from './shelf.ts'
import { takeDown } from './spool.ts'
import { type Batch, instantOf, updateEntries } from './write.ts'
import { parseUrl } from '../web-address.ts'

const AT_ONCE = 100
const DAY = 86_400_000

/**
 * Remembers what a page or a feed of others lists. It is a window: what falls out of it is not removed, and what stood in
 * it before is known for ever, by what the feed calls it, else by its address, else, when the site moved, by title, date
 * and text.
 */
export async function rememberWindow(
  batch: Batch,
  opened: readonly FileReading[],
  gone: readonly string[],
): Promise<void> {
  const { store, source } = batch
  await rememberFiles(store, source.id, opened)
  await forgetFiles(store, source.id, gone)
  const items = await shelved(batch, opened)
  const taken = new Set<number>()
  await matchKeys(batch, items, taken)
  await matchMoved(batch, items.filter(isNew), taken)
  const { stays: elsewhere } = await meetElsewhere(batch, items.filter(isNew))
  await updateEntries(batch, items.filter(isKnown))
  await forgetTexts(
    store,
    [...elsewhere].map(({ textId }) => textId),
  )
  const fresh = items.filter((item) => isNew(item) && !elsewhere.has(item))
  await addEntries(batch, oldestFirst(batch, fresh))
  for (const { file, late } of fresh) if (late.length > 0) await addProblems(store, source.id, file.path, late)
}

function isNew({ entryId }: Item): boolean {
  return entryId === null
}

function isKnown(item: Item): item is Item & { entryId: number } {
  return item.entryId !== null
}

async function shelved({ store }: Batch, opened: readonly FileReading[]): Promise<Item[]> {
  const drafts = opened.flatMap((reading) => {
    const about = { file: shelvedFile(reading), where: reading.place }
    return reading.drafts.map((draft) => ({ ...about, draft, seed: draft.key ?? '' }))
  })
  const items: Item[] = []
  for (const some of chunks(drafts, AT_ONCE)) items.push(...(await putDrafts(store, some, items.length)))
  return items
}

async function matchKeys({ store, source }: Batch, items: readonly Item[], taken: Set<number>): Promise<void> {
  for (const some of chunks(items, LIST)) {
    const rows = await store
      .selectFrom('entries')
      .select(['id', 'key'])
      .where('source_id', '=', source.id)
      .where(
        'key',
        'in',
        some.flatMap(({ key }) => key ?? []),
      )
      .execute()
    const idOf = new Map(rows.map(({ id, key }) => [key, id]))
    for (const item of some) {
      item.entryId = idOf.get(item.key) ?? null
      if (item.entryId !== null) taken.add(item.entryId)
    }
  }
}

/** What an entry of this source is known by that may stand under another name now. */
interface Candidate {
  id: number
  title: string
  permalink: string | null
  written_date: string | null
  date: Instant
  fingerprint: string
}

/** A feed that calls its items by new names, or a site that moved. */
async function matchMoved(batch: Batch, items: readonly Item[], taken: Set<number>): Promise<void> {
  const { store, source } = batch
  if (items.length === 0 || source.isFirstRead) return
  await freshenCrossKeys(store, batch.moment.scope, await storeRevision(store))
  for (const some of chunks(items, AT_ONCE)) {
    const spooled = await takeDown(store, some)
    const links = new Map(some.map((item) => [item, linkCrossKey(spooled.get(item.place)?.permalink ?? '')]))
    const byLink = await entriesByCrossKey(
      store,
      [...links.values()].flatMap((key) => key ?? []),
    )
    for (const item of some) {
      const row = spooled.get(item.place)
      if (row === undefined) continue
      const linked = await candidates(batch, { ids: byLink.get(links.get(item) ?? '') ?? [] })
      const alike = row.body_length < SHORTEST_IDENTITY ? [] : await candidates(batch, { fingerprint: row.fingerprint })
      const isTitled = ({ title }: Candidate): boolean => titleKey(title) === titleKey(row.title)
      const isDated = ({ written_date: date }: Candidate): boolean => date !== null && date === writtenText(item.date)
      const isOfTime = (one: Candidate): boolean => isDated(one) || !isFar(batch, item, one)
      // Without dates, what has a name of its own is told from its like by its text alone.
      const isVague = item.date === null && item.explicitId !== null
      const isFree = (one: Candidate): boolean => !taken.has(one.id) && isOfTime(one)
      const known =
        linked.find((one) => isFree(one) && ((isTitled(one) && !isVague) || one.fingerprint === row.fingerprint)) ??
        alike.find((one) => isFree(one) && isTitled(one) && (isDated(one) || isSamePath(one, row)))
      if (known === undefined) continue
      taken.add(known.id)
      item.entryId = known.id
    }
  }
}

/** Entries of the source, the newest first. */
async function candidates(
  { store, source }: Batch,
  by: { ids: readonly number[] } | { fingerprint: string },
): Promise<Candidate[]> {
  if ('ids' in by && by.ids.length === 0) return []
  const entries = store
    .selectFrom('entries')
    .select(['id', 'title', 'permalink', 'written_date', 'date', 'fingerprint'])
    .where('source_id', '=', source.id)
    .orderBy('number', 'desc')
    .limit(20)
  const found = 'ids' in by ? entries.where('id', 'in', [...by.ids]) : entries.where('fingerprint', '=', by.fingerprint)
  return found.execute()
}

/** What comes out each day under one title stands at one address; a site that moved may reckon days in another way. */
function isFar({ moment }: Batch, { date }: Item, one: Candidate): boolean {
  return date !== null && Math.abs(instantOf(date, moment, moment.now) - one.date) >= DAY
}

/** True for addresses that are alike but for the host: the site moved. */
function isSamePath(one: { permalink: string | null }, other: { permalink: string | null }): boolean {
  const path = ({ permalink }: { permalink: string | null }): string => {
    const url = permalink === null ? null : parseUrl(permalink)
    return url === null || url.pathname.length < 2 ? '' : `${url.pathname}${url.search}`
  }
  return path(one) !== '' && path(one) === path(other)
}

/** Documents have the newest first. Where each says its date, that counts. */
function oldestFirst({ moment }: Batch, items: readonly Item[]): Item[] {
  const upward = items.toReversed()
  if (items.some(({ date }) => date === null)) return upward
  return upward
    .map((item) => ({ item, at: instantOf(item.date, moment, moment.now) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
