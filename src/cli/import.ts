import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type Readable, addAbortSignal } from 'node:stream'
import type { Config } from '../config.ts'
import { takeGarbageEarly } from '../heap.ts'
import { Problem, problemText } from '../problem.ts'
import { importReaders } from '../remember/import.ts'
import type { ListedReader } from '../remember/listed.ts'
import { type OpenList, openList } from '../subscriber-list/read.ts'
import { type NewFile, csvLines, newPrivateFile } from '../subscriber-list/write.ts'
import { nearest, readTemplates } from '../templates.ts'
import { configured, inStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { MOST_TOLD, type Tally, newTally, tellImport } from './import-summary.ts'
import { type Progress, type Terminal, progressOn } from './progress.ts'

export interface ImportOptions extends CommonOptions {
  dryRun?: boolean
  /** Takes the records that cannot be read. */
  rejects?: string
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
    const bytes = countedBytes(source.stream, place, context.signal)
    const name = file === '-' ? '' : basename(file)
    const languageOf = languagesOf(config)
    const list = await openList(bytes.stream, { place, name, now: context.clock(), languageOf })
    const tally = newTally()
    const rejects = options.rejects === undefined ? null : startRejects(resolve(context.cwd, options.rejects), list)
    const progress = progressOn(streams.terminal, source.bytes, 'rows', context.clock)
    try {
      const told = { context, options, tally, rejects, progress }
      const readers = readersOf(list, told, () => {
        progress.show(bytes.count(), tally.rows)
      })
      takeGarbageEarly()
      const counts = await inStore(config, (store) =>
        importReaders(store, readers, context.clock(), { dryRun: options.dryRun === true }),
      )
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
  rejects: NewFile | null
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

function tellBad({ problem, cells }: { problem: Problem; cells: readonly string[] }, told: Told): void {
  const { context, options, tally, rejects, progress } = told
  tally.bad += 1
  rejects?.write(csvLines([[...cells, problemText(problem)]]))
  if (tally.problems.length === MOST_TOLD) return
  tally.problems.push(problem)
  if (options.json === true) return
  progress.clear()
  context.complain(problemText(problem))
}

/** They can be mended and imported again: one more column says what is wrong. */
function startRejects(path: string, { header }: OpenList): NewFile {
  const file = newPrivateFile(path)
  if (header.length > 0) file.write(csvLines([[...header, 'problem']]))
  return file
}
