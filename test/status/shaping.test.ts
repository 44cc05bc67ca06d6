import { describe, expect, test } from 'vitest'
import { overdue } from '../../src/status/late.ts'
import { outcomesOf } from '../../src/status/outcome.ts'
import { readersOver } from '../../src/status/readers.ts'
import { mostFrequent, withoutAddresses } from '../../src/status/reply.ts'
import { scaleTo } from '../../src/status/scale.ts'
import { byWeek, weeksBefore } from '../../src/status/weeks.ts'
import { spanText, tookText } from '../../src/status/words.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const NOW = Date.UTC(2026, 0, 31, 8)

for (const [says, minutesAgo, longest] of [
  ['is null before there were enough runs to know', [9999, 10014, 10029], null],
  ['is null when the last run is no older than twice the longest wait', [180, 270, 280, 290], null],
  ['is the longest wait when the last run is older', [181, 271, 281, 291], 90],
  ['lets runs of each minute be an hour late', [60, 61, 62, 63], null],
  ['forgets waits of long ago', [61, ...Array.from({ length: 20 }, (_, n) => 62 + n), 9999], 1],
] as const) {
  test(`overdue() ${says}`, () => {
    const starts = minutesAgo.map((minutes) => NOW - minutes * MINUTE)
    expect(overdue(starts, NOW)).toBe(longest === null ? null : longest * MINUTE)
  })
}

for (const [said, masked] of [
  ['550 5.1.1 <ann@example.net> unknown', '550 5.1.1 <***@example.net> unknown'],
  ['no bob.o+x@a.example, no 陈@例.example', 'no ***@a.example, no ***@例.example'],
  ['450 @ later', '450 @ later'],
] as const) {
  test(`withoutAddresses() makes of "${said}" "${masked}"`, () => expect(withoutAddresses(said)).toBe(masked))
}

test('mostFrequent() counts answers together that differ by their address only, the most first', () => {
  const reasons = [
    { state: 'expired', reply: 'later', letters: 3 },
    { state: 'refused', reply: '<a@x.example> no', letters: 2 },
    { state: 'refused', reply: '<b@x.example> no', letters: 2 },
    { state: 'held', reply: 'later', letters: 1 },
  ]
  expect(mostFrequent(reasons, 2)).toEqual([
    { state: 'refused', reply: '<***@x.example> no', letters: 4 },
    { state: 'expired', reply: 'later', letters: 3 },
  ])
})

for (const [most, least, ticks] of [
  [0, 1, [0, 1]],
  [1, 1, [0, 1]],
  [3, 1, [0, 1, 2, 3]],
  [7, 1, [0, 2, 4, 6, 8]],
  [235, 1, [0, 50, 100, 150, 200, 250]],
  [0.3, 0.1, [0, 0.1, 0.2, 0.3]],
  [1_000_000, 1, [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]],
] as const) {
  test(`scaleTo() goes to ${most} by ${ticks.join(', ')}`, () => {
    expect(scaleTo(most, least).ticks).toEqual(ticks)
    expect(scaleTo(most, least).top).toBeCloseTo(ticks.at(-1) ?? 0)
  })
}

describe('byWeek()', () => {
  const sunday = Date.UTC(2026, 0, 25, 16)
  const weeks = (zone: string): [string, number][] =>
    byWeek([{ at: sunday, count: 2 }], { now: NOW, zone, weeks: 2 }).map(({ monday, count }) => [monday, count])

  test('puts a late hour of a Sunday into its week', () =>
    expect(weeks('UTC')).toEqual([
      ['2026-01-19', 2],
      ['2026-01-26', 0],
    ]))

  test('puts it into the next where it is Monday already', () =>
    expect(weeks('Asia/Shanghai')).toEqual([
      ['2026-01-19', 0],
      ['2026-01-26', 2],
    ]))

  test('counts nothing from before the first week', () =>
    expect(byWeek([{ at: 0, count: 9 }], { now: NOW, zone: 'UTC', weeks: 1 })).toEqual([
      { monday: '2026-01-26', count: 0 },
    ]))

  test('begins with the Monday that weeksBefore() gives', () =>
    expect(new Date(weeksBefore(NOW, 'Asia/Shanghai', 2)).toISOString()).toBe('2026-01-18T16:00:00.000Z'))
})

describe('readersOver()', () => {
  test('adds who came and takes away who left', () =>
    expect(
      readersOver(
        {
          joined: [
            { at: NOW - 100 * DAY, count: 3 },
            { at: NOW - DAY, count: 1 },
          ],
          left: [{ at: NOW - 50 * DAY, count: 2 }],
          now: NOW,
        },
        3,
      ).map(({ at, readers }) => [(NOW - at) / DAY, readers]),
    ).toEqual([
      [100, 3],
      [50, 1],
      [0, 2],
    ]))

  test('shows a young list from before it was there', () =>
    expect(readersOver({ joined: [{ at: NOW - DAY, count: 3 }], left: [], now: NOW }, 2)).toEqual([
      { at: NOW - 30 * DAY, readers: 0 },
      { at: NOW, readers: 3 },
    ]))

  test('shows nothing of a list without readers', () =>
    expect(readersOver({ joined: [], left: [], now: NOW }, 3)).toEqual([]))
})

test('outcomesOf() puts each state of a letter under one outcome', () => {
  const states = 'due claimed sent deferred refused suppressed held expired cancelled'.split(' ')
  const letters = Object.fromEntries(states.map((state, index) => [state, 10 ** index]))
  expect(outcomesOf(letters)).toEqual({
    ...{ sent: 100, waiting: 1_011, held: 1_000_000, failed: 10_010_000, dropped: 100_100_000 },
  })
})

for (const [length, span, took] of [
  [400, 'less than a minute', '0.4 s'],
  [59_600, 'less than a minute', '1 min 0 s'],
  [3 * MINUTE + 5_000, '3 minutes', '3 min 5 s'],
  [130 * MINUTE, '2 hours', '2 h 10 min'],
  [47 * 60 * MINUTE, '47 hours', '47 h 0 min'],
  [3 * DAY, '3 days', '72 h 0 min'],
] as const) {
  test(`${length} milliseconds are "${span}", or took ${took}`, () =>
    expect([spanText(length), tookText(length)]).toEqual([span, took]))
}
