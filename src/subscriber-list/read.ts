import { Problem } from '../problem.ts'
import { type Columns, recogniseColumns } from './columns.ts'
import { type ListAbout, type ReaderRead, readReader } from './reader.ts'
import { type ListRecord, RecordSplitter } from './records.ts'
import { readText } from './text.ts'
import type { Standing } from './tools.ts'

/** One record of a list, read. `unconfirmed`: its reader never agreed to be mailed. */
export type ListRow = ({ kind: 'reader' } & ReaderRead) | { kind: 'unconfirmed' } | BadRow

/** A record that cannot be read, and why. */
export interface BadRow {
  kind: 'bad'
  problem: Problem
  cells: readonly string[]
}

/** A list whose columns are known. */
export interface OpenList {
  columns: Columns
  /** Names of the columns; empty when the list has none. */
  header: readonly string[]
  /** Records in their order, some at a time; empty lines are left out. */
  rows: AsyncIterable<readonly ListRow[]>
}

/** How a list is called, and what reading it depends on. */
export type ListOrigin = Omit<ListAbout, 'columns'> & {
  /** How messages name the list. */
  place: string
  /** What the owner says of every reader; null when they say nothing. The list may say something stricter of some. */
  given: Standing | null
}

/**
 * Begins to read a list of readers: CSV of any tool that is known, or an address on each line. Only a part of it is in
 * memory at a time.
 * @throws {Problem} `argument-archive`, `argument-columns`, `argument-list`
 */
export async function openList(bytes: AsyncIterable<Uint8Array>, origin: ListOrigin): Promise<OpenList> {
  const { place } = origin
  const batches = readRecords(bytes, place)
  let start: ListRecord[] = []
  let isOver = false
  while (start.length < 2 && !isOver) {
    const next = await batches.next()
    isOver = next.done === true
    start = next.done === true ? start : [...start, ...next.value]
  }
  const [first, second] = start
  if (first === undefined || first.cells === null) {
    const message = first === undefined ? 'The list is empty' : 'The first line is no line of CSV'
    throw new Problem('argument-list', message, { where: place, mend: 'give CSV, or an address on each line' })
  }
  const { columns, hasNames } = recogniseColumns(first.cells, second?.cells ?? null, origin)
  const about: ListAbout = { ...origin, columns }
  const read = (records: readonly ListRecord[]): ListRow[] => records.map((record) => readRow(record, about, place))
  async function* rows(): AsyncGenerator<readonly ListRow[]> {
    yield read(hasNames ? start.slice(1) : start)
    for await (const records of batches) yield read(records)
  }
  return { columns, header: hasNames ? first.cells : [], rows: rows() }
}

async function* readRecords(bytes: AsyncIterable<Uint8Array>, place: string): AsyncGenerator<ListRecord[]> {
  const splitter = new RecordSplitter()
  for await (const text of readText(bytes, place)) yield splitter.push(text).filter(isFilled)
  yield splitter.end().filter(isFilled)
}

/** Spreadsheets write empty lines as delimiters alone. */
function isFilled({ cells }: ListRecord): boolean {
  return cells === null || cells.some((cell) => cell.trim() !== '')
}

function readRow({ line, cells, text }: ListRecord, about: ListAbout, place: string): ListRow {
  const where = `${place}:${line}`
  if (cells === null) {
    const mend = 'close each quote, and double those within quotes'
    const problem = new Problem('list-quotes', 'Its quotes do not fit together', { where, mend })
    return { kind: 'bad', problem, cells: [text] }
  }
  try {
    const read = readReader(cells, about)
    return read === null ? { kind: 'unconfirmed' } : { kind: 'reader', ...read }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const problem = new Problem(error.code, error.message, { where, mend: error.mend })
    return { kind: 'bad', problem, cells }
  }
}
