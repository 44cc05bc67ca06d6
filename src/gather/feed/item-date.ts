import type { WrittenDate } from '../../entry.ts'
import { writtenDate } from '../dates.ts'

/** RFC 822 has years of two digits; RSS allows them still. */
const SHORT_YEAR = /^(\d{1,2} \p{L}{3,9}) (\d\d)(?= \d{1,2}:)/u
/** In whatever language. */
const WEEKDAY = /^\p{L}{2,12}\.?, ?(?=\d)/u
const LEAP_SECOND = /(?<=\d:\d\d:)60\b/

/**
 * A date of a feed: as articles have it (see `writtenDate`), with a year of two digits, or a year alone, which is its
 * first day. A time without a zone is one of UTC, so that it is the same on every machine. Null when it is no date.
 */
export function itemDate(text: string): WrittenDate | null {
  const folded = text.slice(0, 200).trim().replace(/\s+/g, ' ').replace(WEEKDAY, '').replace(LEAP_SECOND, '59')
  if (/^\d{4}$/.test(folded)) return writtenDate(`${folded}-01-01`, 'UTC')
  return writtenDate(folded.replace(SHORT_YEAR, longYear), 'UTC')
}

/** RFC 2822, section 4.3: 00 to 49 are of this century. */
function longYear(_: string, day: string, year: string): string {
  return `${day} ${Number(year) < 50 ? '20' : '19'}${year}`
}
