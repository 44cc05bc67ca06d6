import { posix } from 'node:path'
import type { WrittenDate } from '../../entry.ts'
import { calendarDay } from './link-clock.ts'
import { nameDate } from './name-date.ts'

const DATED = /^(\d{2,4})-(\d{1,2})-(\d{1,2})-(.*)$/s

/** The title that Jekyll makes of a slug (`Utils.titleize_slug`). */
export function titleized(slug: string): string {
  const words = slug.split(/[-_\s]+/).filter((word) => word !== '')
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join(' ')
}

/** Date and slug in the name of a post (Jekyll's `DATE_FILENAME_MATCHER`); other names may have a date, too. */
export function jekyllName(path: string): { date: WrittenDate | null; slug: string } {
  const name = posix.parse(path).name
  const match = DATED.exec(name)
  if (match === null) return { date: nameDate(path).date, slug: name }
  const [year = '', month = '', day = ''] = match.slice(1, 4)
  // Ruby's Time.parse: 69 to 99 are of the last century.
  const century = year.length > 2 ? 0 : Number(year) >= 69 ? 1_900 : 2_000
  return { date: calendarDay(century + Number(year), Number(month), Number(day)), slug: match[4] ?? name }
}
