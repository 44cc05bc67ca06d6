import { posix } from 'node:path'
import type { WrittenDate } from '../../entry.ts'
import { calendarDay } from './link-clock.ts'

const SHAPE = /^(?:(\d{4})([-_.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})(?=[-_. ]))(?!\d)[-_. ]*(.*)$/s

/** The date at the front of a file's name, of `index.md` its folder's, and the rest of that name. */
export function nameDate(path: string): { date: WrittenDate | null; rest: string } {
  const name = pageName(path)
  const match = SHAPE.exec(name)
  if (match === null) return { date: null, rest: name }
  const [year = '', month = '', day = ''] =
    match[1] === undefined ? [match[5], match[6], match[7]] : [match[1], match[3], match[4]]
  const date = calendarDay(Number(year), Number(month), Number(day))
  const rest = match[8] ?? ''
  return { date, rest: date === null || rest === '' ? name : rest }
}

/** A file's name without its ending; of `tides/index.md` the folder's name. */
function pageName(path: string): string {
  const { dir, name } = posix.parse(path)
  return /^index$/i.test(name) && dir !== '' ? posix.basename(dir) : name
}
