import { TZDate } from '@date-fns/tz'
import { lightFormat } from 'date-fns/lightFormat'
import type { Instant } from '../entry.ts'
import { sinceMidnight, zoneOffset } from '../schedule.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Days that were written, by their number since 1970. */
const days = new Map<number, string>()

/** The day on the wall calendar of a zone: `2026-03-02`. */
export function dayIn(timezone: string, at: Instant): string {
  const number = Math.floor((at + zoneOffset(timezone, at)) / DAY)
  const known = days.get(number)
  if (known !== undefined) return known
  if (days.size > 10_000) days.clear()
  const day = lightFormat(new TZDate(number * DAY, 'UTC'), 'yyyy-MM-dd')
  days.set(number, day)
  return day
}

/** The second on the wall clock of a zone, with its offset: `2026-03-02T08:30:00+08:00`. */
export function secondIn(timezone: string, at: Instant): string {
  const second = Math.floor(sinceMidnight(at, timezone) / 1000)
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map(pad).join(':')
  return `${dayIn(timezone, at)}T${clock}${offsetText(zoneOffset(timezone, at) / MINUTE)}`
}

/** Minutes ahead of UTC as `+08:00`. */
function offsetText(minutes: number): string {
  const size = Math.abs(Math.round(minutes))
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

function pad(n: number): string {
  return String(n).padStart(2, '0')
}
