import { SHORTEST_IDENTITY, guidOfExplicitId, likeness, writtenText } from '../identity.ts'
import { foldText } from '../markdown/text.ts'
import { LIST, chunks } from './files.ts'
import type { Store } from './open.ts'
import { type Item, type ShelvedFile, giveUpId } from './shelf.ts'
import { type Marks, marksOf } from './spool.ts'

/** An entry as far as identity needs it. */
interface Candidate {
  id: number
  key: string | null
  explicit_id: string | null
  fingerprint: string
  removed_at: number | null
}

/** Alike enough to be one article that was renamed and edited at once. */
const SAME_ARTICLE = 0.6
/** The same for articles of one title that do not give the same date. */
const SAME_IN_SPITE_OF_DATE = 0.9

/**
 * Finds for each draft of a folder the entry that it is: by explicit id, then by path, then by the exact body of an
 * entry whose file is gone; then, of what went and came in this run, by title and likeness where that title is only
 * once among either, and last by likeness alone if exactly one went and one came.
 * @param gone row ids of the entries whose files are gone
 */
export async function matchItems(
  store: Store,
  source: { id: number; name: string },
  items: readonly Item[],
  files: readonly ShelvedFile[],
  gone: readonly number[],
): Promise<void> {
  if (items.length === 0) return
  await new Matching(store, source, items, files, gone).run()
}

class Matching {
  readonly #store: Store
  readonly #source: { id: number; name: string }
  readonly #items: readonly Item[]
  readonly #files: readonly ShelvedFile[]
  readonly #gone: ReadonlySet<number>
  readonly #taken = new Set<number>()

  constructor(
    store: Store,
    source: { id: number; name: string },
    items: readonly Item[],
    files: readonly ShelvedFile[],
    gone: readonly number[],
  ) {
    this.#store = store
    this.#source = source
    this.#items = items
    this.#files = files
    this.#gone = new Set(gone)
  }

  async run(): Promise<void> {
    await this.#byId()
    if (!(await this.#hasEntries())) return
    await this.#byKey()
    const fresh = await this.#marked(this.#unknown())
    await this.#byBody(fresh)
    await this.#byTitle(fresh)
    await this.#byLikeness(fresh)
  }

  #unknown(): Item[] {
    return this.#items.filter((item) => item.entryId === null)
  }

  #vanished(): number[] {
    return [...this.#gone].filter((id) => !this.#taken.has(id))
  }

  #take(item: Item, entryId: number): void {
    item.entryId = entryId
    this.#taken.add(entryId)
  }

  #isGone(entry: Candidate): boolean {
    return entry.removed_at !== null || this.#gone.has(entry.id)
  }

  async #hasEntries(): Promise<boolean> {
    const { id } = this.#source
    const row = await this.#store.selectFrom('entries').select('id').where('source_id', '=', id).limit(1).execute()
    return row.length > 0
  }

  async #byId(): Promise<void> {
    const claiming = this.#items.filter((item) => item.explicitId !== null)
    if (claiming.length === 0) return
    const found = await this.#candidates(
      'explicit_id',
      claiming.map(({ explicitId }) => explicitId ?? ''),
    )
    const holders = await this.#holders(claiming)
    const claims = new Map<string | null, string | null>()
    for (const file of this.#files) if (file.outcome === 'read') claims.set(file.path, null)
    for (const item of this.#items) claims.set(item.key, item.explicitId)
    const stillClaims = (entry: Candidate): boolean =>
      !this.#isGone(entry) && (claims.has(entry.key) ? claims.get(entry.key) === entry.explicit_id : true)

    for (const item of claiming) {
      const alike = found.get(item.explicitId ?? '') ?? []
      const own = alike.find(({ key }) => key === item.key)
      // An article that once went by its path stays what it is when the other one with its id goes away.
      const gaveUp = item.file.before?.hadTakenId === true
      const other = gaveUp ? undefined : alike.find((entry) => !this.#taken.has(entry.id) && !stillClaims(entry))
      const entry = own ?? other
      const holder = holders.get(guidOfExplicitId(this.#source.name, item.explicitId ?? ''))
      const isHeld = holder !== undefined && (holder.source_id !== this.#source.id || holder.key !== item.key)
      if (entry !== undefined && !this.#taken.has(entry.id)) this.#take(item, entry.id)
      else if (alike.length > 0 || isHeld) giveUpId(item)
    }
  }

  /** The entries, of this source or another, that have the guids which the ids stand for. */
  async #holders(claiming: readonly Item[]): Promise<Map<string, { source_id: number; key: string | null }>> {
    const guids = claiming.map(({ explicitId }) => guidOfExplicitId(this.#source.name, explicitId ?? ''))
    const holders = new Map<string, { source_id: number; key: string | null }>()
    for (const some of chunks(guids, LIST)) {
      const rows = await this.#store
        .selectFrom('entries')
        .select(['guid', 'source_id', 'key'])
        .where('guid', 'in', some)
        .execute()
      for (const { guid, ...holder } of rows) holders.set(guid, holder)
    }
    return holders
  }

  async #byKey(): Promise<void> {
    const items = this.#unknown().filter(({ key }) => key !== null)
    const found = await this.#candidates(
      'key',
      items.map(({ key }) => key ?? ''),
    )
    for (const item of items) {
      const [entry] = found.get(item.key ?? '') ?? []
      if (entry !== undefined && !this.#taken.has(entry.id)) this.#take(item, entry.id)
    }
  }

  async #marked(items: readonly Item[]): Promise<Fresh[]> {
    const marks = await marksOf(this.#store, items)
    return items.flatMap((item) => {
      const own = marks.get(item.place)
      return own === undefined ? [] : [{ item, ...marked(own) }]
    })
  }

  async #byBody(fresh: readonly Fresh[]): Promise<void> {
    const long = fresh.filter(({ bodyLength }) => bodyLength >= SHORTEST_IDENTITY)
    const found = await this.#candidates(
      'fingerprint',
      long.map(({ fingerprint }) => fingerprint),
    )
    for (const { item, fingerprint } of long) {
      const alike = found.get(fingerprint) ?? []
      const entry = alike.find((candidate) => this.#isGone(candidate) && !this.#taken.has(candidate.id))
      if (entry !== undefined) this.#take(item, entry.id)
    }
  }

  async #byTitle(fresh: readonly Fresh[]): Promise<void> {
    const marks: ((one: Marked) => string | null)[] = [
      ({ title, guessed }) => (guessed ? null : title),
      ({ fingerprint, bodyLength }) => (bodyLength === 0 ? null : fingerprint),
      ({ slug }) => slug,
    ]
    const bodies = await this.#bodies(this.#vanished())
    for (const mark of marks) {
      const vanished = onlyOnce(
        bodies.filter(({ id }) => !this.#taken.has(id)),
        mark,
      )
      const unknown = onlyOnce(
        fresh.filter(({ item }) => item.entryId === null),
        mark,
      )
      for (const [name, one] of unknown) {
        const before = vanished.get(name)
        if (before !== undefined && (await this.#isMarked(before, one))) this.#take(one.item, before.id)
      }
    }
  }

  /** True when two that share a mark are one article. */
  async #isMarked(before: Vanished, fresh: Fresh): Promise<boolean> {
    const isTitled = !before.guessed && !fresh.guessed && before.title === fresh.title
    const bothGuessed = before.guessed && fresh.guessed
    const sameDate = before.writtenDate === writtenText(fresh.item.date)
    if (before.fingerprint === fresh.fingerprint) return isTitled || (bothGuessed && before.bodyLength > 0)
    const isShort = Math.min(before.bodyLength, fresh.bodyLength) < SHORTEST_IDENTITY
    if (isShort) return isTitled && sameDate && before.slug === fresh.slug
    return this.#isSame(before, fresh, sameDate ? SAME_ARTICLE : SAME_IN_SPITE_OF_DATE)
  }

  async #byLikeness(all: readonly Fresh[]): Promise<void> {
    const [fresh, second] = all.filter(({ item }) => item.entryId === null)
    const [vanished, another] = this.#vanished()
    if (fresh === undefined || second !== undefined || vanished === undefined || another !== undefined) return
    const [before] = await this.#bodies([vanished])
    if (before === undefined) return
    const sameTitle = before.title === fresh.title || (before.guessed && fresh.guessed)
    const isShort = Math.min(before.bodyLength, fresh.bodyLength) < SHORTEST_IDENTITY
    // A short text is the same article only when nothing but its file name changed.
    if (isShort && !sameTitle) return
    if (await this.#isSame(before, fresh, SAME_ARTICLE)) this.#take(fresh.item, vanished)
  }

  /** True when the bodies are equal, or long and alike; an empty one tells nothing. */
  async #isSame(before: Vanished, fresh: Fresh, least: number): Promise<boolean> {
    if (before.bodyLength === 0) return false
    if (before.fingerprint === fresh.fingerprint) return true
    if (Math.min(before.bodyLength, fresh.bodyLength) < SHORTEST_IDENTITY) return false
    const [left, right] = await Promise.all([this.#text(before.textId), this.#text(fresh.item.textId)])
    return likeness(left, right) >= least
  }

  async #text(id: number | null): Promise<string> {
    const row = await this.#store.selectFrom('texts').select('text').where('id', '=', id).executeTakeFirst()
    return foldText(row?.text ?? '')
  }

  async #bodies(ids: readonly number[]): Promise<Vanished[]> {
    const found: Vanished[] = []
    for (const some of chunks(ids, LIST)) {
      const rows = await this.#store
        .selectFrom('entries')
        .select(['id', 'title', 'title_guessed', 'written_date', 'fingerprint', 'body_length', 'text_id', 'slug'])
        .where('id', 'in', some)
        .execute()
      for (const row of rows) {
        const { id, written_date: writtenDate, text_id: textId } = row
        found.push({ id, writtenDate, textId, ...marked(row) })
      }
    }
    return found
  }

  /** Entries of the source by one of their marks, those that still stand first, then the newest. */
  async #candidates(
    column: 'explicit_id' | 'key' | 'fingerprint',
    values: readonly string[],
  ): Promise<Map<string, Candidate[]>> {
    const found = new Map<string, Candidate[]>()
    for (const some of chunks([...new Set(values)], LIST)) {
      const rows = await this.#store
        .selectFrom('entries')
        .select(['id', 'key', 'explicit_id', 'fingerprint', 'removed_at'])
        .where('source_id', '=', this.#source.id)
        .where(column, 'in', some)
        .orderBy('number', 'desc')
        .execute()
      const standing = rows.filter((row) => row.removed_at === null)
      for (const row of [...standing, ...rows.filter((other) => other.removed_at !== null)]) {
        const value = row[column] ?? ''
        pushTo(found, value, row)
      }
    }
    return found
  }
}

/** What articles are told apart by. */
interface Marked {
  title: string
  guessed: boolean
  fingerprint: string
  bodyLength: number
  slug: string
}

function marked({ title, title_guessed, fingerprint, body_length: bodyLength, slug }: Marks): Marked {
  return { title, guessed: title_guessed === 1, fingerprint, bodyLength, slug }
}

/** A draft that is no entry yet as far as is known. */
interface Fresh extends Marked {
  item: Item
}

/** An entry whose file is gone. */
interface Vanished extends Marked {
  id: number
  writtenDate: string | null
  textId: number | null
}

/** What bears a name that nothing else of the list bears, by that name. */
function onlyOnce<T>(list: readonly T[], nameOf: (one: T) => string | null): Map<string, T> {
  const named = new Map<string, T[]>()
  for (const one of list) {
    const name = nameOf(one)
    if (name !== null) pushTo(named, name, one)
  }
  return new Map(
    [...named].flatMap(([name, [one, ...more]]) => (one === undefined || more.length > 0 ? [] : [[name, one]])),
  )
}

function pushTo<T>(lists: Map<string, T[]>, name: string, one: T): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [one])
  else list.push(one)
}
