import type { WrittenDate } from '../entry.ts'

/** A day that stands in a text, with the weekday and the time beside it. */
export interface FoundDay {
  start: number
  end: number
  /** Null for a day that no calendar has, and for one like `03/04/2026` that may be of April or of March. */
  date: WrittenDate | null
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const NAME =
  '(?<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
/** A year and a day. */
const TWO_NUMBERS = /\d{4}\D+\d|\d\D+\d{4}/
const FORMS: readonly RegExp[] = [
  /(?<!\d)(?<year>\d{4}) ?(?<sign>[-/.])(?<month>\d{1,2})\k<sign>(?<day>\d{1,2})(?!\d)/g,
  /(?<!\d)(?<year>\d{4}) ?年 ?(?<month>\d{1,2}) ?月 ?(?<day>\d{1,2}) ?[日号號](?!\d)/gu,
  new RegExp(`(?<!\\d)(?<day>\\d{1,2})(?:st|nd|rd|th|\\.)?[ -](?:of )?${NAME}\\.?,?[ -](?<year>\\d{4})(?!\\d)`, 'gi'),
  new RegExp(`(?<!\\p{L})${NAME}\\.? (?<day>\\d{1,2})(?:st|nd|rd|th)?,? (?<year>\\d{4})(?!\\d)`, 'giu'),
  /(?<![\d./-])(?<first>\d{1,2})(?<sign>[-/.])(?<second>\d{1,2})\k<sign>(?<year>\d{4})(?!\d)/g,
]
const WEEKDAY_BEFORE = /(?<!\p{L})(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day,?|[.,])? $/iu
const WEEKDAY_AFTER = /^[ ,]*[(\uFF08]?(?:星期|周|週)[一二三四五六日天][)\uFF09]?/u
const TIME_AFTER =
  /^(?:T|,? ?(?:at )?)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\b\.?)?(?: ?(?:Z\b|UTC|GMT|[+-]\d{2}:?\d{2}))?/i

/** Every day written in a short text, from its start: in numbers, English or Chinese, always with its year. */
export function findDays(text: string): FoundDay[] {
  if (!TWO_NUMBERS.test(text)) return []
  const found: FoundDay[] = []
  for (const form of FORMS) {
    // Ten times as fast as matchAll(), which copies the form.
    form.lastIndex = 0
    for (let match = form.exec(text); match !== null; match = form.exec(text)) found.push(foundDay(text, match))
  }
  return found.sort((a, b) => a.start - b.start)
}

function foundDay(text: string, match: RegExpExecArray): FoundDay {
  const from = match.index
  const to = from + match[0].length
  const weekday = WEEKDAY_BEFORE.exec(text.slice(0, from))
  const weekdayLength = WEEKDAY_AFTER.exec(text.slice(to))?.[0].length ?? 0
  const timeLength = TIME_AFTER.exec(text.slice(to + weekdayLength))?.[0].length ?? 0
  return { start: weekday?.index ?? from, end: to + weekdayLength + timeLength, date: dateOf(match.groups ?? {}) }
}

function dateOf({ year, month, day, name, first, second, sign }: Record<string, string>): WrittenDate | null {
  if (first !== undefined) return ofTwo(Number(year), Number(first), Number(second), sign === '.')
  const number = name === undefined ? Number(month) : MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1
  return dayOf(Number(year), number, Number(day))
}

/** With dots the day comes first everywhere; with another sign the numbers must tell which is the month. */
function ofTwo(year: number, first: number, second: number, isDayFirst: boolean): WrittenDate | null {
  if (isDayFirst || first === second || second <= 12 === first > 12) return dayOf(year, second, first)
  return second > 12 ? dayOf(year, first, second) : null
}

function dayOf(year: number, month: number, day: number): WrittenDate | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? { kind: 'day', year, month, day } : null
}
