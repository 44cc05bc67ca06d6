import type { WrittenDate } from '../entry.ts'
import { findDays } from './listing-day.ts'
import { isNote } from './listing-furniture.ts'
import { isLabel } from './listing-line.ts'

/** A line that holds a date and at most a category: `NLP · 2026-01-11`. An impossible date is null. */
export interface DateLine {
  date: WrittenDate | null
  label: string | null
}

/** A date line is short; longer lines are not searched. */
const LONGEST = 80

const SEPARATORS = /^[^\p{L}\p{N}]+|[\s\p{Pd}\p{Ps}·•|/,:@\u3001\uFF0C\uFF1A\uFF5C]+$/gu
const BETWEEN = /\s*[|·•\uFF5C]\s*/u
/** What says no more than that a date or an author follows. */
const SAYS_DATE =
  /^(?:posted(?: on)?|published(?: on)?|updated(?: on)?|date|(?:发布|发表|更新|创建)(?:于|时间|日期)?|日期|时间)$/iu
const BYLINE = /^(?:(?:posted|published|written|updated) )?by \p{L}|^(?:作者|文)[ :\uFF1A]/iu
/** The end of a sentence that goes on with the date. */
const BOUND =
  /(?<!\p{L})(?:of|on|until|till|since|from|by|in|to|the|at|before|after|and|for|as|is|was)$|[在于自从到至]$/iu
const NAMED = /^(?:filed under|posted in|category|categories|topic|分类|分類|栏目|专栏|类别)[:\uFF1A] ?(.+)$/iu

/** The date, and the category beside it, of a line that says nothing else; null for any other line. */
export function readDateLine(text: string): DateLine | null {
  if (text.length > LONGEST) return null
  const [day] = findDays(text)
  if (day === undefined) return readNamed(text)
  const before = text.slice(0, day.start)
  const after = text.slice(day.end)
  if (/[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after)) return null
  const labels = [before, after].map(labelIn).filter((label) => label !== '')
  const [label = null, ...others] = labels
  if (others.length > 0 && !BETWEEN.test(text)) return null
  return labels.every((each) => isLabel(each) && !BOUND.test(each)) ? { date: day.date, label } : null
}

/** A category that is named as one: `Filed under: Harbour`. */
function readNamed(text: string): DateLine | null {
  const label = NAMED.exec(text)?.[1]
  return label !== undefined && isLabel(label) ? { date: null, label } : null
}

/** What stands at one side of a date besides an author, a number of comments and the like. */
function labelIn(side: string): string {
  const whole = side.replace(SEPARATORS, '')
  const parts = whole.split(BETWEEN).map((part) => part.replace(SEPARATORS, ''))
  const labels = parts.filter((part) => /\p{L}/u.test(part) && ![SAYS_DATE, BYLINE].some((says) => says.test(part)))
  const kept = labels.filter((label) => !isNote(label))
  return kept.length === parts.length ? whole : kept.join(' · ')
}
