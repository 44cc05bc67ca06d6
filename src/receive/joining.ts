import { NO_PREFERENCES } from '../preferences.ts'
import { askForAddress } from '../remember/ask.ts'
import { DAYS_TO_CONFIRM, confirmConsent } from '../remember/consents.ts'
import type { EmailAddress } from '../subscriber.ts'
import { addressesIn, valueOf } from './fields.ts'
import { senderOf } from './sender.ts'
import { type Case, type Verdict, keep } from './verdict.ts'

/** Whole subjects that ask for the digest of whichever site. */
const ALONE = ['subscribe', '订阅', '訂閱']

/**
 * True for a subject that says nothing but that its writer wants the digest; an answer to such a mail does not.
 * @param subjects as our pages put them into the mails of readers, such as `Subscribe to Tides`
 */
export function asksToJoin(subject: string, subjects: readonly string[]): boolean {
  const said = wordsOf(subject)
  return said !== '' && [...ALONE, ...subjects].some((one) => wordsOf(one) === said)
}

/** Without what mail programs and people change: case, white space, marks at the ends. */
function wordsOf(subject: string): string {
  const line = subject.slice(0, 1000).normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim()
  return line.replace(/^["'<[(]+|["'>\])!.。！]+$/gu, '').trim()
}

/**
 * Notes that somebody asks for the digest. Anybody may have written it, so that it does nothing until the owner of the
 * address confirms it.
 */
export async function askToConfirm({ tools, mail, recipients, now }: Case): Promise<Verdict> {
  const { store, addresses } = tools
  const subject = valueOf(mail.fields, 'subject').trim()
  if (!isTo(addresses, recipients)) return keep(null, `"${subject}" was not sent to an address of ours`)
  const address = senderOf(mail)
  if (address === null) return keep(null, `"${subject}" is from no address that could be asked to confirm it`)
  const place = valueOf(mail.fields, 'message-id').trim().slice(0, 250)
  const request = { address, wishes: NO_PREFERENCES, source: 'mail', place, client: '', text: subject } as const
  const isNoted = await store.transaction().execute((tx) => askForAddress(tx, request, now))
  if (!isNoted) {
    return { reader: null, done: 'nothing', detail: `${address} asked again and again` }
  }
  return { reader: null, done: 'asked', detail: `${address} asks for the digest` }
}

/** Only to the addresses themselves: with a `+` they are for what we signed. */
function isTo(addresses: readonly EmailAddress[], recipients: readonly string[]): boolean {
  const given = recipients.flatMap(addressesIn).map((address) => address.toLowerCase())
  return addresses.some((address) => given.includes(address.toLowerCase()))
}

/** Puts a reader on the list: the address to which they wrote stands in no letter but their own. */
export async function confirmByMail(consentId: number, { tools, find, now }: Case): Promise<Verdict> {
  const reader = await find({ named: [], messageIds: [] })
  switch (await confirmConsent(tools.store, consentId, '', now)) {
    case 'confirmed':
      return { reader, done: 'subscribed', detail: 'the reader confirmed it' }
    case 'confirmed before':
      return { reader, done: 'nothing', detail: 'it was confirmed before' }
    case 'expired':
      return {
        reader,
        done: 'expired',
        detail: `it could be confirmed for ${DAYS_TO_CONFIRM} days, and only until the reader left`,
      }
    case 'unknown':
      return { reader, done: 'expired', detail: 'the reader has left since, or it is long ago' }
  }
}
