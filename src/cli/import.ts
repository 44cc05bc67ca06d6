import { closeSync, createReadStream, fstatSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { type Readable, addAbortSignal } from 'node:stream'
import type { Config } from '../config.ts'
import { takeGarbageEarly } from '../heap.ts'
import { Problem, problemText } from '../problem.ts'
import { importReaders } from '../remember/import.ts'
import type { ImportCounts } from '../remember/import-decision.ts'
import type { ListedReader } from '../remember/listed.ts'
import type { Store } from '../remember/open.ts'
import { mayStand } from '../store-place.ts'
import { type BadRow, type OpenList, openList } from '../subscriber-list/read.ts'
import { type Rejects, startRejects } from '../subscriber-list/rejects.ts'
import type { Standing } from '../subscriber-list/tools.ts'
import { nearest, readTemplates } from '../templates.ts'
import { configured, inStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { MOST_TOLD, type Tally, newTally, tellImport } from './import-summary.ts'
import { type Progress, type Terminal, progressOn } from './progress.ts'

export interface ImportOptions extends CommonOptions {
  dryRun?: boolean
  /** Takes the records that cannot be read. */
  rejects?: string
  /** What is true of every reader, but for those of whom the list says something stricter. */
  state?: Exclude<Standing, 'pending'>
}

/** The streams of the process, or those of a test. */
export interface ImportStreams {
  input: Readable
  terminal: Terminal
}

/**
 * `feedwire subscribers import`: takes a list of readers from another tool, or from an export of ours.
 * @param file path of the list, or `-` for standard input
 */
export async function importCommand(
  context: Context,
  file: string,
  options: ImportOptions,
  streams: ImportStreams = { input: process.stdin, terminal: process.stderr },
): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    const source = file === '-' ? { stream: streams.input, bytes: null } : openFile(context.cwd, file)
    const place = file === '-' ? 'standard input' : file
    const rejectsPath = options.rejects === undefined ? null : resolve(context.cwd, options.rejects)
    if (rejectsPath !== null) refuseToReplace(source.stream, rejectsPath)
    const bytes = countedBytes(source.stream, place, context.signal)
    const name = file === '-' ? '' : basename(file)
    const languageOf = languagesOf(config)
    const given = options.state ?? null
    const list = await openList(bytes.stream, { place, name, given, now: context.clock(), languageOf })
    const tally = newTally()
    const rejects = rejectsPath === null ? null : startRejects(rejectsPath, list)
    const progress = progressOn(streams.terminal, source.bytes, 'rows', context.clock)
    try {
      const told = { context, options, tally, rejects, progress }
      const readers = readersOf(list, told, () => {
        progress.show(bytes.count(), tally.rows)
      })
      takeGarbageEarly()
      const dryRun = options.dryRun === true
      const take = (store: Store): Promise<ImportCounts> => importReaders(store, readers, context.clock(), { dryRun })
      const isNew = !mayStand(config.database)
      const counts = await (dryRun && isNew ? inPassingStore(config, take) : inStore(config, take))
      rejects?.finish()
      progress.clear()
      tellImport(context, options, { place, list, tally, counts })
    } catch (error) {
      rejects?.drop()
      progress.clear()
      throw error
    }
    if (context.signal.aborted) return 1
    return tally.bad > 0 ? 3 : 0
  })
}

function openFile(cwd: string, file: string): { stream: Readable; bytes: number } {
  try {
    const descriptor = openSync(resolve(cwd, file), 'r')
    const about = fstatSync(descriptor)
    if (!about.isDirectory()) return { stream: createReadStream('', { fd: descriptor }), bytes: about.size }
    closeSync(descriptor)
  } catch (cause) {
    throw unreadable('argument-file', file, cause)
  }
  const mend = 'name a list of readers, or - for standard input'
  throw new Problem('argument-file', 'A folder is no list', { where: file, mend })
}

/** A stream from a file may be read while the rejects take its place: what the list held would be lost. */
function refuseToReplace(stream: Readable, rejects: string): void {
  const descriptor = 'fd' in stream ? stream.fd : null
  if (typeof descriptor !== 'number') return
  const list = fstatSync(descriptor, { bigint: true })
  const there = statSync(rejects, { bigint: true, throwIfNoEntry: false })
  if (there?.dev !== list.dev || there.ino !== list.ino) return
  stream.destroy()
  const mend = 'name another file for the rejects'
  throw new Problem('argument-file', 'The rejects would take the place of the list', { where: rejects, mend })
}

/** A store that nothing is left of: where there is none, trying an import makes none. */
async function inPassingStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'feedwire-'))
  try {
    return await inStore({ ...config, database: join(folder, 'feedwire.db') }, work)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function unreadable(code: 'argument-file' | 'list-unreadable', file: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause)) return cause
  const mend = 'see that it is there and may be read'
  return new Problem(code, `Cannot read the list (${String(cause.code)})`, { where: file, mend, cause })
}

/** The bytes of a stream, which ends early when the command is to end. */
function countedBytes(stream: Readable, place: string, signal: AbortSignal) {
  let count = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const part of addAbortSignal(signal, stream)) {
        const bytes = part instanceof Uint8Array ? part : Buffer.from(String(part))
        count += bytes.length
        yield bytes
      }
    } catch (error) {
      if (!signal.aborted) throw unreadable('list-unreadable', place, error)
    }
  }
  return { stream: counted(), count: () => count }
}

/** The texts that are nearest to a language; null when they are the site's, so that one digest serves all. */
function languagesOf(config: Config): (tag: string) => string | null {
  const { languages } = readTemplates(config)
  const own = nearest(config.site.language, languages)
  return (tag) => {
    const found = nearest(tag.replace('_', '-'), languages)
    return found === own || (found === 'en' && !/^en(?:\W|_|$)/i.test(tag)) ? null : found
  }
}

interface Told {
  context: Context
  options: ImportOptions
  tally: Tally
  rejects: Rejects | null
  progress: Progress
}

/** The readers of a list; what else is in it is told and counted. It ends early when the command is to end. */
async function* readersOf(list: OpenList, told: Told, onPart: () => void): AsyncGenerator<ListedReader[]> {
  const { context, tally } = told
  for await (const rows of list.rows) {
    if (context.signal.aborted) return
    const readers: ListedReader[] = []
    for (const row of rows) {
      tally.rows += 1
      if (row.kind === 'unconfirmed') tally.unconfirmed += 1
      else if (row.kind === 'bad') tellBad(row, told)
      else {
        readers.push(row.reader)
        if (row.oddDate === null) continue
        tally.oddDates += 1
        tally.oddDate ??= row.oddDate
      }
    }
    yield readers
    onPart()
  }
}

function tellBad(bad: BadRow, told: Told): void {
  const { problem } = bad
  const { context, options, tally, rejects, progress } = told
  tally.bad += 1
  rejects?.add(bad)
  if (tally.problems.length === MOST_TOLD) return
  tally.problems.push(problem)
  if (options.json === true) return
  progress.clear()
  context.complain(problemText(problem))
}
