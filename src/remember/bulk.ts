import type { Compilable, CompiledQuery, DialectAdapter } from 'kysely'
import type { Store } from './open.ts'

/**
 * An insert of many rows that all have the same columns in the same order. kysely compiles it once for each number of
 * rows; else that costs more than what the database does.
 */
export class ManyInserts<R extends Readonly<Record<string, unknown>>, O> {
  readonly #build: (store: Store, rows: R[]) => Compilable<O>
  readonly #compiled = new WeakMap<DialectAdapter, Map<number, CompiledQuery<O>>>()

  constructor(build: (store: Store, rows: R[]) => Compilable<O>) {
    this.#build = build
  }

  async insert(store: Store, rows: R[]): Promise<O[]> {
    const [first] = rows
    if (first === undefined) return []
    const columns = Object.keys(first)
    const parameters = rows.flatMap((row) => columns.map((column) => row[column]))
    const query: CompiledQuery<O> = { ...this.#query(store, rows), parameters }
    return (await store.executeQuery(query)).rows
  }

  #query(store: Store, rows: R[]): CompiledQuery<O> {
    const { adapter } = store.getExecutor()
    const known = this.#compiled.get(adapter) ?? new Map<number, CompiledQuery<O>>()
    this.#compiled.set(adapter, known)
    const query = known.get(rows.length) ?? this.#build(store, rows).compile()
    // The rest of a batch has any number of rows.
    if (known.size > 100) known.clear()
    known.set(rows.length, query)
    return query
  }
}
