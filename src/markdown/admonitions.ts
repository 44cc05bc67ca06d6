import type { Passage, Source } from './passages.ts'

/** The words of an admonition, and the white space with which its first line begins. */
export type Admonition = Passage & { indent: string }

const OPENING = /^([ \t]*)(?:!!!|\?\?\?)\+?[ \t]+[a-z][\w-]*(?:[ \t]+([^\n]*))?$/i
/** `=== "Title"` of MkDocs, one of several tabs. */
const TAB = /^([ \t]*)===[!+]?[ \t]+("[^"\n]*")[ \t]*$/
/** Where MkDocs puts it. */
const ASIDE = /^inline(?: end)?$/
/** `"Title"`, which may stand behind more classes, or words without quotes. */
const TITLE = /^[^"“”]*["“”]([^"“”]*)["“”][ \t]*$/

/**
 * `!!! note "Title"` and the indented lines below it (Python-Markdown, MkDocs, hexo-admonition), `=== "Tab"`: its
 * title and those lines without their indent. Null when nothing is indented below.
 */
export function readAdmonition(source: Source, at: number, lineEnd: number): Admonition | null {
  const first = source.text.slice(at, lineEnd)
  const opening = OPENING.exec(first) ?? TAB.exec(first)
  if (opening === null) return null
  const [, indent = '', words = ''] = opening
  const lines: string[] = []
  let end = lineEnd
  for (let start = lineEnd + 1; start < source.text.length;) {
    const next = source.lineEnd(start)
    const line = source.text.slice(start, next)
    const inner = withoutIndent(line, indent)
    if (inner === null && line.trim() !== '') break
    lines.push(inner ?? '')
    if (inner !== null) end = next
    start = next + 1
  }
  const text = lines.join('\n').trimEnd()
  if (text === '') return null
  const title = (TITLE.exec(words)?.[1] ?? words.replace(ASIDE, '')).trim()
  return { end, indent, text: title === '' ? text : `**${title}**\n\n${text}` }
}

function withoutIndent(line: string, indent: string): string | null {
  if (line.trim() === '' || !line.startsWith(indent)) return null
  return /^(?: {4}| {0,3}\t)(.*)$/.exec(line.slice(indent.length))?.[1] ?? null
}
