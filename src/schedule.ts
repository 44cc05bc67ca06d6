import { tzOffset } from '@date-fns/tz/tzOffset'
import { type ParsedFields, validateDetailed } from 'node-cron'
import type { Instant } from './entry.ts'
import { Problem } from './problem.ts'

/** A wall-clock minute in some zone, `YYYY-MM-DDTHH:MM`; slots of one zone compare as text. */
export type Slot = string

/** A cron line that was read and can run; made by `parseCron()`. */
export interface CronLine {
  /** The line with single spaces, as node-cron takes it. */
  readonly text: string
  /** Minutes since midnight at which it runs, in order. */
  readonly minutes: readonly number[]
  /** 1 to 31, or a token such as `L`, `L-2`, `15W`. */
  readonly dayOfMonth: readonly DayField[]
  /** 1 to 12. */
  readonly month: readonly number[]
  /** 0 (Sunday) to 6, or a token such as `1#2` (second Monday), `5L` (last Friday). */
  readonly weekday: readonly DayField[]
}

/** A calendar day; `month` is 1 to 12. */
export interface Day {
  year: number
  month: number
  day: number
}

type DayField = number | string

/** A wall clock's reading as if it were UTC, in milliseconds. */
type WallClock = number

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 1_440 * MINUTE
const EXAMPLE = 'write minute, hour, day of month, month and weekday, such as "0 8 * * 1" for Mondays at 8:00'

/**
 * Reads a cron line of five fields, or a nickname such as `@daily`.
 * Throws Problem `schedule-malformed`, `schedule-two-days` or `schedule-never`.
 */
export function parseCron(line: string): CronLine {
  const text = line.trim().replace(/\s+/g, ' ')
  const fields = readFields(text)
  if (restricts(fields.dayOfMonth, 31) && restricts(fields.dayOfWeek, 7)) {
    // node-cron wants both to match, classic cron either one.
    throw new Problem('schedule-two-days', `The schedule "${text}" names days of the month and weekdays`, {
      mend: 'put * in one of the two; for the first Monday of a month write "0 8 * * 1#1"',
    })
  }
  const cron = {
    text,
    minutes: minutesOfDay(fields),
    dayOfMonth: fields.dayOfMonth,
    month: fields.month,
    weekday: fields.dayOfWeek,
  }
  if (!everRuns(cron)) throw never(text)
  return cron
}

/** The latest slot that the wall clock of `zone` has reached at `now`; an earlier one once clocks were put back. */
export function latestSlot(cron: CronLine, zone: string, now: Instant): Slot {
  const wall = wallClock(now, zone)
  for (let day = startOfDay(wall); ; day -= DAY) {
    const minute = runsOn(cron, day) ? cron.minutes.findLast((minute) => day + minute * MINUTE <= wall) : undefined
    if (minute !== undefined) return slotAt(day + minute * MINUTE)
  }
}

/**
 * The slot that is due at `now` when `last` was the latest one done (null: none yet), or null.
 * Of several missed slots only the latest is due. As wall clocks are compared, a slot in a skipped hour is due
 * when the hour is over, and one in a doubled hour only the first time.
 */
export function dueSlot(cron: CronLine, zone: string, last: Slot | null, now: Instant): Slot | null {
  const latest = latestSlot(cron, zone, now)
  return last === null || latest > last ? latest : null
}

/** The first slot that the wall clock of `zone` has not reached at `now`, for messages. */
export function nextSlot(cron: CronLine, zone: string, now: Instant): Slot {
  const wall = wallClock(now, zone)
  for (let day = startOfDay(wall); ; day += DAY) {
    const minute = runsOn(cron, day) ? cron.minutes.find((minute) => day + minute * MINUTE > wall) : undefined
    if (minute !== undefined) return slotAt(day + minute * MINUTE)
  }
}

/** True for a zone that this machine knows. */
export function isZone(zone: string): boolean {
  // No zone at all is one to some older Node 20; an offset in any other text, as in Mars+08:00, is one to tzOffset().
  const mayBeName = /^[A-Za-z]/.test(zone) && (!/[+-]\d/.test(zone) || isZoneName(zone))
  return mayBeName && !Number.isNaN(zoneOffset(zone, 0))
}

/** True for the name of a zone that this machine knows; keeps nothing of what it is asked, which strangers may send. */
export function isZoneName(text: string): boolean {
  // Offsets such as +08:00 are zones to Intl from Node 22 on only.
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** The minute on the wall clock of `zone`. */
export function minuteOf(zone: string, now: Instant): Slot {
  return slotAt(wallClock(now, zone))
}

/** Throws Problem `zone-unknown` unless `zone` is an IANA zone; every other function here trusts its zone. */
export function checkZone(zone: string): void {
  if (isZone(zone)) return
  throw new Problem('zone-unknown', `There is no time zone "${zone}"`, {
    mend: 'give a name of the IANA list, such as Europe/Berlin or Asia/Shanghai',
  })
}

/** The calendar day in `zone` at `instant`. */
export function localDay(instant: Instant, zone: string): Day {
  const date = new Date(wallClock(instant, zone))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** How much of its day a wall clock in `zone` has behind it at `instant`, in milliseconds. */
export function sinceMidnight(instant: Instant, zone: string): number {
  const wall = wallClock(instant, zone)
  return wall - startOfDay(wall)
}

/**
 * The instant that stands for a day written without a time: the middle of the hours that this day in `zone` shares
 * with the same day in UTC (to half an hour when clocks change), so that it shows its own day in both.
 * These hours are ten at least, as zones run from -12:00 to +14:00; only a day that a zone left out when it crossed
 * the date line (Samoa, 30 December 2011) has none, and shows itself in UTC alone.
 *
 * Never after `firstSeen`: an article seen early on its day gets `firstSeen`, which lies in the day of `zone` and
 * perhaps not yet in that of UTC; a day that has not begun gets `firstSeen` too. Whole seconds.
 */
export function dayInstant({ year, month, day }: Day, zone: string, firstSeen: Instant): Instant {
  const noon = Date.UTC(year, month - 1, day, 12)
  const middle = noon - (wallClock(noon, zone) - noon) / 2
  return Math.floor(Math.min(middle, firstSeen) / SECOND) * SECOND
}

function readFields(text: string): ParsedFields {
  if (text.split(' ').length === 6) {
    throw new Problem('schedule-malformed', `The schedule "${text}" has six fields`, {
      mend: `leave out the seconds: ${EXAMPLE}`,
    })
  }
  const { fields, errors } = validateDetailed(text)
  if (fields !== undefined) return fields
  if (errors.some((error) => error.message.includes('impossible day'))) throw never(text)
  const wrong = errors.filter((error) => error.field !== 'expression')
  const places = wrong.map(({ field, value }) => `${field.replace(/[A-Z]/g, ' $&').toLowerCase()} "${value ?? ''}"`)
  throw new Problem('schedule-malformed', [`Cannot read the schedule "${text}"`, ...places].join(': '), {
    mend: EXAMPLE,
  })
}

function restricts(field: readonly DayField[], all: number): boolean {
  return new Set(field.filter((value) => typeof value === 'number')).size < all
}

function never(text: string): Problem {
  return new Problem('schedule-never', `The schedule "${text}" names a day that never comes`, {
    mend: 'give a day that its months have; L is the last day of a month',
  })
}

function minutesOfDay({ hour, minute }: ParsedFields): number[] {
  return hour.flatMap((hour) => minute.map((minute) => hour * 60 + minute)).sort((a, b) => a - b)
}

/** In the 28 years from 2000 on every month begins on every weekday, February with and without its 29th. */
function everRuns(cron: CronLine): boolean {
  const end = Date.UTC(2028, 0)
  for (let day = Date.UTC(2000, 0); day < end; day += DAY) if (runsOn(cron, day)) return true
  return false
}

function runsOn(cron: CronLine, midnight: WallClock): boolean {
  const date = new Date(midnight)
  if (!cron.month.includes(date.getUTCMonth() + 1)) return false
  const day = date.getUTCDate()
  const weekday = date.getUTCDay()
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  return (
    cron.dayOfMonth.some((field) => isDayOfMonth(field, day, weekday, last)) &&
    cron.weekday.some((field) => isWeekday(field, day, weekday, last))
  )
}

/** The tokens are node-cron's: `L` last day, `L-2` two days before it, `15W` and `LW` the nearest Monday to Friday. */
function isDayOfMonth(field: DayField, day: number, weekday: number, last: number): boolean {
  if (typeof field === 'number') return field === day
  const [base = '', before = '0'] = field.replace('W', '').split('-')
  const target = (base === 'L' ? last : Number(base)) - Number(before)
  if (target < 1 || target > last) return false
  return day === (field.endsWith('W') ? nearestWorkday(target, (weekday + 35 + target - day) % 7, last) : target)
}

/** Never leaves the month: from a Saturday the 1st it goes to the 3rd. */
function nearestWorkday(day: number, weekday: number, last: number): number {
  if (weekday === 6) return day === 1 ? 3 : day - 1
  if (weekday === 0) return day === last ? day - 2 : day + 1
  return day
}

/** The tokens are node-cron's: `1#2` the second Monday of the month, `5L` its last Friday. */
function isWeekday(field: DayField, day: number, weekday: number, last: number): boolean {
  if (typeof field === 'number') return field === weekday
  if (Number(field[0]) !== weekday) return false
  return field.endsWith('L') ? day > last - 7 : Math.ceil(day / 7) === Number(field[2])
}

function wallClock(instant: Instant, zone: string): WallClock {
  return instant + zoneOffset(zone, instant)
}

/** Offsets at the beginnings of UTC days, by zone and day; asking the runtime's tables takes its time. */
const offsets = new Map<string, number>()

/** Milliseconds by which a zone is ahead of UTC; NaN for a zone that nobody knows. */
export function zoneOffset(zone: string, at: Instant): number {
  const day = Math.floor(at / DAY)
  const offset = offsetOfDay(zone, day)
  // A zone that changes its offset within a day shows another one on the next.
  return offset === offsetOfDay(zone, day + 1) ? offset : askOffset(zone, at)
}

function offsetOfDay(zone: string, day: number): number {
  const key = `${zone} ${day}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size > 20_000) offsets.clear()
  const offset = askOffset(zone, day * DAY)
  offsets.set(key, offset)
  return offset
}

function askOffset(zone: string, at: Instant): number {
  return Math.round(tzOffset(zone, new Date(at)) * 60) * SECOND
}

function startOfDay(wall: WallClock): WallClock {
  return Math.floor(wall / DAY) * DAY
}

function slotAt(wall: WallClock): Slot {
  return new Date(wall).toISOString().slice(0, 16)
}
