/** Something that is no plain Markdown: where it ends, and the Markdown that stands for it. */
export interface Passage {
  end: number
  text: string
}

/** Reads what begins at a place; null when it is text after all. */
export type Reader = (source: Source, at: number) => Passage | null

const BLANK_LINE = /\n[ \t]*\n/g

/**
 * The text of an article with a memory of what was sought in it: as readers go forward only, all searches for one thing
 * together look at each character once.
 */
export class Source {
  readonly text: string
  readonly #found = new Map<string, { from: number; at: number }>()
  #tickRuns: Map<number, number[]> | null = null
  /** How many characters readers may still look at in vain. */
  #patience: number

  constructor(text: string) {
    this.text = text
    this.#patience = 20_000 + 8 * text.length
  }

  /** Like `indexOf` of the text, but the end of the text when there is nothing. */
  find(needle: string, from: number): number {
    return this.#remember(needle, from, () => this.text.indexOf(needle, from))
  }

  /** Where the next blank line begins: its paragraph reaches as far as here. */
  blankLine(from: number): number {
    return this.#remember('', from, () => {
      BLANK_LINE.lastIndex = from
      return BLANK_LINE.exec(this.text)?.index ?? -1
    })
  }

  lineEnd(from: number): number {
    return this.find('\n', from)
  }

  /** Whether a passage has its line to itself, but for the marks of a quotation. */
  isAlone(at: number, end: number): boolean {
    const before = this.#lineBefore(at)
    return (
      before !== null && /^[ \t>]*$/.test(before) && /[ \t]*(?=\n|$)/y.exec(this.text.slice(end, end + 100)) !== null
    )
  }

  /** The white space with which the line begins in which `at` stands; null when something else precedes it. */
  indent(at: number): string | null {
    const before = this.#lineBefore(at)
    return before !== null && /^[ \t]*$/.test(before) ? before : null
  }

  /** What stands before `at` in its line; null when that is long. */
  #lineBefore(at: number): string | null {
    const from = Math.max(0, at - 100)
    const before = this.text.slice(from, at)
    const start = before.lastIndexOf('\n')
    return start < 0 && from > 0 ? null : before.slice(start + 1)
  }

  startsWith(words: string, at: number): boolean {
    return this.text.startsWith(words, at)
  }

  /** Where a run of exactly `length` backticks stands. */
  ticks(length: number, from: number): number {
    this.#tickRuns ??= tickRuns(this.text)
    const runs = this.#tickRuns.get(length) ?? []
    while (runs.length > 0 && (runs.at(-1) ?? 0) < from) runs.pop()
    return runs.at(-1) ?? this.text.length
  }

  /** Whether a reader may go on that has found nothing in `length` characters. */
  tire(length: number): void {
    this.#patience -= length
  }

  get isTired(): boolean {
    return this.#patience <= 0
  }

  #remember(what: string, from: number, search: () => number): number {
    const known = this.#found.get(what)
    if (known !== undefined && known.from <= from && from <= known.at) return known.at
    const index = search()
    const at = index < 0 ? this.text.length : index
    this.#found.set(what, { from, at })
    return at
  }
}

/** Where runs of backticks begin, by length, the last one first. */
function tickRuns(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const starts = runs.get(run.length)
    if (starts === undefined) runs.set(run.length, [index])
    else starts.push(index)
  }
  for (const starts of runs.values()) starts.reverse()
  return runs
}

/** A reader that takes the first answer of several. */
export function firstOf(readers: readonly Reader[]): Reader {
  return (source, at) => {
    for (const read of readers) {
      const passage = read(source, at)
      if (passage !== null) return passage
    }
    return null
  }
}
