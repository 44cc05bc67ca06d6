import type { Instant, WrittenDate } from '../entry.ts'
import { type DateParts, readDateText } from './date-text.ts'
import { textAt } from './dialects/site-config.ts'
import { instantIn, instantInWritten } from './zones.ts'

/**
 * Reads a date of front matter: a day, or an instant when a time is written (see `readDateText`), or seconds or
 * milliseconds since 1970. A time without a zone is one of `zone`. Null when it is no date that the calendar has, and
 * for 1970-01-01 and 0001-01-01, which programs write for no date.
 * @param value a text, a list of one, as YAML reads `[[2026-01-11]]`, or `{ created }` of Material for MkDocs
 * @param zone IANA zone of the site
 */
export function writtenDate(value: unknown, zone: string): WrittenDate | null {
  const text = textIn(value)
  if (text === null) return null
  // What begins with 20 is a year.
  const epoch = /^(1\d{9}|1\d{12})(?:\.\d+)?$/.exec(text)?.[1]
  if (epoch !== undefined) return { kind: 'instant', at: Number(epoch) * (epoch.length === 10 ? 1000 : 1) }
  const parts = readDateText(text)
  return parts === null || isNoDate(parts) ? null : dateOf(parts, zone)
}

function textIn(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value.trim()
  if (!Array.isArray(value)) return textAt(value, 'created')
  return value.length === 1 && depth < 2 ? textIn(value[0], depth + 1) : null
}

function isNoDate({ year, month, day }: DateParts): boolean {
  return year === 1970 && month === 1 && day === 1
}

function dateOf({ year, month, day, seconds, zone: written }: DateParts, zone: string): WrittenDate | null {
  if (seconds === null) return { kind: 'day', year, month, day }
  const wall = midnightOf(year, month, day) + seconds * 1000
  const at = written === '' ? instantIn(zone, wall) : instantInWritten(written, wall, zone)
  return at === null || at === 0 ? null : { kind: 'instant', at }
}

/** The instant at which a calendar day begins in `zone`. */
export function startOfDay({ year, month, day }: { year: number; month: number; day: number }, zone: string): Instant {
  return instantIn(zone, midnightOf(year, month, day))
}

/** Midnight as if it were UTC; Date.UTC() takes the years 0 to 99 for 1900 to 1999. */
function midnightOf(year: number, month: number, day: number): number {
  return year > 99 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day)
}
