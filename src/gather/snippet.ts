import type { Body } from '../entry.ts'
import { htmlText } from '../markdown/html-text.ts'
import { type Placeholders, articleText, lineOfText } from '../markdown/plain.ts'
import { replaceTex } from '../markdown/tex-in-text.ts'
import { SIMPLE, foldText, simpleRun } from '../markdown/text.ts'

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

const WITHOUT_SPACES = ['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan', 'Yi']
  .map((script) => `\\p{Script=${script}}`)
  .join('')
const LETTER = `(?![${WITHOUT_SPACES}ー])[\\p{L}\\p{M}\\p{N}_]`
/** What joins letters to one word when it stands between them: `don't`, `3.14`, `state-of-the-art`, `https://…`. */
const JOINT = "['’.,:/@&=?#%~+-]{0,3}"
const JOINED = wordEdges(JOINT)
const LETTERS = wordEdges('')
/** How far the edges of a word reach in UTF-16 code units. */
const REACH = 8
const TWO_SIMPLE = new RegExp(`^[${SIMPLE}]{2}$`)

interface Summarised {
  summary: string | null
  /** Without the instructions of its dialect. */
  body: Body
  title: string
}

interface SnippetOptions {
  /** In graphemes. */
  length: number
  placeholders: Placeholders
  /** The line that ends an excerpt, besides `<!-- more -->`. */
  separator?: string | null
}

/**
 * The plain text that announces an article: its summary, else what stands before `<!-- more -->`, else its opening.
 * At most `length` graphemes, and `...` when something was cut off.
 */
export function makeSnippet(source: Summarised, options: SnippetOptions): string {
  const atoms = Object.values(options.placeholders).map(foldText)
  return cutText(snippetText(source, options), options.length, atoms)
}

function snippetText(
  { summary, body, title }: Summarised,
  { length, placeholders, separator }: SnippetOptions,
): string {
  if (body.format === 'text') return foldText(summary ?? '') || foldText(body.text)
  if (body.format === 'html')
    return foreignText(summary ?? '', placeholders) || foreignText(htmlText(body.text, placeholders), placeholders)
  // The word in which the cut would fall must be seen.
  const most = length + REACH
  const enough = { atLeast: most + 1, isReached: (text: string) => isLonger(text, most) }
  return (
    (summary !== null && lineOfText(summary, placeholders)) ||
    articleText(body.text, title, placeholders, { separator: separator ?? null, enough })
  )
}

/** Pages leave TeX to a script that neither feeds nor letters run. */
function foreignText(text: string, placeholders: Placeholders): string {
  return foldText(replaceTex(text, placeholders))
}

/**
 * Cuts folded text to at most `length` graphemes and then appends `...`; shorter text stays as it is. No cut falls
 * inside one of `atoms` or, unless it is longer than `length` by itself, inside a word of a script written with spaces.
 */
export function cutText(text: string, length: number, atoms: string[]): string {
  const ends = graphemeEnds(text, length)
  if (ends === undefined) return text
  const cutOutside = (edges: WordEdges): number | undefined => {
    for (let index = ends.length - 1; index >= 0; index--) {
      const cut = atomStart(text, ends[index] ?? 0, atoms)
      if (cut > 0 && !isInsideWord(text, cut, edges)) return cut
    }
    return undefined
  }
  const cut = cutOutside(JOINED) ?? cutOutside(LETTERS) ?? atomStart(text, ends.at(-1) ?? 0, atoms)
  return `${text.slice(0, cut).trimEnd()}...`
}

/** Whether a text has more than `count` graphemes. */
function isLonger(text: string, count: number): boolean {
  return simpleRun(text, 0, count + 1) > count || graphemeEnds(text, count) !== undefined
}

/**
 * Where the first `count` graphemes end; undefined when the text has no more. Intl.Segmenter takes fifty times as long
 * as looking for simple characters, so it is asked only from the one before a character that is not.
 */
function graphemeEnds(text: string, count: number): number[] | undefined {
  if (text.length <= count) return undefined
  const ends: number[] = []
  for (let at = 0; at < text.length;) {
    const simple = simpleRun(text, at, count - ends.length + 2)
    // What follows may join the last of them.
    const sure = at + simple === text.length ? simple : simple - 1
    for (let end = at + 1; end <= at + sure && end < text.length; end++) {
      ends.push(end)
      if (ends.length === count) return ends
    }
    at = at + sure >= text.length ? text.length : segmentFrom(text, at + Math.max(0, sure), count, ends)
    if (ends.length === count) return ends
  }
  return undefined
}

/**
 * Adds the ends of the graphemes from `start` on, where one begins, as far as `count` of them or two simple characters
 * in a row; answers where it stopped. Segments no more than it must.
 */
function segmentFrom(text: string, start: number, count: number, ends: number[]): number {
  for (let size = 64; ; size *= 4) {
    const part = text.slice(start, start + size)
    const isWhole = start + size >= text.length
    const known = ends.length
    for (const { index } of graphemes.segment(part)) {
      if (index === 0) continue
      // The last unit of a part may be half a character that belongs to the grapheme before it.
      if (!isWhole && index >= part.length - 2) break
      ends.push(start + index)
      if (ends.length === count || TWO_SIMPLE.test(part.slice(index, index + 2))) return start + index
    }
    if (isWhole) return text.length
    ends.length = known
  }
}

/** `end`, or where the atom starts that a cut there would break. */
function atomStart(text: string, end: number, atoms: string[]): number {
  for (const atom of atoms) {
    const from = Math.max(0, end - atom.length + 1)
    const start = text.slice(from, end + atom.length - 1).indexOf(atom)
    if (start >= 0) return Math.min(end, from + start)
  }
  return end
}

interface WordEdges {
  before: RegExp
  after: RegExp
}

function wordEdges(joint: string): WordEdges {
  return { before: new RegExp(`${LETTER}${joint}$`, 'u'), after: new RegExp(`^${joint}${LETTER}`, 'u') }
}

function isInsideWord(text: string, at: number, { before, after }: WordEdges): boolean {
  return before.test(text.slice(Math.max(0, at - REACH), at)) && after.test(text.slice(at, at + REACH))
}
