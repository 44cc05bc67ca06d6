import sanitizeHtml from 'sanitize-html'
import { isFormulaImage } from './formula-image.ts'
import { Ruby } from './ruby.ts'

/** Elements that stand on their own line, so that white space parts their text from what is around them. */
const BREAKING =
  /^(?:address|article|aside|blockquote|br|caption|d[dlt]|details|div|fig(?:caption|ure)|footer|h[1-6r]|header|li|main|nav|ol|option|p|pre|section|summary|t(?:able|body|d|foot|h|head|r)|ul|video)$/
/** Elements whose content is no text of the article, or only for readers that cannot show them. */
const HIDDEN = [
  ...['script', 'style', 'title', 'template', 'noscript', 'textarea', 'option', 'select', 'svg'],
  ...['audio', 'video', 'canvas', 'iframe', 'object'],
  // Notes of Distill, which its script shows where one points at them.
  'd-footnote',
]

/** What stands for elements that plain text cannot show. */
export interface HtmlPlaceholders {
  math: string
  code: string
}

/** True for an element such as `p` or `br`, whose text does not run on into its neighbour's. */
export function breaksText(tagName: string): boolean {
  return BREAKING.test(tagName.toLowerCase())
}

/** True for an element such as `script` or `video`, within which there is no text. */
export function hidesText(tagName: string): boolean {
  return HIDDEN.includes(tagName.toLowerCase())
}

/** White space between two blocks or lines, which no script leaves out as it may a line feed. */
export const BREAK = '\f'

/** The text of HTML: tags, comments, scripts and styles are gone, entities decoded, a `BREAK` at each break. */
export function htmlText(html: string, { math, code }: HtmlPlaceholders): string {
  const pieces: string[] = []
  const ruby = new Ruby()
  const mark = (name: string, isClosing: boolean): void => {
    if (breaksText(name)) pieces.push(BREAK)
    pieces.push(ruby.tag(name, isClosing, pieces.at(-1) ?? ''))
  }
  sanitizeHtml(html, {
    allowedTags: [],
    allowedAttributes: {},
    nonTextTags: [...HIDDEN, 'pre', 'math'],
    onOpenTag(name, { src = '' }) {
      mark(name, false)
      if (name === 'pre') pieces.push(code)
      if (name === 'math' || (name === 'img' && isFormulaImage(src))) pieces.push(` ${math} `)
    },
    onCloseTag(name) {
      mark(name, true)
    },
    textFilter(escaped) {
      pieces.push(unescapeText(escaped))
      return ''
    },
  })
  return closedUp(pieces.join(''), math).trim()
}

/** Takes the space behind a placeholder away where a point or the like follows. */
function closedUp(text: string, math: string): string {
  if (math === '') return text
  const [first = '', ...rest] = text.split(` ${math} `)
  return rest.reduce((before, after) => `${before} ${math}${/^[.,;:!?)\]]/.test(after) ? '' : ' '}${after}`, first)
}

const ESCAPED: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' }

/** Undoes the escaping of sanitize-html, which decodes every other entity itself. */
function unescapeText(escaped: string): string {
  return escaped.replace(/&(?:lt|gt|amp);/g, (entity) => ESCAPED[entity] ?? entity)
}
