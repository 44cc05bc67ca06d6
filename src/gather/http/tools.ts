import type { Instant } from '../../entry.ts'
import type { Allowed } from './address.ts'
import type { Backoff } from './backoff.ts'
import type { HostQueue } from './host-queue.ts'
import type { Lookup } from './lookup.ts'

/** What the fetching of a run takes from outside. */
export interface Tools {
  /** Who asks: `Feedwire/VERSION (+SITE_URL)`. */
  userAgent: string
  /** What is asked for where a server has both. */
  wanted: 'feed' | 'page'
  /** Private addresses that are meant. */
  allowed: Allowed
  /** Once it is aborted, nothing more is asked. */
  signal: AbortSignal
  queue: HostQueue
  backoff: Backoff
  clock: () => Instant
  /** By default the one of the system. */
  lookup?: Lookup
  limits?: Limits
  /** Told how many milliseconds each host took, waiting for its turn aside. */
  spent?: (ms: number) => void
}

/** Times are milliseconds, sizes bytes. */
export interface Limits {
  /** Until the host is found and connected, TLS included. */
  connect: number
  /** From then on until the last header came. */
  answer: number
  /** For everything, redirects included, but not for waiting in the queue. */
  whole: number
  /** For all older pages of a listing, each within `whole`; then no other is begun. */
  older: number
  /** Of a body, as it comes and decompressed. */
  body: number
  /** Of all headers of one answer. */
  headers: number
  /** How many in a row. */
  redirects: number
}

export const LIMITS: Limits = {
  connect: 10_000,
  answer: 20_000,
  whole: 30_000,
  older: 120_000,
  body: 10_000_000,
  headers: 16_384,
  redirects: 5,
}
