import type { MarkdownIt, StateInline } from 'markdown-it'
import emojiOf from 'markdown-it-emoji/lib/data/full.mjs'

const NAME = /:([a-z0-9_+-]{1,60}):(?![\w:`])/y
const BEFORE = /[\w:]/

/** `:tada:`, as GitHub names it, and with it every program that makes sites. */
export function emoji(markdown: MarkdownIt): void {
  markdown.inline.ruler.push('emoji', readEmoji)
}

function readEmoji(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== ':' || BEFORE.test(state.src[state.pos - 1] ?? '')) return false
  NAME.lastIndex = state.pos
  const name = NAME.exec(state.src)?.[1] ?? ''
  if (!Object.hasOwn(emojiOf, name)) return false
  if (!silent) state.push('text', '', 0).content = emojiOf[name] ?? ''
  state.pos += name.length + 2
  return true
}
