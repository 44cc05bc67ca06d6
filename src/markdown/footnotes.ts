import type { Env, MarkdownIt, StateInline } from 'markdown-it'
import footnote from 'markdown-it-footnote'

const MOST_NOTES = 1000
const LABEL = /\[\^[^\s\]]{1,200}\]/y

/** The mark of a note with a usual name; in plain text it is gone even when nothing defines it. */
export const FOOTNOTE_MARK = /\[\^(?:\d{1,9}|[\p{L}_][\p{L}\p{N}_]{0,100})\]/gu

/**
 * markdown-it-footnote within bounds: it copies all tokens once for each note and looks for the end of a label as far
 * as the line goes. Beyond 1,000 notes, or with a label of over 200 characters, a mark is text.
 */
export function footnotes(markdown: MarkdownIt): void {
  markdown.use(footnote)
  markdown.inline.ruler.before('footnote_inline', 'footnote_limit', markAsText)
}

function markAsText(state: StateInline, silent: boolean): boolean {
  const mark = state.src.slice(state.pos, state.pos + 2)
  if (mark !== '[^' && mark !== '^[') return false
  LABEL.lastIndex = state.pos
  if ((mark === '^[' || LABEL.test(state.src)) && !isFull(state.env)) return false
  if (!silent) state.pending += mark
  state.pos += mark.length
  return true
}

function isFull(env: Env): boolean {
  const notes = env['footnotes']
  if (typeof notes !== 'object' || notes === null || !('list' in notes)) return false
  return Array.isArray(notes.list) && notes.list.length >= MOST_NOTES
}
