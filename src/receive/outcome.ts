import { headerOf, valueOf, valuesOf } from './fields.ts'
import { returnedMessages } from './origin.ts'
import type { ParsedMail } from './parse.ts'
import type { BounceClass } from './status.ts'

/** What a mail that came in turns out to be. */
export type Understood =
  /** A letter could not be delivered. */
  | Bounce
  /** A server is still trying. */
  | { kind: 'delayed' }
  /** A letter was delivered, relayed or opened (RFC 3464, RFC 8098). */
  | { kind: 'receipt' }
  /** A program answers for a person who is away. */
  | { kind: 'auto-reply' }
  /** A reader called a letter spam (RFC 5965); `isLeaving` when they asked to be taken off the list. */
  | { kind: 'complaint'; reason: string; isLeaving: boolean; recipients: string[]; messageIds: string[] }
  /** Somebody asks by its subject to be taken off the list. */
  | { kind: 'unsubscribe' }
  /** Somebody asks by its subject for the digest. */
  | { kind: 'subscribe' }
  /** A reader answers the letter in which they are asked whether they want it. */
  | { kind: 'confirm'; consentId: number }
  /** Anything else, for a person to read. */
  | { kind: 'unknown'; why: string }

/** A letter that could not be delivered; of several failures, what is certain of them all. */
export interface Bounce {
  kind: 'bounce'
  class: BounceClass
  /** Enhanced status code such as `5.1.1` (RFC 3463); null when nothing says one. */
  status: string | null
  /** One line of 300 characters at most. */
  reason: string
  recipients: string[]
  /** Ids of the messages that it may be about, without angle brackets. */
  messageIds: string[]
  failures: Failure[]
}

/** Why one recipient did not get it. */
export interface Failure {
  /** As they were written to and as the last server knew them. */
  recipients: string[]
  class: BounceClass
  status: string | null
  reason: string
}

const LONGEST_REASON = 300
/** Failures and ids of one mail that are kept. */
const MOST = 50

/** One bounce of all that failed; it is hard only if all of it is. */
export function bounceOf(failures: readonly Failure[], mail: ParsedMail): Bounce {
  const told = failures.slice(0, MOST).map((failure) => ({ ...failure, reason: oneReason(failure.reason) }))
  const mildest = mildestOf(told)
  return {
    kind: 'bounce',
    class: mildest?.class ?? 'soft',
    status: mildest?.status ?? null,
    reason: mildest?.reason ?? '',
    recipients: [...new Set(told.flatMap(({ recipients }) => recipients))],
    messageIds: messageIdsOf(mail),
    failures: told,
  }
}

/** The failure that says least against the reader; null when there is none. */
export function mildestOf(failures: readonly Failure[]): Failure | null {
  return failures.find((failure) => failure.class !== 'hard') ?? failures[0] ?? null
}

/** What a server said, as one line. */
export function oneReason(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return Array.from(line.slice(0, 2 * LONGEST_REASON))
    .slice(0, LONGEST_REASON)
    .join('')
}

/** Ids of the messages that came back with a mail, or that it says it answers. */
export function messageIdsOf(mail: ParsedMail): string[] {
  const returned = returnedMessages(mail).flatMap((message) => {
    const fields = headerOf(message)
    return valuesOf(fields, 'message-id', 'x-original-message-id', 'original-message-id')
  })
  const reported = mail.parts
    .filter(({ type }) => type.startsWith('message/') && !/rfc822|global$/.test(type))
    .flatMap(({ text }) => [...text.matchAll(/^(?:x-)?original-message-id:(.{1,500})/gim)].map(([, id = '']) => id))
  const answered = ['in-reply-to', 'references'].map((name) => valueOf(mail.fields, name))
  const ids = [...returned, ...reported, ...answered].flatMap(
    (value) => value.match(/[^\s<>]{1,200}@[^\s<>]{1,255}/g) ?? [],
  )
  return [...new Set(ids)].slice(0, MOST)
}
