import type { MarkdownIt, StateBlock } from 'markdown-it'

const ABBREVIATION = /^\*\[[^[\]\n]{1,100}\]:[ \t]*\S/

/** `*[HTML]: Hyper Text Markup Language` of kramdown and Markdown Extra explains a word and is no text itself. */
export function abbreviations(markdown: MarkdownIt): void {
  markdown.block.ruler.before('reference', 'abbreviations', passOver, { alt: ['paragraph'] })
}

function passOver(state: StateBlock, startLine: number, _endLine: number, silent: boolean): boolean {
  const from = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0)
  if (!state.src.startsWith('*[', from) || (state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false
  if (!ABBREVIATION.test(state.src.slice(from, state.eMarks[startLine]))) return false
  if (!silent) state.line = startLine + 1
  return true
}
