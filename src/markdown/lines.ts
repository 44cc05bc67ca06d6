import type { MarkdownIt, StateBlock } from 'markdown-it'

/** markdown-it looks at each character of an article for its lines; this looks for line feeds. The marks are the same. */
export function findLines(markdown: MarkdownIt): void {
  const State = markdown.block.State
  markdown.block.State = class extends State {
    constructor(...[text, ...rest]: ConstructorParameters<typeof State>) {
      super('', ...rest)
      this.src = text
      markLines(this)
    }
  }
}

function markLines(state: StateBlock): void {
  const { src } = state
  let line = 0
  for (let start = 0; start < src.length; line++) {
    const feed = src.indexOf('\n', start)
    const end = feed < 0 ? src.length : feed
    const { first, column } = indentOf(src, start, end)
    // White space behind the last line feed is no line.
    if (feed < 0 && first === end) break
    mark(state, line, start, end, first - start, column)
    start = end + 1
  }
  mark(state, line, src.length, src.length, 0, 0)
  state.lineMax = line
}

/** Where a line's text begins, and in which column, tabs as far as the next multiple of four. */
function indentOf(src: string, start: number, end: number): { first: number; column: number } {
  let column = 0
  for (let first = start; first < end; first++) {
    const code = src.charCodeAt(first)
    if (code === 0x09) column += 4 - (column % 4)
    else if (code === 0x20) column++
    else return { first, column }
  }
  return { first: end, column }
}

function mark(state: StateBlock, line: number, start: number, end: number, shift: number, column: number): void {
  state.bMarks[line] = start
  state.eMarks[line] = end
  state.tShift[line] = shift
  state.sCount[line] = column
  state.bsCount[line] = 0
}
