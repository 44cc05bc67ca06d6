import type { Instant } from '../entry.ts'
import { minuteOf } from '../schedule.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `2026-03-02 08:30` on the wall clock of a zone. */
export function minuteText(zone: string, at: Instant): string {
  return minuteOf(zone, at).replace('T', ' ')
}

/** A length of time as a person says it: `3 days`, `2 hours`, `less than a minute`. */
export function spanText(length: number): string {
  if (length >= 2 * DAY) return count(Math.floor(length / DAY), 'day')
  if (length >= 2 * HOUR) return count(Math.floor(length / HOUR), 'hour')
  return length < MINUTE ? 'less than a minute' : count(Math.floor(length / MINUTE), 'minute')
}

/** How long something took: `0.4 s`, `3 min 5 s`, `2 h 10 min`. */
export function tookText(length: number): string {
  if (length < 10 * SECOND) return `${(Math.max(0, length) / SECOND).toFixed(1)} s`
  const seconds = Math.round(length / SECOND)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1 letter`, `2 letters`; the plural is said when it is not made with an s. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
