import { statSync } from 'node:fs'
import { Problem, type ProblemRecord } from '../../problem.ts'
import type { FetchState } from '../../remember/fetches.ts'
import type { KnownRemote } from '../../remember/remote.ts'
import type { RemoteSource } from '../../remote-source.ts'
import type { Fetched } from '../http/fetched.ts'
import { isFileError, readWhole } from '../scan.ts'
import { askFor } from './ask.ts'
import { type RemoteReading, type RemoteTools, nothingNew, readingOf, recipeFor } from './reading-of.ts'

const DAY = 24 * 60 * 60_000

/** Asks for the page or feed of a source, and reads it when it changed. */
export async function readRemote(source: RemoteSource, known: KnownRemote, tools: RemoteTools): Promise<RemoteReading> {
  try {
    return await (source.at.kind === 'file'
      ? readFile(source, source.at, known, tools)
      : fetchDocument(source, source.at.url, known, tools))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return unread(source, error.toJSON())
  }
}

async function readFile(
  source: RemoteSource,
  { path, base }: { path: string; base: string },
  known: KnownRemote,
  tools: RemoteTools,
): Promise<RemoteReading> {
  return readingOf(source, { body: bytesOf(path, source.name), contentType: null, url: base }, known, tools)
}

/** @throws {Problem} `file-unreadable`, `file-too-large` */
function bytesOf(path: string, where: string): Buffer {
  try {
    return readWhole(path, where, statSync(path).size)
  } catch (error) {
    if (!isFileError(error)) throw error
    const mend = 'save the page or feed there, or mend sources[].file'
    throw new Problem('file-unreadable', `Cannot read the file (${error.code})`, { where, mend, cause: error })
  }
}

async function fetchDocument(
  source: RemoteSource,
  url: string,
  known: KnownRemote,
  tools: RemoteTools,
): Promise<RemoteReading> {
  const state: FetchState =
    known.fetch?.url === url ? known.fetch : { url, movedTo: null, validators: null, askAfter: 0 }
  const now = tools.http.clock()
  if (state.askAfter > now && state.askAfter <= now + DAY) return unread(source, stillGone(url).toJSON())
  const isKnown = known.file?.recipe === recipeFor(source, known, tools)
  return readingFrom(await askFor(state, isKnown, { ...tools.http, wanted: source.kind }))

  async function readingFrom(fetched: Fetched): Promise<RemoteReading> {
    switch (fetched.kind) {
      case 'unchanged': {
        const { movedTo } = fetched
        const problems = movedWarnings(source, movedTo)
        const isAsBefore = movedTo === state.movedTo
        return { ...nothingNew(source, known), problems, ...(!isAsBefore && { fetch: { ...state, movedTo } }) }
      }
      case 'fresh': {
        const read = await readingOf(source, fetched, known, tools)
        const { validators } = fetched
        // A portal or a parked domain may answer anything once.
        const movedTo = read.isUsable ? fetched.movedTo : null
        const problems = [...read.problems, ...movedWarnings(source, movedTo)]
        return { ...read, problems, fetch: { url, movedTo, validators, askAfter: 0 } }
      }
      case 'later':
        // While it fails it is no better for being put off.
        return unread(source, { ...fetched.problem.toJSON(), ...(known.isFailing && { severity: 'error' }) })
      case 'gone':
        return { ...unread(source, fetched.problem.toJSON()), fetch: { ...state, askAfter: now + DAY } }
      case 'failed':
        return unread(source, fetched.problem.toJSON())
    }
  }
}

function stillGone(where: string): Problem {
  const mend = 'take the source out; what came from it stays. It is asked for once a day'
  return new Problem('fetch-gone', 'The document is gone for ever', { where, mend })
}

function movedWarnings({ name }: RemoteSource, movedTo: string | null): ProblemRecord[] {
  if (movedTo === null) return []
  const mend = `write that address in the settings, and keep \`name: "${name}"\`, by which its entries are known`
  const message = `It moved for good to ${movedTo}, and is asked for there`
  return [new Problem('source-moved', message, { where: name, severity: 'warning', mend }).toJSON()]
}

function unread({ name, kind }: RemoteSource, problem: ProblemRecord): RemoteReading {
  return { name, kind, files: null, problems: [problem], size: 0, isUsable: false }
}
