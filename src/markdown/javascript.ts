import type { Source } from './passages.ts'

const CLOSING: Record<string, string> = { '{': '}', '(': ')', '[': ']' }

/**
 * The end of JavaScript that begins with a bracket at `at`, behind the bracket that closes it; strings, templates and
 * comments may hold any brackets. Null when nothing closes it.
 */
export function balancedEnd(source: Source, at: number): number | null {
  if (source.isTired) return null
  const { text } = source
  const open: string[] = []
  for (let here = at; here < text.length;) {
    const char = text.charAt(here)
    const closing = CLOSING[char]
    if (closing !== undefined) open.push(closing)
    else if (char === '}' || char === ')' || char === ']') {
      if (open.pop() !== char) return giveUp(source, here - at)
      if (open.length === 0) return here + 1
    }
    here = skipped(source, here)
  }
  return giveUp(source, text.length - at)
}

/** What follows a string, a template or a comment that begins here, else the next character. */
export function skipped(source: Source, at: number): number {
  switch (source.text.charAt(at)) {
    case '"':
    case "'":
      return stringEnd(source.text, at)
    case '`':
      return templateEnd(source.text, at)
    case '/':
      if (source.startsWith('/*', at)) return Math.min(source.text.length, source.find('*/', at + 2) + 2)
      return source.startsWith('//', at) && source.text.charAt(at - 1) !== ':' ? source.lineEnd(at) : at + 1
    default:
      return at + 1
  }
}

/** An apostrophe in the words of an element, as in `don't`, ends with its line. */
function stringEnd(text: string, at: number): number {
  const quote = text.charAt(at)
  for (let here = at + 1; here < text.length; here++) {
    const char = text.charAt(here)
    if (char === quote) return here + 1
    if (char === '\n') return at + 1
    if (char === '\\') here++
  }
  return at + 1
}

function templateEnd(text: string, at: number): number {
  for (let here = at + 1; here < text.length; here++) {
    if (text.charAt(here) === '`') return here + 1
    if (text.charAt(here) === '\\') here++
  }
  return text.length
}

function giveUp(source: Source, looked: number): null {
  source.tire(looked)
  return null
}
