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
  switch (kindOf(text)) {
    case SIMPLE_UNIT:
      return joinLines(text)
    case SPACE_UNIT:
      return joinLines(text.replace(OTHER_SPACE, ' '))
    default:
      return composedText(text).replace(FOLDED, ' ').trim()
  }
}

/** Simple characters and the line feed. */
const SIMPLE_UNIT = 1
/** Any other white space. A vertical tab, form feed or byte order mark is no space to every program. */
const SPACE_UNIT = 2
let units: Uint8Array | null = null

/** What a text is made of at most; 0 when it holds anything else. */
function kindOf(text: string): number {
  const kinds = (units ??= unitKinds())
  let most = SIMPLE_UNIT
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[text.charCodeAt(at)] ?? 0
    if (kind === 0) return 0
    if (kind > most) most = kind
  }
  return most
}

/** By code unit; a regular expression takes five times as long for so many ranges. */
function unitKinds(): Uint8Array {
  const kinds = new Uint8Array(0x10000)
  for (const [, first = '', last = first] of `\n${SIMPLE}`.matchAll(/(.)(?:-(.))?/gs)) {
    kinds.fill(SIMPLE_UNIT, first.charCodeAt(0), last.charCodeAt(0) + 1)
  }
  for (const space of '\t\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000') {
    kinds[space.charCodeAt(0)] = SPACE_UNIT
  }
  return kinds
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
