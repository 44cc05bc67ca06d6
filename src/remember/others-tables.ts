import type { ColumnType } from 'kysely'

/** Written once, never changed. */
type Fixed<T> = ColumnType<T, T, never>

/** What is known of asking for the page or feed of a source. */
export interface Fetches {
  source_id: Fixed<number>
  /** As the settings have it. */
  url: string
  /** Where it moved for good; null: nowhere. */
  moved_to: string | null
  /** The address that gave the validators; empty when there are none. */
  said_by: string
  etag: string | null
  last_modified: string | null
  /** Before this it is not asked for. */
  ask_after: number
}

/** Hosts that are left alone for a while. */
export interface Hosts {
  host: Fixed<string>
  until: number
  failures: number
}

/** That an entry stands in another source too, under a name of its own there. */
export interface Sightings {
  source_id: Fixed<number>
  /** The key there; in a listing the fingerprint of the text. */
  key: Fixed<string>
  entry_id: number
  /** Of a listing: as `openingOf` makes it. */
  opening: Fixed<string | null>
  /** Of a listing: the folded text. */
  text: Fixed<string | null>
}

/** What one article is known by in whichever source: its address, the opening of its text. Made from the entries. */
export interface CrossKeys {
  key: Fixed<string>
  entry_id: Fixed<number>
}
