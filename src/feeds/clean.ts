import { cleanText, foldText } from '../markdown/text.ts'
import { parseUrl } from '../web-address.ts'

// What the validator of the W3C warns of in any feed, beyond what XML forbids.

/** Stands where bytes could not be decoded. */
const REPLACEMENT = /\uFFFD/g
/** No parser of HTML takes them (HTML Living Standard, noncharacters). */
const NONCHARACTER = /\p{Noncharacter_Code_Point}/gu
/** What `URL` lets through and RFC 3986 does not. */
const NO_URI = /[^0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]/g

/** One line of plain text for a feed. */
export function feedText(text: string): string {
  return foldText(text.replace(REPLACEMENT, '?').replace(NONCHARACTER, ''))
}

/** HTML for a feed. XML readers turn every line end into a line feed (XML 1.0 section 2.11), so there is none other. */
export function feedHtml(html: string): string {
  return cleanText(html).replace(REPLACEMENT, '?').replace(NONCHARACTER, '').replace(/\r\n?/g, '\n')
}

/** The address when it is http or https, in ASCII; null for anything else, such as `javascript:`. */
export function webAddress(text: string): string | null {
  const url = parseUrl(text)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return null
  // The brackets of an IPv6 address stay.
  const path = url.href.indexOf('/', url.protocol.length + 2)
  return url.href.slice(0, path) + url.href.slice(path).replace(NO_URI, (letter) => encodeURIComponent(letter))
}

const HTML_LIKE = /<\/\w+>|&#?\w+;/

/** A caption that does not look like HTML, where readers might take it for such; else nothing. */
export function plainCaption(text: string): string {
  const caption = feedText(text)
  return HTML_LIKE.test(caption) ? '' : caption
}

/** An instant that a feed may name: earlier ones are taken for mistakes. */
export const EARLIEST = Date.UTC(1990, 0, 1)

const NAME = /^[^()<>[\]:;@\\,."]+$/
const ADDRESS = /^[a-z0-9_\-+.']+@(?:[a-z0-9-]+\.)+[a-z0-9][a-z0-9-]*$/i

/** True when RSS can name them as `address (name)`: both stand for themselves there (RFC 5322, section 3.4). */
export function isRssAuthor({ name, email }: { name: string; email: string | null }): boolean {
  return email !== null && ADDRESS.test(email) && NAME.test(name)
}
