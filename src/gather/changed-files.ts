import type { KnownStamps } from '../remember/known-stamps.ts'
import { type Comparing, isAsBefore } from './scan.ts'
import { type Finds, FoundFiles, type WalkedFile } from './walk.ts'

/** Compares the files of a walk with what is remembered, and keeps those that are not as they were. */
export class ChangedFiles implements Finds {
  readonly #comparing: Comparing
  readonly #changed = new FoundFiles()
  /** By the places of what is known: 1 for each file that was found. */
  readonly #isThere: Uint8Array
  /** How many files were found, changed or not. */
  count = 0

  constructor(comparing: Comparing) {
    this.#comparing = comparing
    this.#isThere = new Uint8Array(comparing.known.size)
  }

  add(file: WalkedFile): void {
    this.count += 1
    const place = this.#known.placeOf(file.path)
    if (place !== -1) this.#isThere[place] = 1
    if (!isAsBefore(file, place, this.#comparing)) this.#changed.add(file)
  }

  has(path: string): boolean {
    const place = this.#known.placeOf(path)
    return place === -1 ? this.#changed.has(path) : this.#isThere[place] === 1
  }

  /** The files that are new or may have changed, in order of path. */
  inOrder(): WalkedFile[] {
    return this.#changed.inOrder()
  }

  /** The paths of what is remembered and was not found. */
  *missing(): Generator<string> {
    for (let place = 0; place < this.#isThere.length; place++) {
      if (this.#isThere[place] === 0) yield this.#known.pathAt(place)
    }
  }

  get #known(): KnownStamps {
    return this.#comparing.known
  }
}
