import { domainToASCII, domainToUnicode } from 'node:url'
import { Problem } from './problem.ts'

declare const brand: unique symbol

/**
 * An address to which mail can be sent: a dot-atom, `@` and a lower-cased ASCII domain (RFC 5321, section 4.1.2).
 * Its local part stands as written and may hold non-ASCII letters (RFC 6531).
 */
export type EmailAddress = string & { readonly [brand]: 'EmailAddress' }

/** A sender: a name that may be empty, and an address that every mail server understands. */
export interface Mailbox {
  name: string
  address: EmailAddress
}

/** RFC 5321, section 4.5.3.1: octets before the `@`, and in the whole (256 with angle brackets). */
const LOCAL_OCTETS = 64
const ADDRESS_OCTETS = 254
/** Characters as written; of more, a domain would take its time. */
const LONGEST_WRITTEN = 320

/** RFC 5322 atext and what RFC 6532 adds to it, without white space, controls, format characters and surrogates. */
const ATOM = String.raw`(?:[\w!#$%&'*+/=?^\x60{|}~-]|(?![\p{C}\p{Z}])[^\0-\x7f])+`
const DOT_ATOM = new RegExp(String.raw`^${ATOM}(?:\.${ATOM})*$`, 'u')

/** Letters, digits, hyphens, the four dots of IDNA and its two joiners: the rest makes domainToASCII() read a URL. */
const DOMAIN_AS_WRITTEN = /^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61\u200c\u200d-]+$/u
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
/** Not an IPv4 address: the last label does not begin with a digit. */
const DOMAIN = new RegExp(String.raw`^(?:localhost|(?:${LABEL}\.)+(?!\d)${LABEL})$`)

/**
 * Reads one address; white space around it is dropped, an international domain becomes A-labels.
 * Quoted local parts and domain literals are refused: nobody reads mail there.
 * @throws Problem `email-malformed`; also for more than 320 characters
 */
export function parseEmailAddress(text: string): EmailAddress {
  const written = text.trim()
  if (written.length > LONGEST_WRITTEN) throw malformed(text)
  const at = written.indexOf('@')
  const local = written.slice(0, Math.max(at, 0))
  const domain = asciiDomain(written.slice(at + 1))
  const address = `${local}@${domain}`
  const isAddress = DOT_ATOM.test(local) && DOMAIN.test(domain)
  if (!isAddress || octets(local) > LOCAL_OCTETS || octets(address) > ADDRESS_OCTETS) throw malformed(text)
  return address as EmailAddress
}

/** The address, or null when it is none. */
export function tryEmailAddress(text: string): EmailAddress | null {
  try {
    return parseEmailAddress(text)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return null
  }
}

/**
 * Reads `Ada <digest@example.org>`, `"Lovelace, Ada" <digest@example.org>` or an address alone.
 * @throws Problem `email-malformed`; also for a non-ASCII local part, which many servers do not take from a sender
 */
export function parseMailbox(text: string): Mailbox {
  const parts = /^([^<>]*)<([^<>]*)>$/.exec(text.trim())
  const [name, inside] = parts === null ? ['', text] : [unquoted((parts[1] ?? '').trim()), parts[2] ?? '']
  const address = parseEmailAddress(inside)
  if (/[^\0-\x7f]/.test(address) || /\p{Cc}/u.test(name)) throw malformed(text)
  return { name, address }
}

/** The same for two spellings of one address: by agreement of all mail providers, case makes no difference. */
export function addressKey(address: EmailAddress): string {
  return address.normalize('NFC').toLowerCase()
}

/** A domain that is itself what domainToASCII() makes of it, which takes its time. */
const ASCII_DOMAIN = /^(?!.*xn--)[a-z\d.-]+$/

/** An empty text when there is no such domain. */
function asciiDomain(domain: string): string {
  if (ASCII_DOMAIN.test(domain)) return domain
  const ascii = DOMAIN_AS_WRITTEN.test(domain) ? domainToASCII(domain) : ''
  // Some Node versions let an A-label pass that stands for no name (RFC 5890, section 2.3.2.1).
  const unicode = domainToUnicode(ascii)
  return unicode.includes('xn--') || domainToASCII(unicode) !== ascii ? '' : ascii
}

function octets(text: string): number {
  return Buffer.byteLength(text)
}

/** RFC 5322, section 3.2.4. */
function unquoted(name: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(name)
  return quoted === null ? name : (quoted[1] ?? '').replace(/\\(.)/g, '$1')
}

function malformed(text: string): Problem {
  const shown = JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text)
  return new Problem('email-malformed', `${shown} is not an e-mail address`, {
    mend: 'give an address such as ada@example.org',
  })
}
