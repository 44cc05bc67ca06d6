import type { Reader, Source } from './passages.ts'

const ATTRIBUTES = /\{:(?:[^}\\\n]|\\.){0,300}\}/y
const EXTENSION = /\{::(\w+)([^}\n]{0,1000})\}/y
const COMMENT_END = /\{:\/(?:comment)?\}/g

/** `{: .class}`, `{:toc}`, `{::options … /}`, `{::comment}…{:/comment}`. */
export const readAttributes: Reader = (source, at) => {
  EXTENSION.lastIndex = at
  const [extension, name, rest = ''] = EXTENSION.exec(source.text) ?? []
  if (extension !== undefined && name === 'comment' && !rest.trimEnd().endsWith('/')) {
    if (source.find('{:/', at) >= source.text.length) return null
    COMMENT_END.lastIndex = at
    const close = COMMENT_END.exec(source.text)
    if (close !== null) return { end: close.index + close[0].length, text: '' }
    source.tire(source.text.length - at)
  }
  ATTRIBUTES.lastIndex = at
  const attributes = ATTRIBUTES.exec(source.text)?.[0]
  return attributes === undefined ? null : { end: at + attributes.length, text: '' }
}

const HEADING_OF_CONTENTS =
  /^ {0,3}#{2,6}[^\n]*\n[ \t]*\{:[^}\n]*\bno_toc\b[^}\n]*\}\s*\n {0,3}(?:[-*+]|\d+\.)[ \t][^\n]*\n\s{0,3}\{:\s*toc\b/

/** A heading that keeps itself out of the table of contents which follows it says what the table is. */
export function isHeadingOfContents(source: Source, at: number): boolean {
  return source.startsWith('##', at) && HEADING_OF_CONTENTS.test(source.text.slice(at, at + 320))
}

/** A line `^`, which ends a block and shows nothing. */
export function isEndOfBlock(line: string): boolean {
  return line === '^'
}

const MARKED_ELEMENT = /^ {0,3}<[a-z][\w-]*(?=[^<>]{0,300}\smarkdown=["']?(?:1|block|span)\b)[^<>]{1,300}>/i
const ELEMENT_END =
  /(?:<\/(?:article|aside|blockquote|center|details|div|figure|footer|form|h[1-6]|header|iframe|nav|ol|p|section|table|ul)>|^[ \t]*<(?:br|hr|img)\b[^<>]{0,500}>)[ \t]*$/i

/** How long the tag is with which a line begins when its element holds Markdown, `<div markdown="1">`; else 0. */
export function markdownElement(line: string): number {
  return line.includes('markdown=') ? (MARKED_ELEMENT.exec(line)?.[0].length ?? 0) : 0
}

/** Whether HTML ends with a line that the next one does not go on: to CommonMark it would reach to a blank line. */
export function endsHtml(line: string, behind: string): boolean {
  return /[^\s<]/.test(behind) && line.trimEnd().endsWith('>') && ELEMENT_END.test(line)
}

/** `$$…$$` within a line of text is inline math; in lines of its own it is a formula. */
export const readDollars: Reader = (source, at) => {
  if (!source.startsWith('$$', at)) return null
  const close = source.find('$$', at + 2)
  if (close >= source.lineEnd(at) || close === at + 2) return null
  const tex = source.text.slice(at + 2, close).trim()
  if (tex === '' || tex.includes('\\)') || source.isAlone(at, close + 2)) return null
  return { end: close + 2, text: `\\(${tex}\\)` }
}

/** `\\(…\\)` and `\\[…\\]`: Markdown takes one backslash, so authors write two for MathJax. */
export const readDoubledBackslash: Reader = (source, at) => {
  const opening = source.text.slice(at, at + 3)
  if (opening !== '\\\\(' && opening !== '\\\\[') return null
  const closing = opening.endsWith('(') ? '\\\\)' : '\\\\]'
  const close = source.find(closing, at + 3)
  if (close >= source.text.length || close > source.blankLine(at)) return null
  const tex = source.text.slice(at + 3, close).replaceAll('\\_', '_')
  const end = close + 3
  // One backslash before a bracket within a line is an escape.
  if (opening.endsWith('[') && !tex.includes('$') && !source.isAlone(at, end)) return { end, text: `$$${tex}$$` }
  return { end, text: `${opening.slice(1)}${tex}${closing.slice(1)}` }
}
