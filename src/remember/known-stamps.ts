import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'
import { PathTable } from './path-table.ts'
import type { FileStat } from './reading.ts'

/** Rows that are read at once: enough to be quick, few enough to be gone before they are moved about in memory. */
const PAGE = 64

/** The stamp of a remembered file: as much as tells whether it must be opened. */
export interface KnownStamp extends FileStat {
  recipe: string
  lookAgain: Instant | null
}

/** The stamps of all files of a source, held in little room. */
export class KnownStamps {
  readonly #paths = new PathTable()
  /** Size, mtime and ctime of each file, one after the other. */
  #numbers = new Float64Array(3 * PAGE)
  /** All recipes; most often there is one. */
  readonly #recipes: string[] = []
  #recipeOf = new Uint8Array(PAGE)
  readonly #lookAgain = new Map<number, Instant>()

  get size(): number {
    return this.#paths.size
  }

  add(path: string, stamp: KnownStamp): void {
    const place = this.#paths.add(path)
    if (3 * place === this.#numbers.length) this.#grow()
    this.#numbers[3 * place] = stamp.size
    this.#numbers[3 * place + 1] = stamp.mtime
    this.#numbers[3 * place + 2] = stamp.ctime
    this.#recipeOf[place] = this.#indexOf(stamp.recipe)
    if (stamp.lookAgain !== null) this.#lookAgain.set(place, stamp.lookAgain)
  }

  has(path: string): boolean {
    return this.placeOf(path) !== -1
  }

  /** The place of a file among all; -1 when it is not remembered. */
  placeOf(path: string): number {
    return this.#paths.placeOf(path)
  }

  /** The stamp of the file at a place that was given. */
  at(place: number): KnownStamp {
    const recipe = this.#recipes[this.#recipeOf[place] ?? 0] ?? ''
    return {
      size: this.#number(3 * place),
      mtime: this.#number(3 * place + 1),
      ctime: this.#number(3 * place + 2),
      recipe,
      lookAgain: this.#lookAgain.get(place) ?? null,
    }
  }

  pathAt(place: number): string {
    return this.#paths.at(place)
  }

  *paths(): Generator<string> {
    for (let place = 0; place < this.size; place++) yield this.#paths.at(place)
  }

  #number(place: number): number {
    return this.#numbers[place] ?? 0
  }

  #indexOf(recipe: string): number {
    const index = this.#recipes.indexOf(recipe)
    // What is left of more recipes than can be told apart is read again.
    return index !== -1 || this.#recipes.length > 250 ? index : this.#recipes.push(recipe) - 1
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.#numbers.length)
    numbers.set(this.#numbers)
    this.#numbers = numbers
    const recipeOf = new Uint8Array(numbers.length / 3)
    recipeOf.set(this.#recipeOf)
    this.#recipeOf = recipeOf
  }
}

/** The stamps of every remembered file of a source. */
export async function knownStamps(store: Store, sourceName: string): Promise<KnownStamps> {
  const stamps = new KnownStamps()
  let after = ''
  let recipe = ''
  for (;;) {
    const rows = await store
      .selectFrom('files')
      .select(['path', 'size', 'mtime', 'ctime', 'look_again'])
      // Nearly always it is that of the file before, and long.
      .select(sql<string | null>`nullif(recipe, ${recipe})`.as('other_recipe'))
      .where('source_id', '=', (source) => source.selectFrom('sources').select('id').where('name', '=', sourceName))
      .where('path', '>', after)
      .orderBy('path')
      .limit(PAGE)
      .execute()
    for (const { path, size, mtime, ctime, look_again: lookAgain, other_recipe: other } of rows) {
      stamps.add(path, { size, mtime, ctime, recipe: other ?? recipe, lookAgain })
    }
    recipe = rows.at(-1)?.other_recipe ?? recipe
    after = rows.at(-1)?.path ?? after
    if (rows.length < PAGE) return stamps
  }
}
