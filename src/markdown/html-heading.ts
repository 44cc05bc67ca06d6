import { htmlText } from './html-text.ts'
import { foldText } from './text.ts'

const HEADING = /<h([12])(?:\s[^<>]*)?>((?:(?!<\/?h[1-6]\b)[^]){1,2000})<\/h\1\s*>/i
const NO_HEADING = /^\s*<(?:script|style|pre|textarea|template|!--(?:(?!-->)[^])*-->\s*$)/i

/** A heading of level 1 or 2 in a block of HTML, and what of the block stands before and behind it; null without one. */
export function headingInHtml(html: string): { text: string; level: 1 | 2; before: string; behind: string } | null {
  if (!/<h[12]\b/i.test(html) || NO_HEADING.test(html)) return null
  const found = HEADING.exec(withoutComments(html))
  if (found === null) return null
  const text = foldText(htmlText(found[2] ?? '', { math: '', code: '' }))
  const end = found.index + found[0].length
  const parts = { before: html.slice(0, found.index), behind: html.slice(end) }
  return text === '' ? null : { text, level: found[1] === '1' ? 1 : 2, ...parts }
}

/** Blanks in place of comments. One that never ends is left: to look for its end from each `<!--` takes for ever. */
function withoutComments(html: string): string {
  const end = html.lastIndexOf('-->') + 1
  const blank = (comment: string): string => ' '.repeat(comment.length)
  return html.slice(0, end + 2).replace(/<!--[^]*?-->/g, blank) + html.slice(end + 2)
}
