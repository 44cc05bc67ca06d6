import { CompiledQuery, SqliteAdapter } from 'kysely'
import type { Store } from './open.ts'

/** Which database a store is in; only statements that have no form for both ask it. */
export type Engine = 'sqlite' | 'postgres'

export function engineOf(store: Store): Engine {
  return store.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres'
}

/** The same statement for each engine; a `?` stands for each parameter. */
export class Statement<R> {
  readonly #texts: Record<Engine, string>

  constructor(text: string | Record<Engine, string>) {
    const both = typeof text === 'string' ? { sqlite: text, postgres: text } : text
    this.#texts = { ...both, postgres: numbered(both.postgres) }
  }

  /** Its text is not built anew each time. */
  async run(store: Store, parameters: unknown[]): Promise<R[]> {
    const text = this.#texts[engineOf(store)]
    return (await store.executeQuery<R>(CompiledQuery.raw(text, parameters))).rows
  }
}

function numbered(text: string): string {
  let count = 0
  return text.replaceAll('?', () => `$${++count}`)
}
