import type { Store } from '../remember/open.ts'
import { type ReturnTo, readReturnAddress } from '../return-address.ts'
import { readToken } from '../token.ts'
import { addressesIn, headerOf, valuesOf } from './fields.ts'
import { returnedMessages } from './origin.ts'
import type { ParsedMail } from './parse.ts'

/** Whom a mail that came back is about. */
export interface Reader {
  id: number
  address: string
  /** The row of the ledger, when it is known which letter it was. */
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
  { mail, addressed, named, messageIds }: About,
): Promise<Reader | null> {
  const signed = addressed ?? signedIn(secrets, mail)
  if (signed !== null) return readerSigned(store, signed)
  const names = new Set([...named, ...returnedTo(mail)].map(folded))
  for (const id of messageIds) {
    const found = await readerOfMessage(store, id)
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
  if (signed.kind === 'unsubscribe') return readerWith(store, signed.subscriberId, null)
  const id = Number(signed.letterId.slice(signed.letterId.lastIndexOf('.') + 1))
  return readerWith(store, id, signed.letterId)
}

async function readerWith(store: Store, id: number, letterId: string | null): Promise<Reader | null> {
  const row = await store.selectFrom('subscribers').select(['id', 'address']).where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : { ...row, letterId }
}

/** By `<digest.subscriber@domain>`, if there is such a letter. */
async function readerOfMessage(store: Store, messageId: string): Promise<Reader | null> {
  const at = messageId.lastIndexOf('@')
  const row = await store
    .selectFrom('ledger')
    .innerJoin('digests', 'digests.id', 'ledger.digest_id')
    .innerJoin('subscribers', 'subscribers.id', 'ledger.subscriber_id')
    .select(['subscribers.id', 'subscribers.address'])
    .where('ledger.id', '=', messageId.slice(0, at))
    .where('digests.domain', '=', messageId.slice(at + 1).toLowerCase())
    .executeTakeFirst()
  return row === undefined ? null : { ...row, letterId: messageId.slice(0, at) }
}
