import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Clock, type DigestRules, type Due, dueAt } from '../../src/digest/due.ts'
import { type Slot, parseCron } from '../../src/schedule.ts'

const STEP = 15 * 60_000
const DAY = 24 * 3_600_000
/** A while before the year, so that the first slots, which are nobody's, are before it. */
const BEGIN = Date.UTC(2025, 11, 24)
const END = Date.UTC(2027, 0, 3)

/** Zones and what their clocks do in 2026: a time that they skip, and one that comes twice. */
const ZONES = [
  ['Europe/Berlin', '2026-03-29T02:30', '2026-10-25T02:30'],
  ['America/New_York', '2026-03-08T02:30', '2026-11-01T01:30'],
  ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-04-05T01:30'],
  ['America/Santiago', '2026-09-06T00:00', '2026-04-04T23:30'],
  ['Africa/Casablanca', '2026-03-22T02:30', '2026-02-15T02:30'],
  ['Asia/Shanghai', null, null],
] as const
const TIMES = ['00:00', '01:30', '02:30', '08:00'] as const
const SUNDAY = 0
const THURSDAY = 4

/** Every day that a clock may show from the beginning to the end, each at its midnight in UTC. */
const DAYS = Array.from({ length: (END - BEGIN) / DAY + 2 }, (_, n) => new Date(BEGIN + (n - 1) * DAY))

/** What a zone's clock on the wall shows at each step, by the runtime's own calendar: `2026-03-29T03:00`. */
function wallsOf(zone: string): string[] {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return Array.from({ length: (END - BEGIN) / STEP }, (_, n) => wall.format(BEGIN + n * STEP).replace(' ', 'T'))
}
const WALLS = new Map(ZONES.map(([zone]) => [zone, wallsOf(zone)]))

/** The times of every zone, and those that its clock skips or has twice. */
function timesOf(changes: readonly (Slot | null)[]): string[] {
  return [...new Set([...TIMES, ...changes.flatMap((slot) => slot?.slice(-5) ?? [])])]
}

/** The slots of a time on every day, or on every such weekday. */
function slotsAt(time: string, weekday: number | null): Slot[] {
  const days = weekday === null ? DAYS : DAYS.filter((day) => day.getUTCDay() === weekday)
  return days.map((day) => `${day.toISOString().slice(0, 10)}T${time}`)
}

/** Readers of a zone and the slots that are done, as the store keeps them. */
class Shelf {
  readonly last = new Map<string, Slot>()
  readonly groups: readonly Clock[]
  readonly rules: DigestRules

  constructor(zone: string, time: string, weekday: number) {
    const [hour, minute] = time.split(':').map(Number)
    const daily = parseCron(`${minute} ${hour} * * *`)
    const weekly = parseCron(`${minute} ${hour} * * ${weekday}`)
    this.rules = { zone: 'UTC', schedule: { kind: 'instant' }, daily, weekly, announcesFirst: false }
    this.groups = [
      { frequency: 'daily', zone },
      { frequency: 'weekly', zone },
    ]
  }

  /** The slots that readers are due at a step; they are done with it. */
  wake(step: number): { daily: Slot[]; weekly: Slot[] } {
    const decided = dueAt(this.groups, this.last, this.rules, BEGIN + step * STEP)
    for (const { schedule, slot } of decided.slots) this.last.set(schedule, slot)
    for (const schedule of decided.abandoned) this.last.delete(schedule)
    return { daily: slotsOf(decided, 'daily'), weekly: slotsOf(decided, 'weekly') }
  }
}

function slotsOf({ due }: Due<Clock>, frequency: string): Slot[] {
  return due.filter(({ group }) => group.frequency === frequency).map(({ slot }) => slot ?? 'now')
}

const inTheYear = (slot: Slot): boolean => slot.startsWith('2026')

describe('in 2026 the clock on the wall', () => {
  for (const [zone, skipped, doubled] of ZONES)
    test(`of ${zone} ${skipped === null ? 'never changes' : `skips ${skipped} and has ${doubled} twice`}`, () => {
      const shown = (WALLS.get(zone) ?? []).filter(inTheYear)
      const times = new Set(shown)
      const quarters = DAYS.flatMap((day) => Array.from({ length: 96 }, (_, n) => new Date(day.getTime() + n * STEP)))
      const all = quarters.map((wall) => wall.toISOString().slice(0, 16)).filter(inTheYear)
      const missing = all.filter((wall) => !times.has(wall))
      const seen = new Set<string>()
      const twice = shown.filter((wall) => seen.has(wall) || !seen.add(wall))
      if (skipped === null) expect([missing, twice]).toEqual([[], []])
      else expect([missing, twice]).toEqual([expect.arrayContaining([skipped]), expect.arrayContaining([doubled])])
    })
})

describe('over the year dueAt() has exactly one digest for each day and each week, as soon as the wall shows its time', () => {
  for (const [zone, ...changes] of ZONES)
    for (const time of timesOf(changes))
      test(`at ${time} in ${zone}`, () => {
        const walls = WALLS.get(zone) ?? []
        const shelf = new Shelf(zone, time, SUNDAY)
        const found: Record<'daily' | 'weekly', Slot[]> = { daily: [], weekly: [] }
        for (const [step, wall] of walls.entries()) {
          const { daily, weekly } = shelf.wake(step)
          for (const slot of [...daily, ...weekly]) {
            const before = walls[step - 1] ?? ''
            expect({ slot, day: wall.slice(0, 10), isTooEarly: wall < slot, isTooLate: before >= slot }).toEqual({
              ...{ slot, day: slot.slice(0, 10), isTooEarly: false, isTooLate: false },
            })
          }
          found.daily.push(...daily)
          found.weekly.push(...weekly)
        }
        const [days, sundays] = [found.daily, found.weekly].map((slots) => slots.filter(inTheYear))
        expect(days).toEqual(slotsAt(time, null).filter(inTheYear))
        expect(sundays).toEqual(slotsAt(time, SUNDAY).filter(inTheYear))
        expect([days?.length, sundays?.length]).toEqual([365, 52])
      })

  test('also of the weekday that comes 53 times', () => {
    const shelf = new Shelf('Europe/Berlin', '08:00', THURSDAY)
    const found = (WALLS.get('Europe/Berlin') ?? []).flatMap((_, step) => shelf.wake(step).weekly).filter(inTheYear)
    expect(found).toEqual(slotsAt('08:00', THURSDAY).filter(inTheYear))
    expect(found).toHaveLength(53)
  })
})

/** How many steps the machine sleeps: mostly up to two hours, now and then up to three weeks. */
const anySleep = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 96 * 21 }) },
)
const anySleeps = fc.array(anySleep, { minLength: 300, maxLength: 600, size: 'max' })

describe('after each sleep of the machine dueAt() has one digest for all that was missed, and none otherwise', () => {
  for (const [zone, ...changes] of ZONES)
    test(`in ${zone}`, () =>
      fc.assert(
        fc.property(
          anySleeps,
          fc.constantFrom(...timesOf(changes)),
          fc.constantFrom(SUNDAY, THURSDAY),
          (sleeps, time, weekday) => {
            const walls = WALLS.get(zone) ?? []
            const [days, weeks] = [slotsAt(time, null), slotsAt(time, weekday)]
            const shelf = new Shelf(zone, time, weekday)
            shelf.wake(0)
            let [step, reached] = [0, walls[0] ?? '']
            for (const sleep of sleeps) {
              step += sleep
              const wall = walls[step]
              if (wall === undefined) break
              const missed = (slots: Slot[]): Slot[] => slots.filter((slot) => slot > reached && slot <= wall).slice(-1)
              expect({ wall, ...shelf.wake(step) }).toEqual({ wall, daily: missed(days), weekly: missed(weeks) })
              if (wall > reached) reached = wall
            }
          },
        ),
        { numRuns: 25 },
      ))
})
