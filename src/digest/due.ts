import type { Instant } from '../entry.ts'
import type { Frequency } from '../preferences.ts'
import { type CronLine, type Slot, dueSlot, isZone, minuteOf } from '../schedule.ts'

/** When digests are due: with each run that finds something, or on a cron line in the zone of the site. */
export type DigestSchedule = { kind: 'instant' } | { kind: 'cron'; cron: CronLine }

/** When the digests of each frequency are due. */
export interface DigestRules {
  /** The zone of the site. */
  zone: string
  /** The site's own schedule. */
  schedule: DigestSchedule
  daily: CronLine
  weekly: CronLine
  /** True when what was there before the first run is announced, so that a first digest of the site is due at once. */
  announcesFirst: boolean
}

/** Readers of one frequency in one zone; an empty zone is the site's. */
export interface Clock {
  frequency: Frequency
  zone: string
}

/** Readers to whom something may go now. */
export interface DueClock<C extends Clock> {
  group: C
  /** The zone whose calendar gives the day of their digest. */
  zone: string
  /** The slot that their clock reached; null: they get whatever there is with each run. */
  slot: Slot | null
}

/** Who is due at a moment, and what is done with it. */
export interface Due<C extends Clock> {
  due: DueClock<C>[]
  slots: { schedule: string; slot: Slot }[]
  /** Schedules that nobody is on any more. */
  abandoned: string[]
}

/** The name under which the slots of the site's own digest are kept. */
const SITE = 'digest'

/**
 * Who is due at `now`: by their own clock, a slot that was not done yet.
 * @param last the latest slot that is done, of each schedule that has one
 */
export function dueAt<C extends Clock>(
  groups: readonly C[],
  last: ReadonlyMap<string, Slot>,
  rules: DigestRules,
  now: Instant,
): Due<C> {
  const occasions = new Map<string, Occasion | null>()
  const occasionFor = (clock: Clock): Occasion | null => {
    const timetable = timetableOf(clock, rules)
    const { name } = timetable
    const known = occasions.get(name)
    const occasion = known === undefined ? occasionOf(timetable, last.get(name) ?? null, rules, now) : known
    occasions.set(name, occasion)
    return occasion
  }
  // The slots of the site are done also while nobody is there.
  occasionFor({ frequency: 'site', zone: '' })
  const due = groups.flatMap((group) => {
    const occasion = occasionFor(group)
    if (occasion === null || occasion.isPast) return []
    return [{ group, zone: zoneOf(group, rules), slot: occasion.slot }]
  })
  const slots = [...occasions].flatMap(([schedule, occasion]) => {
    return occasion === null || occasion.slot === null ? [] : [{ schedule, slot: occasion.slot }]
  })
  const abandoned = [...last.keys()].filter((name) => READERS_OWN.test(name) && !occasions.has(name))
  return { due, slots, abandoned }
}

/** All readers at once, whatever their schedules, which go on as if nothing had been. */
export function everybodyAt<C extends Clock>(groups: readonly C[], rules: DigestRules, now: Instant): Due<C> {
  const due = groups.map((group) => {
    const zone = zoneOf(group, rules)
    return { group, zone, slot: minuteOf(zone, now) }
  })
  return { due, slots: [], abandoned: [] }
}

/** A zone that this machine does not know is taken for the site's. */
function zoneOf({ zone }: Clock, rules: DigestRules): string {
  return zone !== '' && isZone(zone) ? zone : rules.zone
}

/** A schedule, and the name under which its slots are kept; one of each run has neither. */
interface Timetable {
  name: string
  cron: CronLine | null
  zone: string
}

const READERS_OWN = /^(?:daily|weekly) /
const EACH_RUN: Timetable = { name: '', cron: null, zone: '' }

/** The site's own schedule is in the zone of the site for everybody. */
function timetableOf(clock: Clock, rules: DigestRules): Timetable {
  const { frequency } = clock
  switch (frequency) {
    case 'instant':
      return EACH_RUN
    case 'site':
      return rules.schedule.kind === 'instant' ? EACH_RUN : { name: SITE, cron: rules.schedule.cron, zone: rules.zone }
    case 'daily':
    case 'weekly': {
      const zone = zoneOf(clock, rules)
      return { name: `${frequency} ${zone}`, cron: rules[frequency], zone }
    }
  }
}

/** Why readers are due something; `isPast`: the slot was nobody's, and is only marked as done. */
interface Occasion {
  slot: Slot | null
  isPast: boolean
}

function occasionOf({ name, cron, zone }: Timetable, last: Slot | null, rules: DigestRules, now: Instant) {
  if (cron === null) return { slot: null, isPast: false }
  const slot = dueSlot(cron, zone, last, now)
  if (slot === null) return null
  // A slot from before anybody was on the schedule was nobody's, unless the owner wants a first digest.
  return { slot, isPast: last === null && !(name === SITE && rules.announcesFirst) }
}
