import { readFileSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type ReadOpml, readOpml } from '../gather/opml/read-opml.ts'
import { Problem, oneLine, problemLine } from '../problem.ts'
import { editedSettings, replaceSettings, settingsFile } from '../setup/add-sources.ts'
import { type NewFeeds, newFeeds } from '../setup/new-feeds.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { jsonText } from './json-text.ts'

export interface ImportSourcesOptions extends CommonOptions {
  dryRun?: boolean
}

/** Problems that are told one by one. */
const MOST_TOLD = 20
/** Bytes; no list of feeds is longer. */
const LARGEST = 16_000_000

/** `feedwire sources import`: adds the feeds of a list to the settings. */
export function importSourcesCommand(context: Context, file: string, options: ImportSourcesOptions): Promise<ExitCode> {
  return configured(context, options, (config) => {
    const list = readOpml(bytesOf(context.cwd, file), file)
    const feeds = newFeeds(list.feeds, config.sources)
    const settings = settingsFile(options.config ?? null, context.cwd)
    if (feeds.added.length > 0) {
      const text = editedSettings(settings, feeds.added, config, context.environment)
      if (options.dryRun !== true) replaceSettings(settings, text)
    }
    const errors = list.problems.filter(({ severity }) => severity === 'error')
    // The end of a list that is too long is no feed.
    const setAside = errors.filter(({ code }) => code !== 'opml-cut').length
    tell(context, options, { file, settings: basename(settings), list, feeds, setAside })
    return Promise.resolve(errors.length > 0 ? 3 : 0)
  })
}

/** @throws {Problem} `argument-file` */
function bytesOf(cwd: string, file: string): Buffer {
  const refuse = (message: string, cause?: unknown): Problem => {
    const mend = 'name a list of feeds (OPML) that may be read'
    return new Problem('argument-file', message, { where: file, mend, cause })
  }
  try {
    const about = statSync(resolve(cwd, file))
    if (about.isDirectory()) throw refuse('A folder is no list')
    if (about.size > LARGEST) throw refuse(`The list has more than ${LARGEST / 1_000_000} MB`)
    return readFileSync(resolve(cwd, file))
  } catch (cause) {
    if (cause instanceof Problem || !(cause instanceof Error && 'code' in cause)) throw cause
    throw refuse(`Cannot read the list (${String(cause.code)})`, cause)
  }
}

interface Told {
  file: string
  settings: string
  list: ReadOpml
  feeds: NewFeeds
  setAside: number
}

function tell(context: Context, options: ImportSourcesOptions, told: Told): void {
  const { file, settings, list, feeds, setAside } = told
  const dryRun = options.dryRun === true
  if (options.json === true) {
    const { added, ...counts } = feeds
    const count = list.feeds.length + setAside
    const about = { file, settings, dryRun, feeds: count, added: added.length, ...counts, setAside }
    context.print(jsonText({ ...about, sources: added, problems: list.problems }))
    return
  }
  for (const problem of list.problems.slice(0, MOST_TOLD)) context.complain(problemLine(problem))
  if (list.problems.length > MOST_TOLD)
    context.complain(`and ${list.problems.length - MOST_TOLD} more; --json lists all`)
  summary(told, dryRun).map(oneLine).forEach(context.print)
}

function summary({ file, settings, list, feeds, setAside }: Told, dryRun: boolean): string[] {
  const count = list.feeds.length + setAside
  const lines = [`${file}: ${number(count)} ${count === 1 ? 'feed' : 'feeds'}`]
  if (dryRun) lines.push('Nothing is written; an import would come to this:')
  for (const [says, many] of [
    [`added to ${settings}`, feeds.added.length],
    ['there already, and left as they are', feeds.thereAlready],
    ['again in the same list', feeds.repeated],
    ['set aside', setAside],
  ] as const)
    if (many > 0) lines.push(`${number(many).padStart(11)}  ${says}`)
  return lines
}

function number(count: number): string {
  return count.toLocaleString('en')
}
