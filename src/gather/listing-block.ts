import type { WrittenDate } from '../entry.ts'
import { isInCapitals, isLabel } from './listing-line.ts'
import type { Row } from './listing-row.ts'
import { type Shape, isNamed, isTitle } from './listing-shape.ts'
import type { Snippet } from './listing-snippet.ts'
import { isEnded, isFull, isSpaced, joinLines } from './listing-wrap.ts'

/** What a block says beside its text; a block of nothing else describes the one below it. */
interface Notes {
  category: string | null
  date: WrittenDate | null
}

/** The snippets of a page in which each takes several lines. */
export function snippetsOfBlocks(shape: Shape): Snippet[] {
  const snippets: Snippet[] = []
  const spaced = isSpaced(shape.blocks.flat().map(({ text }) => text))
  let notes: Notes = { category: null, date: null }
  for (const block of shape.blocks) {
    const lines = textLines(block, shape)
    const own = new Set(lines)
    notes = notesOf(
      block.filter((row) => !own.has(row)),
      notes,
    )
    const snippet = snippetOf(lines, shape, notes, spaced)
    if (snippet === null) continue
    snippets.push(snippet)
    notes = { category: null, date: null }
  }
  return snippets
}

function notesOf(block: readonly Row[], above: Notes): Notes {
  let { category, date } = above
  for (const row of block) {
    if (row.kind !== 'date') continue
    category = row.label ?? category
    date = row.date ?? date
  }
  return { category, date }
}

/** The lines of the text, without a heading in capitals above them. */
function textLines(block: readonly Row[], { head, isLoud, width }: Shape): Row[] {
  const lines = width === null ? block.filter(({ kind }) => kind === 'text') : wrappedLines(block, width, head)
  const [first] = lines
  return first !== undefined && !isLoud && isInCapitals(first.text) ? lines.slice(1) : lines
}

/** Where a wrapped sentence breaks off at the edge, the next line is its end, even if it looks like a date or a number. */
function wrappedLines(block: readonly Row[], width: number, head: Shape['head']): Row[] {
  const lines: Row[] = []
  for (const row of block) {
    const above = lines.at(-1)
    const isNext = above !== undefined && above.line + 1 === row.line && (head === 'text' || lines.length > 1)
    const goesOn = isNext && mayGoOn(row) && !isEnded(above.text) && isFull(above.text, row.text, width)
    if (row.kind === 'text' || goesOn) lines.push(row)
  }
  return lines
}

function mayGoOn(row: Row): boolean {
  return row.kind === 'date' || (row.kind === 'furniture' && /^[\p{Ll}\p{N}(]|[.。]$/u.test(row.text))
}

function snippetOf(rows: readonly Row[], { head }: Shape, notes: Notes, spaced: boolean): Snippet | null {
  const [row] = rows
  if (row === undefined) return null
  const lines = rows.map(({ text }) => text)
  const title = head === 'title' && isTitle(lines) ? lines.shift() : undefined
  const hasName = title === undefined ? head === 'category' && lines.length > 1 && isLabel(row.text) : isNamed(lines)
  const category = (hasName ? lines.shift() : undefined) ?? notes.category
  return {
    ...notes,
    line: row.line,
    title: title === undefined ? null : withoutHashes(title),
    text: joinLines(lines, spaced),
    category,
  }
}

/** A title without the signs of a heading in Markdown. */
function withoutHashes(title: string): string {
  return title.replace(/^#{1,6} /, '').replace(/ #+$/, '')
}
