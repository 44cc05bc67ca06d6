import type { Token } from 'markdown-it'
import { FOOTNOTE_MARK } from './footnotes.ts'
import { isFormulaImage } from './formula-image.ts'
import { BREAK, breaksText, hidesText } from './html-text.ts'
import { MORE } from './more.ts'
import { Ruby } from './ruby.ts'

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
      text += MORE.test(token.content) ? STOP : breaksText(name) ? BREAK : ruby.tag(name, isClosing, text.slice(-2))
      if (name === 'img' && isFormulaImage(token.content)) text += showMath(formulaOf(token, tokens))
    } else if (token.type === 'image' && isFormulaImage(String(token.attrGet('src')))) {
      text += showMath(formulaOf(token, tokens))
    } else {
      text += tokenText(token, showMath)
    }
  }
  return text
}

/** What the image of a formula stands for; alone in its paragraph it is displayed. */
function formulaOf(image: Token, tokens: readonly Token[]): Pick<Token, 'type' | 'content'> {
  const isAlone = tokens.every((token) => token === image || (token.type === 'text' && token.content.trim() === ''))
  return { type: isAlone ? 'math_display' : 'math_inline', content: '' }
}

/** `==words==` of Typora and other editors; `a==b` is none. */
const HIGHLIGHT = /(?<![=\w)\]])==(?![=\s])([^=\n]{1,200})(?<!\s)==(?![=\w])/g
/** An icon of Hugo's theme LoveIt and its kin. */
const ICON = /:\(fa[a-z]{0,10}(?: fa-[\w-]{1,40}){1,5}\):/g

/** `((id))` of a block in Logseq and `^^words^^`, its highlight. */
const BLOCK_REFERENCE = /\(\([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\)\)/g
const LOGSEQ_HIGHLIGHT = /\^\^(?=[^\s^])([^^\n]{1,200})(?<!\s)\^\^/g

/** Text without marks that markdown-it leaves in it. */
function withoutMarks(text: string): string {
  let plain = text.includes('[^') ? text.replace(FOOTNOTE_MARK, '') : text
  if (plain.includes('==')) plain = plain.replace(HIGHLIGHT, '$1')
  if (plain.includes('((')) plain = plain.replace(BLOCK_REFERENCE, '')
  if (plain.includes('^^')) plain = plain.replace(LOGSEQ_HIGHLIGHT, '$1')
  return plain.includes(':(fa') ? plain.replace(ICON, '') : plain
}

function tokenText(token: Token, showMath: ShowMath): string {
  switch (token.type) {
    case 'text':
      return withoutMarks(token.content)
    case 'text_special':
    case 'code_inline':
      return token.content
    case 'task_box':
      return `${token.content} `
    case 'softbreak':
      return '\n'
    case 'hardbreak':
      return BREAK
    case 'math_inline':
    case 'math_display':
      return showMath(token)
    default:
      return ''
  }
}
