import type { WrittenDate } from '../entry.ts'
import { minuteText } from '../status/words.ts'

/**
 * A date as it was understood: `2026-02-03` for a day, `2026-02-03 10:00` for a moment.
 * @param zone IANA zone; null: `2026-02-03T09:00:00.000Z` for a moment
 */
export function dateText(date: WrittenDate, zone: string | null): string {
  if (date.kind === 'instant') return zone === null ? new Date(date.at).toISOString() : minuteText(zone, date.at)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}`
}
