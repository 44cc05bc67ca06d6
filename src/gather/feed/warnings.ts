import { Problem, type ProblemRecord } from '../../problem.ts'

/** The mend of a guess that was made about what somebody else wrote. */
export const NOTHING_TO_DO = 'nothing to do here; whoever writes the feed should mend it'

/** Collects what is odd about a document of somebody else; what is odd in the same way many times is told once. */
export class Warnings {
  /** What the warnings call the document. */
  readonly place: string
  readonly #found = new Map<string, { message: string; mend: string; count: number }>()

  constructor(place: string) {
    this.place = place
  }

  add(code: string, message: string, mend: string): void {
    const found = this.#found.get(code)
    if (found === undefined) this.#found.set(code, { message, mend, count: 1 })
    else found.count++
  }

  list(): ProblemRecord[] {
    return [...this.#found].map(([code, { message, mend, count }]) => {
      const text = count === 1 ? message : `${message} (and ${count - 1} more like this)`
      return new Problem(code, text, { where: this.place, severity: 'warning', mend }).toJSON()
    })
  }
}
