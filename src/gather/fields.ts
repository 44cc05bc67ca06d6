import { TZDate } from '@date-fns/tz'
import type { WrittenDate } from '../entry.ts'
import { foldText } from '../markdown/text.ts'

/** A field of front matter as one line of plain text; null when it is absent, empty or no text. */
export function textField(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = foldText(value)
  // Characters without width alone would make a title that nobody sees.
  return text.replace(/[\u200b-\u200d\u2060]/g, '') === '' ? null : text
}

/** A field that holds several names: a list, or one text with commas. */
export function namesField(value: unknown): string[] {
  const parts: unknown[] = Array.isArray(value)
    ? value.flat(3)
    : typeof value === 'string'
      ? value.split(/[,，、]/)
      : [value]
  const names = parts.flatMap((part) => textField(part) ?? [])
  return [...new Set(names)]
}

/** The author's name: a text, `{ name }`, or the first of a list of these. */
export function authorField(value: unknown): string | null {
  if (Array.isArray(value)) return value.length > 0 ? authorField(value[0]) : null
  if (typeof value === 'object' && value !== null && 'name' in value) return textField(value.name)
  return textField(value)
}

const DAY = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/
const TIME =
  /^(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/i

/**
 * Reads a date of front matter: `2026-01-11`, `2026-01-11 09:30`, `2026-01-11T09:30:00+08:00` (RFC 3339).
 * A time without a zone is one of `zone`. Null when it is no date that the calendar has.
 */
export function writtenDate(value: unknown, zone: string): WrittenDate | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  const date = DAY.exec(text)
  const time = date === null ? null : TIME.exec(text.slice(date[0].length))
  if (date === null || time === null) return null
  const [year = 0, month = 0, day = 0] = date.slice(1).map(Number)
  const midnight = new Date(Date.UTC(year, month - 1, day))
  const exists = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day
  if (!exists || year <= 1970) return null
  const [, hour, minute, second = '0', offset] = time
  if (hour === undefined || minute === undefined) return offset === undefined ? { kind: 'day', year, month, day } : null
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const clock: [number, number, number] = [Number(hour), Number(minute), Number(second)]
  if (offset === undefined) {
    return { kind: 'instant', at: new TZDate(year, month - 1, day, ...clock, zone).getTime() }
  }
  return { kind: 'instant', at: Date.UTC(year, month - 1, day, ...clock) - offsetOf(offset) }
}

/** Milliseconds by which a zone such as `+0800` is ahead of UTC. */
function offsetOf(text: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(text)
  if (parts === null) return 0
  const minutes = Number(parts[2]) * 60 + Number(parts[3])
  return (parts[1] === '-' ? -minutes : minutes) * 60_000
}

/** The instant at which a calendar day begins in `zone`. */
export function startOfDay(day: { year: number; month: number; day: number }, zone: string): number {
  return new TZDate(day.year, day.month - 1, day.day, 0, 0, 0, zone).getTime()
}
