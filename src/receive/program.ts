import { valuesOf } from './fields.ts'
import { hasNoSender, isFromSystem } from './origin.ts'
import type { ParsedMail } from './parse.ts'

/** Fields of mails to many (RFC 2369, RFC 2919), and of programs that ask others not to answer them. */
const FIELDS = ['list-id', 'list-post', 'list-unsubscribe', 'mailing-list', 'x-loop', 'x-auto-response-suppress']

/**
 * True for a mail that no person wrote to us alone, of those that `recognise()` does not know: a program sent it (RFC
 * 3834, section 5), or it came by a list. Such a mail asks for nothing and agrees to nothing.
 */
export function isByProgram(mail: ParsedMail): boolean {
  const { fields } = mail
  if (valuesOf(fields, 'auto-submitted').some((value) => !/^\s*no\s*(?:[;(]|$)/i.test(value))) return true
  if (valuesOf(fields, 'precedence').some((value) => /bulk|list|junk/i.test(value))) return true
  if (fields.some(({ name }) => FIELDS.includes(name))) return true
  return hasNoSender(mail) || isFromSystem(mail)
}
