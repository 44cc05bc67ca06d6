import type { WrittenDate } from '../entry.ts'
import { snippetsOfBlocks } from './listing-block.ts'
import { undated } from './listing-dated.ts'
import { snippetsOfLines } from './listing-lines.ts'
import { unnumbered } from './listing-mark.ts'
import { readRows } from './listing-row.ts'
import { shapeOf } from './listing-shape.ts'
import type { Snippet } from './listing-snippet.ts'
import { openingTitle } from './listing-title.ts'

/** One snippet of a saved "latest updates" page. */
export interface ListingEntry {
  /** Its line in the file, from 1. */
  line: number
  /** The snippet: one line, NFC, without control characters, number and date. */
  text: string
  title: string
  /** True when the title is made from the opening words. */
  titleGuessed: boolean
  category: string | null
  /** Day as written; a time beside it is left out, as its zone is unknown. */
  date: WrittenDate | null
}

/** What a saved listing holds. */
export interface Listing {
  entries: ListingEntry[]
  /** The line, from 1, from which on nothing was read, as it is too much; null when all was read. */
  restFrom: number | null
}

/** A file with more is no page. */
export const MOST_SNIPPETS = 10_000
export const MOST_LINES = 50_000

/**
 * The snippets of a saved listing, in file order: a page as plain text, with one snippet a line, or with snippets of
 * several lines between blank lines, dates, numbers or bullets, perhaps with titles. Banner, headings, menus and page
 * numbers belong to nothing.
 */
export function parseListing(text: string, siteTitle: string): Listing {
  const rows = readRows(text, siteTitle, MOST_LINES + 1)
  const [rest] = rows.splice(MOST_LINES)
  const shape = shapeOf(rows)
  const snippets = shape === null ? snippetsOfLines(rows) : snippetsOfBlocks(shape)
  const plain = undated(unnumbered(snippets))
  const entries = plain.slice(0, MOST_SNIPPETS).map(entryOf)
  return { entries, restFrom: plain[MOST_SNIPPETS]?.line ?? rest?.line ?? null }
}

function entryOf({ line, title, text, category, date }: Snippet): ListingEntry {
  return { line, text, title: title ?? openingTitle(text), titleGuessed: title === null, category, date }
}
