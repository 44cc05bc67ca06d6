import type { Draft } from '../entry.ts'
import { codePoints, fingerprintOf, isOpening, openingOf } from '../identity.ts'
import { linkOf } from '../link.ts'
import { foldText } from '../markdown/text.ts'
import { titleKey } from './adopted.ts'
import { entriesByCrossKey, freshenCrossKeys, linkCrossKey, textCrossKey } from './cross-keys.ts'
import { LIST, chunks } from './files.ts'
import { isForestalled } from './forestalled.ts'
import { storeRevision } from './revision.ts'
import type { Item } from './shelf.ts'
import { hasSightings, sight, sightText, sightedEntries, sightedKeys, sightedTexts, unsight } from './sightings.ts'
import { takeDown } from './spool.ts'
import { type Other, type Spooled, isBetterHere, isRemark } from './whose-word.ts'
import { type Batch, instantOf } from './write.ts'

/** New articles that other sources have already. */
export interface Met {
  /** They are followed elsewhere: no entries of this source. */
  stays: ReadonlySet<Item>
  /** The owner's own, which are news in spite of what others said at their addresses: `takePlaces()` once they are added. */
  forestalled: ReadonlyMap<Item, Other>
}

/**
 * Finds among new articles of a source those that other sources have already: of one address, or, of a listing, of one
 * text. An article that stands richer here is followed here from now on, and gets its `entryId`; any other is noted.
 */
export async function meetElsewhere(batch: Batch, items: readonly Item[]): Promise<Met> {
  if (items.length === 0 || !(await mayMeet(batch))) return { stays: new Set(), forestalled: new Map() }
  const { store, source } = batch
  await freshenCrossKeys(store, batch.moment.scope, await storeRevision(store))
  const stays = new Set<Item>()
  const forestalled = new Map<Item, Other>()
  const taken = new Set<number>()
  for (const some of chunks(items, LIST)) {
    const spooled = await takeDown(store, some)
    const { seen, found } = await candidates(batch, some, spooled)
    const ids = [...new Set([...seen.values(), ...found.values()])]
    const others = await othersOf(batch, ids)
    const sighted = await sightedEntries(store, source.id, ids)
    for (const item of some) {
      const row = spooled.get(item.place)
      const other = others.get(seen.get(item) ?? found.get(item) ?? -1)
      if (row === undefined || other === undefined || taken.has(other.id)) continue
      // Here it has a name already: under another one it may be an article about it, at its address.
      if (!seen.has(item) && sighted.has(other.id) && titleKey(other.title) !== titleKey(row.title)) continue
      if (!seen.has(item) && isRemark(batch, row, other)) continue
      // Two folders of the owner's may well show one article twice.
      if (batch.kind === 'markdown' && other.kind === 'markdown') continue
      taken.add(other.id)
      if (isForestalled(batch, row, other)) {
        forestalled.set(item, other)
      } else if (isBetterHere(batch, row, other)) {
        await takeOver(batch, item, other)
      } else {
        stays.add(item)
        await sight(store, source.id, item.key ?? row.fingerprint, other.id)
      }
    }
  }
  return { stays, forestalled }
}

/** True when another source may have an article: there are several, or were until one was taken out or renamed. */
async function mayMeet({ store, source, kind, moment }: Batch): Promise<boolean> {
  if (moment.meets) return true
  return source.isFirstRead ? kind === 'page' || kind === 'feed' : hasSightings(store, source.id)
}

/** Entries by item: those that each was `seen` to be before, and those `found` by address or text. */
async function candidates(
  batch: Batch,
  items: readonly Item[],
  spooled: ReadonlyMap<number, Spooled>,
): Promise<{ seen: Map<Item, number>; found: Map<Item, number> }> {
  const { store, source } = batch
  const keys = items.flatMap(({ key }) => key ?? [])
  const sighted = await sightedKeys(store, source.id, keys)
  const names = new Map(items.map((item) => [item, namesOf(batch, item, spooled.get(item.place))]))
  const byKey = await entriesByCrossKey(store, [...names.values()].flat())
  const timesHere = counted([...names.values()].flat())
  const [seen, found] = [new Map<Item, number>(), new Map<Item, number>()]
  for (const item of items) {
    const known = sighted.get(item.key ?? '')
    if (known !== undefined) {
      seen.set(item, known)
      continue
    }
    const [link, text] = names.get(item) ?? []
    const id = only(byKey, timesHere, link) ?? (await listedAs(batch, byKey.get(text ?? ''), spooled.get(item.place)))
    if (id !== undefined) found.set(item, id)
  }
  return { seen, found }
}

/** An address that several articles share tells nothing. */
function only(
  byKey: Map<string, number[]>,
  timesHere: Map<string, number>,
  key: string | undefined,
): number | undefined {
  if (key === undefined || key === '' || timesHere.get(key) !== 1) return undefined
  const [id, another] = byKey.get(key) ?? []
  return another === undefined ? id : undefined
}

function counted(names: readonly string[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1)
  return times
}

/** Address and opening, each empty when it tells nothing. */
function namesOf({ source, moment }: Batch, item: Item, row: Spooled | undefined): string[] {
  const rules = moment.scope.get(source.name)
  if (row === undefined || rules === undefined) return ['', '']
  const date = instantOf(item.date, moment, moment.now)
  const link = linkOf({ permalink: row.permalink, slug: row.slug, key: item.key, date, number: 0, anchor: '' }, rules)
  const isOwn = row.permalink !== null || (rules.pattern !== null && item.key !== null)
  return [isOwn ? (linkCrossKey(link) ?? '') : '', textCrossKey(row.snippet) ?? '']
}

/** The only entry of a listing whose text is the opening of this article, or begins with it. */
async function listedAs(
  batch: Batch,
  ids: readonly number[] | undefined,
  row: Spooled | undefined,
): Promise<number | undefined> {
  if (ids === undefined || row === undefined) return undefined
  const others = [...(await othersOf(batch, ids)).values()]
  const listed = others.filter(
    ({ kind, key, text }) => kind === 'listing' && key === null && isOpening(text, foldText(row.snippet)),
  )
  return listed.length === 1 ? listed[0]?.id : undefined
}

/** Entries of other sources, by id. */
async function othersOf({ store, source }: Batch, ids: readonly number[]): Promise<Map<number, Other>> {
  const found = new Map<number, Other>()
  for (const some of chunks(ids, LIST)) {
    const rows = await store
      .selectFrom('entries')
      .innerJoin('sources', 'sources.id', 'entries.source_id')
      .leftJoin('fetches', 'fetches.source_id', 'sources.id')
      .leftJoin('texts', 'texts.id', 'entries.text_id')
      .select(['entries.id', 'entries.source_id', 'sources.name', 'sources.kind', 'fetches.url'])
      .select(['key', 'title', 'permalink', 'snippet', 'body_length', 'removed_at', 'texts.text'])
      .where('entries.id', 'in', some)
      .where('entries.source_id', '!=', source.id)
      .execute()
    for (const row of rows) found.set(row.id, otherOf(row))
  }
  return found
}

interface OtherRow {
  id: number
  source_id: number
  name: string
  kind: string
  url: string | null
  key: string | null
  title: string
  permalink: string | null
  snippet: string
  body_length: number
  removed_at: number | null
  text: string | null
}

function otherOf({ source_id, name, body_length, removed_at, text, ...row }: OtherRow): Other {
  const whole = foldText(row.kind === 'listing' ? (text ?? '') : '')
  return {
    ...row,
    sourceId: source_id,
    source: name,
    bodyLength: body_length,
    isRemoved: removed_at !== null,
    text: whole,
  }
}

/** The entry stays what it is, for readers and for itself; it follows another source from now on. */
async function takeOver(batch: Batch, item: Item, other: Other): Promise<void> {
  const { store, source, moment, revision } = batch
  if (other.key !== null) await sight(store, other.sourceId, other.key, other.id)
  else await sightText(store, other.sourceId, other.text, other.id)
  await unsight(store, source.id, other.id)
  await store
    .updateTable('entries')
    .set({ source_id: source.id, key: null, opening: null })
    .$if(!moment.scope.has(other.source), (row) => row.set({ stood_revision: revision }))
    .where('id', '=', other.id)
    .execute()
  await store.updateTable('files').set({ entry_id: null }).where('entry_id', '=', other.id).execute()
  item.entryId = other.id
  // To readers it is no edit.
  item.file = { ...item.file, isSame: true }
}

/** True when the article of a listing, whose folded text this is, is an entry that another source follows. */
export async function isListedElsewhere(batch: Batch, draft: Draft, text: string): Promise<boolean> {
  const { store, source, moment } = batch
  if (!(await mayMeet(batch))) return false
  const seen = await sightedTexts(store, source.id, text)
  const others = seen.length > 0 ? [...(await othersOf(batch, seen)).values()] : await openedElsewhere(batch, text)
  const other = others.find(({ source, isRemoved }) => moment.scope.has(source) && !isRemoved) ?? others[0]
  if (other === undefined) return false
  if (moment.scope.has(other.source) || other.isRemoved) await sightText(store, source.id, text, other.id)
  else await takeIn(batch, draft, text, other)
  return true
}

async function openedElsewhere(batch: Batch, text: string): Promise<Other[]> {
  const { store, moment } = batch
  const key = textCrossKey(text)
  if (key === null) return []
  await freshenCrossKeys(store, moment.scope, await storeRevision(store))
  const ids = (await entriesByCrossKey(store, [key])).get(key) ?? []
  const others = [...(await othersOf(batch, ids)).values()]
  return others.filter(({ kind, snippet }) => kind !== 'listing' && isOpening(text, foldText(snippet)))
}

/** An entry whose source is read no more comes back: the listing still has it. */
async function takeIn(
  { store, source, revision, counts }: Batch,
  draft: Draft,
  text: string,
  other: Other,
): Promise<void> {
  if (other.key !== null) await sight(store, other.sourceId, other.key, other.id)
  await unsight(store, source.id, other.id)
  await store
    .updateTable('entries')
    .set({ source_id: source.id, key: null, snippet: draft.snippet, fingerprint: fingerprintOf(text) })
    .set({ body_format: draft.body.format })
    .set({
      body_length: codePoints(text),
      opening: openingOf(text),
      removed_at: null,
      revision,
      stood_revision: revision,
    })
    .where('id', '=', other.id)
    .execute()
  await store
    .updateTable('texts')
    .set({ text: draft.body.text })
    .where('id', '=', (query) => query.selectFrom('entries').select('text_id').where('entries.id', '=', other.id))
    .execute()
  counts.changed = true
}
