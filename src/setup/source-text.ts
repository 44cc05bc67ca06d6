import { isDeepStrictEqual } from 'node:util'
import { type Document, type YAMLMap, type YAMLSeq, isMap, isNode, isSeq, parseDocument, stringify } from 'yaml'
import { Problem } from '../problem.ts'
import type { SourceSettings } from './settings.ts'

/** What the settings mean when they name no source. */
const IMPLIED: SourceSettings = { kind: 'markdown', dir: 'articles' }

type Content = Readonly<Record<string, unknown>>

/**
 * The text of settings with more sources behind those that are there. All else stays as it is written, comments too.
 * @param text YAML or JSON that is no error, of a group of settings
 * @param isJson true when it is to stay JSON
 * @throws {Problem} `settings-uneditable` when the sources stand in a way that cannot be added to
 */
export function withSources(text: string, added: readonly SourceSettings[], isJson: boolean): string {
  const document = parseDocument(text.replace(/^\uFEFF/, ''))
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const plain = text.slice(mark.length)
  const content: Content = { ...contentOf(document) }
  const sources: unknown = content['sources'] ?? [IMPLIED]
  const old: unknown[] = Array.isArray(sources) ? sources : []
  const wanted: Content = { ...content, sources: [...old, ...added] }
  for (const way of [inserted, rewritten]) {
    const edited = way(plain, document, added, isJson)
    if (edited !== null && isDeepStrictEqual(contentOf(parseDocument(edited)), wanted)) return mark + edited
  }
  const mend = 'write the sources as a list of their own under "sources:", and import again'
  throw new Problem('settings-uneditable', 'The sources of the settings cannot be added to', { mend })
}

function contentOf(document: Document): object {
  const content: unknown = document.errors.length > 0 ? null : document.toJS()
  return typeof content === 'object' && content !== null ? content : {}
}

type Way = (text: string, document: Document, added: readonly SourceSettings[], isJson: boolean) => string | null

/** New lines among the old ones. */
const inserted: Way = (text, document, added, isJson) => {
  const sources = document.get('sources', true)
  if (isSeq(sources)) return behind(sources, text, added, isJson)
  return isMap(document.contents) && sources === undefined ? atTheEnd(document.contents, text, added, isJson) : null
}

function behind(sources: YAMLSeq, text: string, added: readonly SourceSettings[], isJson: boolean): string | null {
  const last = rangeOf(sources.items.at(-1))
  if (last === null) return null
  if (sources.flow === true) return insertAt(text, last[1], flowItems(text, last[0], added, isJson), '')
  const column = columnOf(text, sources.range?.[0] ?? 0)
  const eol = lineEnd(text)
  return insertAt(text, afterComments(text, last[1], column), blockLines(added, column, eol), eol)
}

/** Whoever names no source has one, which must not be lost. */
function atTheEnd(root: YAMLMap, text: string, added: readonly SourceSettings[], isJson: boolean): string | null {
  const all = [IMPLIED, ...added]
  const eol = lineEnd(text)
  const end = rangeOf(root.items.at(-1)?.value)
  if (end === null) return null
  if (root.flow !== true) {
    return insertAt(text, afterComments(text, end[1], 0), `${eol}sources:${eol}${blockLines(all, 2, eol)}`, eol)
  }
  const list = all.map((one) => `${eol}    ${flowText(one, isJson)}`).join(',')
  return insertAt(text, end[1], `,${eol}  ${isJson ? '"sources"' : 'sources'}: [${list}${eol}  ]`, '')
}

function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** The same content, written anew. */
const rewritten: Way = (_, document, added, isJson) => {
  if (isJson || !isSeq(document.get('sources', true))) return null
  for (const one of added) document.addIn(['sources'], document.createNode(one))
  return document.toString({ lineWidth: 0 })
}

type Range = readonly [number, number, number]

function rangeOf(node: unknown): Range | null {
  return isNode(node) ? (node.range ?? null) : null
}

/** @param eol what ends the line before, if nothing does */
function insertAt(text: string, index: number, more: string, eol: string): string {
  const before = text.slice(0, index)
  const needsEnd = eol !== '' && before !== '' && !before.endsWith('\n')
  return `${before}${needsEnd ? eol : ''}${more}${text.slice(index)}`
}

function blockLines(settings: readonly SourceSettings[], column: number, eol: string): string {
  const lines = stringify(settings, { lineWidth: 0 }).trimEnd().split('\n')
  return lines.map((line) => `${' '.repeat(column)}${line}${eol}`).join('')
}

/** Each as the last one stands: on a line of its own, or on one below it. */
function flowItems(text: string, start: number, added: readonly SourceSettings[], isJson: boolean): string {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  const indent = /^\s*$/.test(line) ? line : `${/^\s*/.exec(line)?.[0] ?? ''}  `
  return added.map((one) => `,${lineEnd(text)}${indent}${flowText(one, isJson)}`).join('')
}

function flowText(settings: SourceSettings, isJson: boolean): string {
  if (!isJson) return stringify(settings, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()
  const parts = Object.entries(settings).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  return `{ ${parts.join(', ')} }`
}

function columnOf(text: string, index: number): number {
  return index - (text.lastIndexOf('\n', index - 1) + 1)
}

/** Behind the rest of this line and the comments below it that stand further in than the list. */
function afterComments(text: string, index: number, column: number): number {
  const endOfLine = (from: number): number => {
    const end = text.indexOf('\n', from)
    return end < 0 ? text.length : end + 1
  }
  let end = index === 0 || text[index - 1] === '\n' ? index : endOfLine(index)
  for (;;) {
    const next = endOfLine(end)
    const indent = /^ *(?=#)/.exec(text.slice(end, next))?.[0].length ?? -1
    if (indent <= column) return end
    end = next
  }
}
