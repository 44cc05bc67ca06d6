import { firstImage } from '../../markdown/article-images.ts'
import { htmlText } from '../../markdown/html-text.ts'
import { sanitiseForeign } from '../../markdown/foreign.ts'
import { cleanText, foldText } from '../../markdown/text.ts'
import { withoutCdata } from './mend-cdata.ts'
import type { WrittenText } from './written.ts'

/** The text of an item: sanitised HTML whose links are absolute, or plain text. */
export interface ItemBody {
  format: 'html' | 'text'
  text: string
}

/** What an item says. */
export interface ItemTexts {
  /** The fullest of its texts; null when it has none. */
  body: ItemBody | null
  /** Another one, as one line of plain text. */
  summary: string | null
  /** The first picture in the body; absolute. */
  image: string | null
}

/** In characters of its source; nobody writes longer articles. */
const LONGEST = 500_000
/** More elements that are never closed are none that a person wrote, and cost a parser the square of their number. */
const MOST_UNCLOSED = 1000
const TAG = /<(\/?)(?!(?:p|li|br|hr|img|wbr|input|source|col|dd|dt|td|tr)\b)[a-z]/gi
const HTML = /<\/?[a-z!][^<>]*>|&(?:#\d+|#x[\da-f]+|[a-z]\w*);/i
const NO_PLACEHOLDERS = { math: '', code: '' }

/** True when a text is longer than what is read of it. */
export function isTooLong({ text }: WrittenText): boolean {
  return text.length > LONGEST
}

/** Reads the texts of an item: the fullest is its body, the next one is its summary. */
export function itemTexts(written: readonly WrittenText[]): ItemTexts {
  const texts = written
    .slice(0, 8)
    .map(readText)
    .filter(({ plain }) => plain > 0)
  const [first, second] = texts.sort((a, b) => b.plain - a.plain)
  if (first === undefined) return { body: null, summary: null, image: null }
  const summary = second === undefined ? null : plainLine(second.body)
  return { body: first.body, summary: summary === '' ? null : summary, image: first.image }
}

/** A body as one line of plain text. */
export function plainLine({ format, text }: ItemBody): string {
  return foldText(format === 'html' ? htmlText(text, NO_PLACEHOLDERS) : text)
}

interface ReadText {
  body: ItemBody
  image: string | null
  /** Characters that are no markup; a picture counts as one. */
  plain: number
}

function readText({ kind, text, base }: WrittenText): ReadText {
  const whole = withoutCdata(text.slice(0, LONGEST))
  if (kind === 'text' || (kind === 'either' && !HTML.test(whole))) return plainText(whole)
  if (isEndless(whole)) return plainText(whole.replace(/<[^<>]*>/g, ''))
  const { html, images } = sanitiseForeign(whole, base)
  const clean = cleanText(html).trim()
  const plain = clean.replace(/<[^>]*>/g, '').trim().length + (images.length > 0 ? 1 : 0)
  return { body: { format: 'html', text: clean }, image: firstImage(images)?.url ?? null, plain }
}

function plainText(text: string): ReadText {
  const clean = cleanText(text).trim()
  return { body: { format: 'text', text: clean }, image: null, plain: clean.length }
}

function isEndless(html: string): boolean {
  let open = 0
  for (const [, slash] of html.matchAll(TAG)) {
    open = Math.max(0, open + (slash === '' ? 1 : -1))
    if (open > MOST_UNCLOSED) return true
  }
  return false
}
