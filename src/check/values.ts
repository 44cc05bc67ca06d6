import type { Findings, Place, Spot } from './finding.ts'
import { quoted } from './finding.ts'

// Rules for single values; each tells what is wrong with one and says nothing of a good one.

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const RFC822 =
  /^(?:(Sun|Mon|Tue|Wed|Thu|Fri|Sat), )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? (GMT|UT|Z|[+-]\d{4})$/
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** RFC 822 with a year of four digits, as RSS 2.0 asks for it (RSS Advisory Board, data-types-datetime). */
export function checkRfc822(text: string, spot: Spot, findings: Findings, place: Place): void {
  const [, weekday, day, month = '', year, hour, minute, second] = RFC822.exec(text) ?? []
  const date = new Date(Date.UTC(Number(year), MONTHS.indexOf(month), Number(day)))
  if (month === '' || date.getUTCDate() !== Number(day) || !isClock(hour, minute, second)) {
    const mend = 'write it as Sat, 04 Jul 2026 05:06:07 GMT'
    findings.error(spot, 'date-rfc822', `${quoted(text)} is no date of RFC 822`, mend)
    return
  }
  if (weekday !== undefined && DAYS[date.getUTCDay()] !== weekday) {
    const mend = `write ${DAYS[date.getUTCDay()] ?? ''}, or leave the day of the week out`
    findings.error(spot, 'date-weekday', `${quoted(text)} names the wrong day of the week`, mend)
  }
  checkPlausible(Date.parse(text), text, spot, findings, place)
}

/** RFC 3339, as Atom (RFC 4287, section 3.3) and JSON Feed ask for it. */
export function checkRfc3339(text: string, spot: Spot, findings: Findings, place: Place): void {
  const [, year, month, day, hour, minute, second] = RFC3339.exec(text) ?? []
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (year === undefined || date.getUTCDate() !== Number(day) || !isClock(hour, minute, second)) {
    findings.error(spot, 'date-rfc3339', `${quoted(text)} is no date of RFC 3339`, 'write it as 2026-07-04T05:06:07Z')
    return
  }
  checkPlausible(Date.parse(text), text, spot, findings, place)
}

function isClock(hour = '', minute = '', second = '0'): boolean {
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60
}

const TEN_MINUTES = 600_000

function checkPlausible(at: number, text: string, spot: Spot, findings: Findings, { now }: Place): void {
  if (at > now + TEN_MINUTES) {
    findings.warning(spot, 'date-future', `${quoted(text)} lies in the future`, 'date it when it is published')
  } else if (at < Date.UTC(1990, 0, 1)) {
    const mend = 'leave the date out if it is not known'
    findings.warning(spot, 'date-early', `${quoted(text)} is earlier than any feed`, mend)
  }
}

const URI = /^[a-z][a-z0-9+.-]*:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+$/i
const IRI = /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i
const UUID = /^urn:uuid:[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/i

/** An absolute URI in ASCII (RFC 3986). @param what how messages call it, such as `<link>` */
export function checkUri(text: string, what: string, spot: Spot, findings: Findings): boolean {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    findings.error(spot, 'uri-relative', `${what} is no absolute address: ${quoted(text)}`, 'write it with its scheme')
    return false
  }
  if (!URI.test(text)) {
    const mend = 'encode what is not ASCII, and white space, as %XX'
    findings.error(spot, 'uri-characters', `${what} holds what no URI may: ${quoted(text)}`, mend)
    return false
  }
  return true
}

/** An http or https URI. */
export function checkWebUri(text: string, what: string, spot: Spot, findings: Findings): void {
  if (!checkUri(text, what, spot, findings)) return
  if (!/^https?:\/\/[^/]/i.test(text)) {
    findings.error(spot, 'uri-scheme', `${what} is no web address: ${quoted(text)}`, 'use http or https')
  }
}

/** An absolute IRI that names something for ever (RFC 4287, section 4.2.6). */
export function checkId(text: string, what: string, spot: Spot, findings: Findings): void {
  if (!IRI.test(text)) {
    const mend = 'use a URI, such as urn:uuid:… or the address that never changes'
    findings.error(spot, 'id-iri', `${what} is no absolute IRI: ${quoted(text)}`, mend)
  } else if (/^urn:uuid:/i.test(text) && !UUID.test(text)) {
    findings.error(spot, 'id-uuid', `${what} is no UUID: ${quoted(text)}`, 'write 32 hexadecimal digits in five groups')
  }
}

/** A language tag (BCP 47). */
export function checkLanguage(text: string, spot: Spot, findings: Findings): void {
  try {
    if (Intl.getCanonicalLocales(text).length > 0) return
  } catch {
    // A RangeError says that it is none.
  }
  findings.error(spot, 'language-unknown', `${quoted(text)} is no language tag`, 'write en or zh-CN')
}

/** A media type (RFC 6838). */
export function checkMediaType(text: string, spot: Spot, findings: Findings): void {
  if (/^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w.+-]+=(?:"[^"]*"|[\w.+-]+))*$/.test(text)) return
  findings.error(spot, 'media-type', `${quoted(text)} is no media type`, 'write it as image/png')
}

/** The same within RSS, of which readers disagree whether its texts are HTML: there even an opening tag is too much. */
export function checkRssText(text: string, raw: string, what: string, spot: Spot, findings: Findings): void {
  checkPlainText(text, raw, what, spot, findings)
  const isTold = LOOKS_LIKE_HTML.test(text)
  if (!isTold && /<[a-z]/i.test(text) && !/&#x3c;/i.test(raw)) {
    findings.warning(spot, 'text-markup', `${what} may be read as HTML: ${quoted(text)}`, 'write < as &#x3C;')
  }
}

/** A whole number from 0 on. */
export function checkLength(text: string, what: string, spot: Spot, findings: Findings): void {
  if (/^\d+$/.test(text)) return
  findings.error(
    spot,
    'length',
    `${what} is no number of bytes: ${quoted(text)}`,
    'write the length of the file in bytes',
  )
}

const LOOKS_LIKE_HTML = /<\/\w+>|&#?\w+;/

/**
 * Plain text that some readers take for HTML. Hexadecimal references are what most of them read rightly (RSS Advisory
 * Board, data-types-characterdata).
 * @param raw the text as it is written
 */
export function checkPlainText(text: string, raw: string, what: string, spot: Spot, findings: Findings): void {
  const isMarked = /&#x(?:26|3c);/i.test(raw)
  if (/<\/\w+>/.test(text) || (LOOKS_LIKE_HTML.test(text) && !isMarked)) {
    const mend = 'write plain text, with & and < as &#x26; and &#x3C;'
    findings.warning(spot, 'text-html', `${what} looks like HTML: ${quoted(text)}`, mend)
  }
}
