import type { Instant, WrittenDate } from '../entry.ts'
import { localDay } from '../schedule.ts'
import { type Reading, dateText, whereOf } from './article.ts'
import { DATE_FIELDS, UPDATED_FIELDS } from './date-fields.ts'
import { startOfDay, writtenDate } from './dates.ts'
import { addressDate } from './dialects/path-date.ts'
import { at } from './dialects/site-config.ts'
import { boolField, textField } from './fields.ts'

/** When an article was written, and when it is one. */
export interface ArticleDates {
  date: WrittenDate | null
  /** True when nothing but git tells it. */
  dateGuessed: boolean
  updated: WrittenDate | null
  /** When it begins to be an entry; null when it is one already. */
  from: Instant | null
  /** When it ends to be one; null when it does not. */
  until: Instant | null
  expired: boolean
}

/** Names of front matter, in lower case. */
const EXPIRES = ['expirydate', 'unpublishdate', 'expires', 'expire_date']
/** Where an article gives its address, which may have its day in it. */
const ADDRESS = ['path', 'permalink', 'url']
/** Words of Eleventy that stand for what the disk or git says. */
const NO_DATE = /^(?:git )?(?:last modified|created)$/i
/** What was meant for a date, in a field that holds other things as often. */
const LIKE_DATE = /\d{4}[-/.年] ?\d|\d:\d/
/** What programs write for no date. */
const NEVER = /^(?:0001|1970)-01-01/

/** Reads every date of an article; one that cannot be understood is told, and the next best stands for it. */
export function readDates(reading: Reading, now: Instant): ArticleDates {
  const { data, zone, source } = reading
  const written = readDate(reading, source.dialect.dateFields ?? DATE_FIELDS)
  const date = written ?? committedDate(reading)
  const expiry = source.dialect.expiryFields ?? EXPIRES
  const expires = firstDate(data, expiry, zone)
  if (expires === null) warnOfUnused(reading, expiry)
  const until = expires === null ? null : beginningOf(expires.date, zone)
  const embargo = firstDate(data, ['publishdate', 'publish_date'], zone)
  const from = Math.max(...[date, embargo?.date ?? null].map((one) => (one === null ? -Infinity : dayOf(one, zone))))
  return {
    date,
    dateGuessed: written === null && date !== null,
    updated: readUpdated(reading, source.dialect.updatedFields ?? UPDATED_FIELDS),
    from: from > now ? from : null,
    until,
    expired: until !== null && until <= now,
  }
}

function readDate(reading: Reading, names: readonly string[]): WrittenDate | null {
  const { data, zone, source, file, tell } = reading
  for (const name of names) {
    if (name !== ':path' && data[name] === undefined) continue
    const date = name === ':path' ? source.dialect.ofPath(file.path).date : writtenDate(data[name], zone)
    if (date === null) continue
    tell?.('date', dateText(date), name === ':path' ? 'the path' : whereOf(reading, name))
    warnOfOthers(reading, names.slice(0, names.indexOf(name)), () => dateText(date))
    return date
  }
  for (const name of ADDRESS) {
    const date = addressDate(textField(data[name]) ?? '')
    if (date === null) continue
    tell?.('date', dateText(date), whereOf(reading, name))
    warnOfOthers(reading, names, () => dateText(date))
    return date
  }
  warnOfOthers(reading, names, () => 'the time of its first commit, else when it was first seen')
  return null
}

function committedDate({ file, tell }: Reading): WrittenDate | null {
  const at = file.firstCommit()
  if (at === null) tell?.('date', 'when it is first seen', 'nothing tells it')
  else tell?.('date', new Date(at).toISOString(), 'the first commit of the file')
  return at === null ? null : { kind: 'instant', at }
}

/** Warns of a date that stands there and cannot be understood. */
function warnOfOthers(reading: Reading, names: readonly string[], instead: () => string): void {
  const name = names.find((one) => isBroken(reading.data[one]))
  if (name !== undefined) warnOfDate(reading, name, `it gets ${instead()}`)
}

function warnOfUnused(reading: Reading, names: readonly string[]): void {
  const name = names.find((one) => isLikeDate(textField(reading.data[one]) ?? ''))
  if (name !== undefined) warnOfDate(reading, name, 'it is not used')
}

function isLikeDate(text: string): boolean {
  return LIKE_DATE.test(text) && !NEVER.test(text)
}

function warnOfDate({ data, head, file, warn }: Reading, name: string, instead: string): void {
  const where = `${file.place}:${head.lineOf(name)}`
  const message = `"${textField(data[name]) ?? 'the value'}" is no date; ${instead}`
  warn('date-invalid', where, message, 'write it as 2026-01-11 or 2026-01-11 09:30')
}

function isBroken(value: unknown): boolean {
  const text = textField(value)
  if (text === null) return typeof value === 'object' && value !== null
  return !NO_DATE.test(text) && boolField(text) === null
}

function readUpdated(reading: Reading, names: readonly string[]): WrittenDate | null {
  const { data, zone, tell } = reading
  const found = firstDate(data, names, zone) ?? updatedWithin(data, zone)
  if (found === null) warnOfUnused(reading, names)
  if (found === null) return null
  tell?.('updated', dateText(found.date), whereOf(reading, found.name))
  return found.date
}

/** `date: { created, updated }` of Material for MkDocs. */
function updatedWithin(data: Record<string, unknown>, zone: string): { name: string; date: WrittenDate } | null {
  const date = writtenDate(at(data.date, 'updated'), zone)
  return date === null ? null : { name: 'date', date }
}

function firstDate(
  data: Record<string, unknown>,
  names: readonly string[],
  zone: string,
): { name: string; date: WrittenDate } | null {
  for (const name of names) {
    const date = data[name] === undefined ? null : writtenDate(data[name], zone)
    if (date !== null) return { name, date }
  }
  return null
}

/** The instant at which the day of a date begins: an article is there from that day on. */
function dayOf(date: WrittenDate, zone: string): Instant {
  return startOfDay(date.kind === 'day' ? date : localDay(date.at, zone), zone)
}

function beginningOf(date: WrittenDate, zone: string): Instant {
  return date.kind === 'instant' ? date.at : startOfDay(date, zone)
}
