import type { DialectName } from './dialect-name.ts'
import type { DigestSchedule } from './digest/due.ts'
import type { Preferences } from './preferences.ts'
import type { RemoteSource } from './remote-source.ts'
import type { CronLine } from './schedule.ts'
import type { Site } from './site.ts'
import type { EmailAddress, Mailbox } from './subscriber.ts'

/** Where entries come from. `name` is the key under which the store remembers the source. */
export type SourceConfig =
  | {
      kind: 'markdown'
      name: string
      dir: string
      dialect: DialectName | 'auto'
      /** Patterns as in a `.gitignore`, relative to the folder. */
      include: string[]
      exclude: string[]
      link: string | null
    }
  | { kind: 'listing'; name: string; root: string; files: string }
  | RemoteSource

/** How others are asked for their pages and feeds. */
export interface FetchConfig {
  /** Names of hosts, addresses and subnets that may be asked although they are not public. */
  allow: string[]
  /** How many hosts are asked at a time. */
  atOnce: number
}

/** How long a snippet is, in graphemes, and what stands for that which plain text cannot show. */
export interface SnippetConfig {
  length: number
  placeholders: { math: string; formula: string; code: string }
}

/** When digests are due, and what one holds. */
export interface DigestConfig {
  /** The site's own, which readers are on who chose no other. */
  schedule: DigestSchedule
  /** For readers who want one each day, in their own zone. */
  daily: CronLine
  weekly: CronLine
  maxEntries: number
  firstRun: number
  templates: string
}

/** A key with which letters are signed (RFC 6376). */
export interface DkimConfig {
  domain: string
  selector: string
  /** PEM text, or the absolute path of a file with it. */
  key: string
}

/** How letters leave: as files, or through a server. */
export type MailConfig = {
  from: Mailbox
  replyTo: Mailbox | null
  dkim: DkimConfig[]
  /** Milliseconds from one letter to the next: to anybody, or null; and by domain of the recipient. */
  rates: { all: number | null; domains: ReadonlyMap<string, number> }
  /** What becomes of a letter that may have gone or not. */
  unknown: 'send' | 'hold'
  returnTo: EmailAddress | null
  /** Where readers may write to; null when the owner names no sender. */
  contact: EmailAddress | null
} & ({ kind: 'outbox'; dir: string } | { kind: 'smtp'; url: URL; connections: number })

/** What the feeds hold. */
export interface FeedsConfig {
  entries: number
  content: 'full' | 'snippet'
  /** True when each tag, category, author and source has feeds and a page of its own. */
  tags: boolean
  /** WebSub hub that is told of changes. */
  hub: string | null
  /** Milliseconds for which a new entry waits before it is published; null: none. */
  hold: number | null
}

/** Where documents go. */
export interface PublishConfig {
  dir: string
  /** Where that directory is served; ends with `/`. */
  url: string
  /** True when each file gets a `.gz` and a `.br` beside it. */
  compress: boolean
  /** Command line of the owner's that brings what was published to where it is served. */
  after: string | null
}

/** Where readers who leave are answered. */
export interface WebConfig {
  /** As readers reach it; ends with `/`. */
  url: string
  host: string
  port: number
  /** Addresses and subnets of proxies whose X-Forwarded-For is believed. */
  proxies: string[]
  /** Addresses and subnets from which `/metrics` may be read. */
  metrics: string[]
}

/** When the owner is told that something is wrong, and how; nobody is told by a way that is null. */
export interface AlertsConfig {
  mail: EmailAddress | null
  url: string | null
  /** Runs in a row that could not read a source. */
  sourceFailures: number
  /** How long letters of a digest may wait, in milliseconds. */
  stuckAfter: number
  /** Percent of a digest's letters that may be refused or come back. */
  bounceRate: number
}

/** A reader whom the settings name. */
export interface ConfiguredReader extends Preferences {
  address: EmailAddress
}

/** The whole configuration, checked; every path is absolute. */
export interface Config {
  /** Folder of the configuration file; places in messages are written relative to it. */
  dir: string
  site: Site
  /** When `feedwire start` gathers and publishes. */
  schedule: CronLine
  sources: SourceConfig[]
  fetch: FetchConfig
  snippet: SnippetConfig
  feeds: FeedsConfig
  publish: PublishConfig
  digest: DigestConfig
  mail: MailConfig
  web: WebConfig | null
  alerts: AlertsConfig
  /** Asked after each run that did not fail, so that a watchman notices when there is none. */
  heartbeat: string | null
  /** How long it is kept what became of each letter, in milliseconds. */
  keep: number
  subscribers: ConfiguredReader[]
  secret: string | null
  /** The path of a file, or the URL of a database on a PostgreSQL server. */
  database: string
}
