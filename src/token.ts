import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a link in a letter allows whoever has it; each purpose has signatures of its own. */
export type Purpose = 'unsubscribe'

/** The id of a subscriber in base 36, without leading zeros, a dot and the signature. */
const TOKEN = /^([1-9a-z][\da-z]{0,10})\.([\w-]{22})$/
const SIGNATURE_LENGTH = 22

/** A token for a link, such as `1a.` and 22 characters of base64url (RFC 4648, section 5); it does not expire. */
export function mintToken(secret: string, purpose: Purpose, subscriberId: number): string {
  return `${subscriberId.toString(36)}.${signature(secret, purpose, subscriberId)}`
}

/**
 * The id of the subscriber for whom a token was minted, null when none of the secrets signed it for this purpose.
 * The text may be anything; how long it takes to refuse a token tells nothing of the right one.
 */
export function readToken(secrets: readonly string[], purpose: Purpose, token: string): number | null {
  const [, id, given] = TOKEN.exec(token) ?? []
  if (id === undefined || given === undefined) return null
  const subscriberId = parseInt(id, 36)
  if (!Number.isSafeInteger(subscriberId)) return null
  const verdicts = secrets.map((secret) => isEqual(given, signature(secret, purpose, subscriberId)))
  return verdicts.includes(true) ? subscriberId : null
}

/** The address of the page on which a token is used; a POST there needs no page (RFC 8058). */
export function unsubscribeUrl(webUrl: string, token: string): string {
  return `${webUrl}u/${token}`
}

/** 132 bits of HMAC-SHA-256 (RFC 2104). The label keeps what else the secret signs apart. */
function signature(secret: string, purpose: Purpose, subscriberId: number): string {
  const text = `feedwire-token\n${purpose}\n${subscriberId}`
  return createHmac('sha256', secret).update(text).digest('base64url').slice(0, SIGNATURE_LENGTH)
}

/** Both have 22 ASCII characters. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
