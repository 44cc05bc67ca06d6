import { describe, expect, test } from 'vitest'
import { authorField, namesField, startOfDay, textField, writtenDate } from '../../src/gather/fields.ts'

const ZONE = 'Asia/Shanghai'

describe('writtenDate()', () => {
  test.each([
    ['2026-01-11', 2026, 1, 11],
    [' 2026-01-11 ', 2026, 1, 11],
    ['2026-1-2', 2026, 1, 2],
    ['2026/01/11', 2026, 1, 11],
    ['2026.1.11', 2026, 1, 11],
    ['2024-02-29', 2024, 2, 29],
  ])('reads %j as a day', (text, year, month, day) => {
    expect(writtenDate(text, ZONE)).toEqual({ kind: 'day', year, month, day })
  })

  test.each([
    ['2026-01-11 09:30', '2026-01-11T01:30:00Z'],
    ['2026-01-11T09:30:15', '2026-01-11T01:30:15Z'],
    ['2026-01-11 9:05', '2026-01-11T01:05:00Z'],
    ['2026-01-11T09:30:00Z', '2026-01-11T09:30:00Z'],
    ['2026-01-11t09:30:00z', '2026-01-11T09:30:00Z'],
    ['2026-01-11 09:30:00 UTC', '2026-01-11T09:30:00Z'],
    ['2026-01-11T09:30:00.123+08:00', '2026-01-11T01:30:00Z'],
    ['2026-01-11 09:30 +0800', '2026-01-11T01:30:00Z'],
    ['2026-01-11T09:30:00-03:30', '2026-01-11T13:00:00Z'],
    ['2026-01-11T00:30:00+14:00', '2026-01-10T10:30:00Z'],
  ])('reads %j as an instant', (text, at) => {
    expect(writtenDate(text, ZONE)).toEqual({ kind: 'instant', at: Date.parse(at) })
  })

  test.each([
    ['2026-01-11 09:30', 'America/New_York', '2026-01-11T14:30:00Z'],
    ['2026-07-11 09:30', 'America/New_York', '2026-07-11T13:30:00Z'],
    ['2026-07-11 09:30', 'Asia/Kathmandu', '2026-07-11T03:45:00Z'],
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
    '1970-01-01',
    '26-01-11',
    '2026-01',
    '2026-01-11 24:00',
    '2026-01-11 09:60',
    '2026-01-11 09:30:60',
    '2026-01-11 9',
    '2026-01-11Z',
    '2026-01-11 09:30 CET',
    '2026-01-11 09:30 +99:00',
    '2026-01-11 09:30 PM',
    '2026-01-112',
    'yesterday',
    '',
    null,
    undefined,
    20260111,
    ['2026-01-11'],
    new Date(0),
  ])('takes %j for no date', (value) => expect(writtenDate(value, ZONE)).toBeNull())
})

test.each([
  ['Asia/Shanghai', '2026-01-10T16:00:00Z'],
  ['UTC', '2026-01-11T00:00:00Z'],
  ['America/New_York', '2026-01-11T05:00:00Z'],
])('startOfDay() is midnight in %s', (zone, at) => {
  expect(startOfDay({ year: 2026, month: 1, day: 11 }, zone)).toBe(Date.parse(at))
})

test('startOfDay() is the first moment of a day whose midnight is skipped', () => {
  expect(startOfDay({ year: 2026, month: 4, day: 24 }, 'Africa/Cairo')).toBe(Date.parse('2026-04-23T22:00:00Z'))
})

test.each([
  ['Tides', 'Tides'],
  ['  Tides\n and\u0007\twind ', 'Tides and wind'],
  ['', null],
  [' \u0000 ', null],
  [null, null],
  [undefined, null],
  [['Tides'], null],
  [{ name: 'Tides' }, null],
  ['\u200b\u200d', null],
  ['a\u200bb', 'a\u200bb'],
])('textField() reads %j as %j', (value, text) => expect(textField(value)).toBe(text))

test.each([
  [
    ['sea', 'moon'],
    ['sea', 'moon'],
  ],
  ['sea, moon', ['sea', 'moon']],
  ['sea\uFF0C moon、潮', ['sea', 'moon', '潮']],
  ['tide tables', ['tide tables']],
  [
    ['sea', ' sea ', '', null, 'moon'],
    ['sea', 'moon'],
  ],
  [
    [['sea'], [['moon']]],
    ['sea', 'moon'],
  ],
  [['a, b'], ['a, b']],
  [[{ name: 'sea' }], []],
  [{ name: 'sea' }, []],
  [',,', []],
  [undefined, []],
])('namesField() reads %j as %j', (value, names) => expect(namesField(value)).toEqual(names))

test.each([
  ['Ada', 'Ada'],
  [{ name: 'Ada', email: 'ada@example.org' }, 'Ada'],
  [['Ada', 'Grace'], 'Ada'],
  [[{ name: 'Ada' }], 'Ada'],
  [[], null],
  [{ email: 'ada@example.org' }, null],
  [null, null],
])('authorField() reads %j as %j', (value, name) => expect(authorField(value)).toBe(name))
