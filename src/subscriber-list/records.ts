/** One record of a list, in cells. */
export interface ListRecord {
  /** Where it begins; the first line is 1. */
  line: number
  /** Null: its quotes do not fit, or it has no end. */
  cells: string[] | null
  /** The line as it stands when its cells cannot be read; else empty. */
  text: string
}

/** What a record with line breaks in quotes may take, in UTF-16 units; beyond, a quote was left open. */
const LONGEST = 64 * 1024

const DELIMITERS = [',', ';', '\t']

/**
 * Splits the text of a list into records (RFC 4180), part by part. The first line tells the delimiter. A quote that is
 * left open, or closed too early, costs its own line alone.
 */
export class RecordSplitter {
  #delimiter: string | null = null
  #rest = ''
  #line = 1
  /** True within a line that is too long to be held. */
  #isSkipping = false

  /** The records that end in this part of the text. */
  push(text: string): ListRecord[] {
    return this.#split(this.#rest + text, false)
  }

  /** The records that the end of the text ends. */
  end(): ListRecord[] {
    if (this.#rest === '') return []
    return this.#split(this.#rest.endsWith('\n') ? this.#rest : `${this.#rest}\n`, true)
  }

  #split(text: string, isLast: boolean): ListRecord[] {
    const records: ListRecord[] = []
    let at = this.#skip(text)
    for (;;) {
      const end = text.indexOf('\n', at)
      if (end === -1) break
      this.#delimiter ??= delimiterOf(text.slice(at, end))
      const read = readRecord(text, at, end, this.#delimiter)
      if (read === 'open' && !isLast && text.length - at <= LONGEST) break
      const isRead = typeof read !== 'string'
      records.push({ line: this.#line, cells: isRead ? read.cells : null, text: isRead ? '' : text.slice(at, end) })
      this.#line += isRead ? read.lines : 1
      at = isRead ? read.end : end + 1
    }
    this.#rest = text.slice(at)
    if (this.#rest.length > LONGEST && !this.#rest.includes('\n')) {
      records.push({ line: this.#line, cells: null, text: this.#rest.slice(0, 200) })
      this.#isSkipping = true
      this.#rest = ''
    }
    return records
  }

  #skip(text: string): number {
    if (!this.#isSkipping) return 0
    const end = text.indexOf('\n')
    if (end === -1) return text.length
    this.#isSkipping = false
    this.#line += 1
    return end + 1
  }
}

interface ReadRecord {
  cells: string[]
  /** Where the next one begins. */
  end: number
  lines: number
}

/** @param lineEnd where the first line of the record ends */
function readRecord(text: string, start: number, lineEnd: number, delimiter: string): ReadRecord | 'open' | 'broken' {
  const line = text.slice(start, lineEnd)
  if (!line.includes('"')) return { cells: withoutReturn(line).split(delimiter), end: lineEnd + 1, lines: 1 }
  const cells: string[] = []
  let lines = 1
  for (let at = start; ; at += 1) {
    const isQuoted = text[at] === '"'
    const cell = isQuoted ? quotedCell(text, at) : plainCell(text, at, delimiter)
    if (cell === null) return 'open'
    at = cell.end
    if (text[at] === '\r' && (at === text.length - 1 || text[at + 1] === '\n')) at += 1
    cells.push(isQuoted ? cell.value : withoutReturn(cell.value))
    if (isQuoted) lines += cell.value.split('\n').length - 1
    if (text[at] === '\n') return { cells, end: at + 1, lines }
    if (at >= text.length) return 'open'
    if (text[at] !== delimiter) return 'broken'
  }
}

interface Cell {
  value: string
  /** Where what follows it stands. */
  end: number
}

function quotedCell(text: string, start: number): Cell | null {
  let value = ''
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from)
    // What follows the last character is not known yet.
    if (quote === -1 || quote === text.length - 1) return null
    value += text.slice(from, quote)
    if (text[quote + 1] !== '"') return { value, end: quote + 1 }
    value += '"'
    from = quote + 2
  }
}

function plainCell(text: string, start: number, delimiter: string): Cell | null {
  let end = start
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end += 1
  return end === text.length ? null : { value: text.slice(start, end), end }
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

/** The delimiter that the first line has most of, outside quotes. */
function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '')
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}
