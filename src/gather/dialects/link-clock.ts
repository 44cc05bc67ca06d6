import type { WrittenDate } from '../../entry.ts'
import { localDay, sinceMidnight } from '../../schedule.ts'

/** A date and time as a clock on the wall shows them. */
export interface Clock {
  year: number
  /** 1 to 12. */
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

/** What the clock of `zone` shows; midnight of a day without time. */
export function clockOf(date: WrittenDate, zone: string): Clock {
  if (date.kind === 'day') {
    return { year: date.year, month: date.month, day: date.day, hour: 0, minute: 0, second: 0 }
  }
  const seconds = Math.floor(sinceMidnight(date.at, zone) / 1_000)
  const hour = Math.floor(seconds / 3_600)
  return { ...localDay(date.at, zone), hour, minute: Math.floor(seconds / 60) % 60, second: seconds % 60 }
}

/** The instant at which a clock of UTC shows this. */
export function utcInstant(clock: Clock): number {
  return Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second)
}

/** The instant at which a clock of `zone` shows this. */
export function instantAt(clock: Clock, zone: string): number {
  const wall = utcInstant(clock)
  const ahead = (at: number): number => utcInstant(clockOf({ kind: 'instant', at }, zone)) - at
  return wall - ahead(wall - ahead(wall))
}

const WRITTEN =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?)?\s*(Z|[+-]\d{1,2}(?::?\d{2})?)?\s*$/i

/** A date as its figures are written. */
export interface Written {
  clock: Clock
  hasSeconds: boolean
  /** `Z`, `+8`, `+08:00`, `+0800`; null of none. */
  zone: string | null
}

/** The figures of a date (YAML 1.1, RFC 3339); null when it is written in another way. */
export function writtenClock(value: unknown): Written | null {
  const match = typeof value === 'string' ? WRITTEN.exec(value) : null
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((figure: string | undefined) => Number(figure ?? 0))
  const clock = { year, month, day, hour, minute, second }
  return { clock, hasSeconds: match[6] !== undefined, zone: match[7] ?? null }
}

/** 0 (Sunday) to 6. */
export function weekdayOf({ year, month, day }: Clock): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay()
}

/** 1 to 366. */
export function dayOfYear({ year, month, day }: Clock): number {
  return Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1
}

/** The week of ISO 8601 and the year it belongs to. */
export function isoWeek(clock: Clock): { year: number; week: number } {
  const thursday = new Date(Date.UTC(clock.year, clock.month - 1, clock.day + 4 - (weekdayOf(clock) || 7)))
  const year = thursday.getUTCFullYear()
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000)) + 1 }
}

export function pad(figure: number, length = 2): string {
  return String(figure).padStart(length, '0')
}

/** The calendar day of these figures; null when the calendar has none. */
export function calendarDay(year: number, month: number, day: number): WrittenDate | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? { kind: 'day', year, month, day } : null
}
