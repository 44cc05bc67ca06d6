/**
 * Lets work begin in the order in which it was asked for, as long as not much of it is under way and what was done does
 * not wait in heaps to be taken.
 */
export class Room {
  readonly #most: number
  readonly #atOnce: number
  #begun = 0
  #waiting = 0
  readonly #queue: (() => void)[] = []

  /** @param most how much may wait to be taken, in the unit of `done()` */
  constructor(most: number, atOnce: number) {
    this.#most = most
    this.#atOnce = atOnce
  }

  /** Waits until the work may begin; each is to be followed by `done()`. */
  async begin(): Promise<void> {
    await new Promise<void>((start) => {
      this.#queue.push(start)
      this.#startNext()
    })
  }

  /** What was begun is done, and waits to be taken. */
  done(size: number): void {
    this.#begun -= 1
    this.#waiting += size
    this.#startNext()
  }

  taken(size: number): void {
    this.#waiting -= size
    this.#startNext()
  }

  #startNext(): void {
    while (this.#begun < this.#atOnce && this.#waiting < this.#most) {
      const start = this.#queue.shift()
      if (start === undefined) return
      this.#begun += 1
      start()
    }
  }
}
