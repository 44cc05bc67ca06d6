import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { linkOf } from '../link.ts'
import type { Scope } from './entries.ts'
import { chunks, LIST } from './files.ts'
import { linkKeys } from './link-key.ts'
import type { Store } from './open.ts'
import { storeRevision } from './revision.ts'
import { writeSetting } from './settings.ts'

/** An entry as its owner sees it. */
export interface EntryRecord {
  id: number
  /** Null while it is held back. */
  number: number | null
  guid: string
  source: string
  /** The path of its file; null in a listing. */
  key: string | null
  title: string
  link: string
  date: Instant
  /** `removed`: its source has it no more; `hidden`: the owner keeps it from readers; `held`: it waits to be published. */
  state: 'shown' | 'held' | 'hidden' | 'removed'
}

/** Which entries are asked for. */
export interface EntriesWanted {
  /** Null: of every source of the scope. */
  source: string | null
  /** Also those that are removed or hidden. */
  all: boolean
  limit: number
}

/** The newest entries by number, newest first, and how many there are in all. */
export async function listEntries(
  store: Store,
  scope: Scope,
  wanted: EntriesWanted,
): Promise<{ entries: EntryRecord[]; total: number }> {
  const sources = [...scope.keys()].filter((name) => wanted.source === null || name === wanted.source)
  const asked = records(store, sources).$if(!wanted.all, (rows) =>
    rows.where('removed_at', 'is', null).where('hidden', '=', 0),
  )
  const count = await asked
    .clearSelect()
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const rows = await asked.orderBy(IS_HELD, 'desc').orderBy(PLACE, 'desc').limit(wanted.limit).execute()
  return { entries: toRecords(rows, scope), total: Number(count.count) }
}

const IS_HELD = sql`number < 0`
const PLACE = sql`abs(number)`

/** What an owner calls an entry. */
export interface EntryName {
  /** A number, a guid, a link or a path as the store has it. */
  text: string
  /** Files that the text may be the path of. */
  files: readonly { source: string; key: string }[]
}

/** The entries that a name may mean: by number, else by guid, else by path, else by link. */
export async function findEntries(store: Store, scope: Scope, { text, files }: EntryName): Promise<EntryRecord[]> {
  const all = records(store, [...scope.keys()])
  const number = /^\d{1,15}$/.test(text) ? Number(text) : null
  const asks = [
    () => (number === null ? [] : all.where('number', '=', number).execute()),
    () => all.where('guid', '=', text).execute(),
    () => all.where('key', 'in', [text, text.normalize('NFC')]).execute(),
    async () => {
      const keys = files.map(({ key }) => key)
      const rows = keys.length === 0 ? [] : await all.where('key', 'in', keys).execute()
      return rows.filter((row) => files.some(({ source, key }) => source === row.source && key === row.key))
    },
  ]
  for (const ask of asks) {
    const rows = await ask()
    if (rows.length > 0) return toRecords(rows, scope)
  }
  const wanted = new Set(linkKeys(text).slice(0, 1))
  if (wanted.size === 0) return []
  return toRecords(await all.execute(), scope).filter(({ link }) => linkKeys(link).some((key) => wanted.has(key)))
}

/** Keeps entries from readers: they leave feeds, pages and later digests and stay remembered. Returns how many. */
export function hideEntries(store: Store, ids: readonly number[]): Promise<number> {
  return setHidden(store, ids, 1)
}

/** Brings hidden entries back to feeds and pages; no digest tells of them. Returns how many. */
export function showEntries(store: Store, ids: readonly number[]): Promise<number> {
  return setHidden(store, ids, 0)
}

async function setHidden(store: Store, ids: readonly number[], hidden: 0 | 1): Promise<number> {
  return store.transaction().execute(async (tx) => {
    const revision = (await storeRevision(tx)) + 1
    let changed = 0
    for (const some of chunks(ids, LIST)) {
      const { numUpdatedRows } = await tx
        .updateTable('entries')
        .set({ hidden, revision, stood_revision: revision, ...(hidden === 0 && { announce: 0 as const }) })
        .where('id', 'in', some)
        .where('hidden', '!=', hidden)
        .executeTakeFirst()
      changed += Number(numUpdatedRows)
    }
    if (changed > 0) await writeSetting(tx, 'revision', String(revision))
    return changed
  })
}

function records(store: Store, sources: readonly string[]) {
  return store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('sources.name', 'in', [...sources])
    .select(['entries.id', 'number', 'guid', 'title', 'date', 'permalink', 'slug', 'key', 'anchor', 'hidden'])
    .select(['removed_at', 'sources.name as source'])
}

type Row = Awaited<ReturnType<ReturnType<typeof records>['execute']>>[number]

function toRecords(rows: readonly Row[], scope: Scope): EntryRecord[] {
  return rows.flatMap((row) => {
    const rules = scope.get(row.source)
    if (rules === undefined) return []
    const { id, guid, source, key, title, date } = row
    const number = row.number > 0 ? row.number : null
    return { id, number, guid, source, key, title, link: linkOf(row, rules), date, state: stateOf(row) }
  })
}

function stateOf(row: Pick<Row, 'hidden' | 'removed_at' | 'number'>): EntryRecord['state'] {
  if (row.hidden === 1) return 'hidden'
  if (row.removed_at !== null) return 'removed'
  return row.number > 0 ? 'shown' : 'held'
}
