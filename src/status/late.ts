import type { Instant } from '../entry.ts'

const HOUR = 60 * 60_000
/** So many gaps at least tell how often runs come. */
const FEWEST_GAPS = 3
/** Gaps from longer ago say nothing of how runs come now. */
const MOST_GAPS = 20

/**
 * How long runs are overdue against how they came before: the settings do not know the owner's cron.
 * @param starts of runs, newest first
 * @returns the longest gap between them, when it is over twice that and over an hour since the last; else null
 */
export function overdue(starts: readonly Instant[], now: Instant): number | null {
  const [last] = starts
  const gaps = starts.slice(1, MOST_GAPS + 1).map((start, index) => (starts[index] ?? start) - start)
  if (last === undefined || gaps.length < FEWEST_GAPS) return null
  const longest = Math.max(...gaps)
  return now - last > Math.max(2 * longest, HOUR) ? longest : null
}
