import { addressesIn, fieldsIn, valueOf, valuesOf } from './fields.ts'
import { returnedMessages } from './origin.ts'
import { type Understood, messageIdsOf, oneReason } from './outcome.ts'
import type { ParsedMail } from './parse.ts'

/** Feedback types (RFC 5965, section 7.3) by which a reader says that they do not want it. */
const COMPLAINTS = ['abuse', 'fraud', 'complaint']
const LEAVES = ['opt-out', 'opt-out-list']

/** Fields that name the reader; the last is Microsoft's (JMRP), in the message that came back. */
const NAMED = ['original-rcpt-to', 'removal-recipient', 'x-hmxmroriginalrecipient']

/** Understands a complaint in the abuse reporting format (RFC 5965), or as Microsoft sends it; null when it is none. */
export function readComplaint(mail: ParsedMail): Understood | null {
  const report = reportOf(mail)
  if (report === null) return readUnlabelled(mail)
  const type = valueOf(report, 'feedback-type').toLowerCase()
  if (!COMPLAINTS.includes(type) && !LEAVES.includes(type)) {
    return { kind: 'unknown', why: `a feedback report of the type ${oneReason(type).slice(0, 40)}` }
  }
  const agent = valueOf(report, 'user-agent') || valueOf(report, 'source') || valueOf(mail.fields, 'from')
  const recipients = [...NAMED.flatMap((name) => valuesOf(report, name)), ...namedIn(mail)].flatMap(addressesIn)
  return complaint(mail, oneReason(`${type}, reported by ${agent}`), recipients, LEAVES.includes(type))
}

function reportOf(mail: ParsedMail): ReturnType<typeof fieldsIn> | null {
  const isReport = /feedback-report/i.test(valueOf(mail.fields, 'content-type'))
  const parts = mail.parts.filter(({ type }) => type === 'message/feedback-report' || isReport).map(({ text }) => text)
  const texts = isReport ? [...parts, mail.text] : parts
  return texts.map(fieldsIn).find((fields) => valueOf(fields, 'feedback-type') !== '') ?? null
}

/** Microsoft's: no report, only the message, with the reader in a field of its header. */
function readUnlabelled(mail: ParsedMail): Understood | null {
  const recipients = namedIn(mail).flatMap(addressesIn)
  const isComplaint = /^complaint about message from/i.test(valueOf(mail.fields, 'subject'))
  if (!isComplaint || recipients.length === 0) return null
  return complaint(mail, oneReason(`reported by ${valueOf(mail.fields, 'from')}`), recipients, false)
}

function namedIn(mail: ParsedMail): string[] {
  return returnedMessages(mail).flatMap((message) => valuesOf(fieldsIn(message), ...NAMED))
}

function complaint(mail: ParsedMail, reason: string, recipients: string[], isLeaving: boolean): Understood {
  return { kind: 'complaint', reason, isLeaving, recipients: [...new Set(recipients)], messageIds: messageIdsOf(mail) }
}
