import { leadingDate } from './listing-dated.ts'
import { countedPlaces } from './listing-mark.ts'
import type { Row, TextRow } from './listing-row.ts'

/** A page as blocks of lines. */
export interface Division {
  blocks: Row[][]
  /** True when the lines below the first one of a block are indented. */
  isHanging: boolean
  /** True when only titles show that it is right. */
  needsTitles: boolean
}

/** The ways in which a page may be divided into snippets, the surest first. */
export function* divisions(rows: Row[]): Generator<Division> {
  const texts = rows.filter((row) => row.kind === 'text')
  const heads = texts.map(({ text }) => text)
  for (const places of [countedPlaces(heads), datedPlaces(heads)]) {
    if (places === null || places.length === texts.length) continue
    const starts = new Set(places.map((place) => texts[place]?.line))
    const blocks = withoutTail(divide(rows, (row) => starts.has(row.line)))
    yield { blocks, isHanging: areHanging(blocks, starts), needsTitles: false }
  }
  for (const gap of [2, 1]) yield { blocks: divideAtGaps(rows, gap), isHanging: false, needsTitles: gap > 1 }
}

function datedPlaces(texts: readonly string[]): number[] | null {
  const places = [...texts.keys()].filter((place) => leadingDate(texts[place] ?? '') !== null)
  return places.length > 1 ? places : null
}

function divide(rows: readonly Row[], begins: (row: Row, index: number) => boolean): Row[][] {
  const blocks: Row[][] = [[]]
  for (const [index, row] of rows.entries()) {
    if (begins(row, index)) blocks.push([])
    blocks.at(-1)?.push(row)
  }
  return blocks
}

/** Divides at each row of so many blank lines. */
function divideAtGaps(rows: readonly Row[], gap: number): Row[][] {
  let blanks = 0
  return divide(rows, ({ kind }) => {
    const begins = kind !== 'blank' && blanks >= gap
    blanks = kind === 'blank' ? blanks + 1 : 0
    return begins
  })
}

/** What stands behind a blank line in the last block belongs to the page, if no other block has a text there. */
function withoutTail(blocks: Row[][]): Row[][] {
  const last = blocks.at(-1) ?? []
  const goOn = blocks.slice(1, -1).some((block) => divideAtGaps(block, 1).slice(1).some(hasText))
  return goOn ? blocks : [...blocks.slice(0, -1), ...divideAtGaps(last, 1)]
}

/** True for a block in which a line has a text. */
export function hasText(block: readonly Row[]): boolean {
  return block.some(({ kind }) => kind === 'text')
}

function areHanging(blocks: readonly Row[][], starts: ReadonlySet<number | undefined>): boolean {
  const begun = blocks.filter(([first]) => starts.has(first?.line))
  return begun.every((block) => {
    const [first, ...others] = textsOf(block)
    return others.every(({ indent }) => indent > (first?.indent ?? 0))
  })
}

/** The lines of a block that have a text. */
export function textsOf(block: readonly Row[]): TextRow[] {
  return block.filter((row) => row.kind === 'text')
}
