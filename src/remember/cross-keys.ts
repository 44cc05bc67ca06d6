import { openingOf } from '../identity.ts'
import { linkOf } from '../link.ts'
import { foldText } from '../markdown/text.ts'
import type { Scope } from './entries.ts'
import { LIST, chunks } from './files.ts'
import { linkKeys } from './link-key.ts'
import type { Store } from './open.ts'
import { readSetting, writeSetting } from './settings.ts'

/** Entries that are looked at, and rows that are written, at once. */
const ROWS = 200

/** What an article is known by in whichever source: its address. Null for what tells no articles apart. */
export function linkCrossKey(link: string): string | null {
  const [key] = linkKeys(link)
  // Every item of a poor feed leads to the front page of its site.
  return key === undefined || key.startsWith('#') || !/[/?#]./.test(key) ? null : `link:${key}`
}

/** The same for how its text begins; null for a short one. */
export function textCrossKey(text: string): string | null {
  const opening = openingOf(foldText(text))
  return opening === null ? null : `text:${opening}`
}

/**
 * Brings the keys up to the entries as they are. They are made when somebody asks for them, since most owners have one
 * source, and cost what changed since.
 * @param revision the store's, as of the last batch that changed an entry
 */
export async function freshenCrossKeys(store: Store, scope: Scope, revision: number): Promise<void> {
  const state = { rules: rulesOf(scope), revision }
  const before = readState(await readSetting(store, 'cross_keys'))
  if (before?.rules === state.rules && before.revision === revision) return
  const since = before?.rules === state.rules ? before.revision : -1
  if (since === -1) await store.deleteFrom('cross_keys').execute()
  for (let last: Changed | undefined = undefined; ;) {
    const rows: Changed[] = await changedEntries(store, since, last)
    await putKeys(store, rows, scope)
    last = rows.at(-1)
    if (rows.length < ROWS) break
  }
  await writeSetting(store, 'cross_keys', JSON.stringify(state))
}

/** What decides the links of entries that give none themselves. */
function rulesOf(scope: Scope): string {
  const patterns = [...scope].flatMap(([name, { pattern, zone }]) => (pattern === null ? [] : [[name, pattern, zone]]))
  return JSON.stringify(patterns)
}

function readState(text: string | null): { rules: string; revision: number } | null {
  const read: unknown = text === null ? null : JSON.parse(text)
  if (typeof read !== 'object' || read === null || !('rules' in read) || !('revision' in read)) return null
  const { rules, revision } = read
  return typeof rules === 'string' && typeof revision === 'number' ? { rules, revision } : null
}

type Changed = Awaited<ReturnType<typeof changedEntries>>[number]

async function changedEntries(store: Store, since: number, last: { id: number; revision: number } | undefined) {
  let query = store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .select(['entries.id', 'entries.revision', 'key', 'permalink', 'slug', 'date', 'number', 'anchor', 'snippet'])
    .select('sources.name as source')
  if (last === undefined) query = query.where('entries.revision', '>', since)
  else {
    query = query.where((where) =>
      where.or([
        where('entries.revision', '>', last.revision),
        where.and([where('entries.revision', '=', last.revision), where('entries.id', '>', last.id)]),
      ]),
    )
  }
  return query.orderBy('entries.revision').orderBy('entries.id').limit(ROWS).execute()
}

async function putKeys(store: Store, rows: readonly Changed[], scope: Scope): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await store.deleteFrom('cross_keys').where('entry_id', 'in', ids).execute()
  const keys = rows.flatMap((row) => keysOf(row, scope).map((key) => ({ key, entry_id: row.id })))
  for (const some of chunks(keys, ROWS)) await store.insertInto('cross_keys').values(some).execute()
}

function keysOf(row: Changed, scope: Scope): string[] {
  const rules = scope.get(row.source)
  // What has no address of its own stands on our pages, where it tells nothing.
  const isOurs = rules === undefined || rules.pattern === null || row.key === null
  const link = isOurs ? row.permalink : linkOf(row, rules)
  return [link === null ? null : linkCrossKey(link), textCrossKey(row.snippet)].flatMap((key) => key ?? [])
}

/** The entries with one of these keys, by key. */
export async function entriesByCrossKey(store: Store, keys: readonly string[]): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>()
  for (const some of chunks([...new Set(keys)], LIST)) {
    const rows = await store
      .selectFrom('cross_keys')
      .select(['key', 'entry_id'])
      .where('key', 'in', some)
      .orderBy('entry_id')
      .execute()
    for (const { key, entry_id: id } of rows) found.set(key, [...(found.get(key) ?? []), id])
  }
  return found
}
