import type { ColumnType } from 'kysely'

/** Written once, never changed. */
type Fixed<T> = ColumnType<T, T, never>

/** What is wrong for longer than a run, and whether the owner was told. */
export interface Alerts {
  /** Its kind and what it is about, such as `source:articles`. */
  key: Fixed<string>
  since: Fixed<number>
  /** Null until the owner was told. */
  told_at: number | null
  /** The ways by which the owner was told, such as `mail url`; empty: by none. */
  told_by: string
  detail: string
}
