import { monthOf } from './months.ts'

/** A calendar day and a clock's reading as they are written. Every number is within its range; `day` exists. */
export interface DateParts {
  year: number
  /** From 1. */
  month: number
  day: number
  /** Seconds since midnight, up to 86,400 (`24:00`); null when only a day is written. */
  seconds: number | null
  /** In lower case, `''` when none is written. */
  zone: string
}

/** A longer text is no date. */
const LONGEST = 100

const ISO = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?: ?(Z|[+-]\d\d:?\d\d))?)?$/

/**
 * Reads a date as people write it, in ISO 8601, RFC 2822, words or Chinese; null when it is none, or one that no
 * calendar has. Where day and month cannot be told apart, `3/4/2021` is in March, `3.4.2021` and `3-4-2021` in April;
 * a month alone is its first day.
 */
export function readDateText(text: string): DateParts | null {
  const iso = ISO.exec(text)
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, zone] = iso
    const seconds = hour === undefined ? null : secondsOf(Number(hour), Number(minute), Number(second ?? 0))
    return partsOf(Number(year), Number(month), Number(day), seconds, zone?.toLowerCase() ?? '')
  }
  if (text.length > LONGEST) return null
  const plain = firstOfRange(plainForm(text))
  return readCompact(plain) ?? readWithTime(plain) ?? readWholeDay(plain)
}

/** Undefined is a reading that no clock shows. */
type Seconds = number | null | undefined

function partsOf(year: number, month: number, day: number, seconds: Seconds, zone: string): DateParts | null {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || year < 2 || seconds === undefined) return null
  return { year, month, day, seconds, zone }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function secondsOf(hour: number, minute: number, second: number): number | undefined {
  const seconds = hour * 3600 + minute * 60 + second
  return minute > 59 || second > 59 || seconds > 86_400 ? undefined : seconds
}

const WEEKDAY =
  /(?:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b|\(?(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일)\)?)[.,]? */
/** `[[2026-01-11]]` of notes that link their days, `<2026-01-11 Sun>` of Org. */
const BRACKETS = /^(?:\[\[([^[\]|]*)(?:\|[^[\]]*)?\]\]|\[([^[\]]*)\]|<([^<>]*)>)$/

/** The years before the first one of Japan's eras. */
const ERAS: ReadonlyMap<string, number> = new Map([
  ['令和', 2018],
  ['平成', 1988],
  ['昭和', 1925],
])
const ERA = /^(令和|平成|昭和) ?(\d{1,2}|元) ?年/
/** «of the year» behind a date in Russian. */
const TRAILING_YEAR = /(\d{4}) ?(?:г\.?|года)$/

/** Half-width, in lower case, single spaces; without brackets, quotes, weekday and what somebody noted behind it. */
function plainForm(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2010-\u2014\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(BRACKETS, '$1$2$3')
    .replace(/ (?:#|\/\/|<!--).*$/, '')
    .replace(/["'\u201c\u201d\u2018\u2019`]/g, '')
    .replace(WEEKDAY, '')
    .replace(ERA, (_, era: string, year: string) => `${(ERAS.get(era) ?? 0) + (year === '元' ? 1 : Number(year))}年`)
    .replace(TRAILING_YEAR, '$1')
    .replace(/(?<=:\d\d) ?([+-]) (?=\d\d:?\d\d$)/, ' $1')
    .trim()
}

/** `2026-01-11 ~ 2026-01-13`, `2026.1.11 - 1.13`, `2026年1月11日至13日`: a day, and another behind a mark. */
const RANGE =
  /^(\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日))(?: ?[~\u301c至]| (?:-{1,2}|to|until|through|bis)(?= )) ?\d{1,4}(?:[-/.年月日]\d{0,2}[-/.月日\d]*)?$/

function firstOfRange(text: string): string {
  return RANGE.exec(text)?.[1] ?? text
}

const COMPACT = /^(\d{4})(\d\d)(\d\d)(?:[t ]?(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.\d+)?)?)?)? ?(z|[+-]\d\d:?\d\d)?$/

/** `20210901`, `20210901T093000Z`, `202109010930`. */
function readCompact(text: string): DateParts | null {
  const match = COMPACT.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, zone] = match
  const seconds = hour === undefined ? null : secondsOf(Number(hour), Number(minute ?? 0), Number(second ?? 0))
  return partsOf(Number(year), Number(month), Number(day), seconds, zone ?? '')
}

const TIME =
  /(?<half>上午|下午|凌晨|早上|中午|晚上|傍晚|오전|오후|\b[ap]m)? ?\(?(?<![\d:.])(?<hour>\d{1,2})(?: ?[:时時点點h] ?(?<minute>\d{1,2})(?: ?[:分] ?(?<second>\d{1,2})(?:[.,]\d+)?)?[分秒]?\)?(?![\d:])|[时時点點]整?(?!\d)|(?<![-/]\d{1,2})(?= ?[ap]\.?m))(?: ?(?<meridiem>[ap])\.?m\b\.?)?/

/** A day with a time, whatever stands first: `sep 3 11:21:31 cest 2021`, `2021年9月1日 下午3:04`. */
function readWithTime(text: string): DateParts | null {
  const match = TIME.exec(text)
  const { half, hour, minute, second, meridiem } = match?.groups ?? {}
  if (match === null || hour === undefined) return readBareHour(text)
  const before = text.slice(0, match.index).replace(/(?<=\d)t$|[ ,_-]*(?:@|\bat\b)? ?$/, '')
  const behind = /^,? ?(.*?)(?:(?:^| )(\d{4}))?(?: ?[([].*[)\]])?$/.exec(
    zoneFirst(text.slice(match.index + match[0].length)),
  )
  const day = readDay(behind?.[2] === undefined ? before : `${before} ${behind[2]}`)
  if (day === null) return null
  const seconds = secondsOf(wholeDayHour(Number(hour), half, meridiem), Number(minute ?? 0), Number(second ?? 0))
  return partsOf(day.year, day.month, day.day, seconds, zoneOf(behind?.[1] ?? ''))
}

/** `2021-09-01T10`, `2021-09-01T1030+08`. */
function readBareHour(text: string): DateParts | null {
  const match = /^(\d{4}-\d\d?-\d\d?)[t ](\d\d)(\d\d)?(\d\d)? ?(z|[+-]\d\d:?(?:\d\d)?)?$/.exec(text)
  const day = match?.[1] === undefined ? null : readDay(match[1])
  if (match === null || day === null) return null
  const seconds = secondsOf(Number(match[2]), Number(match[3] ?? 0), Number(match[4] ?? 0))
  return partsOf(day.year, day.month, day.day, seconds, match[5] ?? '')
}

/** Puts a zone in brackets, `(utc+8)`, as one without; the name behind an offset is only a note. */
function zoneFirst(text: string): string {
  return text.replace(/^ ?[([]([a-z]+(?:\/[a-z_]+|[+-][\d:]+)?)[)\]]$/, ' $1').trim()
}

function zoneOf(text: string): string {
  return text.replace(/^((?:utc|gmt)? ?[+-]\d\d?:?(?:\d\d)?) [a-z]{1,5}$/, '$1').trim()
}

function wholeDayHour(hour: number, half: string | undefined, meridiem: string | undefined): number {
  const isLate = meridiem === 'p' || (half !== undefined && ['下午', '晚上', '傍晚', '오후', 'pm'].includes(half))
  const isEarly = meridiem === 'a' || (half !== undefined && ['上午', '凌晨', '早上', '오전', 'am'].includes(half))
  if (isEarly && hour === 12) return 0
  if (half === '中午' && hour < 3) return hour + 12
  return isLate && hour < 12 ? hour + 12 : hour
}

const ZONE_BEHIND_DAY =
  /(?<=\d)(?: ?(?:z|[+-]\d\d:\d\d)| (?:utc|gmt|[ecmp][sd]t|ces?t|ees?t|bst|ist|[jk]st|msk|hkt|sgt|ae[sd]t))$/

/** A day without a time; the zone that may stand behind it says nothing of the day. */
function readWholeDay(text: string): DateParts | null {
  const day = readDay(text.replace(/ ?\([^()]*\)$/, '').replace(ZONE_BEHIND_DAY, ''))
  return day === null ? null : partsOf(day.year, day.month, day.day, null, '')
}

interface Day {
  year: number
  month: number
  day: number
}

const DAY_FORMS: readonly RegExp[] = [
  /^(?<y>\d{4})(?: ?[-/.] ?| )(?<m>\d{1,2})(?: ?[-/.] ?| )(?<d>\d{1,2})\.?$/,
  /^(?<y>\d{4}) ?年 ?(?<m>\d{1,2}) ?月(?: ?(?<d>\d{1,2}) ?[日号號]?)?$/,
  /^(?<y>\d{4}) ?년 ?(?<m>\d{1,2}) ?월(?: ?(?<d>\d{1,2}) ?일)?$/,
  /^(?:ngày )?(?<d>\d{1,2}) tháng (?<m>\d{1,2})(?:,? năm|,)? (?<y>\d{4})$/u,
  /^(?<y>\d{4})[-/.](?<m>\d{1,2})$/,
  /^(?<d>\d{1,2})(?:st|nd|rd|th|er|\.)?[ -]?(?:of |de )?(?<name>\p{L}{3,})\.?,?[ -](?:de )?(?<y>\d{4})$/u,
  /^(?<name>\p{L}{3,})[. -] ?(?<d>\d{1,2})(?:st|nd|rd|th)?,?[ -](?<y>\d{4})$/u,
  /^(?<y>\d{4})[ ,-]{1,2}(?<name>\p{L}{3,})\.?[ -](?<d>\d{1,2})(?:st|nd|rd|th)?$/u,
  /^(?<name>\p{L}{3,})[.,]? (?<y>\d{4})$/u,
  /^(?<d>\d{1,2})[ -](?<name>\p{L}{3})[ -](?<yy>\d{2})$/u,
  /^(?<d>\d{2})(?<name>[a-z]{3})(?<y>\d{4})$/,
  /^(?<a>\d{1,2})(?<sign>[-/.])(?<b>\d{1,2})\k<sign>(?<y>\d{4})$/,
]

function readDay(text: string): Day | null {
  for (const form of DAY_FORMS) {
    const groups = form.exec(text)?.groups
    if (groups === undefined) continue
    const { yy, y = `20${yy ?? ''}`, m, d = '1', name, a, b, sign } = groups
    if (a !== undefined) return ofTwo(Number(y), Number(a), Number(b), sign === '/')
    const month = name === undefined ? Number(m) : monthOf(name)
    return month === null ? null : { year: Number(y), month, day: Number(d) }
  }
  return null
}

function ofTwo(year: number, first: number, second: number, isMonthFirst: boolean): Day {
  const swap = isMonthFirst ? first <= 12 : second > 12
  return swap ? { year, month: first, day: second } : { year, month: second, day: first }
}
