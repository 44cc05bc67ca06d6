import { columnsOf } from './columns.ts'
import { divisions, hasText, textsOf } from './listing-division.ts'
import { areCategories, isInCapitals, isLabel, isMuchLonger } from './listing-line.ts'
import { type Row, isLabelled, textRow } from './listing-row.ts'
import { beginsSmall, isEnded, isFull, wrapWidth } from './listing-wrap.ts'

/** How a page whose snippets take several lines is made up. */
export interface Shape {
  /** The lines of one snippet each. */
  blocks: Row[][]
  /** What the first line of a block is. */
  head: 'title' | 'category' | 'text'
  /** True when the titles are in capitals, so that those are no headings. */
  isLoud: boolean
  /** Columns at which texts are wrapped; null when they are not. */
  width: number | null
}

/** Columns of a title at most. */
const LONGEST_TITLE = 100

/**
 * The shape of a page whose snippets take several lines; null for the usual one of a snippet a line. It is decided for
 * the page as a whole, by numbers, bullets or dates that begin snippets, else by its blank lines.
 */
export function shapeOf(rows: Row[]): Shape | null {
  return shapeWithOpenings(rows) ?? shapeOfRows(rows)
}

/**
 * The shape in which a date with a few words, as `2026-01-11 The tide came`, is the first line of a wrapped text: when
 * each such line is as wide as the others.
 */
function shapeWithOpenings(rows: Row[]): Shape | null {
  const openings = new Set(rows.filter((row, index) => isLabelled(row) && rows[index + 1]?.kind === 'text'))
  if (openings.size === 0) return null
  const opened = rows.map((row) => (openings.has(row) ? textRow(row) : row))
  const shape = shapeOfRows(opened)
  if (shape === null || shape.width === null || shape.head !== 'text') return null
  const { width } = shape
  const areFull = rows.every((row, index) => !openings.has(row) || isFull(row.text, rows[index + 1]?.text ?? '', width))
  return areFull ? shape : null
}

function shapeOfRows(rows: Row[]): Shape | null {
  for (const { blocks, isHanging, needsTitles } of divisions(rows)) {
    const shape = shapeOfBlocks(blocks)
    if (shape !== null && (shape.head === 'title' || !needsTitles)) return shape
    if (isHanging) return { blocks, head: 'text', isLoud: false, width: null }
  }
  return null
}

function shapeOfBlocks(blocks: Row[][]): Shape | null {
  const loud = blocks.filter((block) => textsOf(block).length > 1 && isLoudBlock(block)).length
  const isLoud = loud > 1 && loud * 2 > blocks.filter(hasText).length
  const texts = blocks
    .map((block) => textsOf(block).map(({ text }) => text))
    .map((text) => (isLoud ? text : quiet(text)))
  const several = texts.filter((text) => text.length > 1)
  if (several.length === 0) return null
  const head = headOf(blocks, texts)
  const width = wrapWidth(head === 'text' ? texts : texts.map((text) => text.slice(1)))
  const isWhole = width !== null || (head === 'title' && !areSections(several))
  return isWhole ? { blocks, head, isLoud, width } : null
}

/** True when mostly several texts stand below a first line, which then is the heading of them all. */
function areSections(texts: readonly (readonly string[])[]): boolean {
  const bodies = texts.map(([, ...body]) => (isNamed(body) ? body.slice(1) : body))
  return bodies.filter((body) => body.length > 1).length * 2 > bodies.length
}

/** True for a text below the name of its category. */
export function isNamed([first = '', second]: readonly string[]): boolean {
  return second !== undefined && isLabel(first) && isMuchLonger(second, first)
}

function isLoudBlock(block: readonly Row[]): boolean {
  const [first] = textsOf(block)
  return first !== undefined && isInCapitals(first.text)
}

function quiet(text: readonly string[]): readonly string[] {
  const [first = ''] = text
  return text.length > 1 && isInCapitals(first) ? text.slice(1) : text
}

/** What most blocks begin with. */
function headOf(blocks: readonly Row[][], texts: readonly (readonly string[])[]): Shape['head'] {
  const filled = texts.filter((text) => text.length > 0)
  const headed = texts.filter(isHeaded)
  const isAmong = new Set<readonly string[]>(headed)
  const lone = blocks.some((block, index) => isAmong.has(texts[index] ?? []) && hasDateBelow(block))
  if (headed.length * 3 < filled.length * 2 || headed.length === 0 || (headed.length === 1 && !lone)) return 'text'
  if (blocks.some((block, index) => isAmong.has(texts[index] ?? []) && hasCategoryBelow(block))) return 'title'
  return areCategories(headed.map(([first = '']) => first)) ? 'category' : 'title'
}

/** A single block shows by a date between its title and its text that it is one. */
function hasDateBelow(block: readonly Row[]): boolean {
  const at = block.findIndex(({ kind }) => kind === 'text')
  const [first, second, third] = block.slice(at)
  return first?.kind === 'text' && !isLabel(first.text) && second?.kind === 'date' && third?.kind === 'text'
}

/** A line above a date with a category is none itself. */
function hasCategoryBelow(block: readonly Row[]): boolean {
  const below = block[block.findIndex(({ kind }) => kind === 'text') + 1]
  return below?.kind === 'date' && below.label !== null
}

/** True for a title with a much longer text below. */
function isHeaded(text: readonly string[]): boolean {
  const [first = '', ...others] = text
  if (others.length === 0 || !isTitle(text)) return false
  let columns = 0
  let widest = 0
  for (const line of others) {
    const width = columnsOf(line.slice(0, 1000))
    columns += width
    widest = Math.max(widest, width)
  }
  return columns >= Math.max(40, 2 * columnsOf(first)) && !isFull(first, others[0] ?? '', widest)
}

/** True when the first line of a block is no sentence and does not go on in the next one. */
export function isTitle([first = '', next]: readonly string[]): boolean {
  if (next === undefined || first.length > LONGEST_TITLE || columnsOf(first) > LONGEST_TITLE) return false
  const isSentence = isEnded(first) && !/[!?\uFF01\uFF1F]$/u.test(first)
  return !isSentence && !/[,;:\uFF0C\u3001\uFF1B\uFF1A]$/u.test(first) && !beginsSmall(next)
}
