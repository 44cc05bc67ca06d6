import { createHmac, timingSafeEqual } from 'node:crypto'
import { type EmailAddress, parseEmailAddress } from './subscriber.ts'

/** What an address behind `mail.return` stands for. */
export type ReturnTo =
  /** A letter that came back, of the ledger or such as `notice-7.42`. */
  | { kind: 'bounce'; letterId: string }
  /** A reader who leaves. */
  | { kind: 'unsubscribe'; subscriberId: number }
  /** A reader who confirms what they asked for. */
  | { kind: 'confirm'; consentId: number }

/** Hexadecimal digits: 56 bits of HMAC, since a local part has room for no more. */
const TOKEN_LENGTH = 14
/** `+`, what it stands for, a dot and the token, at the end of a local part; servers on the way may change its case. */
const SIGNED = /\+((?:b\.[\w-]+\.[1-9]\d{0,14})|(?:[uc]\.[1-9]\d{0,14}))\.([0-9a-f]{14})@/gi
/** A mail with more of them than this is none of ours. */
const MOST = 100

/** Variable envelope return path (VERP): a bounce tells by its address which letter it is about. */
export function bounceAddress(returnTo: EmailAddress, letterId: string, secret: string): EmailAddress {
  return plusAddress(returnTo, `b.${letterId}`, secret)
}

/** The address by which one reader leaves, from whichever account they write. */
export function unsubscribeAddress(returnTo: EmailAddress, subscriberId: number, secret: string): EmailAddress {
  return plusAddress(returnTo, `u.${subscriberId}`, secret)
}

/** The address by which a reader confirms one thing that they asked for, from whichever account they write. */
export function confirmAddress(returnTo: EmailAddress, consentId: number, secret: string): EmailAddress {
  return plusAddress(returnTo, `c.${consentId}`, secret)
}

/**
 * What the first address of ours in a text stands for; null when none of the secrets signed one. The text may be
 * anything, such as an address or the fields of a mail.
 */
export function readReturnAddress(secrets: readonly string[], text: string): ReturnTo | null {
  let seen = 0
  for (const [, words = '', token = ''] of text.matchAll(SIGNED)) {
    if (++seen > MOST) return null
    const said = words.toLowerCase()
    const verdicts = secrets.map((secret) => isEqual(token.toLowerCase(), tokenOf(secret, said)))
    if (verdicts.includes(true)) return meaningOf(said)
  }
  return null
}

/** Of words such as `u.42`. */
function meaningOf(said: string): ReturnTo {
  const rest = said.slice(2)
  if (said.startsWith('b.')) return { kind: 'bounce', letterId: rest }
  return said.startsWith('u.')
    ? { kind: 'unsubscribe', subscriberId: Number(rest) }
    : { kind: 'confirm', consentId: Number(rest) }
}

function plusAddress(address: EmailAddress, words: string, secret: string): EmailAddress {
  const at = address.lastIndexOf('@')
  return parseEmailAddress(`${address.slice(0, at)}+${words}.${tokenOf(secret, words)}${address.slice(at)}`)
}

/** HMAC-SHA-256 (RFC 2104). The label keeps what else the secret signs apart. */
function tokenOf(secret: string, words: string): string {
  return createHmac('sha256', secret).update(`plus-address\n${words}`).digest('hex').slice(0, TOKEN_LENGTH)
}

/** Both have 14 ASCII characters; how long it takes tells nothing of the right ones. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
