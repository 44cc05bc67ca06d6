import { type GappedText, type ReaderTokens, type ReaderValues, cutAtTokens, wordsForGaps } from '../digest/letter.ts'
import { type Claim } from '../remember/ledger.ts'
import { type FrozenLetter, readLetter } from '../remember/letters.ts'
import type { Store } from '../remember/open.ts'
import { bounceAddress, unsubscribeAddress } from '../return-address.ts'
import { type EmailAddress, type Mailbox, parseEmailAddress } from '../subscriber.ts'
import { mintToken, preferencesUrl, unsubscribeUrl } from '../token.ts'
import type { Letter } from './mailer.ts'

/** What every letter of a site has in common. */
export interface Sender {
  from: Mailbox
  /** Takes bounces and unsubscribe mails, with `+` and a token behind its local part; null: nobody asked for them. */
  returnTo: EmailAddress | null
  replyTo: Mailbox | null
  listId: string
  publishUrl: string
  /** Where readers who leave are answered; ends with `/`; null: nobody is there. */
  webUrl: string | null
  secret: string
  tokens: ReaderTokens
}

/** Makes the letter of a claim from its frozen digest; one digest is kept at hand. */
export function letterMaker(store: Store, sender: Sender): (claim: Claim) => Promise<Letter> {
  let latest: GappedLetter | null = null
  return async (claim) => {
    if (latest?.id !== claim.digestId) latest = gappedLetter(await readLetter(store, claim.digestId), sender)
    return letterOf(claim, latest, sender)
  }
}

/** A frozen letter, cut once for all who get it. */
interface GappedLetter extends Omit<FrozenLetter, 'html' | 'text'> {
  html: GappedText
  text: GappedText
}

function gappedLetter(digest: FrozenLetter, { tokens }: Sender): GappedLetter {
  return { ...digest, html: cutAtTokens(digest.html, tokens), text: cutAtTokens(digest.text, tokens) }
}

function letterOf(claim: Claim, digest: GappedLetter, sender: Sender): Letter {
  const { subscriberId, address } = claim
  const byMail = unsubscribeMail(sender, subscriberId)
  const { webUrl, secret } = sender
  const byWeb = webUrl === null ? null : unsubscribeUrl(webUrl, mintToken(secret, 'unsubscribe', subscriberId))
  const choose = webUrl === null ? byMail : preferencesUrl(webUrl, mintToken(secret, 'preferences', subscriberId))
  return {
    ...siteLetter(digest, sender, { address, unsubscribe_url: byWeb ?? byMail, preferences_url: choose }),
    id: `${claim.id}@${digest.domain}`,
    to: parseEmailAddress(address),
    envelopeFrom: envelopeFrom(claim.id, sender),
    listUnsubscribe: byWeb === null ? [byMail] : [byWeb, byMail],
    hasOneClick: byWeb !== null,
  }
}

/**
 * The letter that a digest would be, for somebody who need not be a reader and whose unsubscribing changes nothing.
 * @param id what its Message-ID has before the `@`
 */
export function testLetter(digest: FrozenLetter, sender: Sender, to: EmailAddress, id: string): Letter {
  const byMail = unsubscribeMail(sender, null)
  return {
    ...siteLetter(gappedLetter(digest, sender), sender, {
      address: to,
      unsubscribe_url: byMail,
      preferences_url: byMail,
    }),
    id: `${id}@${digest.domain}`,
    to,
    envelopeFrom: sender.returnTo ?? sender.from.address,
    listUnsubscribe: [byMail],
    hasOneClick: false,
  }
}

function siteLetter(digest: GappedLetter, sender: Sender, values: ReaderValues) {
  const { from, replyTo, listId, publishUrl } = sender
  const { html, text } = digest
  return {
    ...{ from, replyTo, listId, subject: digest.subject, date: digest.createdAt },
    html: { shared: html.shared, own: wordsForGaps(html.gaps, values, 'html') },
    text: { shared: text.shared, own: wordsForGaps(text.gaps, values, 'text') },
    listHelp: `${publishUrl}subscribe.html`,
    listArchive: `${publishUrl}digests/`,
    archivedAt: `${publishUrl}digests/${digest.id}.html`,
  }
}

/** A mailto URL (RFC 2368): the token in the address names the reader, so that a mail from another account works. */
export function unsubscribeMail({ from, returnTo, secret }: Sender, subscriberId: number | null): string {
  const isNamed = returnTo !== null && subscriberId !== null
  const address = isNamed ? unsubscribeAddress(returnTo, subscriberId, secret) : (returnTo ?? from.address)
  return `mailto:${encodeURIComponent(address).replace('%40', '@').replace('%2B', '+')}?subject=unsubscribe`
}

/** With `mail.return` an address of the letter's own, so that a bounce tells which letter it is about. */
export function envelopeFrom(letterId: string, { from, returnTo, secret }: Sender): EmailAddress {
  return returnTo === null ? from.address : bounceAddress(returnTo, letterId, secret)
}
