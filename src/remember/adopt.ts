import type { Instant } from '../entry.ts'
import { linkOf } from '../link.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { type AdoptedItem, type OldItem, datedByTitle, keyItems, rememberAdopted, sameDay } from './adopted.ts'
import type { Scope } from './entries.ts'
import { chunks, LIST } from './files.ts'
import { anchorKey, linkKeys } from './link-key.ts'
import type { Store } from './open.ts'
import { storeRevision } from './revision.ts'
import { writeSetting } from './settings.ts'

/** What came of adopting a feed. */
export interface Adoption {
  /** Items of the feed, each once. */
  items: number
  /** Entries that have the id of the feed now, and had another before. */
  changed: number
  /** Entries that had it already. */
  unchanged: number
  /** Items that no entry is known for yet. */
  waiting: number
  /** `adopt-conflict`: entries that keep their own id. */
  problems: ProblemRecord[]
}

/**
 * Gives the entries of a site the ids that an older feed of it gave them, by link, else by title and day; readers are
 * told of none of them. What has no entry yet is remembered for those to come.
 * @param place what messages call the feed
 */
export async function adoptItems(
  store: Store,
  scope: Scope,
  items: readonly OldItem[],
  place: string,
): Promise<Adoption> {
  return store.transaction().execute(async (tx) => {
    const keyed = keyItems(items)
    await rememberAdopted(tx, keyed)
    const matches = matchItems(await knownEntries(tx, scope), keyed)
    const { renamed, conflicts } = await partConflicts(tx, matches)
    const revision = (await storeRevision(tx)) + 1
    await silence(tx, [...matches.keys()])
    await rename(tx, renamed, revision)
    if (renamed.length > 0) await writeSetting(tx, 'revision', String(revision))
    return {
      items: keyed.length,
      changed: renamed.length,
      unchanged: matches.size - renamed.length - conflicts.length,
      waiting: keyed.length - matches.size,
      problems: conflicts.map((match) => conflict(match, place)),
    }
  })
}

/** A remembered entry, as far as it can be recognised in a feed. */
interface Known {
  id: number
  number: number
  guid: string
  title: string
  published: Instant
  keys: string[]
}

/** Entries of the sources, those that readers see first. */
async function knownEntries(store: Store, scope: Scope): Promise<Known[]> {
  const rows = await store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('sources.name', 'in', [...scope.keys()])
    .select(['entries.id', 'number', 'guid', 'title', 'date', 'permalink', 'slug', 'key', 'anchor', 'removed_at'])
    .select('sources.name as source')
    .orderBy('number')
    .execute()
  const standing = rows.filter((row) => row.removed_at === null)
  return [...standing, ...rows.filter((row) => row.removed_at !== null)].flatMap((row) => {
    const rules = scope.get(row.source)
    if (rules === undefined) return []
    const keys = [...linkKeys(linkOf(row, rules)), anchorKey(row.anchor)]
    return { id: row.id, number: row.number, guid: row.guid, title: row.title, published: row.date, keys }
  })
}

interface Match {
  entry: Known
  item: AdoptedItem
}

/** By link, then by guid, then by title and day where that leaves no choice. The keys are ids of entries. */
function matchItems(entries: readonly Known[], items: readonly AdoptedItem[]): Map<number, Match> {
  const matches = new Map<number, Match>()
  const matched = new Set<AdoptedItem>()
  const match = (entry: Known | null | undefined, item: AdoptedItem): void => {
    if (!entry || matches.has(entry.id) || matched.has(item)) return
    matches.set(entry.id, { entry, item })
    matched.add(item)
  }
  const byKey = entriesByKey(entries)
  for (const item of items) match(byKey.get(item.link), item)
  const byGuid = new Map(entries.map((entry) => [entry.guid, entry]))
  for (const item of items) match(byGuid.get(item.guid), item)
  const others = datedByTitle(entries.filter(({ id }) => !matches.has(id)))
  for (const [title, same] of datedByTitle(items.filter((item) => !matched.has(item)))) {
    for (const item of same) {
      const entry = sameDay(others.get(title) ?? [], item.published)
      if (entry !== null && sameDay(same, entry.published) === item) match(entry, item)
    }
  }
  return matches
}

/** What tells an entry best goes before what tells another less. */
function entriesByKey(entries: readonly Known[]): Map<string, Known> {
  const byKey = new Map<string, Known>()
  const add = (key: string, entry: Known): void => {
    if (!byKey.has(key)) byKey.set(key, entry)
  }
  for (const entry of entries) entry.keys.slice(0, 1).forEach((key) => add(key, entry))
  for (const entry of entries) entry.keys.slice(1).forEach((key) => add(key, entry))
  return byKey
}

/** Which entries get another id; an id that another entry has, and keeps, is not given away. */
async function partConflicts(
  store: Store,
  matches: ReadonlyMap<number, Match>,
): Promise<{ renamed: Match[]; conflicts: Match[] }> {
  const holders = await holdersOf(
    store,
    [...matches.values()].map(({ item }) => item.guid),
  )
  const conflicts: Match[] = []
  let renamed = [...matches.values()].filter(({ entry, item }) => entry.guid !== item.guid)
  for (;;) {
    const moving = new Set(renamed.map(({ entry }) => entry.id))
    const given = new Set<string>()
    const [free, taken] = partition(renamed, ({ item }) => {
      const holder = holders.get(item.guid)
      const isFree = (holder === undefined || moving.has(holder)) && !given.has(item.guid)
      given.add(item.guid)
      return isFree
    })
    conflicts.push(...taken)
    if (taken.length === 0) return { renamed, conflicts }
    renamed = free
  }
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const parts: [T[], T[]] = [[], []]
  for (const item of items) parts[isFirst(item) ? 0 : 1].push(item)
  return parts
}

async function holdersOf(store: Store, guids: readonly string[]): Promise<Map<string, number>> {
  const holders = new Map<string, number>()
  for (const some of chunks(guids, LIST)) {
    const rows = await store.selectFrom('entries').select(['id', 'guid']).where('guid', 'in', some).execute()
    for (const { id, guid } of rows) holders.set(guid, id)
  }
  return holders
}

/** Entries that no digest has carried will be in none: readers of the older feed have had them. */
async function silence(store: Store, ids: readonly number[]): Promise<void> {
  for (const some of chunks(ids, LIST)) {
    await store
      .updateTable('entries')
      .set({ announce: 0 })
      .where('id', 'in', some)
      .where('id', 'not in', (from) =>
        from.selectFrom('digest_entries').select('entry_id').where('entry_id', 'in', some),
      )
      .execute()
  }
}

async function rename(store: Store, renamed: readonly Match[], revision: number): Promise<void> {
  // Two entries may have each other's id: all are taken away before any is given.
  for (const { entry } of renamed) await setGuid(store, entry.id, `adopting:${entry.id}`, revision)
  for (const { entry, item } of renamed) await setGuid(store, entry.id, item.guid, revision)
}

async function setGuid(store: Store, id: number, guid: string, revision: number): Promise<void> {
  await store.updateTable('entries').set({ guid, revision }).where('id', '=', id).execute()
}

function conflict({ entry, item }: Match, place: string): ProblemRecord {
  const message = `Entry ${entry.number}, "${entry.title}", keeps its own id: another entry has ${item.guid}`
  const mend = 'look for two copies of the article with "feedwire entries list --all"'
  return new Problem('adopt-conflict', message, { where: place, severity: 'warning', mend }).toJSON()
}
