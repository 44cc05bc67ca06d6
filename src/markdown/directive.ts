import type { Passage, Reader, Source } from './passages.ts'

const DIRECTIVE =
  /:[a-zA-Z][\w-]{0,60}(?:\[((?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\]){0,1000})\](?!\())?(\{[^{}\n]{0,500}\})?/y
const ATTRIBUTE = String.raw`(?:[.#][\w:-]+|:?[a-zA-Z][\w:-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+))`
const ATTRIBUTES = new RegExp(String.raw`\{[ \t]*${ATTRIBUTE}(?:[ \t]+${ATTRIBUTE})*[ \t]*\}`, 'y')

/** Whether something that bears attributes or the words of a directive may end here: `)`, `]`, emphasis or code. */
const BEARER = /[)\]*`]/

/** `:badge[words]{attributes}` within a line, of remark-directive and MDC; what stands before it is no word. */
export function readDirective(clean: (words: string) => string): Reader {
  return (source, at): Passage | null => {
    if (!mayPrecede(source.text, at)) return null
    DIRECTIVE.lastIndex = at
    const [whole, words, attributes = ''] = DIRECTIVE.exec(source.text) ?? []
    if (whole === undefined || (words === undefined && !isAttributes(attributes))) return null
    return { end: at + whole.length, text: clean(words ?? '') }
  }
}

function mayPrecede(text: string, at: number): boolean {
  return at === 0 || /[\s(\u0080-\uffff]/.test(text.charAt(at - 1))
}

function isAttributes(text: string): boolean {
  ATTRIBUTES.lastIndex = 0
  return ATTRIBUTES.exec(text)?.[0].length === text.length && text !== ''
}

/** `[words](address){target="_blank"}`, `**words**{.red}`: attributes of markdown-it-attrs and MDC. */
export const readBorneAttributes: Reader = (source, at) => {
  if (at === 0 || !BEARER.test(source.text.charAt(at - 1))) return null
  ATTRIBUTES.lastIndex = at
  const attributes = ATTRIBUTES.exec(source.text)?.[0]
  return attributes === undefined ? null : { end: at + attributes.length, text: '' }
}

/** Whether a text may hold directives within lines, or such attributes. */
export function mayHoldDirectives(text: string): boolean {
  for (const mark of ['[', '{']) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
      if (mayBeDirective(text, at)) return true
  }
  return false
}

/** Whether a bracket or a brace may belong to one of these, as a text is looked at quickly. */
export function mayBeDirective(text: string, at: number): boolean {
  let from = at - 1
  while (from >= 0 && at - from < 64 && isOfName(text.charCodeAt(from))) from--
  if (from < at - 1) return text.charAt(from) === ':'
  return text.charAt(at) === '{' && ')]*`'.includes(text.charAt(from))
}

/** A letter or a figure of ASCII, `_` or `-`. */
function isOfName(unit: number): boolean {
  return (unit | 0x20) >= 0x61
    ? (unit | 0x20) <= 0x7a || unit === 0x5f
    : (unit >= 0x30 && unit <= 0x39) || unit === 0x2d
}

/** The end of the properties in YAML behind the line that opens a block of MDC; null when there are none. */
export function propertiesEnd(source: Source, line: string, lineEnd: number): number | null {
  if (!/^[ \t]*:{2,}[a-zA-Z]/.test(line) || !/^\n[ \t]*---[ \t]*\n/.test(source.text.slice(lineEnd, lineEnd + 40)))
    return null
  const begin = source.lineEnd(lineEnd + 1)
  const close = /\n[ \t]*---[ \t]*(?=\n|$)/.exec(source.text.slice(begin, begin + 4_000))
  return close === null ? null : begin + close.index + close[0].length
}
