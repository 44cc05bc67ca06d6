import { createHash } from 'node:crypto'
import type { Linkable } from './dialect.ts'
import { type Clock, clockOf, instantAt, pad, writtenClock } from './link-clock.ts'

const FIGURES = new Map<string, (clock: Clock) => string>([
  ['year', (clock) => pad(clock.year, 4)],
  ['month', (clock) => pad(clock.month)],
  ['i_month', (clock) => String(clock.month)],
  ['day', (clock) => pad(clock.day)],
  ['i_day', (clock) => String(clock.day)],
  ['hour', (clock) => pad(clock.hour)],
  ['minute', (clock) => pad(clock.minute)],
  ['second', (clock) => pad(clock.second)],
])

/**
 * Hexo shows the figures in UTC of a date with a zone that its YAML knows (js-yaml: with seconds, `+08:00` but not
 * `+0800`) as the site's own time (hexo-front-matter adds the offset of its machine).
 */
export function clockOfPost({ date, data }: Linkable, zone: string): Clock | null {
  if (date === null) return null
  const written = writtenClock(data['date'])
  const isShifted = written?.hasSeconds === true && /^(?:Z|[+-]\d{1,2}(?::\d\d)?)$/i.test(written.zone ?? '')
  return clockOf(date, date.kind === 'instant' && isShifted ? 'UTC' : zone)
}

/** Whether a name of the pattern is one of time. */
export function isTime(key: string): boolean {
  return FIGURES.has(key) || key === 'hash' || key === 'timestamp'
}

/** What a name of time stands for; null without a date. */
export function timeOf(key: string, clock: Clock | null, title: string, zone: string): string | null {
  if (clock === null) return null
  const figures = FIGURES.get(key)
  if (figures !== undefined) return figures(clock)
  const seconds = String(instantAt(clock, zone) / 1_000)
  if (key === 'timestamp') return seconds
  return createHash('sha1').update(`${title}${seconds}`).digest('hex').slice(0, 12)
}
