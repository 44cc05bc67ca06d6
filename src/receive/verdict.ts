import type { Instant } from '../entry.ts'
import type { Store } from '../remember/open.ts'
import type { ReturnTo } from '../return-address.ts'
import type { EmailAddress } from '../subscriber.ts'
import type { ParsedMail } from './parse.ts'
import type { About, Reader } from './reader.ts'

/** What receiving needs of the outside. */
export interface ReceiveTools {
  store: Store
  /** Where readers may write to who join or leave: `mail.return` and `mail.from`. */
  addresses: readonly EmailAddress[]
  /** Subjects by which readers ask for the digest, in every language of our texts; looked at when a person wrote. Null: nobody could confirm. */
  subscribeSubjects: (() => Promise<readonly string[]>) | null
  /** Keeps a mail for a person, and says where; the same mail again is kept once. */
  keep: (bytes: Uint8Array, id: string, now: Instant) => string | null
}

/** What was done about a mail. */
export type Done =
  | 'suppressed'
  | 'counted'
  | 'unsubscribed'
  /** Noted: whoever it is from gets a letter in which to confirm. */
  | 'asked'
  | 'subscribed'
  /** Nothing, for it was confirmed too late. */
  | 'expired'
  | 'nothing'
  | 'kept'

export interface Verdict {
  reader: Reader | null
  done: Done
  /** One line: why nothing was done, or what the other side said. */
  detail: string
}

/** A mail that was understood, and what it takes to act on it. */
export interface Case {
  tools: ReceiveTools
  /** The first hexadecimal digits of the SHA-256 of its bytes. */
  id: string
  mail: ParsedMail
  recipients: readonly string[]
  /** What the address stands for to which it was sent, if we signed that. */
  addressed: ReturnTo | null
  find: (about: Pick<About, 'named' | 'messageIds'>) => Promise<Reader | null>
  now: Instant
}

/** For a person to read. */
export function keep(reader: Reader | null, detail: string): Verdict {
  return { reader, done: 'kept', detail }
}
