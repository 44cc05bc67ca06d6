import type { Draft, WrittenDate } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { ManyInserts } from './bulk.ts'
import { LIST, chunks, rememberFiles } from './files.ts'
import type { Store } from './open.ts'
import type { FileChange, FileReading, TouchedFile } from './reading.ts'
import { clearSpool, insertSpool, spoolRow } from './spool.ts'

/** A file that was read, as far as it is held in memory. */
export interface ShelvedFile {
  path: string
  outcome: FileReading['outcome']
  /** What it was before this run; null when it was not there. */
  before: { entryId: number | null; hadTakenId: boolean } | null
  /** True when its bytes are as they were. */
  isSame: boolean
}

/**
 * One draft, and the remembered entry that it is, if any. A large folder has very many of them at once, so that it holds
 * no more than what nearly each of them is asked for; the rest is taken down from the shelf.
 */
export interface Item {
  /** Its row on the shelf. */
  place: number
  file: ShelvedFile
  key: string | null
  /** The id of the front matter; null as well when another article has it. */
  explicitId: string | null
  /** Where messages say that it stands; null when it has no id of its own, since nothing is said of the others. */
  where: string | null
  /** What its guid is minted from when it is new: its key, else the first words that were captured of it. */
  seed: string
  date: WrittenDate | null
  updated: WrittenDate | null
  /** The row of `texts` that holds its body. */
  textId: number
  /** Row id of the entry that this is; null when it is new. */
  entryId: number | null
  /** What was found out about it after its file was remembered. */
  late: readonly ProblemRecord[]
}

/** All that was read of a source: what is asked of each is in memory, the rest in a temporary table. */
export interface Shelf {
  files: ShelvedFile[]
  items: Item[]
  touched: TouchedFile[]
  imports: { path: string; imports: string[] }[]
  /** Problems that were not there when the files were read before. */
  fresh: ProblemRecord[]
}

/** Files, and characters of their bodies, that are held at once. */
const FILES_AT_ONCE = 25
const CHARACTERS_AT_ONCE = 1_000_000

/** Reads all changes of a folder; remembers the files, and puts aside what they say of entries. */
export async function shelve(store: Store, sourceId: number, changes: AsyncIterable<FileChange>): Promise<Shelf> {
  const shelf: Shelf = { files: [], items: [], touched: [], imports: [], fresh: [] }
  let waiting: FileReading[] = []
  let characters = 0
  for await (const change of changes) {
    if (change.kind === 'touched') {
      shelf.touched.push(change.file)
      continue
    }
    waiting.push(change.file)
    characters += change.file.drafts[0]?.written.length ?? 0
    if (waiting.length < FILES_AT_ONCE && characters < CHARACTERS_AT_ONCE) continue
    await putAside(store, sourceId, shelf, waiting)
    waiting = []
    characters = 0
  }
  await putAside(store, sourceId, shelf, waiting)
  return shelf
}

async function putAside(store: Store, sourceId: number, shelf: Shelf, files: readonly FileReading[]): Promise<void> {
  if (files.length === 0) return
  await rememberFiles(store, sourceId, files)
  const found = files.map((reading) => {
    const file = shelvedFile(reading)
    shelf.files.push(file)
    shelf.fresh.push(...freshProblems(reading.problems, reading.known?.problems ?? []))
    if (reading.imports.length > 0) shelf.imports.push({ path: file.path, imports: reading.imports })
    return { file, where: reading.place, drafts: reading.drafts }
  })
  const drafts = found.flatMap(({ drafts, ...about }) =>
    drafts.map((draft) => ({ ...about, draft, seed: draft.key ?? '' })),
  )
  shelf.items.push(...(await putDrafts(store, drafts, shelf.items.length)))
}

/** How a file is held while its source is remembered. */
export function shelvedFile({ path, outcome, hash, known }: FileReading): ShelvedFile {
  const before = known && { entryId: known.entryId, hadTakenId: known.problems.some(({ code }) => code === TAKEN) }
  return { path, outcome, before, isSame: known?.hash === hash }
}

const insertTexts = new ManyInserts((store, rows: { text: string }[]) =>
  store.insertInto('texts').values(rows).returning('id'),
)
/** A draft of a file. */
export interface FileDraft {
  file: ShelvedFile
  where: string
  draft: Draft
  /** What its guid is minted from when it is new. */
  seed: string
}

/** Puts drafts on the shelf, at places from `from` on; the first ones clear it. */
export async function putDrafts(store: Store, drafts: readonly FileDraft[], from: number): Promise<Item[]> {
  if (drafts.length === 0) return []
  if (from === 0) await clearSpool(store)
  const bodies = drafts.map(({ draft }) => ({ text: draft.body.text }))
  const texts = await insertTexts.insert(store, bodies)
  // A statement numbers its rows in their order, but need not give them back in it.
  const ids = texts.map(({ id }) => id).sort((a, b) => a - b)
  const rows = drafts.map(({ draft }, index) => spoolRow(draft, from + index, ids[index] ?? 0))
  await insertSpool.insert(store, rows)
  return drafts.map((drafted, index) => itemOf(drafted, from + index, ids[index] ?? 0))
}

function itemOf({ file, where, draft, seed }: FileDraft, place: number, textId: number): Item {
  const { key, explicitId, date, updated } = draft
  const claim = { explicitId, where: explicitId === null ? null : where }
  return { place, file, key, ...claim, seed, date, updated, textId, entryId: null, late: NONE }
}

const NONE: readonly ProblemRecord[] = []

/** Takes away bodies that are no entry's, or that an entry has already. */
export async function forgetTexts(store: Store, textIds: readonly number[]): Promise<void> {
  for (const some of chunks(textIds, LIST)) await store.deleteFrom('texts').where('id', 'in', some).execute()
}

/** The code of the warning that an id belongs to another article. */
const TAKEN = 'guid-taken'

/** An id that belongs to another article is no identity; this article goes by its path. */
export function giveUpId(item: Item): void {
  const problem = new Problem(TAKEN, `The id "${item.explicitId ?? ''}" belongs to another entry`, {
    where: item.where,
    severity: 'warning',
    mend: 'give each article an id of its own; until then this one goes by its path',
  })
  item.late = [...item.late, problem.toJSON()]
  item.explicitId = null
}

/** The problems that were not there before. */
export function freshProblems(
  problems: readonly ProblemRecord[],
  before: readonly ProblemRecord[],
): readonly ProblemRecord[] {
  if (problems.length === 0) return problems
  const known = new Set(before.map((problem) => `${problem.code} ${problem.message}`))
  return problems.filter((problem) => !known.has(`${problem.code} ${problem.message}`))
}
