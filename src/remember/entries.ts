import type { Announced } from '../digest/compose.ts'
import { topicOf } from '../preferences.ts'
import { type SelectQueryBuilder, sql } from 'kysely'
import { readEnclosures } from '../enclosure.ts'
import type { Body, Entry, WholeEntry } from '../entry.ts'
import { type LinkRules, PAGE_SIZE, linkOf } from '../link.ts'
import type { Store } from './open.ts'
import type { Tables } from './tables.ts'

/** Which sources count, and how the links of each are made. A source outside it stays remembered, but is not shown. */
export type Scope = ReadonlyMap<string, LinkRules>

/** The plus keeps SQLite from going through all entries of a source where the numbers tell which are meant. */
const BY_SOURCE = sql<boolean>`sources.id = +entries.source_id`

/** An entry that stands, and where its article is. */
export interface StandingEntry extends Entry {
  /** Its place in its source, such as the path of its file; null in a listing. */
  key: string | null
  format: Body['format']
  /** The row of `texts` that holds its body. */
  textId: number | null
}

/** The newest entries by number, newest number first. */
export async function latestEntries(store: Store, scope: Scope, limit: number): Promise<StandingEntry[]> {
  return toEntries(await standing(store, scope).orderBy('number', 'desc').limit(limit).execute(), scope)
}

/** The entries with these numbers, first and last, newest number first. */
export async function entriesBetween(
  store: Store,
  scope: Scope,
  first: number,
  last: number,
): Promise<StandingEntry[]> {
  const rows = await standing(store, scope)
    .where('number', '>=', first)
    .where('number', '<=', last)
    .orderBy('number', 'desc')
    .execute()
  return toEntries(rows, scope)
}

/** The entries of a collection, newest number first. */
export async function entriesOfCollection(
  store: Store,
  scope: Scope,
  collectionId: number,
  limit: number,
): Promise<StandingEntry[]> {
  const rows = await standing(store, scope)
    .innerJoin('collection_entries', 'collection_entries.entry_id', 'entries.id')
    .where('collection_id', '=', collectionId)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
  return toEntries(rows, scope)
}

/** What a list of entries says of each. */
export type EntryLine = Pick<Entry, 'number' | 'title' | 'link' | 'date' | 'dateOnly'>

/** Those of a collection that come after so many of the newest, newest number first. */
export async function olderOfCollection(
  store: Store,
  scope: Scope,
  collectionId: number,
  { offset, limit }: { offset: number; limit: number },
): Promise<EntryLine[]> {
  const rows = await standing(store, scope)
    .innerJoin('collection_entries', 'collection_entries.entry_id', 'entries.id')
    .where('collection_id', '=', collectionId)
    .orderBy('number', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return toEntries(rows, scope)
}

/**
 * Older entries that were updated while the newest so many came, last updated first: an archive is not written again
 * for an edit, so that they stand in the feed once more (RFC 5005, section 4).
 */
export async function updatedEntries(
  store: Store,
  scope: Scope,
  { since, below, limit }: { since: number; below: number; limit: number },
): Promise<StandingEntry[]> {
  const rows = await standing(store, scope)
    .where('again', 'is not', null)
    .where('again', '>', since)
    .where('number', '<', below)
    .orderBy('entries.updated', 'desc')
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
  return toEntries(rows, scope)
}

/** The numbers of the standing entries above one, ascending. */
export async function numbersAbove(store: Store, scope: Scope, number: number): Promise<number[]> {
  const rows = await standing(store, scope)
    .clearSelect()
    .select('number')
    .where('number', '>', number)
    .orderBy('number')
    .execute()
  return rows.map((row) => row.number)
}

/** The entries of one older page of ours, newest number first. */
export async function entriesOfPage(store: Store, scope: Scope, page: number): Promise<Entry[]> {
  const rows = await standing(store, scope)
    .where('number', '>', (page - 1) * PAGE_SIZE)
    .where('number', '<=', page * PAGE_SIZE)
    .orderBy('number', 'desc')
    .execute()
  return toEntries(rows, scope)
}

/** The older pages that hold an entry, ascending, each with the latest revision that changed one of its entries. */
export async function pagesOf(store: Store, scope: Scope): Promise<{ page: number; revision: number }[]> {
  // Written out: a number that is bound is a real one to the SQLite of newer Nodes, and its quotient no whole page.
  const page = sql<number>`(number + ${sql.lit(PAGE_SIZE - 1)}) / ${sql.lit(PAGE_SIZE)}`
  const rows = await store
    .selectFrom('entries')
    .innerJoin('sources', (join) => join.on(BY_SOURCE))
    .where('sources.name', 'in', [...scope.keys()])
    .select(({ fn }) => [
      page.as('page'),
      fn.max('revision').as('revision'),
      sql<number>`sum(case when removed_at is null and hidden = 0 then 1 else 0 end)`.as('standing'),
    ])
    .where('number', '>', 0)
    .groupBy('page')
    .orderBy('page')
    .execute()
  return rows
    .filter(({ standing }) => Number(standing) > 0)
    .map((row) => ({ page: Number(row.page), revision: Number(row.revision) }))
}

/** The entries with these row ids, in any order; those that were removed are left out. */
export async function entriesById(store: Store, scope: Scope, ids: readonly number[]): Promise<Entry[]> {
  if (ids.length === 0) return []
  return toEntries(
    await standing(store, scope)
      .where('entries.id', 'in', [...ids])
      .execute(),
    scope,
  )
}

/** These entries with their articles, in the same order. */
export async function wholeEntries(store: Store, entries: readonly StandingEntry[]): Promise<WholeEntry[]> {
  if (entries.length === 0) return []
  const ids = entries.flatMap(({ textId }) => textId ?? [])
  const rows = await store.selectFrom('texts').selectAll().where('id', 'in', ids).execute()
  const texts = new Map(rows.map(({ id, text }) => [id, text]))
  return entries.map(({ textId, format, ...entry }) => {
    const text = textId === null ? undefined : texts.get(textId)
    return { ...entry, body: { format, text: text ?? '' } }
  })
}

/** What readers are to be told of and some reader has not had, ascending by number. */
export async function announcedSince(store: Store, scope: Scope, number: number): Promise<Announced[]> {
  const rows = await store
    .selectFrom('entries')
    .innerJoin('sources', (join) => join.on(BY_SOURCE))
    .where('sources.name', 'in', [...scope.keys()])
    .where('removed_at', 'is', null)
    .where('hidden', '=', 0)
    .where('announce', '=', 1)
    .where('number', '>', number)
    .select(['entries.id', 'number', 'tags', 'categories', 'sources.name as source'])
    .orderBy('number')
    .execute()
  return rows.map(({ id, number, tags, categories, source }) => {
    const topics = new Set([
      ...readNames(tags).map((name) => topicOf('tag', name)),
      ...readNames(categories).map((name) => topicOf('category', name)),
      topicOf('source', source),
    ])
    return { id, number, topics }
  })
}

const SHOWN = [
  ...(['entries.id', 'number', 'guid', 'anchor', 'key', 'title', 'date', 'date_only', 'entries.updated'] as const),
  ...(['permalink', 'slug', 'authors', 'image', 'enclosures', 'series', 'tags', 'categories', 'snippet'] as const),
  ...(['body_format', 'text_id'] as const),
] as const

function standing(store: Store, scope: Scope) {
  return store
    .selectFrom('entries')
    .innerJoin('sources', (join) => join.on(BY_SOURCE))
    .where('sources.name', 'in', [...scope.keys()])
    .where('removed_at', 'is', null)
    .where('hidden', '=', 0)
    .where('number', '>', 0)
    .select(SHOWN)
    .select('sources.name as source')
}

type Row = ReturnType<typeof standing> extends SelectQueryBuilder<Tables, infer _, infer R> ? R : never

function toEntries(rows: readonly Row[], scope: Scope): StandingEntry[] {
  return rows.flatMap((row) => toEntry(row, scope) ?? [])
}

function toEntry(row: Row, scope: Scope): StandingEntry | null {
  const rules = scope.get(row.source)
  if (rules === undefined) return null
  return {
    id: row.id,
    number: row.number,
    guid: row.guid,
    source: row.source,
    title: row.title,
    link: linkOf(row, rules),
    anchor: row.anchor,
    date: row.date,
    dateOnly: row.date_only === 1,
    updated: row.updated,
    authors: readNames(row.authors),
    image: row.image,
    enclosures: readEnclosures(row.enclosures),
    series: row.series,
    tags: readNames(row.tags),
    categories: readNames(row.categories),
    snippet: row.snippet,
    key: row.key,
    format: row.body_format,
    textId: row.text_id,
  }
}

/** Reads a list of names back from JSON text. */
export function readNames(json: string): string[] {
  const list: unknown = JSON.parse(json)
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : []
}
