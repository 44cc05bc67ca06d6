import type { Token } from 'markdown-it'
import { CONTENTS, isFurniture } from './furniture.ts'
import { headingInHtml } from './html-heading.ts'
import { BREAK, htmlText } from './html-text.ts'
import { MORE } from './more.ts'
import { STOP, inlineText } from './plain-inline.ts'
import { replaceMath } from './tex-in-text.ts'
import { foldText } from './text.ts'

/** What stands in plain text for what cannot: inline math, display math, a code block. */
export interface Placeholders {
  math: string
  formula: string
  code: string
}

/** Math that only moves the text behind it. */
const SPACE_IN_TEX = /^\s*(?:\\(?:q?quad\b|[,;:! ])\s*)+$/
const COMMENT_ALONE = /^\s*<!--(?:(?!-->)[^])*-->\s*$/
const CJK =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\u3000-\\u303F\\uFF00-\\uFF60\\uFFE0-\\uFFE6]'
/** But not before the name of a value, as in `作者：`, which begins a line of its own. */
const BREAK_WITHIN_CJK = new RegExp(`\\n(?<=${CJK}\\n)(?=${CJK})(?!\\p{Script=Han}{1,8}[:：])`, 'gu')
/** What closes a heading without a space before it, to the parsers of before CommonMark. */
const CLOSE_MARKS = /(?<=[^\s#])#+$/

const ENDS_IN_CJK = new RegExp(`${CJK}$`, 'u')

/** Sentences: Chinese or Japanese from the first letter to the last, without signs of code; with a comma or a full stop. */
const PROSE = /^\s*[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}“《][^;{}=<>*`|\\[\]_$#]*$/u
const POINT = /[，。]/
const LETTERS_OF_CJK = new RegExp(CJK, 'gu')

/** A line that parts the rows of kramdown's tables. */
const RULE = /^\|[-:=|+ \t]*$/

/** The blocks of an article as pieces of plain text, one block after the other. */
export class PlainBlocks {
  readonly pieces: string[] = []
  /** Length of all pieces in UTF-16 code units. */
  length = 0
  readonly #title: string
  readonly #placeholders: Placeholders
  /** The next number of each open list, innermost last; null in a bullet list. */
  readonly #numbers: (number | null)[] = []
  #isBehindHeading = false
  #notes = 0
  /** The rows of the open table, and the cells of its last row. */
  #rows: string[] = []
  #cells: string[] | null = null
  /** The script, style or code that is open beyond its block of HTML. */
  #hidden: string | null = null

  /** @param title of the article; a first heading that says it again is left out */
  constructor(title: string, placeholders: Placeholders) {
    this.#title = foldText(title)
    this.#placeholders = placeholders
  }

  add(block: readonly Token[]): void {
    if (isContents(block)) return
    for (const [index, token] of block.entries()) this.#addToken(token, block[index - 1])
  }

  #addToken(token: Token, before: Token | undefined): void {
    if (token.type === 'footnote_reference_open') this.#notes++
    else if (token.type === 'footnote_reference_close') this.#notes--
    else if (this.#notes === 0 && !this.#isHidden(token)) this.#addText(token, before)
  }

  #addText(token: Token, before: Token | undefined): void {
    switch (token.type) {
      case 'ordered_list_open':
        this.#numbers.push(Number(token.attrGet('start') ?? 1))
        break
      case 'bullet_list_open':
        this.#numbers.push(null)
        break
      case 'ordered_list_close':
      case 'bullet_list_close':
        this.#numbers.pop()
        break
      case 'list_item_open':
        this.#push(this.#numberOf(token))
        break
      case 'inline':
        this.#addInline(token, before)
        break
      case 'math_display':
        this.#push(this.#placeholders.formula)
        break
      case 'code_block':
        this.#push(isProse(token.content) ? token.content.trim() : this.#placeholders.code)
        break
      case 'fence':
        this.#push(this.#placeholders.code)
        break
      case 'html_block':
        this.#push(this.#htmlOf(this.#withoutTitle(token.content)))
        break
      default:
        this.#addTable(token)
    }
  }

  #addTable(token: Token): void {
    if (token.type === 'table_open') this.#rows = []
    else if (token.type === 'tr_open') this.#cells = []
    else if (token.type === 'tr_close') {
      this.#rows.push((this.#cells ?? []).filter((cell) => cell !== '').join(', '))
      this.#cells = null
    } else if (token.type === 'table_close') this.#push(this.#rows.filter((row) => row !== '').join('; '))
  }

  #addInline(token: Token, before: Token | undefined): void {
    if (before?.type === 'heading_open' && CONTENTS.test(token.content)) return
    if (before?.type === 'paragraph_open' && isFurniture(token.content)) return
    const isFirstHeading = before?.type === 'heading_open' && !this.#isBehindHeading
    if (isFirstHeading) {
      this.#isBehindHeading = true
      const says = [headingText(token, before.markup), foldText(token.content)]
      if (this.#title !== '' && says.includes(this.#title)) return
    }
    const written = inlineText(token.children ?? [], (math) => this.#mathOf(math))
    const text = before?.type === 'heading_open' ? withoutClosing(written, before.markup) : written
    if (CONTENTS.test(text)) return
    if (this.#cells !== null) this.#cells.push(text.trim())
    else if (token.content.startsWith('|') && isTable(token.content)) this.#push(rowsOf(text))
    else this.#push(before?.type === 'dt_open' ? withColon(text) : text)
  }

  #numberOf(item: Token): string {
    const number = this.#numbers.pop() ?? null
    this.#numbers.push(number === null ? null : number + 1)
    return number === null ? '' : `${number}${item.markup}`
  }

  #mathOf({ type, content }: Pick<Token, 'type' | 'content'>): string {
    if (content !== '' && SPACE_IN_TEX.test(content)) return ' '
    return ` ${type === 'math_inline' ? this.#placeholders.math : this.#placeholders.formula} `
  }

  /** HTML without a first heading that says the title again. */
  #withoutTitle(html: string): string {
    const heading = this.#isBehindHeading || this.#title === '' ? null : headingInHtml(html)
    if (heading === null) return html
    this.#isBehindHeading = true
    return heading.text === this.#title ? `${heading.before} ${heading.behind}` : html
  }

  #htmlOf(html: string): string {
    if (COMMENT_ALONE.test(html)) return MORE.test(html) ? STOP : ''
    this.#hidden = openAtEnd(html)
    const text = replaceMath(htmlText(html.replace(MORE, STOP), this.#placeholders), this.#placeholders)
    return CONTENTS.test(text) ? '' : text
  }

  /** Blank lines end a block of HTML, not a script in it. */
  #isHidden(token: Token): boolean {
    if (this.#hidden === null) return false
    if (token.content.toLowerCase().includes(`</${this.#hidden}`)) this.#hidden = null
    return true
  }

  #push(text: string): void {
    if (text === '') return
    this.pieces.push(text)
    this.length += text.length + 1
  }
}

/** A heading as one line of text, its math as TeX. */
export function headingText(inline: Token | undefined, mark: string): string {
  return foldLines(
    withoutClosing(
      inlineText(inline?.children ?? [], (math) => math.content),
      mark,
    ),
  )
}

/** `### Tides###` and `## 潮汐#` without what closes them; `# C#` is whole. */
function withoutClosing(text: string, mark: string): string {
  const marks = text.endsWith('#') ? CLOSE_MARKS.exec(text) : null
  if (marks === null) return text
  const words = text.slice(0, marks.index)
  return (mark.length > 1 && marks[0] === mark) || ENDS_IN_CJK.test(words) ? words : text
}

/** Whether what is set in by four spaces, as paragraphs of Chinese often are, is sentences and no code. */
function isProse(code: string): boolean {
  const lines = code.trim().split('\n')
  return (
    lines.length <= 20 &&
    lines.every(
      (line) => PROSE.test(line) && POINT.test(line) && (line.match(LETTERS_OF_CJK)?.length ?? 0) * 2 > line.length,
    )
  )
}

/** One line, as each script is written: a line break is a space, between two Chinese or Japanese characters nothing. */
export function foldLines(text: string): string {
  if (!text.includes('\n')) return foldText(text)
  const lines = text.replace(/\s+/g, (space) => (space.includes('\n') && !space.includes(BREAK) ? '\n' : ' '))
  return foldText(lines.replace(BREAK_WITHIN_CJK, ''))
}

/** A list that only leads to other places of the article. */
function isContents(block: readonly Token[]): boolean {
  if (block[0]?.type.endsWith('_list_open') !== true) return false
  const lines = block.filter(({ type }) => type === 'inline')
  return lines.length > 0 && lines.every(({ children }) => leadsWithin(children ?? []))
}

/** One link alone, but for a number before it. */
function leadsWithin(tokens: readonly Token[]): boolean {
  const from = tokens.findIndex(({ type, content }) => type !== 'html_inline' && !/^[\s\d.]*$/.test(content))
  const start = tokens.findIndex(({ type }) => type === 'link_open')
  const isOne = tokens.findIndex(({ type }) => type === 'link_close') === tokens.length - 1
  const isFirst = start >= 0 && (from < 0 || start < from)
  return isOne && isFirst && String(tokens[start]?.attrGet('href')).startsWith('#')
}

/** A table without a head, which CommonMark takes for text. */
function isTable(text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.every((line) => RULE.test(line) || /^\|.*\|$/.test(line)) && lines.some((line) => !RULE.test(line))
}

function rowsOf(text: string): string {
  const rows = text.split('\n').filter((line) => !RULE.test(line.trim()))
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
  return cells.map((row) => row.filter((cell) => cell !== '').join(', ')).join('; ')
}

function withColon(term: string): string {
  return /[:：]\s*$/.test(term) ? term : `${term}:`
}

/** `script`, `style` or `pre` when the last of them in some HTML is still open. */
function openAtEnd(html: string): string | null {
  const lower = html.toLowerCase()
  return (
    ['script', 'style', 'pre'].find((name) => lower.lastIndexOf(`<${name}`) > lower.lastIndexOf(`</${name}`)) ?? null
  )
}
