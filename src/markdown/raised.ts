import type { MarkdownIt, StateInline } from 'markdown-it'

const REFERENCE = /\^(\[\d{1,3}\])\^/y
const RAISED = /\^([+-]?\d{1,4}[+-]?|st|nd|rd|th)\^(?![\w^])/y
const LOWERED = /~(\d{1,4}|[A-Za-z]{1,3})~(?!~)/y
const BEFORE_RAISED = /[\p{L}\p{N})\]]/u
const BEFORE_LOWERED = /[A-Za-z)\]]/

/**
 * `x^2^`, `H~2~O` and `^[1]^` as Pandoc, Typora and extensions of other programs read them. Only what is short and
 * stands behind a letter is one: `1~2~3` and `a^b^c` are text.
 */
export function raised(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('footnote_limit', 'raised', readRaised)
  markdown.inline.ruler.before('strikethrough', 'lowered', readLowered)
  markdown.renderer.rules['reference_mark'] = (tokens, index) => `<sup>${tokens[index]?.content ?? ''}</sup>`
}

function readRaised(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '^') return false
  REFERENCE.lastIndex = state.pos
  const mark = REFERENCE.exec(state.src)
  if (mark === null) return BEFORE_RAISED.test(before(state)) && read(state, silent, RAISED, 'sup')
  if (!silent) state.push('reference_mark', '', 0).content = mark[1] ?? ''
  state.pos += mark[0].length
  return true
}

function readLowered(state: StateInline, silent: boolean): boolean {
  return state.src[state.pos] === '~' && BEFORE_LOWERED.test(before(state)) && read(state, silent, LOWERED, 'sub')
}

function before({ src, pos }: StateInline): string {
  return src.charAt(pos - 1)
}

function read(state: StateInline, silent: boolean, pattern: RegExp, tag: 'sup' | 'sub'): boolean {
  pattern.lastIndex = state.pos
  const [whole, words = ''] = pattern.exec(state.src) ?? []
  if (whole === undefined) return false
  if (!silent) {
    state.push(`${tag}_open`, tag, 1)
    state.push('text', '', 0).content = words
    state.push(`${tag}_close`, tag, -1)
  }
  state.pos += whole.length
  return true
}
