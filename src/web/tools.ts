import type { BlockList } from 'node:net'
import type { Instant } from '../entry.ts'
import type { Store } from '../remember/open.ts'
import type { SharedCommit } from '../remember/shared-commit.ts'
import type { Site } from '../site.ts'
import type { Texts } from '../texts.ts'

/** Takes what happened, an event a line; no address of a reader is ever in it, and no token. */
export interface WebLog {
  info: (event: string, fields: object) => void
  error: (event: string, fields: object) => void
}

/** What the web server needs of the rest. */
export interface WebTools {
  store: Store
  /** Lets requests that come at once share a commit of that store. */
  commits: SharedCommit
  site: Pick<Site, 'title' | 'url' | 'language' | 'privacy'>
  /** Our texts in a language, or in the nearest one that there is. */
  texts: (language: string) => Texts
  /** The languages that our texts are in, as BCP 47 tags. */
  languages: readonly string[]
  /** Names of the sources that are read; what others left behind counts for nothing. */
  sources: readonly string[]
  /** Where readers reach the server; ends with `/`. Its path may stand before that of a request. */
  url: string
  /** Where the site is published; ends with `/`. */
  publishUrl: string
  /** Origins whose pages may hold our form, such as `https://example.org`: those of the site, and our own. */
  origins: readonly string[]
  /** The file that is published at a path; null: there is none. */
  files: (request: Request, path: string) => Promise<Response | null>
  clock: () => Instant
  log: WebLog
  /** Tells whoever sends the letters that ask for a confirmation that there may be one; it is not waited for. */
  notify: () => void
  /** Proxies that are believed when they say for whom they ask. */
  proxies: BlockList
  /** Who may read the metrics. */
  metricsFor: BlockList
  /** IANA zones to choose from; left out: all that are known. */
  zones?: readonly string[]
}

/**
 * The web server as a function; it answers every request and never rejects.
 * @param peer the network address of the other end; empty when it has gone
 */
export type WebApp = (request: Request, peer: string) => Promise<Response>
