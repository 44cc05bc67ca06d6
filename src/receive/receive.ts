import { createHash } from 'node:crypto'
import type { Instant } from '../entry.ts'
import type { Store } from '../remember/open.ts'
import { verifyingSecrets } from '../remember/settings.ts'
import { removeSubscriberById } from '../remember/leave.ts'
import { findSubscriber } from '../remember/subscribers.ts'
import { noteSoftBounce, suppress } from '../remember/suppressions.ts'
import { type EmailAddress, parseEmailAddress } from '../subscriber.ts'
import { Problem } from '../problem.ts'
import { addressesIn, valueOf, valuesOf } from './fields.ts'
import { type Bounce, type Failure, type Understood, mildestOf } from './outcome.ts'
import { type ParsedMail, parseMail } from './parse.ts'
import { type About, type Reader, addressedAs, readerOf, recipientsOf } from './reader.ts'
import { understand } from './understand.ts'

/** What receiving needs of the outside. */
export interface ReceiveTools {
  store: Store
  /** Where readers may write to who leave: `mail.return` and `mail.from`. */
  addresses: readonly EmailAddress[]
  /** Keeps a mail for a person, and says where; the same mail again is kept once. */
  keep: (bytes: Uint8Array, id: string, now: Instant) => string | null
}

/** What was done about a mail. */
export type Done = 'suppressed' | 'counted' | 'unsubscribed' | 'nothing' | 'kept'

/** A mail that was taken care of. */
export interface Received {
  /** The first hexadecimal digits of the SHA-256 of its bytes. */
  id: string
  understood: Understood
  reader: Reader | null
  done: Done
  /** One line: why nothing was done, or what the other side said. */
  detail: string
  /** Where it is kept for a person, when it is. */
  kept: string | null
}

type Verdict = Pick<Received, 'reader' | 'done' | 'detail'>

/**
 * Takes care of one mail that came back: suppresses, counts, unsubscribes, or keeps it for a person. The same mail
 * again changes nothing more.
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
  const isLeaving = addressed?.kind === 'unsubscribe'
  const understood: Understood = isLeaving ? { kind: 'unsubscribe' } : understand(mail)
  const find = (about: Pick<About, 'named' | 'messageIds'>): Promise<Reader | null> =>
    readerOf(tools.store, secrets, { mail, addressed, ...about })
  const verdict = await actOn(understood, { tools, id, mail, recipients, find, isLeaving, now })
  const kept = verdict.done === 'kept' ? tools.keep(bytes, id, now) : null
  return { id, understood, ...verdict, kept }
}

interface Case {
  tools: ReceiveTools
  id: string
  mail: ParsedMail
  recipients: readonly string[]
  find: (about: Pick<About, 'named' | 'messageIds'>) => Promise<Reader | null>
  /** True for a mail to the address by which one reader leaves. */
  isLeaving: boolean
  now: Instant
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
      return one.isLeaving ? leave(await one.find({ named: [], messageIds: [] }), one) : leaveBySubject(one)
  }
}

function keep(reader: Reader | null, detail: string): Verdict {
  return { reader, done: 'kept', detail }
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
  return { reader, done: 'unsubscribed', detail: isNew ? 'the reader asked for it' : 'the reader had left already' }
}

/** Without an address of their own, readers are known by the account that they write from. */
async function leaveBySubject(one: Case): Promise<Verdict> {
  const { tools, mail, recipients } = one
  const [from = ''] = valuesOf(mail.fields, 'from').flatMap(addressesIn)
  const isToUs = recipients.flatMap(addressesIn).some((address) => isOurs(tools.addresses, address))
  if (!isToUs) return keep(null, `"${valueOf(mail.fields, 'subject')}" was not sent to an address of ours`)
  const address = readAddress(from)
  const subscriber = address === null ? null : await findSubscriber(tools.store, address)
  if (subscriber === null) return keep(null, `${from} asks to leave, but is not on the list`)
  return leave({ id: subscriber.id, address: subscriber.address, letterId: null }, one)
}

function isOurs(addresses: readonly EmailAddress[], text: string): boolean {
  const plain = text.toLowerCase().replace(/\+[^@]*@/, '@')
  return addresses.some((address) => [text.toLowerCase(), plain].includes(address.toLowerCase()))
}

function readAddress(text: string): EmailAddress | null {
  try {
    return parseEmailAddress(text)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return null
  }
}
