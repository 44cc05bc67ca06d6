import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it'

interface Delimiters {
  open: string
  close: string
  type: 'math_inline' | 'math_display'
}

const DOLLARS: Delimiters = { open: '$$', close: '$$', type: 'math_display' }
const BRACKETS: Delimiters = { open: '\\[', close: '\\]', type: 'math_display' }
const PARENTHESES: Delimiters = { open: '\\(', close: '\\)', type: 'math_inline' }
const ENVIRONMENT =
  /\\begin\{((?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|subequations|aligned|alignedat|gathered|split|[dr]?cases|array|[pbBvV]?matrix|smallmatrix|CD|tikzcd|tikzpicture)\*?)\}/y

/** What MathJax numbers outside of formulas, too. */
const REFERENCE = /\\(?:eq)?ref\{[^{}\n]{1,80}\}/y

/** Within a paragraph `\[…\]` needs one of these, since editors escape brackets that are text: `list\[0\]`. */
const TEX = /[\\^_=+<>]/

/** What TeX has that prose between two prices has not. */
const TEX_ONLY = /[\\^_=]/
/** `$ n $`, `$ f(x) + 1 $`, `$ [1, 2] $`: letters and numbers that stand by themselves, which words do not. */
const SHORT_IN_SPACES = /^\s(?=[A-Za-z\d(|[])(?:[A-Za-z](?![A-Za-z])|[\d\s()[\]|/*,.'+-])+\s$/
const LETTER_OR_COMMAND = /^[A-Za-z]$|[\\^]/
/** `the $n$th`, `$k$NN`, `all $x$s`. */
const SUFFIX = /^(?:th|st|nd|rd|s|D|NN|d|x)(?![A-Za-z])/
const HAN = /\p{Script=Han}/u
const IN_TICKS = /\$`([^`\n]{1,1000})`\$(?![\w$])/y
const LONGEST_IN_DOLLARS = 5000

/** Where the search for a closing delimiter has failed: from there on there is none, so no search is made twice. */
const deadEnds = new WeakMap<StateInline, Map<string, number>>()

/**
 * TeX in Markdown: `$…$` by pandoc's rule (tex_math_dollars), `\(…\)`, and as display `$$…$$`, `\[…\]` and the
 * environments of LaTeX and amsmath that stand by themselves. Tokens `math_inline` and `math_display` (a block, or
 * inline within a paragraph) carry the TeX text as content.
 */
export function math(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('escape', 'math', inlineMath)
  markdown.block.ruler.before('table', 'math_block', blockMath, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  })
}

function inlineMath(state: StateInline, silent: boolean): boolean {
  const delimiters = delimitersAt(state.src, state.pos)
  if (delimiters !== null) return delimitedMath(state, silent, delimiters)
  if (state.src[state.pos] === '\\') return reference(state, silent)
  if (state.src[state.pos] !== '$') return false
  const start = state.pos + 1
  if (state.src[start] === '`') return ticksMath(state, silent)
  const close = closingDollar(state.src, start, state.posMax)
  if (close < 0) return false
  if (!silent) pushMath(state, 'math_inline', state.src.slice(start, close))
  state.pos = close + 1
  return true
}

function reference(state: StateInline, silent: boolean): boolean {
  REFERENCE.lastIndex = state.pos
  const tex = REFERENCE.exec(state.src)?.[0] ?? ''
  if (tex !== '' && !silent) pushMath(state, 'math_inline', tex)
  state.pos += tex.length
  return tex !== ''
}

/** `` $`x`$ `` of GitLab and GitHub. */
function ticksMath(state: StateInline, silent: boolean): boolean {
  IN_TICKS.lastIndex = state.pos
  const [whole, tex = ''] = IN_TICKS.exec(state.src) ?? []
  if (whole === undefined) return false
  if (!silent) pushMath(state, 'math_inline', tex)
  state.pos += whole.length
  return true
}

function delimitedMath(state: StateInline, silent: boolean, delimiters: Delimiters): boolean {
  const end = findClose(state, delimiters)
  const tex = end < 0 ? '' : texOf(state.src.slice(state.pos, end), delimiters)
  if (tex !== '' && (delimiters !== BRACKETS || isTexInBrackets(tex))) {
    if (!silent) pushMath(state, delimiters.type, tex)
    state.pos = end
    return true
  }
  if (delimiters !== DOLLARS) return false
  // The dollars are text, or the last of them would open `$…$`.
  const text = end < 0 ? DOLLARS.open : state.src.slice(state.pos, end)
  if (!silent) state.pending += text
  state.pos += text.length
  return true
}

/** `\[\[Slot\]\]` are brackets in brackets. */
function isTexInBrackets(tex: string): boolean {
  return TEX.test(tex.replace(/\\[[\]]|\\$/g, '')) && /[A-Za-z0-9]/.test(tex)
}

function pushMath(state: StateInline, type: Delimiters['type'], tex: string): void {
  state.push(type, 'math', 0).content = tex
}

/** Just behind the closing delimiter, or -1. */
function findClose(state: StateInline, { open, close }: Delimiters): number {
  const dead = deadEnds.get(state) ?? new Map<string, number>()
  deadEnds.set(state, dead)
  if (state.pos >= (dead.get(close) ?? Infinity)) return -1
  const found = closerIn(state.src, state.pos + open.length, state.posMax, close)
  if (found < 0) dead.set(close, state.pos)
  return found < 0 ? -1 : found + close.length
}

/**
 * Where the formula closes that a dollar before `start` opens; -1 when it opens none. The first dollar decides: it
 * closes, or there is no math. So each dollar is looked at once or twice.
 */
export function closingDollar(src: string, start: number, max: number): number {
  for (let at = start; at < max; at++) {
    const char = src[at]
    if (char === '\\') at++
    // A code span binds tighter: "$5 for `x$`".
    else if (char === '`') return -1
    else if (char === '$')
      return isFormula(src.slice(start, at), src.slice(Math.max(0, start - 3), start - 1), src.slice(at + 1, at + 5))
        ? at
        : -1
  }
  return -1
}

/**
 * Pandoc's rule, no white space within the dollars and no digit behind them, and what writers of prose mean besides:
 * neither `$HOME/$USER`, `${A}/${B}` nor `100$和200$` is math, `the $n$th`, `$ x_1 $` and `$ n $` are.
 */
function isFormula(tex: string, before: string, behind: string): boolean {
  if (tex === '' || tex.length > LONGEST_IN_DOLLARS) return false
  if (/^\s|\s$/.test(tex) && !isFormulaInSpaces(tex, before, behind)) return false
  if (/^[0-9_{]/.test(behind)) return false
  if (/^[A-Za-z]/.test(behind) && !(LETTER_OR_COMMAND.test(tex) && SUFFIX.test(behind))) return false
  return !HAN.test(tex) || /[\\^_={}+<>]/.test(tex)
}

/** A number beside the dollars makes a price of what they hold. */
function isFormulaInSpaces(tex: string, before: string, behind: string): boolean {
  if (tex.includes('\n') || tex.trim() === '') return false
  return TEX_ONLY.test(tex) || (SHORT_IN_SPACES.test(tex) && !/\d\s?$/.test(before) && !/^\s?\d/.test(behind))
}

function blockMath(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false
  const delimiters = delimitersAt(lineText(state, startLine), 0)
  if (delimiters?.type !== 'math_display') return false
  if (silent && delimiters === DOLLARS && closesParagraphsMath(state, startLine)) return false
  const lines = linesToClose(state, startLine, endLine, delimiters)
  const tex = lines === null ? '' : texOf(lines.join('\n'), delimiters)
  if (lines === null || tex === '') return false
  if (silent) return true
  const token = state.push('math_display', 'math', 0)
  token.block = true
  token.content = tex
  token.map = [startLine, startLine + lines.length]
  state.line = startLine + lines.length
  const last = lines.at(-1) ?? ''
  if (last !== lineText(state, state.line - 1)) state.line = lineBehind(state, state.line - 1, last.length)
  return true
}

/** The dollars of a paragraph, counted as far as its line `to`. */
const counted = new WeakMap<StateBlock, { from: number; to: number; dollars: number }>()

/** Whether `$$` at the beginning of a paragraph's line closes what a line above opened. */
function closesParagraphsMath(state: StateBlock, line: number): boolean {
  if (state.parentType !== 'paragraph') return false
  const known = counted.get(state)
  const count =
    known?.from === state.line && known.to <= line ? known : { from: state.line, to: state.line, dollars: 0 }
  for (; count.to < line; count.to++) count.dollars += lineText(state, count.to).split(DOLLARS.open).length - 1
  counted.set(state, count)
  return count.dollars % 2 === 1
}

/** Leaves of a line only what stands behind its first `length` characters, to be read as the next block. */
function lineBehind(state: StateBlock, line: number, length: number): number {
  const end = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0) + length
  state.bMarks[line] = state.skipSpaces(end)
  state.tShift[line] = 0
  state.sCount[line] = state.blkIndent
  return line
}

/**
 * The lines of a block as far as its closing delimiter, else null. Text behind that needs a line above it. Blank lines
 * are allowed only when the opening delimiter has its line to itself; a second opening delimiter ends the search, which
 * keeps it linear.
 */
function linesToClose(state: StateBlock, startLine: number, endLine: number, delimiters: Delimiters): string[] | null {
  const { open, close } = delimiters
  const lines: string[] = []
  for (let line = startLine; line < endLine; line++) {
    const text = lineText(state, line)
    if (line > startLine) {
      if (text === '' && lines[0] !== open) return null
      if (text !== '' && (state.sCount[line] ?? 0) < state.blkIndent) return null
      if (open !== close && text.startsWith(open)) return null
    }
    const found = closerIn(text, line === startLine ? open.length : 0, text.length, close)
    const end = found < 0 ? text.length : found + close.length
    lines.push(text.slice(0, end))
    if (found >= 0) return end === text.length || (line > startLine && delimiters !== BRACKETS) ? lines : null
  }
  return null
}

function lineText(state: StateBlock, line: number): string {
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0)
  return state.src.slice(start, state.eMarks[line]).trimEnd()
}

function delimitersAt(src: string, at: number): Delimiters | null {
  if (src.startsWith(DOLLARS.open, at)) return DOLLARS
  if (src.startsWith(BRACKETS.open, at)) return BRACKETS
  if (src.startsWith(PARENTHESES.open, at)) return PARENTHESES
  ENVIRONMENT.lastIndex = at
  const name = ENVIRONMENT.exec(src)?.[1]
  return name === undefined ? null : { open: `\\begin{${name}}`, close: `\\end{${name}}`, type: 'math_display' }
}

/** Where `close` stands first, no backslash escaping it; -1 when it does not. */
function closerIn(text: string, from: number, max: number, close: string): number {
  for (let at = from; at + close.length <= max; at++) {
    if (text.startsWith(close, at)) return at
    if (text[at] === '\\') at++
  }
  return -1
}

/** An environment is TeX with its own delimiters. */
function texOf(source: string, { open, close }: Delimiters): string {
  if (open.startsWith('\\begin')) return source
  return source.slice(open.length, source.length - close.length).trim()
}
