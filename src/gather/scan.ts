import { createHash } from 'node:crypto'
import { type Stats, readFileSync, statSync } from 'node:fs'
import type { Instant } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import type { FileReading, FileStat, KnownFile } from '../remember/reading.ts'

/** A file larger than this is no article. */
const LARGEST = 16 * 1024 * 1024
/** A file that changed less than this before the scan may change again without another time stamp. */
const YOUNG = 2_000

/** A file that is there, and where. */
export interface FoundFile {
  /** Relative to the source, with `/`, NFC. */
  path: string
  /** As messages name it. */
  place: string
  absolute: string
}

/** What was read from the text of a file. */
export type Read = Pick<FileReading, 'drafts' | 'problems' | 'lookAgain'>

/** How the files of a source compare with what is remembered of them. */
export interface Scan {
  opened: FileReading[]
  touched: { path: string; stat: FileStat }[]
}

/**
 * Opens each file that may have changed since it was last read; a file that cannot be understood is set aside.
 * @param recipe hash of all that besides the bytes decides what is read
 */
export function scanFiles(
  files: readonly FoundFile[],
  known: ReadonlyMap<string, KnownFile>,
  recipe: string,
  now: Instant,
  read: (bytes: Buffer, file: FoundFile) => Read,
): Scan {
  const scan: Scan = { opened: [], touched: [] }
  for (const file of files) {
    const before = known.get(file.path) ?? null
    const common = { path: file.path, place: file.place, recipe, known: before }
    try {
      const stat = fileStat(statSync(file.absolute), now)
      const mayStay = before?.recipe === recipe && (before.lookAgain === null || before.lookAgain > now)
      if (before !== null && mayStay && isSame(stat, before)) continue
      const bytes = readWhole(file, stat)
      const hash = createHash('sha256').update(bytes).digest('hex')
      if (before !== null && mayStay && hash === before.hash) {
        scan.touched.push({ path: file.path, stat })
        continue
      }
      scan.opened.push({ ...common, stat, hash, ...readOrSetAside(() => read(bytes, file)) })
    } catch (error) {
      // A file that cannot be opened is tried again each time.
      const stat = { size: 0, mtime: -1, ctime: -1 }
      scan.opened.push({ ...common, stat, hash: '', ...setAside([unreadable(error, file).toJSON()]) })
    }
  }
  return scan
}

function fileStat(stats: Stats, now: Instant): FileStat {
  const isYoung = stats.mtimeMs > now - YOUNG
  return {
    size: stats.size,
    mtime: isYoung ? -1 : Math.round(stats.mtimeMs * 1000),
    ctime: Math.round(stats.ctimeMs * 1000),
  }
}

function isSame(stat: FileStat, before: KnownFile): boolean {
  return stat.mtime !== -1 && stat.mtime === before.mtime && stat.size === before.size && stat.ctime === before.ctime
}

function readWhole(file: FoundFile, stat: FileStat): Buffer {
  if (stat.size > LARGEST) {
    const message = `The file has ${Math.round(stat.size / 1024 / 1024)} MB, too many for an article`
    throw new Problem('file-too-large', message, { where: file.place, mend: 'take it out of the folder' })
  }
  return readFileSync(file.absolute)
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
  return { outcome: 'rejected', drafts: [], problems, lookAgain: null }
}

function unreadable(error: unknown, file: FoundFile): Problem {
  if (error instanceof Problem) return error
  if (!isFileError(error)) throw error
  const mend = 'see that the file is there and may be read'
  const message = `Cannot read the file (${error.code})`
  return new Problem('file-unreadable', message, { where: file.place, mend, cause: error })
}

/** True for an error of the file system, such as ENOENT or EACCES. */
export function isFileError(error: unknown): error is Error & { code: string; path?: string } {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string'
}
