import { describe, expect, test } from 'vitest'
import { type Clock, type DigestRules, dueAt, everybodyAt } from '../../src/digest/due.ts'
import type { Frequency } from '../../src/preferences.ts'
import { type Slot, parseCron } from '../../src/schedule.ts'

const at = (moment: string): number => Date.parse(moment)

/** Digests at eight, weekly ones on Mondays; 2026-03-02 is one. */
const RULES: DigestRules = {
  zone: 'Europe/Berlin',
  schedule: { kind: 'cron', cron: parseCron('0 6 * * *') },
  daily: parseCron('0 8 * * *'),
  weekly: parseCron('0 8 * * 1'),
  announcesFirst: false,
}
const INSTANT: DigestRules = { ...RULES, schedule: { kind: 'instant' } }

/** Readers, written as `daily Asia/Shanghai` or, in the zone of the site, `daily`. */
function clock(text: `${Frequency}${string}`): Clock {
  const [frequency = '', zone = ''] = text.split(' ')
  if (frequency !== 'site' && frequency !== 'instant' && frequency !== 'daily' && frequency !== 'weekly') {
    throw new TypeError(text)
  }
  return { frequency, zone }
}

/** Who is due in which zone and slot, what is done with it, and what is abandoned; each as one line. */
function decided(
  groups: readonly `${Frequency}${string}`[],
  last: readonly (readonly [string, Slot])[],
  rules: DigestRules,
  now: string,
) {
  const { due, slots, abandoned } = dueAt(groups.map(clock), new Map(last), rules, at(now))
  return {
    due: due.map(({ group, zone, slot }) => `${group.frequency} ${group.zone}: ${zone} ${slot ?? 'now'}`),
    slots: slots.map(({ schedule, slot }) => `${schedule}: ${slot}`),
    abandoned,
  }
}

const SITE_DONE = ['digest', '2026-03-02T06:00'] as const

describe('dueAt() on the schedule of the site', () => {
  for (const [says, last, rules, now, due, slots] of [
    ['waits for its minute', [['digest', '2026-03-01T06:00']], RULES, '2026-03-02T04:59:59Z', [], []],
    [
      'is due from its minute on, on the wall clock of the site',
      [['digest', '2026-03-01T06:00']],
      RULES,
      '2026-03-02T05:00:00Z',
      ['site : Europe/Berlin 2026-03-02T06:00'],
      ['digest: 2026-03-02T06:00'],
    ],
    ['rests when its slot is done', [['digest', '2026-03-02T06:00']], RULES, '2026-03-02T12:00:00Z', [], []],
    [
      'is one slot for several that were missed',
      [['digest', '2026-02-01T06:00']],
      RULES,
      '2026-03-02T12:00:00Z',
      ['site : Europe/Berlin 2026-03-02T06:00'],
      ['digest: 2026-03-02T06:00'],
    ],
    [
      'marks the slot before the first run as done, for nobody',
      [],
      RULES,
      '2026-03-02T12:00:00Z',
      [],
      ['digest: 2026-03-02T06:00'],
    ],
    [
      'begins with the slot before the first run when the owner wants a first digest',
      [],
      { ...RULES, announcesFirst: true },
      '2026-03-02T12:00:00Z',
      ['site : Europe/Berlin 2026-03-02T06:00'],
      ['digest: 2026-03-02T06:00'],
    ],
    ['is due with each run when it is instant', [], INSTANT, '2026-03-02T12:00:00Z', ['site : Europe/Berlin now'], []],
    [
      'looks at no slot of old when it is instant',
      [['digest', '2026-01-01T06:00']],
      INSTANT,
      '2026-03-02T12:00:00Z',
      ['site : Europe/Berlin now'],
      [],
    ],
  ] as const)
    test(says, () => expect(decided(['site'], last, rules, now)).toEqual({ due, slots, abandoned: [] }))

  test('takes its slots also while nobody is there', () =>
    expect(decided([], [['digest', '2026-03-01T06:00']], RULES, '2026-03-02T05:00:00Z').slots).toEqual([
      'digest: 2026-03-02T06:00',
    ]))

  test('is the same moment for readers of every zone, and the day is their own', () =>
    expect(
      decided(['site Asia/Shanghai', 'site'], [['digest', '2026-03-01T06:00']], RULES, '2026-03-02T05:00:00Z'),
    ).toEqual({
      due: ['site Asia/Shanghai: Asia/Shanghai 2026-03-02T06:00', 'site : Europe/Berlin 2026-03-02T06:00'],
      slots: ['digest: 2026-03-02T06:00'],
      abandoned: [],
    }))

  test('makes nobody else due', () =>
    expect(
      decided(
        ['daily', 'weekly'],
        [
          ['digest', '2026-03-01T06:00'],
          ['daily Europe/Berlin', '2026-03-01T08:00'],
          ['weekly Europe/Berlin', '2026-02-23T08:00'],
        ],
        RULES,
        '2026-03-02T05:00:00Z',
      ).due,
    ).toEqual([]))
})

test('dueAt() has readers of each run due at any time, whatever the schedule of the site', () => {
  for (const rules of [RULES, INSTANT])
    expect(decided(['instant', 'instant Asia/Shanghai'], [SITE_DONE], rules, '2026-03-02T12:34:56Z')).toEqual({
      due: ['instant : Europe/Berlin now', 'instant Asia/Shanghai: Asia/Shanghai now'],
      slots: [],
      abandoned: [],
    })
})

// Eight o'clock is 07:00 UTC in Berlin, 00:00 UTC in Shanghai and 13:00 UTC in New York.
describe('dueAt() on the clock of a reader', () => {
  const daily = (zone: string): [string, Slot] => [`daily ${zone}`, '2026-03-01T08:00']
  const weekly = (zone: string): [string, Slot] => [`weekly ${zone}`, '2026-02-23T08:00']
  for (const [says, group, last, now, due] of [
    [
      'is the clock of the site when they name no zone',
      'daily',
      daily('Europe/Berlin'),
      '2026-03-02T07:00:00Z',
      ['daily : Europe/Berlin 2026-03-02T08:00'],
    ],
    [
      'is ahead of the site in Shanghai, before',
      'daily Asia/Shanghai',
      daily('Asia/Shanghai'),
      '2026-03-01T23:59:59Z',
      [],
    ],
    [
      'is ahead of the site in Shanghai, after',
      'daily Asia/Shanghai',
      daily('Asia/Shanghai'),
      '2026-03-02T00:00:00Z',
      ['daily Asia/Shanghai: Asia/Shanghai 2026-03-02T08:00'],
    ],
    [
      'is behind the site in New York, before',
      'daily America/New_York',
      daily('America/New_York'),
      '2026-03-02T12:59:59Z',
      [],
    ],
    [
      'is behind the site in New York, after',
      'daily America/New_York',
      daily('America/New_York'),
      '2026-03-02T13:00:00Z',
      ['daily America/New_York: America/New_York 2026-03-02T08:00'],
    ],
    ['is done once a day', 'daily', ['daily Europe/Berlin', '2026-03-02T08:00'], '2026-03-02T22:59:59Z', []],
    [
      'comes each week on the day of the settings, before',
      'weekly Asia/Shanghai',
      weekly('Asia/Shanghai'),
      '2026-03-01T23:59:59Z',
      [],
    ],
    [
      'comes each week on the day of the settings, after',
      'weekly Asia/Shanghai',
      weekly('Asia/Shanghai'),
      '2026-03-02T00:00:00Z',
      ['weekly Asia/Shanghai: Asia/Shanghai 2026-03-02T08:00'],
    ],
    ['is done once a week', 'weekly', ['weekly Europe/Berlin', '2026-03-02T08:00'], '2026-03-08T22:59:59Z', []],
    [
      'is one slot for several days that were missed',
      'daily',
      ['daily Europe/Berlin', '2026-01-01T08:00'],
      '2026-03-02T12:00:00Z',
      ['daily : Europe/Berlin 2026-03-02T08:00'],
    ],
    [
      'is one slot for several weeks that were missed',
      'weekly',
      ['weekly Europe/Berlin', '2026-01-05T08:00'],
      '2026-03-05T12:00:00Z',
      ['weekly : Europe/Berlin 2026-03-02T08:00'],
    ],
    [
      'is that of the site when no machine knows their zone',
      'daily Mars/Olympus',
      daily('Europe/Berlin'),
      '2026-03-02T07:00:00Z',
      ['daily Mars/Olympus: Europe/Berlin 2026-03-02T08:00'],
    ],
    ['rests when the clock of the machine was set back', 'daily', daily('Europe/Berlin'), '2026-02-20T12:00:00Z', []],
  ] as const)
    test(says, () => {
      const slots = due.map((line) => `${last[0]}: ${line.slice(-16)}`)
      expect(decided([group], [last], INSTANT, now)).toEqual({ due, slots, abandoned: [] })
    })

  for (const [says, rules] of [
    ['', RULES],
    [', also when the owner wants a first digest of the site', { ...RULES, announcesFirst: true }],
  ] as const)
    test(`begins with the next slot when nobody was on it before${says}`, () =>
      expect(decided(['daily Asia/Shanghai', 'weekly'], [SITE_DONE], rules, '2026-03-02T12:00:00Z')).toEqual({
        due: [],
        slots: ['daily Asia/Shanghai: 2026-03-02T08:00', 'weekly Europe/Berlin: 2026-03-02T08:00'],
        abandoned: [],
      }))

  test('is one schedule for all who share frequency and zone, named or not', () =>
    expect(
      decided(
        ['daily', 'daily Europe/Berlin', 'daily Mars/Olympus'],
        [SITE_DONE, daily('Europe/Berlin')],
        RULES,
        '2026-03-02T07:00:00Z',
      ),
    ).toEqual({
      due: [
        'daily : Europe/Berlin 2026-03-02T08:00',
        'daily Europe/Berlin: Europe/Berlin 2026-03-02T08:00',
        'daily Mars/Olympus: Europe/Berlin 2026-03-02T08:00',
      ],
      slots: ['daily Europe/Berlin: 2026-03-02T08:00'],
      abandoned: [],
    }))

  test('is looked at one by one: who is due does not wait for who is not', () =>
    expect(
      decided(
        ['daily', 'daily America/New_York', 'weekly'],
        [SITE_DONE, daily('Europe/Berlin'), daily('America/New_York'), ['weekly Europe/Berlin', '2026-03-02T08:00']],
        RULES,
        '2026-03-02T12:00:00Z',
      ),
    ).toMatchObject({
      due: ['daily : Europe/Berlin 2026-03-02T08:00'],
      slots: ['daily Europe/Berlin: 2026-03-02T08:00'],
    }))

  test('hands back the very group that it was given', () => {
    const group = { ...clock('daily'), topics: '["tag:tides"]' }
    const { due } = dueAt([group], new Map([daily('Europe/Berlin')]), RULES, at('2026-03-02T07:00:00Z'))
    expect(due[0]?.group).toBe(group)
  })
})

describe('dueAt() calls a schedule abandoned', () => {
  const last = [
    SITE_DONE,
    ['run', '2026-03-02T06:00'],
    ['daily Asia/Shanghai', '2026-03-02T08:00'],
    ['weekly Europe/Berlin', '2026-03-02T08:00'],
  ] as const
  for (const [says, groups, abandoned] of [
    ['when nobody is on it any more', [], ['daily Asia/Shanghai', 'weekly Europe/Berlin']],
    ['but not while somebody is on it who is not due', ['daily Asia/Shanghai', 'weekly'], []],
    [
      'when the readers of its zone want another frequency',
      ['weekly Asia/Shanghai'],
      ['daily Asia/Shanghai', 'weekly Europe/Berlin'],
    ],
    [
      'when the readers of its frequency are in another zone',
      ['daily', 'weekly Asia/Shanghai'],
      ['daily Asia/Shanghai', 'weekly Europe/Berlin'],
    ],
  ] as const)
    test(says, () => expect(decided(groups, last, RULES, '2026-03-02T12:00:00Z').abandoned).toEqual(abandoned))

  test('of readers only: those of the site and of runs stay', () =>
    expect(decided([], [SITE_DONE, ['run', '2026-03-02T06:00']], INSTANT, '2026-03-02T12:00:00Z').abandoned).toEqual(
      [],
    ))
})

describe('everybodyAt()', () => {
  const groups = (['site', 'instant', 'daily Asia/Shanghai', 'weekly Mars/Olympus'] as const).map(clock)
  const { due, slots, abandoned } = everybodyAt(groups, RULES, at('2026-03-02T18:30:59Z'))

  test('has every reader due, whatever their schedule, in their zone or that of the site', () =>
    expect(due.map(({ group, zone, slot }) => [group, zone, slot])).toEqual([
      [groups[0], 'Europe/Berlin', '2026-03-02T19:30'],
      [groups[1], 'Europe/Berlin', '2026-03-02T19:30'],
      [groups[2], 'Asia/Shanghai', '2026-03-03T02:30'],
      [groups[3], 'Europe/Berlin', '2026-03-02T19:30'],
    ]))

  test('lets the schedules go on as if nothing had been', () => expect([slots, abandoned]).toEqual([[], []]))
})
