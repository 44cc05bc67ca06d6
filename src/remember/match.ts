import type { Draft } from '../entry.ts'
import { SHORTEST_IDENTITY, codePoints, fingerprintOf, guidOfExplicitId, likeness } from '../identity.ts'
import { foldText } from '../markdown/text.ts'
import { Problem } from '../problem.ts'
import type { Store } from './open.ts'
import type { FileReading, KnownFile } from './reading.ts'

/** An entry as far as identity needs it. */
interface Candidate {
  id: number
  key: string | null
  explicit_id: string | null
  removed_at: number | null
  body_length: number
}

/** One draft, and the remembered entry that it is, if any. */
export interface Item {
  file: FileReading
  draft: Draft
  /** The id of the front matter; null as well when another article has it. */
  explicitId: string | null
  /** What its guid is minted from when it is new: its key, else the first words that were captured of it. */
  seed: string
  /** The folded body. */
  folded: string
  fingerprint: string
  bodyLength: number
  /** Row id of the entry that this is; null when it is new. */
  entryId: number | null
}

/** Alike enough to be one article that was renamed and edited at once. */
const SAME_ARTICLE = 0.6

const TAKEN = 'guid-taken'

/**
 * Finds for each draft of a folder the entry that it is: by explicit id, then by path, then by the exact body of an
 * entry whose file is gone, then by likeness if exactly one file went and one came.
 */
export async function matchDrafts(
  store: Store,
  source: { id: number; name: string },
  opened: readonly FileReading[],
  gone: readonly KnownFile[],
): Promise<Item[]> {
  const items = opened.flatMap((file) => file.drafts.map((draft) => itemOf(file, draft)))
  const taken = new Set<number>()
  const take = (item: Item, entry: Candidate): void => {
    item.entryId = entry.id
    taken.add(entry.id)
  }
  const goneIds = new Set(gone.flatMap((file) => file.entryId ?? []))
  const isGone = (entry: Candidate): boolean => entry.removed_at !== null || goneIds.has(entry.id)
  const claims = new Map<string | null, string | null>()
  for (const file of opened) {
    if (file.outcome === 'read') claims.set(file.path, file.drafts[0]?.explicitId ?? null)
  }
  const stillClaims = (entry: Candidate): boolean =>
    !isGone(entry) && (claims.has(entry.key) ? claims.get(entry.key) === entry.explicit_id : true)

  for (const item of items) {
    if (item.explicitId === null) continue
    const found = await candidates(store, source.id, 'explicit_id', item.explicitId)
    const own = found.find(({ key }) => key === item.draft.key)
    const other = gaveUpBefore(item) ? undefined : found.find((entry) => !taken.has(entry.id) && !stillClaims(entry))
    const entry = own ?? other
    if (entry !== undefined && !taken.has(entry.id)) take(item, entry)
    else if (found.length > 0 || (await isHeldElsewhere(store, source, item.explicitId, item.draft.key))) giveUpId(item)
  }
  for (const item of items) {
    if (item.entryId !== null || item.draft.key === null) continue
    const [entry] = await candidates(store, source.id, 'key', item.draft.key)
    if (entry !== undefined && !taken.has(entry.id)) take(item, entry)
  }
  for (const item of items) {
    if (item.entryId !== null || item.bodyLength < SHORTEST_IDENTITY) continue
    const found = await candidates(store, source.id, 'fingerprint', item.fingerprint)
    const entry = found.find((candidate) => isGone(candidate) && !taken.has(candidate.id))
    if (entry !== undefined) take(item, entry)
  }

  const [fresh, second] = items.filter((item) => item.entryId === null)
  const [vanished, another] = [...goneIds].filter((id) => !taken.has(id))
  if (fresh !== undefined && second === undefined && vanished !== undefined && another === undefined) {
    const before = await store
      .selectFrom('bodies')
      .innerJoin('entries', 'entries.id', 'bodies.entry_id')
      .select(['text', 'title', 'title_guessed'])
      .where('entry_id', '=', vanished)
      .executeTakeFirstOrThrow()
    const folded = foldText(before.text)
    const longEnough = Math.min(codePoints(folded), fresh.bodyLength) >= SHORTEST_IDENTITY
    const sameTitle = before.title === fresh.draft.title || (before.title_guessed === 1 && fresh.draft.titleGuessed)
    // A short text is the same article only when nothing but its file name changed; an empty one tells nothing.
    const isRenamed = folded !== '' && folded === fresh.folded && sameTitle
    const isSame = longEnough ? likeness(folded, fresh.folded) >= SAME_ARTICLE : isRenamed
    if (isSame) fresh.entryId = vanished
  }
  return items
}

/** A draft as it stands before anybody asked whether it is known. */
export function itemOf(file: FileReading, draft: Draft): Item {
  const folded = foldText(draft.body.text)
  const bodyLength = codePoints(folded)
  const { explicitId } = draft
  const seed = draft.key ?? folded
  return { file, draft, explicitId, seed, folded, fingerprint: fingerprintOf(folded), bodyLength, entryId: null }
}

/** An id that belongs to another article is no identity; this article goes by its path. */
export function giveUpId(item: Item): void {
  const problem = new Problem(TAKEN, `The id "${item.explicitId ?? ''}" belongs to another entry`, {
    where: item.file.place,
    severity: 'warning',
    mend: 'give each article an id of its own; until then this one goes by its path',
  })
  item.file.problems.push(problem.toJSON())
  item.explicitId = null
}

/** An article that once went by its path stays what it is when the other one with its id goes away. */
function gaveUpBefore(item: Item): boolean {
  return item.file.known?.problems.some(({ code }) => code === TAKEN) === true
}

/** True when the guid that an id stands for was given to an entry of another path or source. */
async function isHeldElsewhere(
  store: Store,
  source: { id: number; name: string },
  explicitId: string,
  key: string | null,
): Promise<boolean> {
  const holder = await store
    .selectFrom('entries')
    .select(['source_id', 'key'])
    .where('guid', '=', guidOfExplicitId(source.name, explicitId))
    .executeTakeFirst()
  return holder !== undefined && (holder.source_id !== source.id || holder.key !== key)
}

/** Entries of a source by one of their marks, those that still stand first, then the newest. */
async function candidates(
  store: Store,
  sourceId: number,
  column: 'explicit_id' | 'key' | 'fingerprint',
  value: string,
): Promise<Candidate[]> {
  const rows = await store
    .selectFrom('entries')
    .select(['id', 'key', 'explicit_id', 'removed_at', 'body_length'])
    .where('source_id', '=', sourceId)
    .where(column, '=', value)
    .orderBy('number', 'desc')
    .execute()
  return [...rows.filter((row) => row.removed_at === null), ...rows.filter((row) => row.removed_at !== null)]
}
