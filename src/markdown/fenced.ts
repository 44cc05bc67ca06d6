import type { Source } from './passages.ts'

/** A fence of code behind what begins a quotation or an item of a list. */
const OPENING = /^((?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*)(`{3,}(?=[^`]*$)|~{3,})/
const RAW_MARK = /\{%-?\s*(?:end)?(?:raw|verbatim)\s*-?%\}/g

/** The end of the fenced code that begins with this line; null when none does. */
export function fenceEnd(source: Source, at: number, lineEnd: number): number | null {
  const opening = OPENING.exec(source.text.slice(at, lineEnd))
  if (opening === null) return null
  const [, prefix = '', marks = ''] = opening
  const isQuoted = prefix.includes('>')
  for (let start = lineEnd + 1; start < source.text.length;) {
    const end = source.lineEnd(start)
    const line = source.text.slice(start, end)
    if (isQuoted && !/^[ \t]{0,3}>/.test(line)) return start - 1
    if (closes(line, marks)) return end
    start = end + 1
  }
  return source.text.length
}

function closes(line: string, marks: string): boolean {
  const bare = line.replace(/^[ \t>]+/, '')
  const mark = marks.charAt(0)
  if (!bare.startsWith(marks)) return false
  let at = marks.length
  while (bare.charAt(at) === mark) at++
  return bare.slice(at).trim() === ''
}

/** Code as fenced code in lines of its own, indented like the line in which `at` stands. */
export function asFence(source: Source, at: number, code: string, language: string): string {
  const indent = source.indent(at)
  const longest = Math.max(2, ...Array.from(code.matchAll(/`{3,}/g), ([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const inner = code.replace(/^[ \t]*\n/, '').trimEnd()
  // What stands in the line before may be a block of HTML, which only a blank line ends.
  const isAfterLine = indent !== null && /[^\n]\n$/.test(source.text.slice(at - indent.length - 2, at - indent.length))
  const opening = indent === null ? '\n\n' : isAfterLine ? `\n${indent}` : ''
  return `${opening}${fence}${language}\n${inner}\n${indent ?? ''}${fence}\n`
}

/** Code without the marks that keep Liquid and Nunjucks from reading it. */
export function withoutRawMarks(code: string): string {
  return code.includes('{%') ? code.replace(RAW_MARK, '') : code
}
