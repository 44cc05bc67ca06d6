import { randomInt } from 'node:crypto'

/** Paths that are joined in one string. */
const PIECE = 256
/** Unknown to whoever names files: nobody can choose names that all fall on one slot. */
const SEED = randomInt(2 ** 31)

/**
 * Paths, each with a place: 0, 1, 2 and so on, as they were added. A map of as many strings takes twice the room, and
 * moving them about until they are old makes the memory of a run grow by as much again.
 */
export class PathTable {
  readonly #pieces: string[] = []
  /** The paths of the piece that is not full yet. */
  #last: string[] = []
  /** Where each path ends within its piece. */
  #ends = new Uint32Array(PIECE)
  #hashes = new Int32Array(PIECE)
  /** Places by hash, each plus one; 0 is free. Never more than half full. */
  #slots = new Int32Array(2 * PIECE)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds a path that is not there yet. */
  add(path: string): number {
    const place = this.#size++
    if (place === this.#ends.length) this.#grow()
    const isFirst = place % PIECE === 0
    this.#ends[place] = (isFirst ? 0 : (this.#ends[place - 1] ?? 0)) + path.length
    const hash = hashOf(path)
    this.#hashes[place] = hash
    this.#put(place, hash)
    this.#last.push(path)
    if (this.#last.length === PIECE) {
      this.#pieces.push(this.#last.join(''))
      this.#last = []
    }
    return place
  }

  /** The place of a path; -1 when it is not there. */
  placeOf(path: string): number {
    const hash = hashOf(path)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = (this.#slots[slot] ?? 0) - 1
      if (place === -1 || (this.#hashes[place] === hash && this.#isAt(place, path))) return place
    }
  }

  /** The path at a place that was given. */
  at(place: number): string {
    const piece = this.#pieces[Math.floor(place / PIECE)]
    if (piece === undefined) return this.#last[place % PIECE] ?? ''
    return piece.slice(this.#startOf(place), this.#ends[place])
  }

  #isAt(place: number, path: string): boolean {
    const piece = this.#pieces[Math.floor(place / PIECE)]
    if (piece === undefined) return this.#last[place % PIECE] === path
    const start = this.#startOf(place)
    return this.#ends[place] === start + path.length && piece.startsWith(path, start)
  }

  #startOf(place: number): number {
    return place % PIECE === 0 ? 0 : (this.#ends[place - 1] ?? 0)
  }

  #put(place: number, hash: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = place + 1
  }

  #grow(): void {
    const length = 2 * this.#ends.length
    const ends = new Uint32Array(length)
    ends.set(this.#ends)
    this.#ends = ends
    const hashes = new Int32Array(length)
    hashes.set(this.#hashes)
    this.#slots = new Int32Array(2 * length)
    for (const [place, hash] of this.#hashes.entries()) this.#put(place, hash)
    this.#hashes = hashes
  }
}

function hashOf(path: string): number {
  let hash = SEED
  for (let at = 0; at < path.length; at++) {
    hash = Math.imul(hash ^ path.charCodeAt(at), 0x5bd1e995)
    hash ^= hash >>> 15
  }
  return hash
}
