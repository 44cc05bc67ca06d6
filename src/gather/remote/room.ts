/**
 * Lets work begin in the order in which it was asked for, as long as what it holds, and what was done and waits to be
 * taken, is not too much. What is alone may always begin, however much it holds.
 */
export class Room {
  readonly #most: number
  #held = 0
  readonly #queue: { expected: number; start: () => void }[] = []

  /** @param most how much may be held, in the unit of `begin()` */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * Waits until the work may begin; each is to be followed by `done()`.
   * @param expected how much it is likely to hold
   */
  async begin(expected: number): Promise<void> {
    await new Promise<void>((start) => {
      this.#queue.push({ expected, start })
      this.#startNext()
    })
  }

  /** What was begun is done, and waits to be taken. */
  done(expected: number, size: number): void {
    this.#held += size - expected
    this.#startNext()
  }

  taken(size: number): void {
    this.#held -= size
    this.#startNext()
  }

  #startNext(): void {
    for (;;) {
      const [next] = this.#queue
      if (next === undefined || (this.#held > 0 && this.#held + next.expected > this.#most)) return
      this.#queue.shift()
      this.#held += next.expected
      next.start()
    }
  }
}
