import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { type Collection, type CollectionKind, collectionKey, collectionSlug } from '../collection.ts'
import type { Instant } from '../entry.ts'
import { mintId } from '../identity.ts'
import { foldText } from '../markdown/text.ts'
import type { ProblemRecord } from '../problem.ts'
import { ManyInserts } from './bulk.ts'
import { type Collected, CollectionBound } from './collection-bound.ts'
import { type Scope, readNames } from './entries.ts'
import { LIST, chunks } from './files.ts'
import type { Store } from './open.ts'
import { storeRevision } from './revision.ts'
import { readSetting, writeSetting } from './settings.ts'
import type { CollectionEntries, Collections } from './tables.ts'

/** A collection with what its documents are made of besides its entries. */
export interface StandingCollection extends Collection {
  id: number
  /** The id of its feeds, `urn:uuid:…`. */
  feedId: string
  /** When that id was made. */
  createdAt: Instant
  /** Entries that stand. */
  count: number
  /** The store's revision at which something on its documents last changed. */
  revision: number
}

/** The collections in which an entry stands, by kind and name. */
export async function standingCollections(store: Store, scope: Scope): Promise<StandingCollection[]> {
  const rows = await store
    .selectFrom('collections')
    .innerJoin('collection_entries', 'collection_entries.collection_id', 'collections.id')
    .innerJoin('entries', 'entries.id', 'collection_entries.entry_id')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('sources.name', 'in', [...scope.keys()])
    .groupBy('collections.id')
    .selectAll('collections')
    .select(({ fn }) => [
      fn.max('entries.revision').as('changed'),
      sql<number>`sum(case when removed_at is null and hidden = 0 and number > 0 then 1 else 0 end)`.as('standing'),
    ])
    .orderBy('collections.kind')
    .orderBy('collections.key')
    .execute()
  return rows.flatMap(({ id, kind, name, slug, feed_id, created_at, revision, changed, standing }) => {
    const count = Number(standing)
    if (count === 0) return []
    const latest = Math.max(revision, Number(changed))
    return [{ id, kind, name, slug, feedId: feed_id, createdAt: created_at, count, revision: latest }]
  })
}

const MARK = 'collected'
const markSchema = z.object({ revision: z.number(), author: z.string().nullable() })
type Mark = z.infer<typeof markSchema>

type Member = Selectable<CollectionEntries>

const insertMembers = new ManyInserts((store, rows: Member[]) => store.insertInto('collection_entries').values(rows))

/** What decides, besides what entries say, in which collections they stand. */
export interface CollectingRules {
  /** That of entries which name none, or null. */
  author: string | null
  /** The owner's own site: what is there may make as many collections as it likes. */
  siteUrl: string
}

/**
 * Brings collections up to what entries say, in one transaction; only entries that changed since the last time are
 * looked at.
 * @returns `collections-bound` for each source of others that would make too many
 */
export async function collectEntries(
  store: Store,
  { author, siteUrl }: CollectingRules,
  now: Instant,
): Promise<ProblemRecord[]> {
  const before = await readMark(store)
  const revision = await storeRevision(store)
  if (before?.revision === revision && before.author === author) return []
  // Entries without an author have another one now.
  const since = before?.author === author ? before.revision : -1
  return store.transaction().execute(async (tx) => {
    const bound = new CollectionBound(tx, siteUrl)
    const catalogue = new Catalogue(tx, now, revision, bound)
    await catalogue.load()
    for (const ids of chunks(await changedEntries(tx, since), LIST)) await collectSome(tx, catalogue, ids, author)
    const mark: Mark = { revision, author }
    await writeSetting(tx, MARK, JSON.stringify(mark))
    return bound.problems()
  })
}

async function readMark(store: Store): Promise<Mark | null> {
  const text = await readSetting(store, MARK)
  return text === null ? null : markSchema.parse(JSON.parse(text))
}

async function changedEntries(store: Store, since: number): Promise<number[]> {
  // By number, so that the first spelling of a name is that of the oldest entry.
  const rows = await store.selectFrom('entries').select('id').where('revision', '>', since).orderBy('number').execute()
  return rows.map(({ id }) => id)
}

async function collectSome(
  store: Store,
  catalogue: Catalogue,
  ids: readonly number[],
  author: string | null,
): Promise<void> {
  const rows = await store
    .selectFrom('entries')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .leftJoin('fetches', 'fetches.source_id', 'sources.id')
    .where('entries.id', 'in', [...ids])
    .select(['entries.id', 'entries.source_id', 'authors', 'tags', 'categories'])
    .select(['sources.name as source', 'fetches.url'])
    .orderBy('number')
    .execute()
  const members = await membersOf(store, ids)
  const joining: Member[] = []
  for (const row of rows) {
    const wanted = new Set<number>()
    const source = { id: row.source_id, name: row.source, url: row.url }
    for (const [kind, name] of namesOf(row, author)) {
      const id = await catalogue.idOf(kind, name, source)
      if (id !== null) wanted.add(id)
    }
    const is = members.get(row.id) ?? new Set<number>()
    for (const id of wanted) if (!is.has(id)) joining.push({ collection_id: id, entry_id: row.id })
    const leaving = [...is].filter((id) => !wanted.has(id))
    if (leaving.length > 0) await leave(store, row.id, leaving)
    catalogue.touch(leaving)
  }
  for (const some of chunks(joining, 100)) await insertMembers.insert(store, [...some])
  catalogue.touch(joining.map(({ collection_id }) => collection_id))
  await catalogue.saveTouched()
}

async function membersOf(store: Store, ids: readonly number[]): Promise<Map<number, Set<number>>> {
  const rows = await store
    .selectFrom('collection_entries')
    .selectAll()
    .where('entry_id', 'in', [...ids])
    .execute()
  const members = new Map<number, Set<number>>()
  for (const { entry_id, collection_id } of rows) {
    members.set(entry_id, (members.get(entry_id) ?? new Set<number>()).add(collection_id))
  }
  return members
}

async function leave(store: Store, entryId: number, collectionIds: readonly number[]): Promise<void> {
  await store
    .deleteFrom('collection_entries')
    .where('entry_id', '=', entryId)
    .where('collection_id', 'in', [...collectionIds])
    .execute()
}

function namesOf(
  row: { authors: string; tags: string; categories: string; source: string },
  siteAuthor: string | null,
): [CollectionKind, string][] {
  const authors = readNames(row.authors)
  const named = (kind: CollectionKind, names: readonly string[]): [CollectionKind, string][] =>
    names.map(foldText).flatMap((name) => (name === '' ? [] : [[kind, name]]))
  return [
    ...named('tag', readNames(row.tags)),
    ...named('category', readNames(row.categories)),
    ...named('author', authors.length === 0 && siteAuthor !== null ? [siteAuthor] : authors),
    ...named('source', [row.source]),
  ]
}

/** The collections there are; one that is asked for and is not there is made, within bounds. */
class Catalogue {
  readonly #store: Store
  readonly #now: Instant
  readonly #revision: number
  readonly #bound: CollectionBound
  readonly #ids = new Map<string, number>()
  readonly #slugs = new Set<string>()
  readonly #touched = new Set<number>()

  constructor(store: Store, now: Instant, revision: number, bound: CollectionBound) {
    this.#store = store
    this.#bound = bound
    this.#now = now
    this.#revision = revision
  }

  async load(): Promise<void> {
    const rows = await this.#store.selectFrom('collections').select(['id', 'kind', 'key', 'slug']).execute()
    for (const row of rows) this.#know(row)
  }

  /** Null when the source may make no more of them. */
  async idOf(kind: CollectionKind, name: string, source: Collected): Promise<number | null> {
    const key = collectionKey(name)
    const id = this.#ids.get(`${kind} ${key}`)
    if (id !== undefined) return id
    return (await this.#bound.mayMake(source, kind, name)) ? this.#make(kind, key, name) : null
  }

  touch(ids: readonly number[]): void {
    for (const id of ids) this.#touched.add(id)
  }

  async saveTouched(): Promise<void> {
    for (const ids of chunks([...this.#touched], LIST)) {
      await this.#store
        .updateTable('collections')
        .set({ revision: this.#revision })
        .where('id', 'in', [...ids])
        .execute()
    }
    this.#touched.clear()
  }

  #know({ id, kind, key, slug }: Pick<Selectable<Collections>, 'id' | 'kind' | 'key' | 'slug'>): void {
    this.#ids.set(`${kind} ${key}`, id)
    this.#slugs.add(`${kind} ${slug}`)
  }

  async #make(kind: CollectionKind, key: string, name: string): Promise<number> {
    const slug = collectionSlug(key, (taken) => this.#slugs.has(`${kind} ${taken}`))
    const row = { kind, key, slug, name, feed_id: await this.#feedId(kind, key), revision: this.#revision }
    const { id } = await this.#store
      .insertInto('collections')
      .values({ ...row, created_at: this.#now })
      .returning('id')
      .executeTakeFirstOrThrow()
    this.#know({ id, kind, key, slug })
    return id
  }

  /** From the id of the site's own feed, so that a lost store mints the same again as far as that does. */
  async #feedId(kind: CollectionKind, key: string): Promise<string> {
    return mintId((await readSetting(this.#store, 'feed_id')) ?? '', kind, key)
  }
}
