import { type ReaderTokens, fillReader } from '../digest/letter.ts'
import { type Claim, type FrozenLetter, readLetter } from '../remember/ledger.ts'
import type { Store } from '../remember/open.ts'
import { sign } from '../remember/settings.ts'
import { type EmailAddress, type Mailbox, parseEmailAddress } from '../subscriber.ts'
import type { Letter } from './mailer.ts'

/** What every letter of a site has in common. */
export interface Sender {
  from: Mailbox
  /** Takes bounces and unsubscribe mails, with `+` and a token behind its local part; null: nobody asked for them. */
  returnTo: EmailAddress | null
  listId: string
  publishUrl: string
  secret: string
  tokens: ReaderTokens
}

/** Makes the letter of a claim from its frozen digest; one digest is kept at hand. */
export function letterMaker(store: Store, sender: Sender): (claim: Claim) => Promise<Letter> {
  let latest: FrozenLetter | null = null
  return async (claim) => {
    if (latest?.id !== claim.digestId) latest = await readLetter(store, claim.digestId)
    return letterOf(claim, latest, sender)
  }
}

function letterOf(claim: Claim, digest: FrozenLetter, sender: Sender): Letter {
  const unsubscribe = unsubscribeUrl(claim.subscriberId, sender)
  const values = { unsubscribe_url: unsubscribe, address: claim.address }
  return {
    id: `${claim.id}@${digest.domain}`,
    from: sender.from,
    to: parseEmailAddress(claim.address),
    envelopeFrom: bounceAddress(claim, sender),
    subject: digest.subject,
    html: fillReader(digest.html, sender.tokens, values, 'html'),
    text: fillReader(digest.text, sender.tokens, values, 'text'),
    date: digest.createdAt,
    listId: sender.listId,
    listUnsubscribe: unsubscribe,
    listArchive: `${sender.publishUrl}digests/${digest.id}.html`,
  }
}

/** A mailto URL (RFC 2368): the token in the address names the reader, so that a mail from another account works. */
function unsubscribeUrl(subscriberId: number, { from, returnTo, secret }: Sender): string {
  const address = returnTo === null ? from.address : plusAddress(returnTo, ['u', String(subscriberId)], secret)
  return `mailto:${encodeURIComponent(address).replace('%40', '@').replace('%2B', '+')}?subject=unsubscribe`
}

/** Variable envelope return path: a bounce tells by its address which letter it is about. */
function bounceAddress(claim: Claim, { from, returnTo, secret }: Sender): EmailAddress {
  return returnTo === null ? from.address : plusAddress(returnTo, ['b', claim.id], secret)
}

function plusAddress(address: EmailAddress, words: string[], secret: string): EmailAddress {
  const at = address.lastIndexOf('@')
  const text = words.join('.')
  const token = sign(secret, 'plus-address', text).slice(0, 14)
  return parseEmailAddress(`${address.slice(0, at)}+${text}.${token}${address.slice(at)}`)
}
