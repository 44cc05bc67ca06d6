import { createTask } from 'node-cron'
import { describe, expect, test } from 'vitest'
import {
  checkZone,
  dayInstant,
  dueSlot,
  latestSlot,
  localDay,
  nextSlot,
  parseCron,
  type Slot,
} from '../src/schedule.ts'
import { problemOf } from './support/problem.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Shanghai',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Santiago',
] as const

const at = (text: string): number => Date.parse(text)
const dayText = (day: number): string => new Date(day).toISOString().slice(0, 10)

function daysOf(year: number): number[] {
  const first = Date.UTC(year, 0)
  return Array.from({ length: (Date.UTC(year + 1, 0) - first) / DAY }, (_, day) => first + day * DAY)
}

describe('parseCron()', () => {
  for (const [says, line, code] of [
    ['refuses an empty line', '', 'schedule-malformed'],
    ['refuses four fields', '0 8 * *', 'schedule-malformed'],
    ['refuses seven fields', '0 0 8 * * * 2026', 'schedule-malformed'],
    ['refuses a seconds field', '0 0 8 * * *', 'schedule-malformed'],
    ['refuses a minute of 60', '60 8 * * *', 'schedule-malformed'],
    ['refuses an hour of 24', '0 24 * * *', 'schedule-malformed'],
    ['refuses a word that is no name', '0 8 * * someday', 'schedule-malformed'],
    ['refuses a nickname that node-cron lacks', '@reboot', 'schedule-malformed'],
    ['refuses a day of month with a weekday', '0 8 1 * 1', 'schedule-two-days'],
    ['refuses the last day with a weekday', '0 8 L * mon', 'schedule-two-days'],
    ['refuses twenty days, each given twice, with a weekday', '0 8 1-20,1-20 * 1', 'schedule-two-days'],
    ['refuses a day with six weekdays and a token', '0 8 15 * 1-6,0#1', 'schedule-two-days'],
    ['refuses 31 February', '0 8 31 2 *', 'schedule-never'],
    ['refuses the 31st of two short months', '0 8 31 4,6 *', 'schedule-never'],
    ['refuses the working day next to 30 February', '0 8 30W 2 *', 'schedule-never'],
    ['refuses 29 days before the end of February', '0 8 L-29 2 *', 'schedule-never'],
  ] as const)
    test(says, () => expect(problemOf(() => parseCron(line)).code).toBe(code))

  for (const [says, line, next] of [
    ['reads Windows line ends and tabs as space', '\t30 \t8 * * *\r\n', '2026-01-01T08:30'],
    ['reads a nickname', '@weekly', '2026-01-04T00:00'],
    ['reads names of months and weekdays', '0 8 * mar-apr Tue', '2026-03-03T08:00'],
    ['reads weekday 7 as Sunday', '0 8 * * 7', '2026-01-04T08:00'],
    ['reads ? as *', '0 8 ? * 1', '2026-01-05T08:00'],
    ['takes all days of the month as no restriction', '0 8 1-31 * 1', '2026-01-05T08:00'],
    ['takes all weekdays as no restriction', '0 8 15 * 1-7', '2026-01-15T08:00'],
    ['keeps 29 February', '0 8 29 2 *', '2028-02-29T08:00'],
    ['keeps a fifth Sunday in February', '0 8 * 2 0#5', '2032-02-29T08:00'],
    ['orders minutes that were written backwards', '50,10 23,8 * * *', '2026-01-01T08:10'],
    ['keeps a range over midnight', '0 22-1 * * *', '2026-01-01T01:00'],
  ] as const)
    test(says, () => expect(nextSlot(parseCron(line), 'UTC', at('2026-01-01T00:00Z'))).toBe(next))

  test('names the wrong field and a line that would do', () => {
    const problem = problemOf(() => parseCron('0 8 32 * *'))
    expect(problem.message).toBe('Cannot read the schedule "0 8 32 * *": day of month "32"')
    expect(problem.mend).toContain('"0 8 * * 1"')
  })

  test('tells to leave out the seconds', () => {
    expect(problemOf(() => parseCron('0 0 8 * * *')).mend).toContain('leave out the seconds')
  })
})

describe('runs on the days on which node-cron runs', () => {
  for (const line of [
    '0 8 L * *',
    '0 8 L-2 * *',
    '0 8 L-30 * *',
    '0 8 1W * *',
    '0 8 15W * *',
    '0 8 31W * *',
    '0 8 LW * *',
    '0 8 1,15W,L * *',
    '0 8 */10 */2 *',
    '0 8 * * 1#1',
    '0 8 * * sun#5',
    '0 8 * * 5L',
    '0 8 * * 7L,3',
    '0 8 * * 1-5',
  ])
    test(line, async () => {
      const task = createTask(line, () => undefined, { timezone: 'UTC' })
      const theirs = [2026, 2027, 2028]
        .flatMap(daysOf)
        .filter((day) => task.match(new Date(day + 8 * HOUR)))
        .map((day) => `${dayText(day)}T08:00`)
      await task.destroy()
      expect(slotsBetween(line, at('2026-01-01T00:00Z'), at('2029-01-01T00:00Z'))).toEqual(theirs)
    })

  function slotsBetween(line: string, from: number, to: number): Slot[] {
    const cron = parseCron(line)
    const slots: Slot[] = []
    for (let now = from; ;) {
      const slot = nextSlot(cron, 'UTC', now)
      now = at(`${slot}Z`)
      if (now >= to) return slots
      slots.push(slot)
    }
  }
})

describe('latestSlot()', () => {
  for (const [says, line, zone, now, slot] of [
    ['takes a slot in the very minute', '0 8 * * *', 'UTC', '2026-05-04T08:00:00Z', '2026-05-04T08:00'],
    ['waits for the minute', '0 8 * * *', 'UTC', '2026-05-04T07:59:59.999Z', '2026-05-03T08:00'],
    ['goes back to the week before', '0 8 * * 1', 'UTC', '2026-05-04T07:00Z', '2026-04-27T08:00'],
    ['goes back over a year', '0 0 1 1 *', 'UTC', '2026-12-31T00:00Z', '2026-01-01T00:00'],
    ['goes back to a leap year', '0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', '2024-02-29T00:00'],
    ['goes back over 1900, which has no leap day', '0 0 29 2 *', 'UTC', '1904-01-01T00:00Z', '1896-02-29T00:00'],
    ['reads the wall clock east of UTC', '0 8 * * *', 'Asia/Shanghai', '2026-05-04T00:00Z', '2026-05-04T08:00'],
    ['reads the wall clock west of UTC', '0 20 * * *', 'America/New_York', '2026-05-05T00:00Z', '2026-05-04T20:00'],
    ['reads half hours', '30 5 * * *', 'Asia/Kolkata', '2026-05-04T00:00Z', '2026-05-04T05:30'],
    ['reads quarter hours', '45 5 * * *', 'Asia/Kathmandu', '2026-05-04T00:00Z', '2026-05-04T05:45'],
    [
      'has not reached a skipped slot before the gap',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-29T00:59Z',
      '2026-03-28T02:30',
    ],
    [
      'has reached a skipped slot after the gap',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-29T01:00Z',
      '2026-03-29T02:30',
    ],
    ['goes back when clocks go back', '30 2 * * *', 'Europe/Berlin', '2026-10-25T01:00Z', '2026-10-24T02:30'],
    ['reaches a gap of half an hour', '15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T15:30Z', '2026-10-04T02:15'],
    ['reaches a midnight that was skipped', '0 0 * * *', 'America/Santiago', '2026-09-06T04:00Z', '2026-09-06T00:00'],
  ] as const)
    test(says, () => expect(latestSlot(parseCron(line), zone, at(now))).toBe(slot))
})

describe('dueSlot()', () => {
  for (const [says, line, zone, last, now, slot] of [
    ['is the latest slot when none was done', '0 8 * * *', 'UTC', null, '2026-05-04T09:00Z', '2026-05-04T08:00'],
    ['is nothing when the slot was done', '0 8 * * *', 'UTC', '2026-05-04T08:00', '2026-05-04T09:00Z', null],
    [
      'is one slot, the latest, when several were missed',
      '0 8 * * *',
      'UTC',
      '2026-04-01T08:00',
      '2026-05-04T09:00Z',
      '2026-05-04T08:00',
    ],
    ['is nothing when the clock was set back', '0 8 * * *', 'UTC', '2026-05-04T08:00', '2026-05-01T09:00Z', null],
    [
      'runs in a doubled hour the first time',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T02:30',
      '2026-10-25T00:30Z',
      '2026-10-25T02:30',
    ],
    ['rests when clocks went back', '30 2 * * *', 'Europe/Berlin', '2026-10-25T02:30', '2026-10-25T01:00Z', null],
    [
      'rests in a doubled hour the second time',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-25T02:30',
      '2026-10-25T01:30Z',
      null,
    ],
  ] as const)
    test(says, () => expect(dueSlot(parseCron(line), zone, last, at(now))).toBe(slot))

  for (const zone of ZONES)
    for (const time of ['00:00', '01:45', '02:15', '02:30', '08:00', '23:59'])
      test(`is due exactly once for each day of a year, daily at ${time} in ${zone}`, () => {
        const [hour, minute] = time.split(':').map(Number)
        const cron = parseCron(`${minute} ${hour} * * *`)
        let last = latestSlot(cron, zone, at('2025-12-30T00:00Z'))
        const due: Slot[] = []
        for (let now = at('2025-12-30T00:00Z'); now < at('2027-01-03T00:00Z'); now += HOUR / 2) {
          const slot = dueSlot(cron, zone, last, now)
          if (slot === null) continue
          due.push(slot)
          last = slot
        }
        expect(due.filter((slot) => slot.startsWith('2026'))).toEqual(
          daysOf(2026).map((day) => `${dayText(day)}T${time}`),
        )
      })
})

describe('nextSlot()', () => {
  for (const [says, line, zone, now, slot] of [
    ['leaves out the slot in this very minute', '0 8 * * *', 'UTC', '2026-05-04T08:00:00Z', '2026-05-05T08:00'],
    ['takes the slot in a moment', '0 8 * * *', 'UTC', '2026-05-04T07:59:59.999Z', '2026-05-04T08:00'],
    ['goes on to the next week', '0 8 * * 1', 'UTC', '2026-05-04T09:00Z', '2026-05-11T08:00'],
    ['reads the wall clock of the zone', '*/15 * * * *', 'Asia/Kolkata', '2026-05-04T00:00Z', '2026-05-04T05:45'],
    ['goes on over 2100, which has no leap day', '0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', '2104-02-29T00:00'],
  ] as const)
    test(says, () => expect(nextSlot(parseCron(line), zone, at(now))).toBe(slot))
})

describe('checkZone()', () => {
  for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+8'])
    test(`knows ${zone}`, () => expect(() => checkZone(zone)).not.toThrow())
  for (const zone of ['Mars/Olympus', '', ' ', '+08:00', '-0500', 'Asia/Shanghai ', 'Mars+08:00', 'Etc/GMT+15'])
    test(`refuses "${zone}"`, () => expect(problemOf(() => checkZone(zone)).code).toBe('zone-unknown'))
})

describe('localDay()', () => {
  for (const [says, instant, zone, day] of [
    ['is the day after in Shanghai in the evening of UTC', '2026-12-31T16:00Z', 'Asia/Shanghai', [2027, 1, 1]],
    ['is the day before in New York in the morning of UTC', '2026-03-01T04:59Z', 'America/New_York', [2026, 2, 28]],
    ['begins with a skipped midnight', '2026-09-06T04:00Z', 'America/Santiago', [2026, 9, 6]],
    ['reads an instant before 1970', '1969-07-20T20:17:40Z', 'UTC', [1969, 7, 20]],
  ] as const)
    test(says, () => {
      const [year, month, date] = day
      expect(localDay(at(instant), zone)).toEqual({ year, month, day: date })
    })
})

describe('dayInstant()', () => {
  const MAY_4 = { year: 2026, month: 5, day: 4 }
  for (const [says, zone, seen, instant] of [
    ['is noon in UTC', 'UTC', '2026-06-01T00:00Z', '2026-05-04T12:00:00Z'],
    ['is the middle of the 16 shared hours in Shanghai', 'Asia/Shanghai', '2026-06-01T00:00Z', '2026-05-04T08:00:00Z'],
    [
      'is the middle of the 20 shared hours in New York',
      'America/New_York',
      '2026-06-01T00:00Z',
      '2026-05-04T14:00:00Z',
    ],
    ['is in whole seconds at +05:45', 'Asia/Kathmandu', '2026-06-01T00:00Z', '2026-05-04T09:07:30Z'],
    ['is in the 10 shared hours at +14:00', 'Pacific/Kiritimati', '2026-06-01T00:00Z', '2026-05-04T05:00:00Z'],
    ['is in the 12 shared hours at -12:00', 'Etc/GMT+12', '2026-06-01T00:00Z', '2026-05-04T18:00:00Z'],
    ['is first seen when that comes earlier', 'UTC', '2026-05-04T09:30:00Z', '2026-05-04T09:30:00Z'],
    ['drops the milliseconds of first seen', 'UTC', '2026-05-04T09:30:00.999Z', '2026-05-04T09:30:00Z'],
    [
      'is first seen on its day in Shanghai before it is day in UTC',
      'Asia/Shanghai',
      '2026-05-03T17:00Z',
      '2026-05-03T17:00Z',
    ],
    ['is first seen, not later, for a day that has not begun', 'UTC', '2026-05-01T00:00Z', '2026-05-01T00:00:00Z'],
  ] as const)
    test(says, () => expect(dayInstant(MAY_4, zone, at(seen))).toBe(at(instant)))

  for (const zone of [
    ...ZONES,
    'Pacific/Kiritimati',
    'Pacific/Apia',
    'Pacific/Chatham',
    'Pacific/Pago_Pago',
    'Etc/GMT+12',
  ])
    test(`shows its own day in ${zone} and in UTC on every day of three years`, () => {
      for (const midnight of [2026, 2027, 2028].flatMap(daysOf)) {
        const day = localDay(midnight, 'UTC')
        const instant = dayInstant(day, zone, at('2030-01-01T00:00Z'))
        expect([localDay(instant, zone), localDay(instant, 'UTC')]).toEqual([day, day])
      }
    })
})
