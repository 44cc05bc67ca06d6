import MarkdownIt from 'markdown-it'
import type { Token } from 'markdown-it'
import { footnotes } from './footnotes.ts'
import { math } from './math.ts'
import { boundRawHtml } from './raw-html.ts'
import { tasks } from './tasks.ts'

const markdown = new MarkdownIt({ html: true, xhtmlOut: true, linkify: false, typographer: false })
  .use(math)
  .use(footnotes)
  .use(tasks)
  .use(boundRawHtml)
// A link that is refused here would stand as source text; the sanitiser refuses it later and keeps its text.
markdown.validateLink = () => true

/**
 * Markdown (CommonMark, GFM tables, strikethrough and task lists, footnotes, TeX) as tokens of markdown-it, with
 * `math_inline`, `math_display` and `task_box` of our own. Front matter is already removed.
 */
export function parseMarkdown(text: string): Token[] {
  return markdown.parse(text.replace(/^\uFEFF/, ''), {})
}

/** The same for text without blocks; one `inline` token. */
export function parseInline(text: string): Token[] {
  return markdown.parseInline(text, {})
}

/** The tokens as HTML that nobody has sanitised. */
export function renderTokens(tokens: Token[]): string {
  return markdown.renderer.render(tokens, markdown.options, {})
}
