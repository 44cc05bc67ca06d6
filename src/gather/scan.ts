import { hash as hashOf } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import type { Instant } from '../entry.ts'
import { letHeapGrow } from '../heap.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { chunks } from '../remember/files.ts'
import type { KnownStamps } from '../remember/known-stamps.ts'
import type { FileChange, FileReading, FileStat, KnownFile, Lookups } from '../remember/reading.ts'

/** A file larger than this is no article. */
const LARGEST = 16 * 1024 * 1024
/** A file that changed less than this before the scan may change again without another time stamp. */
const YOUNG = 2_000
/** Files that are looked up at once. */
const AT_ONCE = 200

/** A file that is there, and its stamp; a size below zero when even that cannot be had. */
export interface FoundFile {
  /** Relative to the source, with `/`, NFC. */
  path: string
  /** The same as the file system spells it. */
  name: string
  size: number
  mtimeMs: number
  ctimeMs: number
}

/** What was read from the text of a file. */
export type Read = Pick<FileReading, 'drafts' | 'problems' | 'lookAgain' | 'imports'>

/** A file of which the bytes are to be read. */
export interface OpenFile {
  path: string
  /** As messages name it. */
  place: string
  /** True when nothing is remembered of it. */
  isNew: boolean
}

/** What a file is compared with. */
export interface Comparing {
  known: KnownStamps
  /** Hash of all that besides the bytes decides what is read. */
  recipe: string
  now: Instant
}

/** What a scan needs besides the files. */
export interface Scanning extends Comparing {
  placeOf: (name: string) => string
  absoluteOf: (name: string) => string
  /** Loads what reads the files; it is heavy, and most runs need it not. */
  reader: () => Promise<(bytes: Buffer, file: OpenFile) => Read>
}

/** Opens files; one that cannot be understood is set aside. */
export async function* changesOf(
  files: readonly FoundFile[],
  scanning: Scanning,
  { lookUp }: Pick<Lookups, 'lookUp'>,
  { all = false } = {},
): AsyncGenerator<FileChange> {
  for (const some of chunks(files, AT_ONCE)) {
    yield* open(some, scanning, lookUp, all)
    letHeapGrow()
  }
}

/**
 * True when a file need not be opened, since nothing has changed since it was last read.
 * @param place among what is known; -1 when it was never read
 */
export function isAsBefore(file: FoundFile, place: number, { known, recipe, now }: Comparing): boolean {
  if (place === -1 || file.size < 0) return false
  const before = known.at(place)
  if (before.recipe !== recipe) return false
  if (before.lookAgain !== null && before.lookAgain <= now) return false
  const stat = statOf(file, now)
  return stat.mtime !== -1 && stat.mtime === before.mtime && stat.size === before.size && stat.ctime === before.ctime
}

async function* open(
  files: readonly FoundFile[],
  scanning: Scanning,
  lookUp: Lookups['lookUp'],
  all: boolean,
): AsyncGenerator<FileChange> {
  const remembered = files.filter(({ path }) => scanning.known.has(path)).map(({ path }) => path)
  const known = remembered.length === 0 ? new Map<string, KnownFile>() : await lookUp(remembered)
  const read = await scanning.reader()
  for (const file of files) yield changeOf(file, known.get(file.path) ?? null, scanning, all, read)
}

function changeOf(
  file: FoundFile,
  known: KnownFile | null,
  { recipe, now, placeOf, absoluteOf }: Scanning,
  all: boolean,
  read: (bytes: Buffer, file: OpenFile) => Read,
): FileChange {
  const { path } = file
  const place = placeOf(file.name)
  const common = { path, place, recipe, known }
  try {
    const stat = file.size < 0 ? UNKNOWN : statOf(file, now)
    const bytes = readShared(absoluteOf(file.name), place, stat.size)
    const hash = hashOf('sha256', bytes, 'hex')
    const mayStay = known?.recipe === recipe && (known.lookAgain === null || known.lookAgain > now)
    if (!all && mayStay && hash === known.hash) return { kind: 'touched', file: { path, stat } }
    return opened(
      common,
      stat,
      hash,
      readOrSetAside(() => read(bytes, { path, place, isNew: known === null })),
    )
  } catch (error) {
    // A file that cannot be opened is tried again each time.
    return opened(common, UNKNOWN, '', setAside([unreadable(error, place).toJSON()]))
  }
}

/** Names each field: an object spread out of several others takes ten times the room, and there is one for each file. */
function opened(common: Common, stat: FileStat, hash: string, read: Outcome): FileChange {
  const { path, place, recipe, known } = common
  const { outcome, drafts, problems, lookAgain, imports } = read
  const file = { path, place, recipe, known, stat, hash, outcome, drafts, problems, lookAgain, imports }
  return { kind: 'opened', file }
}

type Common = Pick<FileReading, 'path' | 'place' | 'recipe' | 'known'>

const UNKNOWN: FileStat = { size: 0, mtime: -1, ctime: -1 }

function statOf({ size, mtimeMs, ctimeMs }: FoundFile, now: Instant): FileStat {
  const isYoung = mtimeMs > now - YOUNG
  return { size, mtime: isYoung ? -1 : Math.round(mtimeMs * 1000), ctime: Math.round(ctimeMs * 1000) }
}

/**
 * The bytes of an article.
 * @param place as messages name the file
 * @param size in bytes, as the file system tells it
 * @throws {Problem} `file-too-large`
 */
export function readWhole(absolute: string, place: string, size: number): Buffer {
  checkSize(place, size)
  return readFileSync(absolute)
}

function checkSize(place: string, size: number): void {
  if (size > LARGEST) {
    const message = `The file has ${Math.round(size / 1024 / 1024)} MB, too many for an article`
    throw new Problem('file-too-large', message, { where: place, mend: 'take it out of the folder' })
  }
}

/** Nearly every article has room in it. A buffer for each of very many files stays until long after it was used. */
const shared = Buffer.allocUnsafeSlow(64 * 1024)

/** The same as `readWhole`; the bytes are gone when the next file is read. */
function readShared(absolute: string, place: string, size: number): Buffer {
  checkSize(place, size)
  const file = openSync(absolute, 'r')
  try {
    let length = 0
    while (length < shared.length) {
      const more = readSync(file, shared, length, shared.length - length, null)
      if (more === 0) return shared.subarray(0, length)
      length += more
    }
  } finally {
    closeSync(file)
  }
  return readFileSync(absolute)
}

type Outcome = Read & Pick<FileReading, 'outcome'>

function readOrSetAside(read: () => Read): Outcome {
  try {
    return { outcome: 'read', ...read() }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return setAside([error.toJSON()])
  }
}

function setAside(problems: ProblemRecord[]): Outcome {
  return { outcome: 'rejected', drafts: [], problems, lookAgain: null, imports: [] }
}

function unreadable(error: unknown, where: string): Problem {
  if (error instanceof Problem) return error
  if (!isFileError(error)) throw error
  const mend = 'see that the file is there and may be read'
  return new Problem('file-unreadable', `Cannot read the file (${error.code})`, { where, mend, cause: error })
}

/** True for an error of the file system, such as ENOENT or EACCES. */
export function isFileError(error: unknown): error is Error & { code: string; path?: string } {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string'
}
