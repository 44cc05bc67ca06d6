import { parseBlocks, parseInline } from './parse.ts'
import { CONTENTS } from './furniture.ts'
import { headingInHtml } from './html-heading.ts'
import { type Placeholders, PlainBlocks, foldLines, headingText } from './plain-blocks.ts'
import { STOP } from './plain-inline.ts'

export type { Placeholders } from './plain-blocks.ts'

/** How an article is read no farther than it must be. */
export interface Excerpt {
  /** The line that ends the excerpt, besides `<!-- more -->`. */
  separator?: string | null
  /** Whether an opening says enough, which none does below `atLeast` UTF-16 code units. Absent: all is needed. */
  enough?: { atLeast: number; isReached: (text: string) => boolean }
}

/**
 * An article as one line of text: up to `<!-- more -->` or the separator when something stands before it, else whole,
 * or its blocks up to the one with which it is enough. A first heading that says the title again is left out.
 */
export function articleText(
  markdown: string,
  title: string,
  placeholders: Placeholders,
  { separator = null, enough }: Excerpt = {},
): string {
  const [opening, rest] = partedBy(markdown, separator)
  const text = openingText(opening, title, placeholders, enough)
  return text === '' && rest !== '' ? openingText(rest, title, placeholders, enough) : text
}

function openingText(markdown: string, title: string, placeholders: Placeholders, enough: Excerpt['enough']): string {
  const blocks = new PlainBlocks(title, placeholders)
  let [seen, askAt] = [0, enough?.atLeast ?? Infinity]
  for (const block of parseBlocks(markdown)) {
    blocks.add(block)
    if (blocks.pieces.length > seen && blocks.pieces.slice(seen).some((piece) => piece.includes(STOP))) {
      const opening = beforeStop(blocks.pieces)
      if (opening !== '') return opening
    }
    seen = blocks.pieces.length
    if (enough === undefined || blocks.length < askAt) continue
    const text = foldLines(blocks.pieces.join(' '))
    if (enough.isReached(text)) return text
    askAt = blocks.length + Math.max(enough.atLeast - text.length, blocks.length / 4)
  }
  return foldLines(blocks.pieces.join(' '))
}

/** What stands before the first `<!-- more -->`. */
function beforeStop(pieces: readonly string[]): string {
  const text = pieces.join(' ')
  return foldLines(text.slice(0, text.indexOf(STOP)))
}

/**
 * What stands before the first line that is the separator and behind it; all before it when there is none. A comment
 * parts a text within a line, too.
 */
function partedBy(markdown: string, separator: string | null): [opening: string, rest: string] {
  if (separator !== null && /^\n+$/.test(separator)) return partedAtBlank(markdown, separator)
  const line = separator?.trim() ?? ''
  if (line === '') return [markdown, '']
  for (let at = markdown.indexOf(line); at >= 0; at = markdown.indexOf(line, at + line.length)) {
    const end = at + line.length
    if (line.startsWith('<!--')) return [markdown.slice(0, at), markdown.slice(end)]
    const before = /(?:^|[\n\r])[ \t]*$/.test(markdown.slice(Math.max(0, at - 20), at))
    if (before && /^[ \t]*(?:[\n\r]|$)/.test(markdown.slice(end, end + 20))) {
      return [markdown.slice(0, at), markdown.slice(end)]
    }
  }
  return [markdown, '']
}

/** The first such run of line feeds behind something that is written. */
function partedAtBlank(markdown: string, feeds: string): [opening: string, rest: string] {
  const at = markdown.indexOf(feeds, Math.max(0, markdown.search(/\S/)))
  return at < 0 ? [markdown, ''] : [markdown.slice(0, at), markdown.slice(at)]
}

/** Markdown without blocks, such as a summary, as one line of text. */
export function lineOfText(markdown: string, placeholders: Placeholders): string {
  const blocks = new PlainBlocks('', placeholders)
  blocks.add(parseInline(markdown))
  return foldLines(blocks.pieces.join(' '))
}

/**
 * The first heading of level 1 or 2 that says something, also one in HTML, its math as TeX, and whether the text begins
 * with it; null when there is none.
 */
export function firstHeading(markdown: string): { text: string; level: number; isOpening: boolean } | null {
  let isOpening = true
  for (const block of parseBlocks(markdown, ([first]) => /^h[12]$/.test(first?.tag ?? ''))) {
    if (block[0]?.type === 'heading_open' && /^h[12]$/.test(block[0].tag)) {
      const text = headingText(block[1], block[0].markup)
      if (text !== '' && !CONTENTS.test(text)) return { text, level: block[0].tag === 'h1' ? 1 : 2, isOpening }
    }
    const inHtml = block[0]?.type === 'html_block' ? headingInHtml(block[0].content) : null
    if (inHtml !== null && !CONTENTS.test(inHtml.text)) return { text: inHtml.text, level: inHtml.level, isOpening }
    isOpening &&= !/^(?:heading|paragraph|blockquote|bullet_list|ordered_list)_open$/.test(block[0]?.type ?? '')
  }
  return null
}
