import { dayIn } from '../pages/day.ts'
import { barsMarkup, curveMarkup } from './bars.ts'
import type { History } from './facts.ts'
import { OUTCOMES, outcomesOf } from './outcome.ts'
import type { Plot } from './plot.ts'
import { readersOver } from './readers.ts'
import { scaleTo } from './scale.ts'
import { byWeek } from './weeks.ts'
import { count, minuteText, tookText } from './words.ts'

/** Weeks whose entries are counted. */
export const WEEKS = 26
/** Points of the line of readers, and how many of them the table leaves out between two. */
const SAMPLES = 61
const EACH = 5

/** The plots of a page: entries, letters, readers and runs. */
export function plotsOf(history: History): Plot[] {
  return [entriesPlot(history), lettersPlot(history), readersPlot(history), runsPlot(history)]
}

function entriesPlot({ entries, now, zone }: History): Plot {
  const weeks = byWeek(entries, { now, zone, weeks: WEEKS })
  const total = weeks.reduce((sum, week) => sum + week.count, 0)
  const most = Math.max(...weeks.map((week) => week.count))
  const scale = scaleTo(most, 1)
  const bars = weeks.map((week) => {
    const title = `Week of ${week.monday}: ${count(week.count, 'entry', 'entries')}`
    return { title, parts: [{ kind: 'plain', value: week.count }] }
  })
  return {
    id: 'entries',
    title: 'Entries per week',
    description: `${count(total, 'entry', 'entries')} in the last ${WEEKS} weeks; ${most} in the week with the most.`,
    axes: { x: 'weeks, by their Monday', y: 'entries' },
    scale,
    labels: ends(weeks.map((week) => week.monday)),
    legend: [],
    drawing: total === 0 ? [] : barsMarkup(bars, scale),
    table: {
      ...{ title: 'Entries per week', empty: '', head: ['week of', 'entries'] },
      rows: weeks.map((week) => [week.monday, String(week.count)]),
    },
  }
}

function lettersPlot({ digests, zone }: History): Plot {
  const all = digests.map((digest) => ({ ...digest, day: dayIn(zone, digest.date), by: outcomesOf(digest.letters) }))
  const sums = all.map(({ by }) => OUTCOMES.reduce((sum, outcome) => sum + by[outcome], 0))
  const scale = scaleTo(Math.max(0, ...sums), 1)
  const there = OUTCOMES.filter((outcome) => all.some(({ by }) => by[outcome] > 0))
  const bars = all.map(({ day, subject, by }) => {
    const said = there.filter((outcome) => by[outcome] > 0).map((outcome) => `${by[outcome]} ${outcome}`)
    return { title: `${day}, ${subject}: ${said.join(', ')}`, parts: there.map((kind) => ({ kind, value: by[kind] })) }
  })
  const total = (outcome: (typeof OUTCOMES)[number]): number => all.reduce((sum, { by }) => sum + by[outcome], 0)
  const totals = there.map((outcome) => `${total(outcome)} ${outcome}`)
  return {
    id: 'letters',
    title: 'Letters per digest',
    description: `The last ${count(all.length, 'digest')}: ${totals.join(', ') || 'no letter'}.`,
    axes: { x: 'digests, by their day', y: 'letters' },
    scale,
    labels: ends(all.map(({ day }) => day)),
    legend: there.map((kind) => ({ kind, text: kind })),
    drawing: barsMarkup(bars, scale),
    table: {
      ...{ title: 'Letters per digest', empty: 'There was no digest yet.', head: ['day', ...OUTCOMES, 'subject'] },
      rows: all.map(({ day, by, subject }) => [day, ...OUTCOMES.map((outcome) => String(by[outcome])), subject]),
    },
  }
}

function readersPlot(history: History): Plot {
  const { now, zone } = history
  const points = readersOver(history, SAMPLES)
  const values = points.map(({ readers }) => readers)
  const scale = scaleTo(Math.max(0, ...values), 1)
  const days = points.map(({ at }) => dayIn(zone, at))
  const [first = dayIn(zone, now)] = days
  return {
    id: 'readers',
    title: 'Readers on the list',
    description: `From ${values[0] ?? 0} at ${first} to ${values.at(-1) ?? 0} at ${dayIn(zone, now)}.`,
    axes: { x: 'days', y: 'readers' },
    scale,
    labels: ends(days),
    legend: [],
    drawing: values.length === 0 ? [] : curveMarkup(values, scale),
    table: {
      ...{ title: 'Readers on the list', empty: 'There was no reader yet.', head: ['day', 'readers'] },
      rows: points.flatMap(({ readers }, index) => (index % EACH === 0 ? [[days[index] ?? '', String(readers)]] : [])),
    },
  }
}

const ENDS = [
  { code: 0, kind: 'plain', text: 'well' },
  { code: 3, kind: 'held', text: 'something set aside' },
  { code: 1, kind: 'failed', text: 'failed' },
] as const

function runsPlot({ runs, zone }: History): Plot {
  const ended = runs.flatMap(({ startedAt, endedAt, exitCode }) => {
    const end = ENDS.find(({ code }) => code === exitCode) ?? ENDS[2]
    return endedAt === null ? [] : [{ at: startedAt, took: Math.max(0, endedAt - startedAt), end }]
  })
  const scale = scaleTo(Math.max(0, ...ended.map(({ took }) => took / 1000)), 0.1)
  const bars = ended.map(({ at, took, end }) => {
    const title = `${minuteText(zone, at)}: ${tookText(took)}, ${end.text}`
    return { title, parts: [{ kind: end.kind, value: took / 1000 }] }
  })
  const kinds = ENDS.filter((end) => ended.some((run) => run.end === end))
  const said = kinds.map((end) => `${ended.filter((run) => run.end === end).length} ${end.text}`)
  return {
    id: 'runs',
    title: 'How long runs took',
    description: `The last ${count(ended.length, 'run')}${said.length === 0 ? '' : `: ${said.join(', ')}`}.`,
    axes: { x: 'runs, by when they began', y: 'seconds' },
    scale,
    labels: ends(ended.map(({ at }) => minuteText(zone, at))),
    legend: kinds.length > 1 ? kinds : [],
    drawing: barsMarkup(bars, scale),
    table: {
      ...{ title: 'How long runs took', empty: 'No run came to its end yet.', head: ['begun', 'took', 'ended'] },
      rows: ended.map(({ at, took, end }) => [minuteText(zone, at), tookText(took), end.text]),
    },
  }
}

/** Labels of the first and the last column. */
function ends(names: readonly string[]): Plot['labels'] {
  const last = names.length - 1
  return names.flatMap((text, index) => {
    if (index !== 0 && index !== last) return []
    return names.length === 1 ? [{ at: 0.5, text }] : [{ at: index === 0 ? 0 : 1, text }]
  })
}
