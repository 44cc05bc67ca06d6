import type { ColumnType, Generated } from 'kysely'
import type { Body } from '../entry.ts'
import type { CollectionKind } from '../collection.ts'
import type { Frequency } from '../preferences.ts'
import type { Consents, Notices, Requests, Throttles } from './member-tables.ts'
import type { CrossKeys, Fetches, Hosts, Sightings } from './others-tables.ts'
import type { Alerts } from './upkeep-tables.ts'

// Instants are integer milliseconds UTC; flags are 0 or 1; lists and problems are JSON text.
// Both databases then hold the same values.

type Flag = 0 | 1
/** Written once, never changed. */
type Fixed<T> = ColumnType<T, T, never>

export interface Settings {
  key: string
  value: string
}

export interface Secrets {
  id: Generated<number>
  value: Fixed<string>
  created_at: Fixed<number>
}

export interface Sources {
  id: Generated<number>
  name: Fixed<string>
  kind: string
  /** When it was first read with success; null before. */
  first_read_at: number | null
  /** Problems of the source as a whole in its last read, as JSON text; those of its files stand there. */
  problems: string
  /** How many runs in a row could not read it. */
  failures: Generated<number>
  /** When the first of those was; null while it can be read. */
  failing_since: number | null
}

export interface Entries {
  id: Generated<number>
  /** The source that is followed; another one that knows more of the article may take its place. */
  source_id: number
  /** Its place in the order of publication; as long as it is held back, a negative one in a queue of its own. */
  number: number
  /** 1 when readers are to be told of it. */
  announce: Flag
  /** Decided when it is first remembered; only `adopt` changes it. */
  guid: string
  /** Fragment id on our pages, made from the first guid. */
  anchor: Fixed<string>
  key: string | null
  explicit_id: string | null
  title: string
  title_guessed: Flag
  date: number
  date_only: Flag
  /** The date as the source gives it (see `writtenText`), or null when it gives none. */
  written_date: string | null
  /** When the source itself says that it was updated, in the same form; or null. */
  written_updated: string | null
  permalink: string | null
  slug: string
  authors: string
  image: string | null
  /** As JSON text (`Enclosure`). */
  enclosures: string
  series: string | null
  tags: string
  categories: string
  snippet: string
  body_format: Body['format']
  /** SHA-256 of the folded body. */
  fingerprint: string
  /** Code points of the folded body. */
  body_length: number
  /** Fingerprint of the opening, as `openingOf` makes it; only listings have it. */
  opening: string | null
  first_seen: number
  updated: number
  removed_at: number | null
  /** 1 when the owner keeps it from readers. */
  hidden: Flag
  /** The row of `texts` that holds its body. */
  text_id: number | null
  /** The store's revision at which a reader could last have seen this entry change. */
  revision: number
  /** The highest number when it was last updated or got another address; null when it never was. */
  again: number | null
  /** The store's revision at which it last left the feeds or came back to them; 0 when it never did. */
  stood_revision: Generated<number>
}

/** A tag, a category, an author or a source that entries share. */
export interface Collections {
  id: Generated<number>
  kind: Fixed<CollectionKind>
  /** What its spellings have in common. */
  key: Fixed<string>
  name: Fixed<string>
  slug: Fixed<string>
  feed_id: Fixed<string>
  created_at: Fixed<number>
  /** The store's revision at which an entry last joined or left it. */
  revision: number
}

export interface CollectionEntries {
  collection_id: Fixed<number>
  entry_id: Fixed<number>
}

/** Archive documents of the feeds (RFC 5005, section 4), by the numbers of the entries that each holds. */
export interface Archives {
  id: Fixed<number>
  first: Fixed<number>
  last: Fixed<number>
}

/** Bodies of articles; they are written before it is known which entry each belongs to. */
export interface Texts {
  id: Generated<number>
  text: string
}

/** What an older feed of the site called its entries, by link. */
export interface Adopted {
  /** As `linkKeys` makes it. */
  link: Fixed<string>
  guid: string
  title: string
  /** When the older feed says that it was published; null when it does not. */
  published: number | null
}

export interface Files {
  source_id: Fixed<number>
  path: Fixed<string>
  size: number
  /** Microseconds; -1 when the file was too young to trust its time. */
  mtime: number
  ctime: number
  hash: string
  recipe: string
  entry_id: number | null
  /** When an unchanged file must be read again all the same: a date in the future has come. */
  look_again: number | null
  /** 1 when it is set aside. */
  rejected: Flag
  problems: string
  /** Paths of other articles that this one includes, as JSON text. */
  imports: string
}

export interface Runs {
  id: Generated<number>
  started_at: Fixed<number>
  ended_at: number | null
  exit_code: number | null
  /** What it did, as JSON text (`RunSummary`); `{}` when nobody knows. */
  summary: Generated<string>
  kind: Generated<RunKind>
}

/** `share`: it only sends letters that a run froze, beside that one. */
export type RunKind = 'run' | 'share'

export interface Slots {
  schedule: Fixed<string>
  slot: Fixed<string>
}

/** What the reader chose; `pending`: to be asked whether they want to be one. */
export type SubscriberState = 'pending' | 'active' | 'paused' | 'unsubscribed'

export interface Subscribers {
  id: Generated<number>
  address: string
  address_key: string
  state: SubscriberState
  /** The highest number that was frozen for this reader. */
  had: number
  added_at: Fixed<number>
  left_at: number | null
  frequency: Generated<Frequency>
  /** IANA zone; empty: the site's. */
  zone: Generated<string>
  /** Sorted topics as JSON text; `[]`: everything. */
  topics: Generated<string>
  /** Language of our texts; empty: the site's. */
  language: Generated<string>
  /** What stands behind the `@` of the address. */
  domain: Generated<string>
  /** Why the address is suppressed; empty: it is not. */
  suppressed: Generated<SuppressionReason | ''>
}

/** Why nobody is to be mailed at an address, be its reader active or not. */
export type SuppressionReason = 'bounced' | 'complained' | 'deleted'

export interface Suppressions {
  /** Keyed hash of the address. */
  key: Fixed<string>
  reason: SuppressionReason
  detail: string
  since: number
}

/** When the next letter may go: to anybody under an empty scope, else to a domain. */
export interface Rates {
  scope: Fixed<string>
  next_at: number
}

/** Letters that did not arrive for a reason that may pass. */
export interface SoftBounces {
  subscriber_id: Fixed<number>
  /** Names the mail that told of it. */
  mail: Fixed<string>
  at: Fixed<number>
}

/** Of readers whose digests are the same, frequency, zone and variant name the first. */
export interface Digests {
  id: Fixed<string>
  frequency: Fixed<Frequency>
  /** The zone whose calendar gives its day. */
  zone: Fixed<string>
  slot: Fixed<string>
  variant: Fixed<string>
  /** Domain of its Message-IDs. */
  domain: Fixed<string>
  subject: Fixed<string>
  html: Fixed<string>
  text: Fixed<string>
  more: Fixed<number>
  recipients: Fixed<number>
  created_at: Fixed<number>
  done_at: number | null
  /** Language of our texts in it; empty: the site's. */
  language: Fixed<string>
  /** 1 when it stands in the list of past digests: it holds everything, on the site's own schedule. */
  listed: Fixed<Flag>
  /** 1 while the owner holds its letters back. */
  paused: Generated<Flag>
  /** How many of its letters came to which end, of those whose rows are kept no more; JSON text. */
  outcomes: Generated<string>
}

export interface DigestEntries {
  digest_id: Fixed<string>
  position: Fixed<number>
  entry_id: Fixed<number>
  title: Fixed<string>
  link: Fixed<string>
  date: Fixed<number>
  tags: Fixed<string>
  categories: Fixed<string>
  snippet: Fixed<string>
}

export type LedgerState =
  'due' | 'claimed' | 'sent' | 'deferred' | 'refused' | 'suppressed' | 'held' | 'expired' | 'cancelled'

export interface Ledger {
  /** `<digest>.<subscriber>`: also the local part of the Message-ID and the name of the file in the outbox. */
  id: Fixed<string>
  digest_id: Fixed<string>
  subscriber_id: Fixed<number>
  state: LedgerState
  /** The run that claimed it. */
  run_id: number | null
  /** When it may be tried again; 0 when at once. */
  until: number
  attempts: number
  /** When it was first put off; what is put off for too long expires. */
  first_deferred_at: number | null
  /** 1 once a try ended without an answer, so that the letter may be there already. */
  maybe_twice: Flag
  settled_at: number | null
  reply: string | null
}

/** Columns of an entry that follow its source. */
type Followed =
  | 'key'
  | 'explicit_id'
  | 'title'
  | 'title_guessed'
  | 'written_date'
  | 'written_updated'
  | 'permalink'
  | 'slug'
  | 'authors'
  | 'image'
  | 'enclosures'
  | 'series'
  | 'tags'
  | 'categories'
  | 'snippet'
  | 'body_format'
  | 'fingerprint'
  | 'body_length'
  | 'opening'
  | 'text_id'

/** Temporary, and empty outside a transaction: what a source says of its entries, until all of it is read. */
export type Spool = Pick<Entries, Followed> & { id: number }

/** Temporary as well: what new entries are called here, by their places in the spool. */
export type Naming = Pick<
  Entries,
  'number' | 'announce' | 'guid' | 'explicit_id' | 'date' | 'date_only' | 'updated'
> & { place: number; anchor: string }

export interface Tables {
  settings: Settings
  secrets: Secrets
  sources: Sources
  entries: Entries
  texts: Texts
  spool: Spool
  naming: Naming
  adopted: Adopted
  files: Files
  runs: Runs
  slots: Slots
  subscribers: Subscribers
  requests: Requests
  consents: Consents
  notices: Notices
  throttles: Throttles
  suppressions: Suppressions
  soft_bounces: SoftBounces
  rates: Rates
  collections: Collections
  collection_entries: CollectionEntries
  archives: Archives
  digests: Digests
  digest_entries: DigestEntries
  ledger: Ledger
  alerts: Alerts
  fetches: Fetches
  hosts: Hosts
  sightings: Sightings
  cross_keys: CrossKeys
}
