import { type Problem, oneLine } from '../problem.ts'
import type { ImportCounts } from '../remember/import-decision.ts'
import type { OpenList } from '../subscriber-list/read.ts'
import type { Context } from './context.ts'
import type { ImportOptions } from './import.ts'

/** Bad records that are told one by one. */
export const MOST_TOLD = 20

/** What was read so far. */
export interface Tally {
  rows: number
  bad: number
  unconfirmed: number
  oddDates: number
  /** The first of them. */
  oddDate: string | null
  problems: Problem[]
}

/** Nothing yet. */
export function newTally(): Tally {
  return { rows: 0, bad: 0, unconfirmed: 0, oddDates: 0, oddDate: null, problems: [] }
}

/** An import that is done. */
export interface Done {
  place: string
  list: OpenList
  tally: Tally
  counts: ImportCounts
}

/** Tells what an import came to, for a person or a program. */
export function tellImport(context: Context, options: ImportOptions, done: Done): void {
  const { place, list, tally, counts } = done
  const { problems, oddDate: _, ...read } = tally
  const { tool, ignored } = list.columns
  if (options.json === true) {
    const about = { file: place, tool: tool.name, dryRun: options.dryRun === true, stopped: context.signal.aborted }
    context.print(JSON.stringify({ ...about, ...read, ...counts, ignoredColumns: ignored, problems }))
    return
  }
  if (tally.bad > problems.length) {
    const mend = options.rejects === undefined ? '; --rejects FILE writes all of them' : ''
    context.complain(`and ${tally.bad - problems.length} more${mend}`)
  }
  for (const line of summary(options, done)) context.print(line)
  if (context.signal.aborted) context.complain('feedwire: stopped half way; import the list again for the rest')
}

function summary(options: ImportOptions, { place, list, tally, counts }: Done): string[] {
  const { tool, ignored, everybody } = list.columns
  const kind = tool.name === '' ? '' : `, an export of ${tool.name}`
  const lines = [`${place}${kind}: ${number(tally.rows)} ${tally.rows === 1 ? 'row' : 'rows'}`]
  if (options.dryRun === true) lines.push('Nothing is written; an import would come to this:')
  for (const [says, count] of [
    ['added, and mailed from the next digest on', counts.added],
    ['added, as they had paused', counts.paused],
    ['kept as having left, and never mailed', counts.left],
    ['suppressed, as mail to them bounced or they complained', counts.suppressed],
    ['taken off the list, as they left elsewhere', counts.takenOff],
    ['paused, as they paused elsewhere', counts.nowPaused],
    ['there already, and left as they are', counts.thereAlready],
    ['stay off: they left or were suppressed here', counts.staysOff],
    ['again in the same list', counts.repeated],
    ['not confirmed, and not imported', tally.unconfirmed],
    ['not understood', tally.bad],
  ] as const)
    if (count > 0) lines.push(`${number(count).padStart(11)}  ${says}`)
  if (options.state !== undefined) {
    lines.push(`All are taken for ${options.state}, as --state says, but for whom the list says something stricter.`)
  } else if (everybody !== null) {
    lines.push(`All are taken for ${everybody}, as the name of the list or its columns say.`)
  }
  if (tally.oddDate !== null) {
    const example = JSON.stringify(tally.oddDate.slice(0, 40))
    const have = tally.oddDates === 1 ? 'row has' : 'rows have'
    lines.push(`${number(tally.oddDates)} ${have} a date that is not understood, such as ${example}: write 2024-03-14.`)
  }
  if (ignored.length > 0) {
    const tags = ignored.some((name) => /^(?:tags?|labels?)$/i.test(name)) ? ' Tags of other tools are no topics.' : ''
    lines.push(`Not kept: ${ignored.join(', ')}.${tags}`)
  }
  return lines.map(oneLine)
}

function number(count: number): string {
  return count.toLocaleString('en')
}
