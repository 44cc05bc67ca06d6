/** Code points that terminals draw two columns wide (East Asian Width W and F, and emoji), in coarse ranges. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f000, 0x1faff],
  [0x20000, 0x3fffd],
]

/** Columns that a text takes, roughly: two for a Chinese character, one for any other. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += columnsOfGrapheme(character)
  return columns
}

/** Columns of one grapheme: those of its first code point. */
export function columnsOfGrapheme(grapheme: string): 1 | 2 {
  const codePoint = grapheme.codePointAt(0) ?? 0
  return codePoint >= 0x1100 && WIDE.some(([from, to]) => codePoint >= from && codePoint <= to) ? 2 : 1
}
