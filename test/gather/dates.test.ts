import { TZDate } from '@date-fns/tz'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startOfDay, writtenDate } from '../../src/gather/dates.ts'

const ZONE = 'Asia/Shanghai'

describe('writtenDate()', () => {
  test.each([
    ['2026-01-11', 2026, 1, 11],
    [' 2026-01-11 ', 2026, 1, 11],
    ['2026-1-2', 2026, 1, 2],
    ['2026/01/11', 2026, 1, 11],
    ['2026.1.11', 2026, 1, 11],
    ['2026.1.11.', 2026, 1, 11],
    ['2024-02-29', 2024, 2, 29],
    ['20260111', 2026, 1, 11],
    ['2026-01', 2026, 1, 1],
    ['2026年1月', 2026, 1, 1],
    ['2026年01月11日', 2026, 1, 11],
    ['2026 年 1 月 11 日', 2026, 1, 11],
    ['2026年1月11号', 2026, 1, 11],
    ['2026年1月11日（星期日）', 2026, 1, 11],
    ['2026-01-11 周日', 2026, 1, 11],
    ['２０２６－０１－１１', 2026, 1, 11],
    ['2026–01–11', 2026, 1, 11],
    ['2026년 1월 11일', 2026, 1, 11],
    ['May. 09, 2026', 2026, 5, 9],
    ['May 9, 2026', 2026, 5, 9],
    ['may 9 2026', 2026, 5, 9],
    ['MAY 9th, 2026', 2026, 5, 9],
    ['Sept. 9, 2026', 2026, 9, 9],
    ['Sunday, January 11, 2026', 2026, 1, 11],
    ['Sun Jan 11 2026', 2026, 1, 11],
    ['9 May 2026', 2026, 5, 9],
    ['9th of May, 2026', 2026, 5, 9],
    ['09-May-2026', 2026, 5, 9],
    ['2026-May-09', 2026, 5, 9],
    ['May 2026', 2026, 5, 1],
    ['3. März 2026', 2026, 3, 3],
    ['1er février 2026', 2026, 2, 1],
    ['9 de mayo de 2026', 2026, 5, 9],
    ['9 мая 2026', 2026, 5, 9],
    ['1/11/2026', 2026, 1, 11],
    ['13/1/2026', 2026, 1, 13],
    ['3.4.2026', 2026, 4, 3],
    ['03-04-2026', 2026, 4, 3],
    ['01-13-2026', 2026, 1, 13],
    ['2026-01-11 # the day of the storm', 2026, 1, 11],
    ['2026-01-11 // again', 2026, 1, 11],
    ['"2026-01-11"', 2026, 1, 11],
    ['“2026-01-11”', 2026, 1, 11],
    ['2026-01-11 (draft of the spring)', 2026, 1, 11],
    ['2026-01-11Z', 2026, 1, 11],
    ['2026-01-11+08:00', 2026, 1, 11],
    ['2026-01-11 CST', 2026, 1, 11],
    ['January 11, 2026 UTC', 2026, 1, 11],
    ['1969-07-20', 1969, 7, 20],
    ['1875-05-20', 1875, 5, 20],
  ])('reads %j as a day', (text, year, month, day) => {
    expect(writtenDate(text, ZONE)).toEqual({ kind: 'day', year, month, day })
  })

  test.each([
    ['2026-01-11 09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11T09:30:15', '2026-01-11T01:30:15Z'],
    ['2026-01-11 9:05', '2026-01-11T01:05:00Z'],
    ['2026-1-5 8:3:2', '2026-01-05T00:03:02Z'],
    ['2026/1/5 8:03', '2026-01-05T00:03:00Z'],
    ['2026-01-11  09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11, 09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11_09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11-09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11 at 09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11 @ 09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11T10', '2026-01-11T02:00:00Z'],
    ['2026-01-11 24:00', '2026-01-11T16:00:00Z'],
    ['2026-01-11T24:00:00Z', '2026-01-12T00:00:00Z'],
    ['2026-01-11T09:30:00Z', '2026-01-11T09:30:00Z'],
    ['2026-01-11t09:30:00z', '2026-01-11T09:30:00Z'],
    ['2026-01-11 09:30:00 UTC', '2026-01-11T09:30:00Z'],
    ['2026-01-11T09:30:00.123+08:00', '2026-01-11T01:30:00Z'],
    ['2026-01-11T09:30:00.123456789Z', '2026-01-11T09:30:00Z'],
    ['2026-01-11 09:30 +0800', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30:00 +8', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30:00+08', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30:00 UTC+8', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30:00 (UTC+8)', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30:00 GMT+08:00', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30:00 +0800 CST', '2026-01-11T01:30:00Z'],
    ['2026-01-11T09:30:00-03:30', '2026-01-11T13:00:00Z'],
    ['2026-01-11T09:30:00−03:30', '2026-01-11T13:00:00Z'],
    ['2026-01-11T00:30:00+14:00', '2026-01-10T10:30:00Z'],
    ['2026-01-11 10:00 Asia/Tokyo', '2026-01-11T01:00:00Z'],
    ['2026-07-11 10:00 America/New_York', '2026-07-11T14:00:00Z'],
    ['2026-01-11T10:00:00+09:00[Asia/Tokyo]', '2026-01-11T01:00:00Z'],
    ['2026-01-11 09:30:00 EST', '2026-01-11T14:30:00Z'],
    ['2026-01-11 09:30 CET', '2026-01-11T08:30:00Z'],
    ['2026-01-11 09:30 北京时间', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30 PM', '2026-01-11T13:30:00Z'],
    ['2026年01月11日 (09:30)', '2026-01-11T01:30:00Z'],
    ['2026年1月11日09:30', '2026-01-11T01:30:00Z'],
    ['2026年1月11日 9时30分', '2026-01-11T01:30:00Z'],
    ['2026年1月11日 9時30分15秒', '2026-01-11T01:30:15Z'],
    ['2026年1月11日9点', '2026-01-11T01:00:00Z'],
    ['2026年1月11日 上午9:30', '2026-01-11T01:30:00Z'],
    ['2026年1月11日 下午 3:04', '2026-01-11T07:04:00Z'],
    ['2026年1月11日 凌晨12:04', '2026-01-10T16:04:00Z'],
    ['2026年1月11日 中午12:04', '2026-01-11T04:04:00Z'],
    ['2026年1月11日 中午1点', '2026-01-11T05:00:00Z'],
    ['2026年1月11日 星期日 09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11 周日 09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11 Sun 09:30', '2026-01-11T01:30:00Z'],
    ['２０２６-０１-１１ ０９：３０', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09：30：00', '2026-01-11T01:30:00Z'],
    ['2026-01-11\u3000\u00A009:30', '2026-01-11T01:30:00Z'],
    ['May 9th, 2026 3:04 PM', '2026-05-09T07:04:00Z'],
    ['May 9, 2026 at 3pm', '2026-05-09T07:00:00Z'],
    ['May 9, 2026, 12:30 a.m.', '2026-05-08T16:30:00Z'],
    ['Fri Sep 3 11:21:31 CEST 2021', '2021-09-03T09:21:31Z'],
    ['Fri Sep  3 11:21:31 2021', '2021-09-03T03:21:31Z'],
    ['Fri Sep 03 2021 11:21:31 GMT+0200 (Central European Summer Time)', '2021-09-03T09:21:31Z'],
    ['Fri, 03 Sep 2021 11:21:31 +0200', '2021-09-03T09:21:31Z'],
    ['Fri, 3 Sep 2021 11:21:31 GMT', '2021-09-03T11:21:31Z'],
    ['Friday, 03-Sep-2021 11:21:31 UTC', '2021-09-03T11:21:31Z'],
    ['20210903T112131Z', '2021-09-03T11:21:31Z'],
    ['20210903 11:21', '2021-09-03T03:21:00Z'],
    ['202109031121', '2021-09-03T03:21:00Z'],
    ['20210903112131', '2021-09-03T03:21:31Z'],
    ['2021090311', '2021-09-03T03:00:00Z'],
    ['1630660891', '2021-09-03T09:21:31Z'],
    ['1630660891000', '2021-09-03T09:21:31Z'],
    ['1630660891.0', '2021-09-03T09:21:31Z'],
    ['1969-07-20 20:17 UTC', '1969-07-20T20:17:00Z'],
    ['2026-01-11 09:30 # after breakfast', '2026-01-11T01:30:00Z'],
    ['\u201c2026-01-11 09:30\u201d', '2026-01-11T01:30:00Z'],
  ])('reads %j as an instant', (text, at) => {
    expect(writtenDate(text, ZONE)).toEqual({ kind: 'instant', at: Date.parse(at) })
  })

  test.each([
    ['2026-01-11 09:30', 'America/New_York', '2026-01-11T14:30:00Z'],
    ['2026-07-11 09:30', 'America/New_York', '2026-07-11T13:30:00Z'],
    ['2026-07-11 09:30', 'Asia/Kathmandu', '2026-07-11T03:45:00Z'],
    ['2026-01-11 09:30 CST', 'Asia/Shanghai', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30 CST', 'America/Chicago', '2026-01-11T15:30:00Z'],
    ['2026-01-11 09:30 CST', 'UTC', '2026-01-11T15:30:00Z'],
    ['2026-07-11 09:30 IST', 'Europe/Dublin', '2026-07-11T08:30:00Z'],
    ['2026-07-11 09:30 IST', 'UTC', '2026-07-11T04:00:00Z'],
    ['2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['2026-10-25 02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['2026-11-01 01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
  ])('takes %j in %s for local time', (text, zone, at) => {
    expect(writtenDate(text, zone)).toEqual({ kind: 'instant', at: Date.parse(at) })
  })

  test.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '0000-00-00',
    '0001-01-01T00:00:00Z',
    '1970-01-01',
    '1970-01-01T00:00:00Z',
    '1970-01-01 08:00',
    '26-01-11',
    '2026',
    '2026-01-11 24:01',
    '2026-01-11 25:00',
    '2026-01-11 09:60',
    '2026-01-11 09:30:60',
    '2026-01-11 00:10::00',
    '2026-01-11 9',
    '2026-01-11 09:30 +99:00',
    '2026-01-11 09:30 Mars/Olympus',
    '2026-01-11 09:30 XYZ',
    '2026-01-112',
    '2026年13月1日',
    '20260230',
    'Feb 30, 2026',
    '31/31/2026',
    'Smarch 1, 2026',
    'yesterday',
    'Last Modified',
    '{{ date }}',
    '2026-01-11 to 2026-01-12',
    '',
    `2026-01-11 ${'('.repeat(100_000)}`,
    null,
    undefined,
    20260111,
    ['2026-01-11'],
    new Date(0),
  ])('takes %j for no date', (value) => expect(writtenDate(value, ZONE)).toBeNull())
})

test('writtenDate() reads every instant that toISOString(), toUTCString() and toString() write', () => {
  const instants = fc.date({ min: new Date('1971-01-02'), max: new Date('2100-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(instants, (date) => {
      const at = Math.floor(date.getTime() / 1000) * 1000
      const whole = new Date(at)
      fc.pre(!whole.toISOString().startsWith('1970-01-01') && !/-01-01|-12-31/.test(whole.toISOString()))
      for (const text of [whole.toISOString(), whole.toUTCString(), whole.toString()]) {
        expect([text, writtenDate(text, ZONE)]).toEqual([text, { kind: 'instant', at }])
      }
    }),
    { numRuns: 100 },
  )
})

test('writtenDate() takes local time as TZDate does on a day whose clock is not put on or back', () => {
  const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns']
  const instants = fc.date({ min: new Date('1990-01-01'), max: new Date('2050-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (date, zone) => {
      const text = date.toISOString().slice(0, 19).replace('T', ' ')
      const [y, mo, d, h, mi, s] = [
        date.getUTCFullYear(),
        date.getUTCMonth(),
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
      ]
      const noon = (day: number) => new TZDate(y, mo, day, 12, 0, 0, zone).getTimezoneOffset()
      fc.pre(noon(d - 1) === noon(d) && noon(d) === noon(d + 1))
      expect(writtenDate(text, zone)).toEqual({ kind: 'instant', at: new TZDate(y, mo, d, h, mi, s, zone).getTime() })
    }),
    { numRuns: 200 },
  )
})

test('writtenDate() throws nothing and gives only dates, whatever the text', () => {
  const unit = fc.constantFrom(
    ...Array.from('0123456789'),
    ' ',
    '-',
    '/',
    '.',
    ':',
    'T',
    '+',
    ',',
    'may',
    'pm',
    '年',
    '月',
    '日',
    '下午',
    'cst',
    '(',
    ')',
  )
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
      const date = writtenDate(text, ZONE)
      return date === null || date.kind === 'day' || Number.isInteger(date.at)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['Asia/Shanghai', '2026-01-10T16:00:00Z'],
  ['UTC', '2026-01-11T00:00:00Z'],
  ['America/New_York', '2026-01-11T05:00:00Z'],
])('startOfDay() is midnight in %s', (zone, at) => {
  expect(startOfDay({ year: 2026, month: 1, day: 11 }, zone)).toBe(Date.parse(at))
})

test.each([
  ['whose midnight is skipped', { year: 2026, month: 4, day: 24 }, 'Africa/Cairo', '2026-04-23T22:00:00Z'],
  ['that has two midnights', { year: 2025, month: 11, day: 2 }, 'America/Havana', '2025-11-02T04:00:00Z'],
  ['of the first century', { year: 99, month: 4, day: 24 }, 'UTC', '0099-04-24T00:00:00Z'],
])('startOfDay() is the first moment of a day %s', (_, day, zone, at) => {
  expect(startOfDay(day, zone)).toBe(Date.parse(at))
})
