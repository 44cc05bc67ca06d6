import type { WrittenDate } from '../entry.ts'
import { isInCapitals, isLabel, isMuchLonger } from './listing-line.ts'
import type { Row } from './listing-row.ts'
import type { Snippet } from './listing-snippet.ts'

/** The snippets of a page in which each takes one line; a category and a date belong to the snippet below them. */
export function snippetsOfLines(rows: readonly Row[]): Snippet[] {
  if (areDatesBelow(rows)) return snippetsAbove(rows)
  const snippets: Snippet[] = []
  let category: string | null = null
  let date: WrittenDate | null = null
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'date') {
      category = row.label ?? category
      date = row.date ?? date
    }
    if (row.kind !== 'text') continue
    if (isCategory(row.text, rows[index - 1], rows[index + 1])) {
      category = row.text
    } else if (!isInCapitals(row.text)) {
      snippets.push({ line: row.line, title: null, text: row.text, category, date })
      category = null
      date = null
    }
  }
  return snippets
}

/** True for a label right above a date, or above the snippet that it and perhaps a date before it describe. */
function isCategory(text: string, above: Row | undefined, below: Row | undefined): boolean {
  if (!isLabel(text)) return false
  const dateAbove = above?.kind === 'date'
  if (below?.kind === 'date') return !dateAbove && below.label === null
  return below?.kind === 'text' && isMuchLonger(below.text, text) && (dateAbove || !isInCapitals(text))
}

/** True when each of several dates stands right below a snippet, the last at the end of the page. */
function areDatesBelow(rows: readonly Row[]): boolean {
  const dates = [...rows.keys()].filter((index) => rows[index]?.kind === 'date')
  const content = rows.filter(({ kind }) => kind === 'text' || kind === 'date')
  if (dates.length < 2 || content[0]?.kind !== 'text' || content.at(-1)?.kind !== 'date') return false
  return dates.every((index) => isSnippet(rows[index - 1]))
}

function isSnippet(row: Row | undefined): boolean {
  return row?.kind === 'text' && !isLabel(row.text)
}

function snippetsAbove(rows: readonly Row[]): Snippet[] {
  const snippets: Snippet[] = []
  for (const row of rows) {
    const last = snippets.at(-1)
    if (row.kind === 'text' && !isInCapitals(row.text)) {
      snippets.push({ line: row.line, title: null, text: row.text, category: null, date: null })
    } else if (row.kind === 'date' && last !== undefined) {
      last.category = row.label
      last.date = row.date
    }
  }
  return snippets
}
