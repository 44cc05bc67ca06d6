const OPEN = '<![CDATA['
const CLOSE = ']]>'
const ITEM_END = /<\/(?:[\w-]{1,20}:)?(?:item|entry|channel|feed|rdf)\s*>/i
/** No article holds this, but the feed around it. */
const NEXT_ITEM = /<\/(?:[\w-]{1,20}:)?(item|entry)\s*>\s*<(?:[\w-]{1,20}:)?\1\b/i
const NEXT_FIELD = /<\/[\w:-]{1,40}\s*>\s*<(?!script|style)[a-z][\w:-]{0,40}(?:\s[^<>]{0,200})?>\s*$/i
/** The element in which a section begins. */
const FIELD = /^<([\w:-]{1,40})(?:\s[^<>]*)?>[^<]*$/

/**
 * Ends each CDATA section that was never closed where its element ends, so that it does not swallow the fields and
 * items behind it (XML 1.0, section 2.7).
 */
export function mendCdata(text: string): string {
  const pieces: string[] = []
  let [at, close] = [0, 0]
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
    const start = open + OPEN.length
    if (close < start) close = endOf(text, CLOSE, start)
    const next = endOf(text, OPEN, start)
    const isLost = close === text.length || isBeyond(text, start, Math.min(close, next), next < close)
    const end = isLost ? endOfElement(text, start, Math.min(close, next)) : close + CLOSE.length
    pieces.push(text.slice(at, end), isLost ? CLOSE : '')
    at = end
  }
  return pieces.join('') + text.slice(at)
}

/** Without the marks of a CDATA section that was escaped, or stood within another one: HTML takes it for a comment. */
export function withoutCdata(text: string): string {
  return text.includes(OPEN) ? text.replace(/<!\[CDATA\[|\]\]>/g, '') : text
}

function isBeyond(text: string, start: number, end: number, isOpened: boolean): boolean {
  if (NEXT_ITEM.test(text.slice(start, end))) return true
  return isOpened && NEXT_FIELD.test(text.slice(Math.max(start, end - 300), end))
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found < 0 ? text.length : found
}

/**
 * Where the end tag stands that should have come behind the section: that of the element in which it begins, else the
 * last one before its item ends.
 */
function endOfElement(text: string, start: number, limit: number): number {
  const part = text.slice(start, limit)
  const beyond = ITEM_END.exec(part)?.index ?? part.length
  const before = text.slice(Math.max(0, start - 700), start - OPEN.length)
  const name = FIELD.exec(before.slice(before.lastIndexOf('<')))?.[1]
  const own = name === undefined ? -1 : part.slice(0, beyond).search(new RegExp(`</${name}\\s*>`, 'i'))
  const end = own < 0 ? part.lastIndexOf('</', beyond - 1) : own
  return start + (end < 0 ? beyond : end)
}
