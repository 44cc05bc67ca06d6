import type { MarkdownIt, StateBlock } from 'markdown-it'

const DEFINITION = /^:[ \t]+(?=\S)/

/**
 * Definition lists of Markdown Extra, kramdown and goldmark, of one line for a term: `Term` and below it one or more
 * `: Definition`, with or without a blank line between. Definitions are paragraphs.
 */
export function definitions(markdown: MarkdownIt): void {
  markdown.block.ruler.before('lheading', 'definitions', readDefinitions)
}

function readDefinitions(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (silent || definitionBelow(state, startLine, endLine) === null) return false
  open(state, 'dl', startLine)
  let line = startLine
  for (
    let first = definitionBelow(state, line, endLine);
    first !== null;
    first = definitionBelow(state, line, endLine)
  ) {
    push(state, 'dt', lineText(state, line), line, line + 1)
    line = readAllOf(state, first, endLine)
    const next = state.skipEmptyLines(line)
    if (definitionBelow(state, next, endLine) !== null) line = next
  }
  state.push('dl_close', 'dl', -1)
  state.line = line
  return true
}

/** The line of the first definition when `line` is a term. */
function definitionBelow(state: StateBlock, line: number, endLine: number): number | null {
  if (line >= endLine || !isText(state, line) || DEFINITION.test(lineText(state, line))) return null
  for (const below of [line + 1, line + 2]) {
    if (below >= endLine || !isIndentedHere(state, below)) return null
    if (DEFINITION.test(lineText(state, below))) return below
    if (!state.isEmpty(below)) return null
  }
  return null
}

/** Reads the definitions of one term; answers the line behind them. */
function readAllOf(state: StateBlock, first: number, endLine: number): number {
  let line = first
  for (let next = first; next < endLine; next = state.skipEmptyLines(line)) {
    if (!isIndentedHere(state, next) || !DEFINITION.test(lineText(state, next))) break
    line = next + 1
    while (line < endLine && isText(state, line) && !DEFINITION.test(lineText(state, line))) {
      if (definitionBelow(state, line, endLine) === line + 1) break
      line++
    }
    const content = state.getLines(next, line, state.blkIndent, false).trim().replace(DEFINITION, '')
    push(state, 'dd', content, next, line)
  }
  return line
}

function isText(state: StateBlock, line: number): boolean {
  return !state.isEmpty(line) && isIndentedHere(state, line)
}

function isIndentedHere(state: StateBlock, line: number): boolean {
  return state.isEmpty(line) || (state.sCount[line] ?? 0) >= state.blkIndent
}

function lineText(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]).trimEnd()
}

function open(state: StateBlock, tag: string, line: number): void {
  state.push(`${tag}_open`, tag, 1).map = [line, line + 1]
}

function push(state: StateBlock, tag: string, content: string, from: number, to: number): void {
  open(state, tag, from)
  const inline = state.push('inline', '', 0)
  inline.content = content
  inline.map = [from, to]
  inline.children = []
  state.push(`${tag}_close`, tag, -1)
}
