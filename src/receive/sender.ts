import { type EmailAddress, addressKey, tryEmailAddress } from '../subscriber.ts'
import { valuesOf } from './fields.ts'
import type { ParsedMail } from './parse.ts'

/** A name, an address in angle brackets and perhaps a comment; or an address alone and perhaps a comment. */
const NAMED = /^([^<>]*)<([^<>]*)>\s*(?:\([^()<>]*\)\s*)?$/
const ALONE = /^()([^<>()]*)(?:\([^()<>]*\)\s*)?$/

/**
 * The one address that a mail says it is from (RFC 5322, section 3.6.2); null when it is none to which we could write,
 * or a second one stands beside it: what checks the sender on the way may have looked at either.
 */
export function senderOf({ fields }: Pick<ParsedMail, 'fields'>): EmailAddress | null {
  const [from = '', ...others] = valuesOf(fields, 'from')
  const [, name = '', inside] = NAMED.exec(from) ?? ALONE.exec(from) ?? []
  const address = inside === undefined || others.length > 0 ? null : tryEmailAddress(inside)
  if (address === null || !name.includes('@')) return address
  const named = tryEmailAddress(name.replace(/["']/g, ''))
  return named !== null && addressKey(named) === addressKey(address) ? address : null
}
