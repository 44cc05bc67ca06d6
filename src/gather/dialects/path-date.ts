import { posix } from 'node:path'
import type { WrittenDate } from '../../entry.ts'
import { calendarDay } from './link-clock.ts'
import { nameDate } from './name-date.ts'

const CHINESE = /^(\d{4})年(\d{1,2})月(\d{1,2})日[-_. ]*(.*)$/su
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/
/** The minute or second in which a note was begun, as a Zettelkasten names its slips. */
const STAMP = /^(\d{4})(\d{2})(\d{2})(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?(?!\d)/
/** `2021/03/05/name`, `2021/03/05-name`, `2021/03-05-name`. */
const FOLDERS = /(?:^|\/)(\d{4})\/(\d{1,2})[/-](\d{1,2})(?=[-/_. ])/

/**
 * The date in a path however it is written: at the front of the file's name, of `index` and `README` its folder's,
 * else in the folders above; and the name without it.
 */
export function pathDate(path: string): { date: WrittenDate | null; slug: string } {
  const index = path.replace(/(^|\/)readme(?=\.[^./]+$)/i, '$1index')
  const { date, rest } = nameDate(index)
  if (date !== null) return { date, slug: rest }
  const chinese = CHINESE.exec(rest)
  const inName = dayOf(chinese) ?? dayOf(COMPACT.exec(rest) ?? STAMP.exec(rest))
  const slug = inName === null ? rest : (chinese?.[4] ?? '') || rest
  return { date: inName ?? dayOf(FOLDERS.exec(path)), slug }
}

/** The day that stands in an address, as in `/2021/03/05/tides/`. */
export function addressDate(address: string): WrittenDate | null {
  return dayOf(FOLDERS.exec(address))
}

function dayOf(match: RegExpExecArray | null): WrittenDate | null {
  if (match === null) return null
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number)
  return calendarDay(year, month, day)
}

/** A name without the stamp of a Zettelkasten in front of its words. */
export function withoutStamp(name: string): string {
  const stamp = STAMP.exec(name)?.[0] ?? ''
  return name.slice(stamp.length).replace(/^[-_. ]+/, '') || name
}

/** Whether a folder on the path holds drafts. */
export function isInDrafts(path: string): boolean {
  return posix
    .dirname(path)
    .split('/')
    .some((folder) => /^_?drafts$/i.test(folder))
}
