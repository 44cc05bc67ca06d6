import type { Token } from 'markdown-it'
import type { Body } from '../entry.ts'
import { type ArticleImage, firstImage } from './article-images.ts'
import { foreignContent } from './foreign-content.ts'
import { fillMarks, markOf, unusedMark } from './marks.ts'
import { cleanText, escapeMarkup } from './text.ts'
import { mathmlOfArticle } from './mathml.ts'
import type { Formula } from './mathml.ts'
import { wellNested } from './nesting.ts'
import { parseMarkdown, renderTokens } from './parse.ts'
import { type Sanitised, sanitise } from './sanitise.ts'

/** An article as a feed may carry it. */
export interface RenderedArticle {
  /** Sanitised, well-formed as XML, with absolute links, math as MathML, or TeX in `<code>` where that fails. */
  html: string
  /** The first picture that shows something. */
  image: ArticleImage | null
}

/** Renders an article whole; its links are made absolute against `baseUrl`, which is absolute itself. */
export function renderArticle(body: Body, baseUrl: string): RenderedArticle {
  if (body.format === 'text') return { html: cleanText(paragraphs(body.text)).trim(), image: null }
  const { html, images } =
    body.format === 'html' ? foreignContent(body.text, baseUrl) : markdownContent(body.text, baseUrl)
  return { html: cleanText(html).trim(), image: firstImage(images) }
}

function paragraphs(text: string): string {
  const blocks = text.replace(/\r\n?/g, '\n').split(/\n\s*\n/)
  return blocks
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => `<p>${escapeMarkup(block).replaceAll('\n', '<br />\n')}</p>\n`)
    .join('')
}

function markdownContent(markdown: string, baseUrl: string): Sanitised {
  const tokens = parseMarkdown(markdown)
  const isRaw = tokens.some(holdsHtml)
  const mark = unusedMark(markdown)
  const formulas: Formula[] = []
  for (const token of tokens) prepare(token, mark, formulas)
  const { html, images } = sanitise(renderTokens(tokens), baseUrl)
  // What Markdown itself makes is well nested; notes may stand within links.
  const nested = isRaw ? wellNested(html) : html
  const mathml = mathmlOfArticle()
  const shown = fillMarks(nested, mark, (index) => {
    const formula = formulas[index]
    return formula === undefined ? undefined : mathml(formula)
  })
  return { html: shown, images }
}

function holdsHtml({ type, children }: Token): boolean {
  return /^(?:html_|footnote_)/.test(type) || (children?.some(holdsHtml) ?? false)
}

/** Takes the formulas out of a token, and gives cells the attribute `align` in place of a style. */
function prepare(token: Token, mark: string, formulas: Formula[]): void {
  if (token.type === 'math_inline' || token.type === 'math_display') {
    const index = formulas.push({ tex: token.content, display: token.type === 'math_display' }) - 1
    token.content = token.block ? `<p>${markOf(mark, index)}</p>\n` : markOf(mark, index)
    token.type = token.block ? 'html_block' : 'html_inline'
  } else if (token.type === 'image') {
    for (const child of token.children ?? []) if (child.type.startsWith('math_')) child.type = 'text'
  } else if (token.type === 'td_open' || token.type === 'th_open') {
    const align = /^text-align:(\w+)$/.exec(String(token.attrGet('style')))?.[1]
    if (align !== undefined) token.attrs = [['align', align]]
  } else {
    for (const child of token.children ?? []) prepare(child, mark, formulas)
  }
}
