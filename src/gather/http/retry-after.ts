import type { Instant } from '../../entry.ts'

const LONGEST = 86_400_000

/** IMF-fixdate, and the two old forms that are to be understood as well (RFC 9110, section 5.6.7). */
const DATE = /^[a-z]{3,9},? [\da-z: -]+?( GMT)?$/i

/**
 * When a Retry-After header lets a host be asked again, at most a day from now (RFC 9110, section 10.2.3); null when it
 * says nothing that can be read.
 */
export function retryAfter(header: string | undefined, now: Instant): Instant | null {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return Math.min(now + Number(text) * 1000, now + LONGEST)
  if (!DATE.test(text)) return null
  // asctime() has no zone, and all three mean UTC.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? null : Math.min(Math.max(at, now), now + LONGEST)
}
