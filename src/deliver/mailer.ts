import type { Instant } from '../entry.ts'
import type { Problem } from '../problem.ts'
import type { EmailAddress, Mailbox } from '../subscriber.ts'

/**
 * A body that readers share but for their own words in its gaps: `shared[0] own[0] shared[1] …`. For all readers of a
 * digest `shared` is one array, so that it is encoded once.
 */
export interface Body {
  shared: readonly string[]
  own: readonly string[]
}

/** A body as its reader gets it. */
export function bodyText({ shared, own }: Body): string {
  return String.raw({ raw: shared }, ...own)
}

/** One letter ready to go. */
export interface Letter {
  /** Message-ID without angle brackets: `<digest>.<subscriber>@<domain>`. The same letter has the same for ever. */
  id: string
  from: Mailbox
  to: EmailAddress
  /** Where bounces go (SMTP MAIL FROM). */
  envelopeFrom: EmailAddress
  /** Plain text. */
  subject: string
  html: Body
  text: Body
  date: Instant
  /** List-Id without angle brackets (RFC 2919): `digest.example.org`. */
  listId: string
  /** URLs by which a reader leaves, the best first (RFC 2369); none in a letter to somebody who is not on the list. */
  listUnsubscribe: readonly string[]
  /** True when the first of them takes a POST by which a reader leaves at once (RFC 8058). */
  hasOneClick: boolean
  /** Absolute URL of what tells how the list works (RFC 2369). */
  listHelp: string
  /** Absolute URL of the list of past digests (RFC 2369). */
  listArchive: string
  /** Absolute URL of the same letter on the web (RFC 5064); null when it does not stand there. */
  archivedAt: string | null
  replyTo: Mailbox | null
}

/** What became of one letter. Every text is one line of at most 300 characters, fit for the store. */
export type Outcome =
  | { kind: 'sent'; reply: string }
  /** This letter did not go now; `unknown` when it was handed over in full and no answer came, so it may have gone. */
  | { kind: 'deferred'; reason: string; unknown: boolean }
  /** This address or this letter will never be taken. */
  | { kind: 'refused'; reason: string }
  /** Nobody's letters go now, and the letter was not taken: it stays due, its address is not to blame. */
  | { kind: 'stopped'; problem: Problem }

/** Makes the bytes of a letter (RFC 5322, with CRLF). */
export type Compose = (letter: Letter) => Promise<Buffer>

export interface Mailer {
  /** Letters in flight at once. */
  connections: number
  /** True when sending the same letter twice leaves one. */
  idempotent: boolean
  open(): Connection
  /** Closes every connection that is still open; a letter in flight is deferred. */
  close(): Promise<void>
}

/** Sends one letter at a time: wait for the outcome of one before the next. */
export interface Connection {
  send(letter: Letter): Promise<Outcome>
  close(): Promise<void>
}
