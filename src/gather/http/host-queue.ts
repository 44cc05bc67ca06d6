/** Lets a few hosts be asked at a time, each by one request at a time, in the order in which they were waited for. */
export class HostQueue {
  readonly #atOnce: number
  readonly #busy = new Set<string>()
  readonly #waiting: { host: string; start: () => void }[] = []

  constructor(atOnce = 4) {
    this.#atOnce = atOnce
  }

  /** Does something with a host once it is its turn. */
  async turn<T>(host: string, act: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.#waiting.push({ host, start })
      this.#startNext()
    })
    try {
      return await act()
    } finally {
      this.#busy.delete(host)
      this.#startNext()
    }
  }

  #startNext(): void {
    if (this.#busy.size >= this.#atOnce) return
    const index = this.#waiting.findIndex(({ host }) => !this.#busy.has(host))
    if (index < 0) return
    for (const { host, start } of this.#waiting.splice(index, 1)) {
      this.#busy.add(host)
      start()
    }
  }
}
