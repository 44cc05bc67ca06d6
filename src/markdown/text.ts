/** Forbidden by XML 1.0 (section 2.2, Char), with DEL and the C1 controls, which it discourages. */
const UNPRINTABLE = /(?![\t\n\r])[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu
const BIDI_CONTROL = /[\u202A-\u202E\u2066-\u2069]/g
const BYTE_ORDER_MARK = /\uFEFF/g
/** A form feed, vertical tab or NEL stands between two words, so it must not vanish with the other controls. */
const LINE_CONTROL = /[\v\f\u0085]/g
/** The stream-safe text format (UAX #15) allows 30 marks on a letter; normalising takes the square of their number. */
const TOO_MANY_MARKS = /(\p{M}{30})\p{M}+/gu
/**
 * A class of characters that stand for themselves: printable, composed, and a grapheme each beside others of their kind
 * (UAX #29: none of them extends, precedes or joins). ASCII, Latin, Greek and Cyrillic letters, punctuation, arrows, math
 * operators, kana, Han, Hangul syllables, full-width forms.
 */
export const SIMPLE = ' -~·À-ſΑ-ώЀ-ҁ‐-‧←-⋿、-〩ぁ-ゖァ-ヺー㐀-䶿一-鿿가-힣！-｠'
/** Characters that folding leaves as they are, whatever stands beside them; but some join to one grapheme. */
const STEADY = '\n¡-¿ƀ-ƿǍ-ʯḀ-ỿ\u200b-\u200f⁰-⁾₠-₿⅐-↏⌀-⌨⌫-⫛⬀-⯿ㄅ-ㄯ㈀-㋿\ue000-\uf8ff'
const BESIDES_ASCII = /[^\t\n -~]/
const SPACES = / {2,}/g
const OTHER_SPACE = /[^\S\n ]/g
/** White space that is not one plain space already. */
const FOLDED = /\s{2,}|[^\S ]/g

/**
 * Removes what no XML document may hold: C0 controls but tab, line feed and carriage return, DEL and C1 controls,
 * U+FFFE, U+FFFF and surrogates without their other half.
 */
export function cleanText(text: string): string {
  return text.replace(UNPRINTABLE, '')
}

/**
 * One line of plain text for a title, a name or a snippet: cleaned, without bidi overrides, NFC, every run of white
 * space one space, trimmed.
 */
export function foldText(text: string): string {
  if (!BESIDES_ASCII.test(text)) return joinLines(text.includes('\t') ? text.replaceAll('\t', ' ') : text)
  switch (contentsOf(text)) {
    case 'steady':
      return joinLines(text)
    case 'spaced':
      return joinLines(text.replace(OTHER_SPACE, ' '))
    case 'other':
      return composedText(text).replace(FOLDED, ' ').trim()
  }
}

/** How many simple characters stand at a place, at most `most`. */
export function simpleRun(text: string, from: number, most: number): number {
  const kinds = (units ??= unitKinds())
  const end = Math.min(text.length, from + most)
  let at = from
  while (at < end && kinds[text.charCodeAt(at)] === SIMPLE_UNIT) at++
  return at - from
}

const SIMPLE_UNIT = 1
const STEADY_UNIT = 2
/** White space besides space and line feed. */
const SPACE_UNIT = 3
/** The first half of a character among the emoji, which are all steady. */
const EMOJI_UNIT = 4
/** U+FE0F behind an emoji; many of them in a row are too many marks. */
const SELECTOR_UNIT = 5
let units: Uint8Array | null = null

/** By code unit; a regular expression takes five times as long for so many ranges. */
function unitKinds(): Uint8Array {
  const kinds = new Uint8Array(0x10000)
  const fill = (kind: number, ranges: string): void => {
    for (const [, first = '', last = first] of ranges.matchAll(/([^])(?:-([^]))?/g)) {
      kinds.fill(kind, first.charCodeAt(0), last.charCodeAt(0) + 1)
    }
  }
  fill(STEADY_UNIT, STEADY)
  fill(SIMPLE_UNIT, SIMPLE)
  fill(SPACE_UNIT, '\t\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000')
  fill(EMOJI_UNIT, '\ud83c-\ud83e')
  fill(SELECTOR_UNIT, '\ufe0f')
  return kinds
}

/** Whether folding does no more to a text than to its white space, and whether that is spaces and line feeds alone. */
function contentsOf(text: string): 'steady' | 'spaced' | 'other' {
  const kinds = (units ??= unitKinds())
  let isSpaced = false
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[text.charCodeAt(at)] ?? 0
    if (kind === SIMPLE_UNIT || kind === STEADY_UNIT) continue
    if (kind === SPACE_UNIT) isSpaced = true
    else if (kind === EMOJI_UNIT && isSecondHalf(text.charCodeAt(at + 1))) at++
    else if (kind !== SELECTOR_UNIT || kinds[text.charCodeAt(at + 1)] === SELECTOR_UNIT) return 'other'
  }
  return isSpaced ? 'spaced' : 'steady'
}

function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** Folds text whose only white space is spaces and line feeds. */
function joinLines(text: string): string {
  return (text.includes('\n') ? trimmedLines(text).join(' ') : text.trim()).replace(SPACES, ' ')
}

function trimmedLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '')
}

function composedText(text: string): string {
  return cleanText(text.replace(LINE_CONTROL, ' '))
    .replace(BIDI_CONTROL, '')
    .replace(BYTE_ORDER_MARK, '')
    .replace(TOO_MANY_MARKS, '$1')
    .normalize('NFC')
}

/** Plain text as XML or HTML character data, also within a double-quoted attribute. */
export function escapeMarkup(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
