/** A text as eight-level punched paper tape: one column of holes a byte of its UTF-8. */
export interface Tape {
  columns: number
  /** An SVG path of zero-length strokes, one a hole, to be drawn with round caps; a column or a track is one unit. */
  holes: string
}

const LONGEST = 96
/** From the edge: tracks 8 to 4, the row of feed holes, tracks 3 to 1. The key is the bit, the value the row. */
const ROW_OF_BIT = [8, 7, 6, 4, 3, 2, 1, 0]

/** Punches a text; a very long one is torn off. */
export function punch(text: string): Tape {
  const bytes = [...new TextEncoder().encode(text)].slice(0, LONGEST)
  const holes = bytes.flatMap((byte, column) =>
    ROW_OF_BIT.flatMap((row, bit) => ((byte >> bit) & 1 ? [`M${String(column)} ${String(row)}h0`] : [])),
  )
  return { columns: bytes.length, holes: holes.join('') }
}
