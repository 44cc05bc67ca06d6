import { TZDate } from '@date-fns/tz'
import { format } from 'date-fns/format'
import type { Instant } from '../entry.ts'

/** The day on the wall calendar of a zone: `2026-03-02`. */
export function dayIn(timezone: string, at: Instant): string {
  return format(new TZDate(at, timezone), 'yyyy-MM-dd')
}

/** The second on the wall clock of a zone, with its offset: `2026-03-02T08:30:00+08:00`. */
export function secondIn(timezone: string, at: Instant): string {
  return format(new TZDate(at, timezone), "yyyy-MM-dd'T'HH:mm:ssxxx")
}
