import { readComplaint } from './arf.ts'
import { isAutoReply, isAwayBySubject, isChallenge, isFromChallenger } from './auto-reply.ts'
import { readDsn } from './dsn.ts'
import { valueOf } from './fields.ts'
import { asksToLeave } from './leaving.ts'
import type { Understood } from './outcome.ts'
import type { ParsedMail } from './parse.ts'
import { readTextBounce } from './text-bounce.ts'

const CHALLENGE: Understood = { kind: 'unknown', why: 'it asks the sender to prove that a person wrote' }
/** What is left. */
export const UNKNOWN: Understood = { kind: 'unknown', why: 'it is none of the mails that programs send back' }

/** Tells what a mail is, from its words alone; who it is about is asked later. */
export function understand(mail: ParsedMail): Understood {
  return recognise(mail) ?? UNKNOWN
}

/**
 * The same, but null for a mail that a person may have written who does not ask to leave. What is not sure is
 * `unknown`, and nothing that is not sure is a hard bounce.
 */
export function recognise(mail: ParsedMail): Understood | null {
  if (mail.fields.length === 0) return { kind: 'unknown', why: 'it has no header that could be read' }
  const complaint = readComplaint(mail)
  if (complaint !== null) return complaint
  if (isReceipt(mail)) return { kind: 'receipt' }
  if (isFromChallenger(mail)) return CHALLENGE
  const report = readDsn(mail)
  if (report !== null) return report
  if (isChallenge(mail)) return CHALLENGE
  if (isAwayBySubject(mail)) return { kind: 'auto-reply' }
  const bounce = readTextBounce(mail)
  if (bounce !== null) return bounce
  if (isAutoReply(mail)) return { kind: 'auto-reply' }
  return asksToLeave(valueOf(mail.fields, 'subject')) ? { kind: 'unsubscribe' } : null
}

/** A message disposition notification (RFC 8098): that a letter was opened, or deleted unread. */
function isReceipt({ fields, parts }: ParsedMail): boolean {
  const type = valueOf(fields, 'content-type')
  return (
    parts.some((part) => part.type === 'message/disposition-notification') || /disposition-notification/i.test(type)
  )
}
