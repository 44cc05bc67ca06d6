/** What a test knows of a reader. */
interface Known {
  topics: readonly string[]
  /** Articles that may still come; true: one that was of their topics at each run since, and must. */
  open: Map<string, boolean>
  had: Set<string>
}

/** Readers and articles beside a site, and what of it each of them is to get. */
export class KnownReaders {
  readonly #readers: Map<string, Known>
  readonly #articles = new Map<string, readonly string[]>()

  constructor(names: readonly string[]) {
    this.#readers = new Map(names.map((name) => [name, { topics: [], open: new Map(), had: new Set() }]))
  }

  /** An article of these topics was written; gives its name. */
  written(topics: readonly string[]): string {
    const name = `gauge-${this.#articles.size + 1}`
    this.#articles.set(name, topics)
    for (const { open } of this.#readers.values()) open.set(name, true)
    return name
  }

  /** A reader wants these topics from now on; none stands for everything. */
  wished(name: string, topics: readonly string[]): void {
    const reader = this.#readers.get(name)
    if (reader !== undefined) reader.topics = topics
  }

  /** What is wrong with the letters of a run: each holds all that must come, and nothing that came or may not. */
  faultsOf(letters: readonly (readonly [to: string, articles: readonly string[]])[]): string[] {
    const faults = [...this.#readers].flatMap(([name, reader]) => {
      for (const article of reader.open.keys()) if (!this.#isWanted(article, reader)) reader.open.set(article, false)
      const theirs = letters.filter(([to]) => to === name)
      const twice = theirs.length > 1 ? [`${name} got ${theirs.length} letters`] : []
      return [...twice, ...theirs.flatMap(([, articles]) => this.#faultsIn(name, reader, articles))]
    })
    const strangers = letters.filter(([to]) => !this.#readers.has(to))
    return [...faults, ...strangers.map(([to]) => `${to} is no reader`)]
  }

  /** What should have come to somebody and did not. */
  missing(): string[] {
    return [...this.#readers].flatMap(([name, { open }]) =>
      [...open].filter(([, must]) => must).map(([article]) => `${name} never got ${article}`),
    )
  }

  #faultsIn(name: string, reader: Known, articles: readonly string[]): string[] {
    const { open, had } = reader
    const again = articles.filter((article) => had.has(article)).map((article) => `${name} got ${article} again`)
    const stray = articles.filter((article) => !open.has(article) || !this.#isWanted(article, reader))
    const left = [...open].filter(([article, must]) => must && !articles.includes(article))
    // What a digest passes over does not come later.
    open.clear()
    for (const article of articles) had.add(article)
    return [
      ...again,
      ...stray.map((article) => `${name} got ${article}, which is not theirs`),
      ...left.map(([article]) => `${name} did not get ${article}`),
    ]
  }

  #isWanted(article: string, { topics }: Known): boolean {
    return topics.length === 0 || topics.some((topic) => this.#articles.get(article)?.includes(topic))
  }
}
