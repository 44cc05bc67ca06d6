import type { WrittenDate } from '../entry.ts'
import { foldText } from '../markdown/text.ts'
import { type DateLine, readDateLine } from './listing-date.ts'
import { leadingDate, trailingDate } from './listing-dated.ts'
import { isFurniture } from './listing-furniture.ts'
import { areCategories } from './listing-line.ts'

interface Place {
  /** Number of the line in the file, from 1. */
  line: number
  /** White space before it, in UTF-16 units. */
  indent: number
  /** Folded. */
  text: string
}

/** A line with a text. */
export type TextRow = Place & { kind: 'text' }

/** A line of a saved listing, and what it is by itself. */
export type Row = TextRow | (Place & ({ kind: 'blank' | 'furniture' } | ({ kind: 'date' } & DateLine)))

const LINE_END = /\r\n|[\r\n\f]/
/** What sets a date off from a category. */
const SIGN = /[|·•\uFF5C—–,:\uFF1A]| - /u
/** White space, and what takes no room either. */
const NOTHING = /^[\s\u00AD\u200B-\u200F\u2060\uFEFF]*$/

/** The lines of a saved listing, at most so many. */
export function readRows(text: string, siteTitle: string, most: number): Row[] {
  const banner = foldText(siteTitle).toLowerCase()
  const rows = text.split(LINE_END, most).map((raw, index) => readRow(raw, index + 1, banner))
  return rows.some(isLabelled) ? withTitles(rows) : rows
}

function readRow(raw: string, line: number, banner: string): Row {
  const text = foldText(raw)
  const place = { line, indent: raw.length - raw.trimStart().length, text }
  if (NOTHING.test(text)) return { ...place, kind: 'blank' }
  const dated = readDateLine(text)
  if (dated !== null) return { ...place, kind: 'date', ...dated }
  const isBanner = text.length === banner.length && text.toLowerCase() === banner
  return { ...place, kind: isBanner || isFurniture(text) ? 'furniture' : 'text' }
}

/** A date with a few words beside it, which may be a category or the title of an article. */
type LabelRow = Place & { kind: 'date'; date: WrittenDate; label: string }

/** True for a date with words beside it. */
export function isLabelled(row: Row): row is LabelRow {
  return row.kind === 'date' && row.date !== null && row.label !== null
}

/** A page of which the dated lines are titles: each is a text. */
function withTitles(rows: readonly Row[]): Row[] {
  if (!areTitles(rows) && !areAboveTexts(rows)) return [...rows]
  return rows.map((row) => (isLabelled(row) ? textRow(row) : row))
}

/** A line as a text, whatever it looks like. */
export function textRow({ line, indent, text }: Row): TextRow {
  return { kind: 'text', line, indent, text }
}

/** True for a page of dated titles alone: hardly a date with words stands above a text that it could describe. */
function areTitles(rows: readonly Row[]): boolean {
  const content = rows.filter(({ kind }) => kind === 'text' || kind === 'date')
  const labelled = content.filter(isLabelled)
  const lonely = content.filter((row, index) => isLabelled(row) && !isUndatedText(content[index + 1]))
  const hasText = content.some(({ kind }) => kind === 'text')
  return lonely.length * 2 > labelled.length && (labelled.length > 1 || !hasText)
}

function isUndatedText(row: Row | undefined): boolean {
  return row?.kind === 'text' && leadingDate(row.text) === null && trailingDate(row.text) === null
}

/** True when the dates with words begin blocks, have no sign between them and the words, and these are no categories. */
function areAboveTexts(rows: readonly Row[]): boolean {
  const places = [...rows.keys()].filter((index) => rows[index]?.kind === 'date')
  const labelled = rows.filter(isLabelled)
  const begin = places.every((index) => beginsBlock(rows[index - 1]) && rows[index + 1]?.kind === 'text')
  if (!begin || labelled.length < 2 || labelled.length < places.length) return false
  return !labelled.some(({ text }) => SIGN.test(text)) && !areCategories(labelled.map(({ label }) => label))
}

function beginsBlock(above: Row | undefined): boolean {
  return above === undefined || above.kind === 'blank' || above.kind === 'furniture'
}
