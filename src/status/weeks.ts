import type { Instant } from '../entry.ts'
import { dayIn } from '../pages/day.ts'
import { zoneOffset } from '../schedule.ts'
import type { Moments } from './facts.ts'

const DAY = 24 * 60 * 60_000
const WEEK = 7 * DAY
/** Weeks begin on Mondays, and 1970 did on a Thursday (ISO 8601). */
const FIRST_MONDAY = -3 * DAY

/** A week, by the date of its Monday. */
interface Week {
  monday: string
  count: number
}

/** When the first of so many weeks began, the week of `now` being the last. */
export function weeksBefore(now: Instant, zone: string, weeks: number): Instant {
  const monday = (weekOf(now, zone) - weeks + 1) * WEEK + FIRST_MONDAY
  return monday - zoneOffset(zone, monday)
}

/** How many there are in each of so many weeks of a zone's calendar, the week of `now` being the last. */
export function byWeek(moments: Moments, { now, zone, weeks }: { now: Instant; zone: string; weeks: number }): Week[] {
  const last = weekOf(now, zone)
  const counts = new Map<number, number>()
  for (const { at, count } of moments) {
    const week = weekOf(at, zone)
    counts.set(week, (counts.get(week) ?? 0) + count)
  }
  return Array.from({ length: weeks }, (_, index) => {
    const week = last - weeks + 1 + index
    return { monday: dayIn('UTC', week * WEEK + FIRST_MONDAY), count: counts.get(week) ?? 0 }
  })
}

function weekOf(at: Instant, zone: string): number {
  return Math.floor((at + zoneOffset(zone, at) - FIRST_MONDAY) / WEEK)
}
