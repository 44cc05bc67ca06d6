import type { Token } from 'markdown-it'
import { FOOTNOTE_MARK } from './footnotes.ts'
import { breaksText, hidesText } from './html-text.ts'
import { Ruby } from './ruby.ts'

/** `<!-- more -->` of Hexo and Hugo, `<!-- truncate -->` of Docusaurus. */
export const MORE = /<!--\s*(?:more|truncate|read-?more)\s*-->/i
/** Marks `<!-- more -->` in text; no text holds it, since markdown-it and the HTML parser replace U+0000. */
export const STOP = '\u0000'

const TAG = /^<(\/?)([a-z][a-z0-9-]*)/i

/** What stands for TeX. */
export type ShowMath = (math: Pick<Token, 'type' | 'content'>) => string

/** The text of inline tokens; a line break as it is written. */
export function inlineText(tokens: readonly Token[], showMath: ShowMath): string {
  let text = ''
  /** The element without text that we are in. */
  let hidden: string | null = null
  const ruby = new Ruby()
  for (const token of tokens) {
    const tag = token.type === 'html_inline' ? TAG.exec(token.content) : null
    const name = tag?.[2]?.toLowerCase() ?? ''
    const isClosing = tag?.[1] === '/'
    if (hidden !== null) {
      if (isClosing && name === hidden) hidden = null
    } else if (hidesText(name) || name === 'math') {
      if (name === 'math' && !isClosing) text += showMath({ type: 'math_inline', content: '' })
      hidden = isClosing || token.content.endsWith('/>') ? null : name
    } else if (token.type === 'html_inline') {
      text += MORE.test(token.content) ? STOP : breaksText(name) ? ' ' : ruby.tag(name, isClosing, text.slice(-2))
    } else {
      text += tokenText(token, showMath)
    }
  }
  return text
}

function tokenText(token: Token, showMath: ShowMath): string {
  switch (token.type) {
    case 'text':
      return token.content.includes('[^') ? token.content.replace(FOOTNOTE_MARK, '') : token.content
    case 'text_special':
    case 'code_inline':
      return token.content
    case 'task_box':
      return `${token.content} `
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
