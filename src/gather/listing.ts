import type { WrittenDate } from '../entry.ts'
import { foldText } from '../markdown/text.ts'
import { readDateLine } from './listing-date.ts'
import type { DateLine } from './listing-date.ts'
import { isFurniture, isInCapitals, isLabel, isMuchLonger } from './listing-line.ts'
import { openingTitle } from './listing-title.ts'

/** One snippet of a saved "latest updates" page. */
export interface ListingEntry {
  /** Its line in the file, from 1. */
  line: number
  /** The snippet: one line, NFC, without control characters. */
  text: string
  /** Made from the opening words. */
  title: string
  category: string | null
  /** Day as written; a time beside it is left out, as its zone is unknown. */
  date: WrittenDate | null
}

type Line = { kind: 'blank' } | { kind: 'furniture' } | ({ kind: 'date' } & DateLine) | { kind: 'text'; text: string }

/**
 * The snippets of a saved listing, in file order: a page as plain text with one snippet a line. A category line and
 * a date line belong to the snippet below them; banner, headings and page numbers belong to nothing.
 */
export function parseListing(text: string, siteTitle: string): ListingEntry[] {
  const banner = foldText(siteTitle)
  const lines = text.split(/\r\n|\r|\n/).map((line) => readLine(foldText(line), banner))
  const entries: ListingEntry[] = []
  let category: string | null = null
  let date: WrittenDate | null = null
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'date') {
      category = line.label ?? category
      date = line.date ?? date
    }
    if (line.kind !== 'text') continue
    if (isCategory(line.text, lines[index - 1], lines[index + 1])) {
      category = line.text
    } else if (!isInCapitals(line.text)) {
      entries.push({ line: index + 1, text: line.text, title: openingTitle(line.text), category, date })
      category = null
      date = null
    }
  }
  return entries
}

function readLine(text: string, banner: string): Line {
  if (text === '') return { kind: 'blank' }
  const dated = readDateLine(text)
  if (dated !== null) return { kind: 'date', ...dated }
  return text === banner || isFurniture(text) ? { kind: 'furniture' } : { kind: 'text', text }
}

/** True for a label right above a date, or above the snippet that it and perhaps a date before it describe. */
function isCategory(text: string, above: Line | undefined, below: Line | undefined): boolean {
  if (!isLabel(text)) return false
  const dateAbove = above?.kind === 'date'
  if (below?.kind === 'date') return !dateAbove && below.label === null
  return below?.kind === 'text' && isMuchLonger(below.text, text) && (dateAbove || !isInCapitals(text))
}
