import { Problem } from '../problem.ts'
import { type AlertRecord, dropAlert, writeAlert } from '../remember/alerts.ts'
import type { Store } from '../remember/open.ts'
import type { News } from './alert.ts'
import type { Way } from './ways.ts'

/** Tells news by several ways; one that failed is not tried again. */
export class Messenger {
  readonly #ways: readonly Way[]
  /** Why a way failed. */
  readonly #failures = new Map<Way, string>()

  constructor(ways: readonly Way[]) {
    this.#ways = ways
  }

  /** The names of all ways. */
  get names(): string[] {
    return this.#ways.map(({ name }) => name)
  }

  /** @returns the names of the ways that took it, of those named */
  async tell(news: News, names: readonly string[]): Promise<string[]> {
    const took: string[] = []
    for (const way of this.#ways) {
      if (!names.includes(way.name) || this.#failures.has(way)) continue
      const reason = await way.tell(news)
      if (reason === null) took.push(way.name)
      else this.#failures.set(way, reason)
    }
    return took
  }

  /**
   * What went wrong with the ways, and what of it is new; the store keeps until when.
   * @param known what stands in the store
   */
  async faults(store: Store, known: ReadonlyMap<string, AlertRecord>, now: number) {
    const problems: Problem[] = []
    const fresh: Problem[] = []
    for (const way of this.#ways) {
      const key = `way:${way.name}`
      const reason = this.#failures.get(way)
      if (reason === undefined) {
        if (known.has(key)) await dropAlert(store, key)
        continue
      }
      const problem = undelivered(way, reason)
      problems.push(problem)
      if (known.has(key)) continue
      fresh.push(problem)
      await writeAlert(store, { key, since: now, detail: problem.message, toldBy: [], toldAt: null })
    }
    return { problems: problems.map((one) => one.toJSON()), fresh: fresh.map((one) => one.toJSON()) }
  }

  async close(): Promise<void> {
    for (const way of this.#ways) await way.close()
  }
}

function undelivered({ setting }: Way, reason: string): Problem {
  return new Problem('alert-undelivered', `You could not be told what is wrong: ${reason}`, {
    where: setting,
    mend: 'see "feedwire status" for what it is, and mend the setting or what stands at its other end; it is told at the next run',
  })
}
