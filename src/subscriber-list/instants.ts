import type { Instant } from '../entry.ts'

const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i
/** Nobody subscribed to anything before. */
const EARLIEST = Date.UTC(1990, 0)

/**
 * Reads a moment as other tools write it: `2024-03-14 09:12:31`, ISO 8601, with or without a zone; without one it is
 * UTC. Null when it is none, or lies before 1990; nothing that was has happened after `now`.
 */
export function readInstant(text: string, now: Instant): Instant | null {
  if (text === '') return null
  const found = WRITTEN.exec(text)
  if (found === null) return null
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', zone = 'Z'] = found
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const isDate = new Date(at).toISOString().startsWith(`${year ?? ''}-${month ?? ''}-${day ?? ''}`)
  const instant = at + Number(fraction.padEnd(3, '0').slice(0, 3)) - offsetOf(zone)
  return isDate && instant >= EARLIEST ? Math.min(instant, now) : null
}

/** Milliseconds that a clock in this zone is ahead of UTC. */
function offsetOf(zone: string): number {
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return sign === '-' ? -offset : offset
}
