import { oneLine } from '../problem.ts'
import type { Need } from './needs.ts'
import type { Table } from './tables.ts'

/** The first line: whether all is well. */
export function verdictText(needs: readonly Need[]): string {
  if (needs.length === 0) return 'All is well.'
  return needs.length === 1 ? 'One thing needs you:' : `${needs.length} things need you:`
}

/** What a person reads on a terminal. */
export function statusLines(needs: readonly Need[], tables: readonly Table[]): string[] {
  const told = needs.flatMap(({ message, mend }) => [`- ${message}`, `  ${mend}`])
  return [verdictText(needs), ...told, ...tables.flatMap(tableLines)].map(oneLine)
}

function tableLines({ title, head, rows, empty }: Table): string[] {
  if (rows.length === 0) return ['', title, `  ${empty}`]
  const all = (head.length === 0 ? rows : [head, ...rows]).map((row) => row.map(oneLine))
  const columns = all[0]?.map((_, column) => columnOf(rows, all, column)) ?? []
  return ['', title, ...all.map((row) => `  ${row.map((cell, at) => padded(cell, columns[at])).join('  ')}`.trimEnd())]
}

interface Column {
  width: number
  isNumber: boolean
}

function columnOf(rows: Table['rows'], all: readonly (readonly string[])[], at: number): Column {
  const cells = all.map((row) => widthOf(row[at] ?? ''))
  return { width: Math.max(...cells), isNumber: isNumberColumn(rows, at) }
}

/** True when every cell of a column that is not empty holds a number; these stand to the right. */
export function isNumberColumn(rows: Table['rows'], at: number): boolean {
  const cells = rows.map((row) => row[at] ?? '').filter((cell) => cell !== '')
  return cells.length > 0 && cells.every((cell) => /^\d+$/.test(cell))
}

function padded(cell: string, column: Column | undefined): string {
  const space = ' '.repeat(Math.max(0, (column?.width ?? 0) - widthOf(cell)))
  return column?.isNumber === true ? space + cell : cell + space
}

/** Two columns of a terminal for each of these (UAX #11), none for a mark. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u
const MARK = /\p{M}|\p{Cf}/u

/** Columns that a text takes on a terminal. */
function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += WIDE.test(character) ? 2 : MARK.test(character) ? 0 : 1
  return width
}
