import { sql } from 'kysely'
import type { Draft } from '../entry.ts'
import { codePoints, fingerprintOf, openingOf, writtenText } from '../identity.ts'
import { foldText } from '../markdown/text.ts'
import { ManyInserts } from './bulk.ts'
import { LIST, chunks } from './files.ts'
import type { Store } from './open.ts'
import type { Spool } from './tables.ts'

/** Makes room for the drafts of one source. The table is temporary: it goes with the connection. */
export async function clearSpool(store: Store): Promise<void> {
  await sql`create temporary table if not exists spool (
    id integer primary key, key text, explicit_id text, title text, title_guessed integer, written_date text,
    written_updated text, permalink text, slug text, authors text, image text, enclosures text, series text, tags text,
    categories text, snippet text, body_format text, fingerprint text, body_length integer, opening text, text_id bigint
  )`.execute(store)
  await store.deleteFrom('spool').execute()
}

export const insertSpool = new ManyInserts((store, rows: Spool[]) => store.insertInto('spool').values(rows))

/** A draft as it is put aside. */
export function spoolRow(draft: Draft, place: number, textId: number): Spool {
  const folded = foldText(draft.written)
  return {
    id: place,
    key: draft.key,
    explicit_id: draft.explicitId,
    title: draft.title,
    title_guessed: draft.titleGuessed ? 1 : 0,
    written_date: draft.dateGuessed ? null : writtenText(draft.date),
    written_updated: writtenText(draft.updated),
    permalink: draft.permalink,
    slug: draft.slug,
    authors: JSON.stringify(draft.authors),
    image: draft.image,
    enclosures: JSON.stringify(draft.enclosures),
    series: draft.series,
    tags: JSON.stringify(draft.tags),
    categories: JSON.stringify(draft.categories),
    snippet: draft.snippet,
    body_format: draft.body.format,
    fingerprint: fingerprintOf(folded),
    body_length: codePoints(folded),
    opening: draft.key === null ? openingOf(folded) : null,
    text_id: textId,
  }
}

/** What was put aside at a place. */
interface Placed {
  place: number
}

/** What articles are told apart by when nothing else tells which they are. */
export type Marks = Pick<Spool, 'title' | 'title_guessed' | 'fingerprint' | 'body_length' | 'slug'>

/** The marks of these items, by their places. */
export async function marksOf(store: Store, items: readonly Placed[]): Promise<Map<number, Marks>> {
  const found = new Map<number, Marks>()
  for (const some of chunks(items, LIST)) {
    const rows = await store
      .selectFrom('spool')
      .select(['id', 'title', 'title_guessed', 'fingerprint', 'body_length', 'slug'])
      .where('id', 'in', places(some))
      .execute()
    for (const { id, ...marks } of rows) found.set(id, marks)
  }
  return found
}

/** What an older feed may know an article by. */
export type Names = Pick<Spool, 'title' | 'permalink' | 'slug'>

/** These names, by place. */
export async function namesOf(store: Store, items: readonly Placed[]): Promise<Map<number, Names>> {
  const rows = await store
    .selectFrom('spool')
    .select(['id', 'title', 'permalink', 'slug'])
    .where('id', 'in', places(items))
    .execute()
  return new Map(rows.map(({ id, ...names }) => [id, names]))
}

/** What was put aside of these items, by their places. */
export async function takeDown(store: Store, items: readonly Placed[]): Promise<Map<number, Omit<Spool, 'id'>>> {
  const found = new Map<number, Omit<Spool, 'id'>>()
  for (const some of chunks(items, LIST)) {
    const rows = await store.selectFrom('spool').selectAll().where('id', 'in', places(some)).execute()
    for (const { id, ...row } of rows) found.set(id, row)
  }
  return found
}

function places(items: readonly Placed[]): number[] {
  return items.map(({ place }) => place)
}
