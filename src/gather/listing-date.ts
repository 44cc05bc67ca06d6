import type { WrittenDate } from '../entry.ts'
import { isLabel } from './listing-line.ts'

/** A line that holds a date and at most a category: `NLP · 2026-01-11`. An impossible date is null. */
export interface DateLine {
  date: WrittenDate | null
  label: string | null
}

/** A date line is short; longer lines are not searched. */
const LONGEST = 80

const DATE = /(?<!\d)(\d{4}) ?(?:([-/.])(\d{1,2})\2(\d{1,2})|年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日)(?!\d)/u
const TIME_OF_DAY = /^[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?/
const SEPARATORS = /^[^\p{L}\p{N}]+|[\s\p{Pd}\p{Ps}·•|/,:@\u3001\uFF0C\uFF1A\uFF5C]+$/gu
const SAYS_DATE =
  /^(?:posted(?: on)?|published(?: on)?|updated(?: on)?|date|(?:发布|发表|更新|创建)(?:于|时间|日期)?|日期|时间)$/iu

/** The date, and the category beside it, of a line that says nothing else; null for any other line. */
export function readDateLine(text: string): DateLine | null {
  const match = text.length > LONGEST ? null : DATE.exec(text)
  if (match === null) return null
  const before = text.slice(0, match.index)
  const after = text.slice(match.index + match[0].length).replace(TIME_OF_DAY, '')
  if (/[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after)) return null
  const labels = [before, after]
    .map((part) => part.replace(SEPARATORS, ''))
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
  const [label = null, ...others] = labels.filter((part) => !SAYS_DATE.test(part))
  if (others.length > 0 || (label !== null && !isLabel(label))) return null
  const [, year, , month, day, chineseMonth, chineseDay] = match
  return { date: dayOf(Number(year), Number(month ?? chineseMonth), Number(day ?? chineseDay)), label }
}

function dayOf(year: number, month: number, day: number): WrittenDate | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? { kind: 'day', year, month, day } : null
}
