/** Forbidden by XML 1.0 (section 2.2, Char), with DEL and the C1 controls, which it discourages. */
const UNPRINTABLE = /(?![\t\n\r])[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu
const BIDI_CONTROL = /[\u202A-\u202E\u2066-\u2069]/g
const BYTE_ORDER_MARK = /\uFEFF/g
/** A form feed, vertical tab or NEL stands between two words, so it must not vanish with the other controls. */
const LINE_CONTROL = /[\v\f\u0085]/g
/** The stream-safe text format (UAX #15) allows 30 marks on a letter; normalising takes the square of their number. */
const TOO_MANY_MARKS = /(?<=\p{M}{30})\p{M}/gu

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
  return cleanText(text.replace(LINE_CONTROL, ' '))
    .replace(BIDI_CONTROL, '')
    .replace(BYTE_ORDER_MARK, '')
    .replace(TOO_MANY_MARKS, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Plain text as XML or HTML character data, also within a double-quoted attribute. */
export function escapeMarkup(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
