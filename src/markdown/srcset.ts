/** More of them, or a longer list, is none that a person wrote. */
const LONGEST = 10_000
const BLANK = /[\s,]*/y
const WORD = /\S*/y
const DESCRIPTOR = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[xwh]$/i

/**
 * The candidates of a `srcset` with their addresses made anew; null when none is left.
 * HTML Living Standard, "Parsing a srcset attribute": a candidate is an address, which may hold commas but not end in
 * one, and descriptors up to the next comma.
 * @param address gives the new address, or null to leave a candidate out
 */
export function srcsetWith(value: string, address: (url: string) => string | null): string | null {
  if (value.length > LONGEST) return null
  const kept: string[] = []
  let at = 0
  while (at < value.length) {
    at = endOf(BLANK, value, at)
    const start = at
    at = endOf(WORD, value, at)
    const written = value.slice(start, at)
    const url = written.replace(/,+$/, '')
    const end = url === written ? endOfDescriptors(value, at) : at
    const words = value
      .slice(at, end)
      .split(/[\s,]+/)
      .filter((word) => DESCRIPTOR.test(word))
    at = end
    const absolute = url === '' ? null : address(url)
    // A comma or white space in an address would part it in two.
    if (absolute !== null) kept.push([absolute.replace(/^,|,$/g, '%2C').replace(/\s/g, '%20'), ...words].join(' '))
  }
  return kept.length === 0 ? null : kept.join(', ')
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(text)?.[0].length ?? 0)
}

/** Commas within brackets part nothing. */
function endOfDescriptors(value: string, from: number): number {
  let depth = 0
  for (let at = from; at < value.length; at++) {
    if (value[at] === '(') depth += 1
    else if (value[at] === ')') depth = Math.max(0, depth - 1)
    else if (value[at] === ',' && depth === 0) return at
  }
  return value.length
}
