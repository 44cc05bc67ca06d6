import type { Token } from 'markdown-it'
import { breaksText, htmlText } from './html-text.ts'
import { parseInline, parseMarkdown } from './parse.ts'
import { foldText } from './text.ts'

/** What stands in plain text for what cannot: inline math, display math, a code block. */
export interface Placeholders {
  math: string
  formula: string
  code: string
}

const MORE = /<!--\s*more\s*-->/i
/** Marks `<!-- more -->` in text; no text holds it, since markdown-it and the HTML parser replace U+0000. */
const STOP = '\u0000'
const CJK =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\u3000-\\u303F\\uFF00-\\uFF60\\uFFE0-\\uFFE6]'
const BREAK_WITHIN_CJK = new RegExp(`(?<=${CJK})\\n(?=${CJK})`, 'gu')

/**
 * An article as one line of text: up to `<!-- more -->` when something stands before it, else whole. A first heading
 * that says the title again is left out.
 */
export function articleText(markdown: string, title: string, placeholders: Placeholders): string {
  const text = blockTexts(parseMarkdown(markdown), title, placeholders).join(' ')
  const opening = foldLines(text.slice(0, Math.max(0, text.indexOf(STOP))))
  return opening === '' ? foldLines(text) : opening
}

/** Markdown without blocks, such as a summary, as one line of text. */
export function lineOfText(markdown: string, placeholders: Placeholders): string {
  return foldLines(blockTexts(parseInline(markdown), '', placeholders).join(' '))
}

/** The first heading of level 1 or 2 that says something, its math as TeX; null when there is none. */
export function firstHeading(markdown: string): { text: string } | null {
  const tokens = parseMarkdown(markdown)
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open' || token.level > 0 || !/^h[12]$/.test(token.tag)) continue
    const text = headingText(tokens[index + 1])
    if (text !== '') return { text }
  }
  return null
}

function headingText(inline: Token | undefined): string {
  return foldLines(inlineText(inline?.children ?? [], (math) => math.content))
}

function blockTexts(tokens: Token[], title: string, placeholders: Placeholders): string[] {
  const texts: string[] = []
  const repeated = repeatedHeading(tokens, title)
  /** The next number of each open list, innermost last; null in a bullet list. */
  const numbers: (number | null)[] = []
  for (const token of tokens) {
    switch (token.type) {
      case 'footnote_block_open':
        return texts
      case 'ordered_list_open':
        numbers.push(Number(token.attrGet('start') ?? 1))
        break
      case 'bullet_list_open':
        numbers.push(null)
        break
      case 'ordered_list_close':
      case 'bullet_list_close':
        numbers.pop()
        break
      case 'list_item_open': {
        const number = numbers.pop() ?? null
        numbers.push(number === null ? null : number + 1)
        if (number !== null) texts.push(`${number}${token.markup}`)
        break
      }
      case 'inline':
        if (token !== repeated) texts.push(inlineText(token.children ?? [], (math) => mathText(math, placeholders)))
        break
      case 'math_display':
        texts.push(placeholders.formula)
        break
      case 'fence':
      case 'code_block':
        texts.push(placeholders.code)
        break
      case 'html_block':
        texts.push(htmlText(token.content.replace(MORE, STOP)))
        break
    }
  }
  return texts
}

/** The text token of the first heading, if that says no more than the title. */
function repeatedHeading(tokens: Token[], title: string): Token | null {
  const inline = tokens[tokens.findIndex((token) => token.type === 'heading_open') + 1]
  const says = foldText(title)
  return inline !== undefined && says !== '' && [headingText(inline), foldText(inline.content)].includes(says)
    ? inline
    : null
}

function mathText(token: Token, { math, formula }: Placeholders): string {
  return ` ${token.type === 'math_inline' ? math : formula} `
}

function inlineText(tokens: Token[], showMath: (math: Token) => string): string {
  let text = ''
  /** The script or style element that we are in. */
  let skipped: string | null = null
  for (const token of tokens) {
    const tag = token.type === 'html_inline' ? /^<(\/?)([a-z][a-z0-9-]*)/i.exec(token.content) : null
    const name = tag?.[2]?.toLowerCase() ?? ''
    if (skipped !== null) {
      if (tag?.[1] === '/' && name === skipped) skipped = null
    } else if (name === 'script' || name === 'style') {
      skipped = tag?.[1] === '' ? name : null
    } else if (token.type === 'html_inline') {
      text += MORE.test(token.content) ? STOP : breaksText(name) ? ' ' : ''
    } else {
      text += tokenText(token, showMath)
    }
  }
  return text
}

function tokenText(token: Token, showMath: (math: Token) => string): string {
  switch (token.type) {
    case 'text':
    case 'text_special':
    case 'code_inline':
      return token.content
    case 'softbreak':
      return '\n'
    case 'hardbreak':
      return ' '
    case 'math_inline':
    case 'math_display':
      return showMath(token)
    default:
      return ''
  }
}

/** One line, as each script is written: a line break is a space, between two Chinese or Japanese characters nothing. */
function foldLines(text: string): string {
  const lines = text.replace(/\s+/g, (space) => (space.includes('\n') ? '\n' : ' '))
  return foldText(lines.replace(BREAK_WITHIN_CJK, ''))
}
