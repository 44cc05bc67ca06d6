import type { ColumnType, Generated } from 'kysely'
import type { Frequency } from '../preferences.ts'

/** Written once, never changed. */
type Fixed<T> = ColumnType<T, T, never>

/** By which way somebody said that they want the digest. */
export type ConsentSource = 'form' | 'mail' | 'command' | 'import' | 'settings'

/** Words of a reader in the columns of `subscribers`. */
interface Wishes {
  frequency: Frequency
  zone: string
  topics: string
  language: string
}

/** What somebody asked for who may be anybody, until it is looked at. */
export interface Requests extends Wishes {
  id: Generated<number>
  address: string
  address_key: string
  asked_at: number
  source: ConsentSource
  place: string
  client: string
  text: string
}

/** That somebody asked for the digest, and confirmed it. */
export interface Consents extends Wishes {
  id: Generated<number>
  subscriber_id: Fixed<number>
  asked_at: Fixed<number>
  /** Null until the reader confirms it. */
  confirmed_at: number | null
  /** Until when it can be confirmed. */
  open_until: Generated<number>
  source: Fixed<ConsentSource>
  /** The page, the file or the mail by which it came; empty when there is none. */
  place: Fixed<string>
  /** The network address from which it came; empty when there is none. */
  client: string
  /** The words that were agreed to; empty when nobody knows. */
  text: Fixed<string>
}

/** A letter to one reader that is no digest. */
export interface Notices {
  id: Generated<number>
  subscriber_id: Fixed<number>
  /** `confirm`: asks whether they want to be one; `known`: tells that they are one already. */
  kind: Fixed<'confirm' | 'known'>
  consent_id: Fixed<number | null>
  created_at: Fixed<number>
  state: 'due' | 'sent' | 'refused' | 'expired' | 'dropped'
  /** When it may be tried next; whoever tries it moves it on first. */
  until: number
  attempts: number
  settled_at: number | null
  reply: string | null
}

/** How much of its share somebody used up; see `throttle.ts`. */
export interface Throttles {
  key: Fixed<string>
  at: number
}
