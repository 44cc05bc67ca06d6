import type { Config } from '../config.ts'
import { Problem } from '../problem.ts'
import { type EntryRecord, findEntries, hideEntries, listEntries, showEntries } from '../remember/curate.ts'
import type { Store } from '../remember/open.ts'
import { localDay } from '../schedule.ts'
import { scopeOf } from '../sources.ts'
import { withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { foldersOf } from './source-files.ts'

export interface ListOptions extends CommonOptions {
  source?: string
  limit: number
  all?: boolean
}

/** `feedwire entries list`: the newest entries, newest first; `--json` prints one array. */
export function listEntriesCommand(context: Context, options: ListOptions): Promise<ExitCode> {
  return withStore(context, options, async (store, config) => {
    const { source = null, all = false, limit } = options
    const names = config.sources.map(({ name }) => name)
    if (source !== null && !names.includes(source)) {
      const mend = `the settings have: ${names.join(', ')}`
      throw new Problem('argument-source', `There is no source "${source}"`, { mend })
    }
    const { entries, total } = await listEntries(store, scopeOf(config), { source, all, limit })
    if (options.json === true) {
      context.print(JSON.stringify(entries.map(published), null, 2))
      return 0
    }
    const width = Math.max(0, ...entries.map((entry) => numberText(entry).length))
    for (const entry of entries) context.print(entryLine(entry, config, width))
    if (total === 0) context.print('There is no entry yet; "feedwire run" gathers them.')
    else if (total > entries.length) context.print(`${total - entries.length} more; --limit ${total} lists all.`)
    return 0
  })
}

function entryLine({ number, date, state, title, link }: EntryRecord, { site }: Config, width: number): string {
  const { year, month, day } = localDay(date, site.timezone)
  const parts = [year, month, day].map((part) => String(part).padStart(2, '0'))
  return `${numberText({ number }).padStart(width)}  ${parts.join('-')}  ${state.padEnd(7)}  ${title}  ${link}`
}

function numberText({ number }: Pick<EntryRecord, 'number'>): string {
  return number === null ? '-' : String(number)
}

/** A record as programs read it. */
function published({ id: _, date, ...entry }: EntryRecord): object {
  return { ...entry, date: new Date(date).toISOString() }
}

/** `feedwire entries hide`: keeps entries from readers. */
export function hideCommand(context: Context, names: readonly string[], options: CommonOptions): Promise<ExitCode> {
  return forEachEntry(context, names, options, async (store, { id, state }) => {
    if (state === 'hidden') return 'was hidden already'
    await hideEntries(store, [id])
    return 'is hidden; the next run takes it from feeds and pages'
  })
}

const NOT_HIDDEN = {
  shown: 'was shown already',
  held: 'is not hidden; it is published once its time has come',
  removed: 'is not hidden, but its source has it no more',
}

/** `feedwire entries show`: brings hidden entries back. */
export function showCommand(context: Context, names: readonly string[], options: CommonOptions): Promise<ExitCode> {
  return forEachEntry(context, names, options, async (store, { id, state }) => {
    if (state !== 'hidden') return NOT_HIDDEN[state]
    await showEntries(store, [id])
    return 'is shown again from the next run on; no digest tells of it'
  })
}

interface Result {
  entry: string
  number: number | null
  ok: boolean
  text: string
}

/** A name that means no entry, or several, is told and costs the others nothing; the command then ends with 3. */
function forEachEntry(
  context: Context,
  names: readonly string[],
  options: CommonOptions,
  act: (store: Store, entry: EntryRecord) => Promise<string>,
): Promise<ExitCode> {
  return withStore(context, options, async (store, config) => {
    const results: Result[] = []
    for (const name of names) {
      const files = foldersOf(config, context.cwd, name).map(({ folder, path }) => ({ source: folder.name, key: path }))
      const [entry, ...others] = await findEntries(store, scopeOf(config), { text: name, files })
      if (entry === undefined || others.length > 0)
        results.push(refusal(name, entry === undefined ? [] : [entry, ...others]))
      else
        results.push({
          entry: name,
          number: entry.number,
          ok: true,
          text: `${label(entry)} ${await act(store, entry)}`,
        })
    }
    if (options.json === true) context.print(JSON.stringify(results, null, 2))
    else for (const { ok, text } of results) (ok ? context.print : context.complain)(text)
    return results.every(({ ok }) => ok) ? 0 : 3
  })
}

function refusal(name: string, entries: readonly EntryRecord[]): Result {
  const text =
    entries.length === 0
      ? `"${name}" is no entry; give a number, a path, a link or an id of "feedwire entries list --all"`
      : `"${name}" may be ${entries.map(label).join(' or ')}; give the number`
  return { entry: name, number: null, ok: false, text }
}

function label({ number, title }: EntryRecord): string {
  return number === null ? `"${title}", which is held back,` : `${number} "${title}"`
}
