import { createHash } from 'node:crypto'
import type { Instant } from '../entry.ts'
import { removeSubscriberById } from '../remember/leave.ts'
import { verifyingSecrets } from '../remember/settings.ts'
import { findSubscriber } from '../remember/subscribers.ts'
import { noteSoftBounce, suppress } from '../remember/suppressions.ts'
import type { ReturnTo } from '../return-address.ts'
import type { EmailAddress } from '../subscriber.ts'
import { addressesIn, valueOf } from './fields.ts'
import { askToConfirm, asksToJoin, confirmByMail } from './joining.ts'
import { type Bounce, type Failure, type Understood, mildestOf } from './outcome.ts'
import { asksToLeave, ownWords, saysNo } from './leaving.ts'
import { type ParsedMail, parseMail } from './parse.ts'
import { isByProgram } from './program.ts'
import { type Reader, addressedAs, readerOf, recipientsOf } from './reader.ts'
import { senderOf } from './sender.ts'
import { UNKNOWN, recognise } from './understand.ts'
import { type Case, type ReceiveTools, type Verdict, keep } from './verdict.ts'

/** A mail that was taken care of. */
export interface Received extends Verdict {
  /** The first hexadecimal digits of the SHA-256 of its bytes. */
  id: string
  understood: Understood
  /** Where it is kept for a person, when it is. */
  kept: string | null
}

/**
 * Takes care of one mail: suppresses, counts, unsubscribes, notes that somebody wants to join, subscribes who confirms
 * it, or keeps it for a person. The same mail again changes nothing more, but that a wish to join is noted again.
 * @param envelopeTo the recipient of its envelope; null when only its header tells
 */
export async function receiveMail(
  tools: ReceiveTools,
  bytes: Uint8Array,
  envelopeTo: string | null,
  now: Instant,
): Promise<Received> {
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const mail = await parseMail(bytes)
  const secrets = await verifyingSecrets(tools.store)
  const recipients = recipientsOf(mail, envelopeTo)
  const addressed = addressedAs(secrets, recipients)
  const understood = await understandSent(mail, addressed, tools)
  const domains = tools.addresses.map((address) => address.slice(address.lastIndexOf('@') + 1))
  const find: Case['find'] = (about) => readerOf(tools.store, secrets, { mail, addressed, domains, ...about })
  const verdict = await actOn(understood, { tools, id, mail, recipients, addressed, find, now })
  const kept = verdict.done === 'kept' ? tools.keep(bytes, id, now) : null
  return { id, understood, ...verdict, kept }
}

/** What a mail is, by the address to which it was sent and by its words. */
async function understandSent(
  mail: ParsedMail,
  addressed: ReturnTo | null,
  { subscribeSubjects }: ReceiveTools,
): Promise<Understood> {
  if (addressed?.kind === 'unsubscribe') return { kind: 'unsubscribe' }
  const known = recognise(mail)
  if (known !== null) return known
  if (addressed?.kind === 'confirm') {
    if (isByProgram(mail)) return { kind: 'unknown', why: 'a program answered, and that confirms nothing' }
    const words = ownWords(mail.text)
    if (asksToLeave(words)) return { kind: 'unsubscribe' }
    if (saysNo(words)) return { kind: 'unknown', why: 'the answer does not read like a yes' }
    return { kind: 'confirm', consentId: addressed.consentId }
  }
  if (subscribeSubjects === null) return UNKNOWN
  if (!asksToJoin(valueOf(mail.fields, 'subject'), await subscribeSubjects())) return UNKNOWN
  return isByProgram(mail) ? { kind: 'unknown', why: 'a program asks to join' } : { kind: 'subscribe' }
}

async function actOn(understood: Understood, one: Case): Promise<Verdict> {
  switch (understood.kind) {
    case 'delayed':
      return { reader: null, done: 'nothing', detail: 'a server is still trying' }
    case 'receipt':
      return { reader: null, done: 'nothing', detail: 'a letter arrived' }
    case 'auto-reply':
      return { reader: null, done: 'nothing', detail: 'a program answers for somebody who is away' }
    case 'unknown':
      return keep(await one.find({ named: [], messageIds: [] }), understood.why)
    case 'bounce':
      return actOnBounce(understood, one)
    case 'complaint':
      return actOnComplaint(understood, one)
    case 'unsubscribe':
      return isSigned(one) ? leave(await one.find({ named: [], messageIds: [] }), one) : leaveBySubject(one)
    case 'subscribe':
      return askToConfirm(one)
    case 'confirm':
      return confirmByMail(understood.consentId, one)
  }
}

/** True for a mail to an address that one reader alone has, to leave or to confirm by. */
function isSigned({ addressed }: Case): boolean {
  return addressed?.kind === 'unsubscribe' || addressed?.kind === 'confirm'
}

async function actOnBounce(bounce: Bounce, { tools: { store }, id, find, now }: Case): Promise<Verdict> {
  const reader = await find({ named: bounce.recipients, messageIds: bounce.messageIds })
  if (reader === null) return keep(null, `nothing proves which letter it is about: ${bounce.reason}`)
  const { class: kind, status, reason } = failureOf(bounce, reader)
  const detail = status === null || reason.includes(status) ? reason : `${status} ${reason}`.trim()
  switch (kind) {
    case 'hard':
      await suppress(store, { subscriberId: reader.id }, 'bounced', detail, now)
      return { reader, done: 'suppressed', detail }
    case 'soft': {
      const mail = reader.letterId ?? id
      return { reader, done: await noteSoftBounce(store, reader.id, { mail, detail }, now), detail }
    }
    case 'policy':
      return keep(reader, detail)
  }
}

/** What is said of the reader's own address; a letter may have been forwarded to others. */
function failureOf(bounce: Bounce, { address }: Reader): Pick<Failure, 'class' | 'status' | 'reason'> {
  const own = bounce.failures.filter(({ recipients }) =>
    recipients.some((recipient) => recipient.toLowerCase() === address.toLowerCase()),
  )
  return mildestOf(own) ?? bounce
}

async function actOnComplaint(
  { reason, isLeaving, recipients, messageIds }: Understood & { kind: 'complaint' },
  one: Case,
): Promise<Verdict> {
  const { store } = one.tools
  const reader = await one.find({ named: recipients, messageIds })
  if (reader === null) return keep(null, `nothing proves which letter it is about: ${reason}`)
  if (isLeaving) return leave(reader, one)
  await suppress(store, { subscriberId: reader.id }, 'complained', reason, one.now)
  await removeSubscriberById(store, reader.id, one.now)
  return { reader, done: 'suppressed', detail: reason }
}

async function leave(reader: Reader | null, { tools, now }: Case): Promise<Verdict> {
  if (reader === null) return keep(null, 'there is no reader whom its address names')
  const isNew = await removeSubscriberById(tools.store, reader.id, now)
  return { reader, done: 'unsubscribed', detail: isNew ? 'the reader asked for it' : 'the reader was not on the list' }
}

/** Without an address of their own, readers are known by the account that they write from. */
async function leaveBySubject(one: Case): Promise<Verdict> {
  const { tools, mail, recipients } = one
  const isToUs = recipients.flatMap(addressesIn).some((address) => isOurs(tools.addresses, address))
  if (!isToUs) return keep(null, `"${valueOf(mail.fields, 'subject')}" was not sent to an address of ours`)
  const address = senderOf(mail)
  const subscriber = address === null ? null : await findSubscriber(tools.store, address)
  if (subscriber === null) return keep(null, `${valueOf(mail.fields, 'from')} asks to leave, but is not on the list`)
  return leave({ id: subscriber.id, address: subscriber.address, letterId: null }, one)
}

function isOurs(addresses: readonly EmailAddress[], text: string): boolean {
  const plain = text.toLowerCase().replace(/\+[^@]*@/, '@')
  return addresses.some((address) => [text.toLowerCase(), plain].includes(address.toLowerCase()))
}
