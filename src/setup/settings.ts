import type { DialectName } from '../dialect-name.ts'

/** Settings as `feedwire.config.yaml` has them; README.md shows each with its default. Paths are relative to its folder. */
export interface Settings {
  site: SiteSettings
  /** Cron line: when `feedwire start` gathers and publishes. */
  schedule?: string | undefined
  sources?: SourceSettings[] | undefined
  fetch?: FetchSettings | undefined
  snippet?: SnippetSettings | undefined
  feeds?: FeedSettings | undefined
  publish?: PublishSettings | undefined
  digest?: DigestSettings | undefined
  mail?: MailSettings | undefined
  /** Where readers join, choose and leave; null: by mail only. */
  web?: WebSettings | null | undefined
  alerts?: AlertSettings | undefined
  /** Asked by GET after each run that did not fail. */
  heartbeat?: string | null | undefined
  /** How long it is kept what became of each letter, such as `400d`. */
  keep?: string | undefined
  subscribers?: ReaderSettings[] | undefined
  /** At least 16 characters; null: made at random and kept in the store. */
  secret?: string | null | undefined
  /** Path of the store. */
  database?: string | undefined
}

export interface SiteSettings {
  title: string
  description?: string | undefined
  /** Of the home page. */
  url: string
  /** BCP 47 tag of the articles, such as `zh-CN`. */
  language?: string | undefined
  /** IANA zone of dates without one, and of schedules. */
  timezone?: string | undefined
  author?: { name: string; email?: string | null | undefined; url?: string | null | undefined } | null | undefined
  icon?: string | null | undefined
  favicon?: string | null | undefined
  postal_address?: string | null | undefined
  privacy?: string | null | undefined
}

/** A folder of Markdown files, saved front pages, or a page or feed of others. */
export type SourceSettings =
  | {
      kind: 'markdown'
      /** Its key in the store; by default `dir` as it is written. */
      name?: string | undefined
      dir: string
      dialect?: 'auto' | DialectName | undefined
      /** Written as in a `.gitignore`. */
      include?: string[] | undefined
      exclude?: string[] | undefined
      /** Pattern such as `https://blog.example.org/{year}/{month}/{day}/{slug}/`. */
      link?: string | null | undefined
    }
  | { kind: 'listing'; name?: string | undefined; files: string }
  | {
      kind: 'page'
      name?: string | undefined
      /** Where it is: at `url`, or in a `file` whose links are relative to `base`. */
      url?: string | undefined
      file?: string | undefined
      base?: string | undefined
      /** Without them the entries are found by what the page says, or repeats. */
      select?: PageSelectorSettings | null | undefined
      /** Pages that are read of a listing of several. */
      pages?: number | undefined
    }
  | {
      kind: 'feed'
      name?: string | undefined
      url?: string | undefined
      file?: string | undefined
      base?: string | undefined
    }

/** CSS selectors; all but `entry` are relative to it. */
export interface PageSelectorSettings {
  entry: string
  title?: string | undefined
  link?: string | undefined
  date?: string | null | undefined
  snippet?: string | null | undefined
  image?: string | null | undefined
}

export interface FetchSettings {
  /** Names, addresses and subnets that may be asked although they are not public. */
  allow?: string[] | undefined
  /** Hosts that are asked at a time. */
  at_once?: number | undefined
}

export interface SnippetSettings {
  /** Characters as a reader counts them. */
  length?: number | undefined
  placeholders?: { math?: string | undefined; formula?: string | undefined; code?: string | undefined } | undefined
}

export interface FeedSettings {
  entries?: number | undefined
  content?: 'full' | 'snippet' | undefined
  tags?: boolean | undefined
  /** URL of a WebSub hub. */
  hub?: string | null | undefined
  /** How long a new entry waits, such as `30m`, `2h` or `1d`. */
  hold?: string | null | undefined
}

export interface PublishSettings {
  dir?: string | undefined
  /** Where that directory is served; by default `site.url`. */
  url?: string | undefined
  compress?: boolean | undefined
  /** A command that is run when something was published. */
  after?: string | null | undefined
}

export interface DigestSettings {
  /** `instant`, or a cron line. */
  schedule?: string | undefined
  /** Time of day such as `08:00`, for readers who want it daily or weekly. */
  at?: string | undefined
  weekday?: 'sunday' | 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | undefined
  max_entries?: number | undefined
  /** How many articles of a source's first read are announced. */
  first_run?: number | undefined
  templates?: string | undefined
}

export interface MailSettings {
  /** Such as `Ada <digest@example.org>`; needed with `smtp`. */
  from?: string | undefined
  reply_to?: string | null | undefined
  dkim?: DkimSettings | DkimSettings[] | null | undefined
  /** Takes bounces and unsubscribe mails. */
  return?: string | null | undefined
  /** `smtp://user:password@host:587`; null: letters become files in `outbox/`. */
  smtp?: string | null | undefined
  connections?: number | undefined
  /** Such as `10/s` or `500/h`. */
  rate?: string | null | undefined
  /** The same by domain. */
  rates?: Record<string, string> | undefined
  unknown?: 'send' | 'hold' | undefined
}

/** `key` is a private key as PEM, or the path of one. */
export interface DkimSettings {
  selector: string
  domain?: string | undefined
  key: string
}

export interface WebSettings {
  /** As readers reach it; https, save on this machine. */
  url: string
  host?: string | undefined
  port?: number | undefined
  /** Addresses and subnets of proxies that are believed. */
  proxies?: string[] | undefined
  /** Addresses and subnets that may read `/metrics`. */
  metrics?: string[] | undefined
}

export interface AlertSettings {
  mail?: string | null | undefined
  url?: string | null | undefined
  /** Runs in a row in which a source could not be read. */
  source_failures?: number | undefined
  /** How long letters of a digest may wait, such as `6h`. */
  stuck_after?: string | undefined
  /** Percent of a digest's letters that were refused or came back. */
  bounce_rate?: number | undefined
}

/** An address, or one with wishes; a topic is such as `tag:tides`. */
export type ReaderSettings =
  | string
  | {
      address: string
      frequency?: 'site' | 'instant' | 'daily' | 'weekly' | undefined
      zone?: string | undefined
      topics?: string[] | undefined
      language?: string | undefined
    }
