import type { SelectQueryBuilder } from 'kysely'
import type { Entry } from '../entry.ts'
import { type LinkRules, PAGE_SIZE, linkOf } from '../link.ts'
import type { Store } from './open.ts'
import type { Tables } from './tables.ts'

/** Which sources count, and how the links of each are made. A source outside it stays remembered, but is not shown. */
export type Scope = ReadonlyMap<string, LinkRules>

/** The newest entries by number, newest number first. */
export async function latestEntries(store: Store, scope: Scope, limit: number): Promise<Entry[]> {
  return toEntries(await standing(store, scope).orderBy('number', 'desc').limit(limit).execute(), scope)
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
  const rows = await store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('sources.name', 'in', [...scope.keys()])
    .select(['number', 'revision', 'removed_at'])
    .orderBy('number')
    .execute()
  const pages = new Map<number, { page: number; revision: number; standing: number }>()
  for (const row of rows) {
    const page = Math.ceil(row.number / PAGE_SIZE)
    const { revision, standing: count } = pages.get(page) ?? { revision: 0, standing: 0 }
    pages.set(page, {
      page,
      revision: Math.max(revision, row.revision),
      standing: count + (row.removed_at === null ? 1 : 0),
    })
  }
  return [...pages.values()].filter((page) => page.standing > 0)
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

/** What readers are to be told of and some reader has not had, ascending by number. */
export async function announcedSince(
  store: Store,
  scope: Scope,
  number: number,
): Promise<{ id: number; number: number }[]> {
  return store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('sources.name', 'in', [...scope.keys()])
    .where('removed_at', 'is', null)
    .where('announce', '=', 1)
    .where('number', '>', number)
    .select(['entries.id', 'number'])
    .orderBy('number')
    .execute()
}

function standing(store: Store, scope: Scope) {
  return store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .innerJoin('bodies', 'bodies.entry_id', 'entries.id')
    .where('sources.name', 'in', [...scope.keys()])
    .where('removed_at', 'is', null)
    .selectAll('entries')
    .select(['sources.name as source', 'bodies.text'])
}

type Row = ReturnType<typeof standing> extends SelectQueryBuilder<Tables, infer _, infer R> ? R : never

function toEntries(rows: readonly Row[], scope: Scope): Entry[] {
  return rows.flatMap((row) => {
    const rules = scope.get(row.source)
    if (rules === undefined) return []
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
      author: row.author,
      tags: readNames(row.tags),
      categories: readNames(row.categories),
      snippet: row.snippet,
      body: { format: row.body_format, text: row.text },
    }
  })
}

/** Reads a list of names back from JSON text. */
export function readNames(json: string): string[] {
  const list: unknown = JSON.parse(json)
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : []
}
