import type { Store } from '../remember/open.ts'
import {
  type LetterReader,
  readerOfConsent,
  readerOfLetter,
  readerOfNotice,
  readerWithId,
} from '../remember/readers.ts'
import { type ReturnTo, readReturnAddress } from '../return-address.ts'
import { readToken } from '../token.ts'
import { addressesIn, headerOf, valuesOf } from './fields.ts'
import { returnedMessages } from './origin.ts'
import type { ParsedMail } from './parse.ts'

/** Whom a mail that came back is about. */
export interface Reader extends LetterReader {
  /** Of a digest or another letter, when it is known which letter it was. */
  letterId: string | null
}

/** Fields in which servers write to whom they deliver a mail. */
const ENVELOPE = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-delivered-to', 'x-rcpt-to']
const RECIPIENTS = [...ENVELOPE, 'to', 'cc', 'original-rcpt-to']
/** The token of a page to leave by, as `unsubscribeUrl()` writes it. */
const PAGE = /\/u\/([1-9a-z][\da-z]{0,10}\.[\w-]{22})(?![\w-])/g
const MOST_PAGES = 20

/** To whom a mail was sent, as far as its header and whoever hands it over tell. */
export function recipientsOf({ fields }: ParsedMail, envelopeTo: string | null): string[] {
  return [...(envelopeTo === null ? [] : [envelopeTo]), ...valuesOf(fields, ...RECIPIENTS)]
}

/** What the first address of ours stands for to which a mail was sent, null when there is none. */
export function addressedAs(secrets: readonly string[], recipients: readonly string[]): ReturnTo | null {
  return readReturnAddress(secrets, recipients.join('\n'))
}

/**
 * The reader of the letter that a mail is about: by what we signed, in its address or in what came back of the letter;
 * else by the id of the letter, if the mail names their address as well. An id can be guessed, and an address is known
 * to others: each alone is no proof.
 */
export async function readerOf(
  store: Store,
  secrets: readonly string[],
  { mail, addressed, named, messageIds, domains }: About,
): Promise<Reader | null> {
  const signed = addressed ?? signedIn(secrets, mail)
  if (signed !== null) return readerSigned(store, signed)
  const names = new Set([...named, ...returnedTo(mail)].map(folded))
  for (const id of messageIds) {
    const found = await readerOfMessage(store, id, domains)
    if (found !== null && names.has(folded(found.address))) return found
  }
  return null
}

/** What is known of a mail that came back. */
export interface About {
  mail: ParsedMail
  addressed: ReturnTo | null
  /** Addresses that it says it is about. */
  named: readonly string[]
  messageIds: readonly string[]
  /** Those of our own addresses. */
  domains: readonly string[]
}

/** What we signed in a letter that came back: its return path, the address or the page to leave by. */
function signedIn(secrets: readonly string[], { text, parts }: ParsedMail): ReturnTo | null {
  // Lines may have been folded within a field.
  const texts = [...parts.map((part) => part.text), text].map((one) => one.replace(/\n[ \t]+/g, ' '))
  for (const one of texts) {
    const address = readReturnAddress(secrets, one)
    if (address !== null) return address
    for (const [, token = ''] of [...one.matchAll(PAGE)].slice(0, MOST_PAGES)) {
      const subscriberId = readToken(secrets, 'unsubscribe', token)
      if (subscriberId !== null) return { kind: 'unsubscribe', subscriberId }
    }
  }
  return null
}

function returnedTo(mail: ParsedMail): string[] {
  return returnedMessages(mail).flatMap((message) => valuesOf(headerOf(message), ...RECIPIENTS).flatMap(addressesIn))
}

function folded(address: string): string {
  return address.normalize('NFC').toLowerCase()
}

async function readerSigned(store: Store, signed: ReturnTo): Promise<Reader | null> {
  switch (signed.kind) {
    case 'unsubscribe':
      return about(await readerWithId(store, signed.subscriberId), null)
    case 'confirm':
      return about(await readerOfConsent(store, signed.consentId), null)
    case 'bounce': {
      const id = Number(signed.letterId.slice(signed.letterId.lastIndexOf('.') + 1))
      return about(await readerWithId(store, id), signed.letterId)
    }
  }
}

/** What a letter that is no digest has before the `@` of its Message-ID: its number and that of its reader. */
const NOTICE = /^notice-([1-9]\d{0,14})\.([1-9]\d{0,14})$/

/** By `<digest.subscriber@domain>` or `<notice-7.subscriber@domain>`, if there is such a letter. */
async function readerOfMessage(store: Store, messageId: string, domains: readonly string[]): Promise<Reader | null> {
  const at = messageId.lastIndexOf('@')
  const [letterId, domain] = [messageId.slice(0, at), messageId.slice(at + 1).toLowerCase()]
  const [, noticeId, subscriberId] = NOTICE.exec(letterId) ?? []
  if (noticeId === undefined) return about(await readerOfLetter(store, letterId, domain), letterId)
  // No notice has a domain of its own.
  if (!domains.includes(domain)) return null
  return about(await readerOfNotice(store, Number(noticeId), Number(subscriberId)), letterId)
}

function about(reader: LetterReader | null, letterId: string | null): Reader | null {
  return reader === null ? null : { ...reader, letterId }
}
