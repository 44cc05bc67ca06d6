import type { Instant } from '../../entry.ts'
import type { Problem } from '../../problem.ts'

/** What a server said of a document, by which it can tell later whether it changed (RFC 9110, section 8.8). */
export interface Validators {
  /** The address that said it. It is told to no other, which would compare it with a document of its own. */
  url: string
  etag: string | null
  lastModified: string | null
}

/** What came of asking for an address. */
export type Fetched =
  | Fresh
  | {
      kind: 'unchanged'
      /** As in `Fresh`. */
      movedTo: string | null
    }
  | {
      kind: 'later'
      /** Before this its host is not asked again. */
      until: Instant
      /** `fetch-later` */
      problem: Problem
    }
  | { kind: 'gone'; problem: Problem }
  | { kind: 'failed'; problem: Problem }

/** A document that came. */
export interface Fresh {
  kind: 'fresh'
  /** Where it was found, after redirects, without fragment. */
  url: string
  /** Where to ask from now on, when every redirect was permanent; null: where it was asked. */
  movedTo: string | null
  /** Without the compression of the way. */
  body: Buffer
  /** The header as it came, with its charset; null when there was none. */
  contentType: string | null
  /** For the next time. */
  validators: Validators
}
