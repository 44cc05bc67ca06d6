import type { MarkdownIt, Token } from 'markdown-it'

const DEEPEST = 10_000
const TAG = /<(\/?)([a-z][a-z0-9]*)/gi
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/i

/**
 * Raw HTML is text from where 10,000 of its elements stand open: the HTML parser (htmlparser2 10) moves its whole
 * stack for each tag.
 */
export function boundRawHtml(markdown: MarkdownIt): void {
  markdown.core.ruler.after('inline', 'bound_raw_html', (state) => {
    markDeepHtml(state.tokens)
  })
}

/** Makes text of the raw HTML among tokens that is nested too deep. */
export function markDeepHtml(tokens: Token[]): void {
  let depth = 0
  const mark = (token: Token): void => {
    if (token.type !== 'html_block' && token.type !== 'html_inline') return
    depth = depthAfter(token, depth)
    if (depth > DEEPEST) token.type = 'text'
  }
  for (const block of tokens) {
    mark(block)
    for (const child of block.children ?? []) mark(child)
  }
}

/** Counts at least what stays open; `<p>` and `<li>` that are never closed count too. */
function depthAfter(token: Token, before: number): number {
  let [depth, deepest] = [before, before]
  for (const [, slash, name = ''] of token.content.matchAll(TAG)) {
    if (VOID.test(name)) continue
    depth = slash === '/' ? Math.max(0, depth - 1) : depth + 1
    deepest = Math.max(deepest, depth)
  }
  return deepest > DEEPEST ? Infinity : depth
}
