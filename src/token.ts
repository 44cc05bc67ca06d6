import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What a link in a letter allows whoever has it; each purpose has signatures of its own. `unsubscribe` and `preferences`
 * name a subscriber, `confirm` a consent.
 */
export type Purpose = 'unsubscribe' | 'confirm' | 'preferences'

/** An id in base 36, without leading zeros, a dot and the signature. */
const TOKEN = /^([1-9a-z][\da-z]{0,10})\.([\w-]{22})$/
const SIGNATURE_LENGTH = 22

/**
 * A token for a link, such as `1a.` and 22 characters of base64url (RFC 4648, section 5). It does not expire by itself:
 * for how long somebody can confirm is kept with their consent.
 */
export function mintToken(secret: string, purpose: Purpose, id: number): string {
  return `${id.toString(36)}.${signature(secret, purpose, id)}`
}

/**
 * The id for which a token was minted, null when none of the secrets signed it for this purpose.
 * The text may be anything; how long it takes to refuse a token tells nothing of the right one.
 */
export function readToken(secrets: readonly string[], purpose: Purpose, token: string): number | null {
  const [, written, given] = TOKEN.exec(token) ?? []
  if (written === undefined || given === undefined) return null
  const id = parseInt(written, 36)
  if (!Number.isSafeInteger(id)) return null
  const verdicts = secrets.map((secret) => isEqual(given, signature(secret, purpose, id)))
  return verdicts.includes(true) ? id : null
}

/** The address of the page on which a reader leaves; a POST there needs no page (RFC 8058). */
export function unsubscribeUrl(webUrl: string, token: string): string {
  return `${webUrl}u/${token}`
}

/** The address of the page on which a reader confirms that they want the digest. */
export function confirmUrl(webUrl: string, token: string): string {
  return `${webUrl}c/${token}`
}

/** The address of the page with a reader's settings. */
export function preferencesUrl(webUrl: string, token: string): string {
  return `${webUrl}p/${token}`
}

/** 132 bits of HMAC-SHA-256 (RFC 2104). The label keeps what else the secret signs apart. */
function signature(secret: string, purpose: Purpose, id: number): string {
  const text = `feedwire-token\n${purpose}\n${id}`
  return createHmac('sha256', secret).update(text).digest('base64url').slice(0, SIGNATURE_LENGTH)
}

/** Both have 22 ASCII characters. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
