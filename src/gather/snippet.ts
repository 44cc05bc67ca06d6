import type { Body } from '../entry.ts'
import { articleText, lineOfText } from '../markdown/plain.ts'
import type { Placeholders } from '../markdown/plain.ts'
import { foldText } from '../markdown/text.ts'

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

/**
 * The plain text that announces an article: its summary, else what stands before `<!-- more -->`, else its opening.
 * At most `length` graphemes, and `...` when something was cut off.
 */
export function makeSnippet(
  source: { summary: string | null; body: Body; title: string },
  options: { length: number; placeholders: Placeholders },
): string {
  const { placeholders } = options
  const atoms = Object.values(placeholders).map(foldText)
  return cutText(snippetText(source, placeholders), options.length, atoms)
}

function snippetText(
  source: { summary: string | null; body: Body; title: string },
  placeholders: Placeholders,
): string {
  const { summary, body, title } = source
  if (body.format === 'text') return foldText(summary ?? '') || foldText(body.text)
  return lineOfText(summary ?? '', placeholders) || articleText(body.text, title, placeholders)
}

/**
 * Cuts folded text to at most `length` graphemes and then appends `...`; shorter text stays as it is. No cut falls
 * inside one of `atoms` or, unless it is longer than `length` by itself, inside a word of a script written with spaces.
 */
export function cutText(text: string, length: number, atoms: string[]): string {
  const cuts = graphemeEnds(text, length)?.map((end) => atomStart(text, end, atoms))
  if (cuts === undefined) return text
  const lastOutside = (edges: WordEdges): number | undefined =>
    cuts.findLast((end) => end > 0 && !isInsideWord(text, end, edges))
  const cut = lastOutside(JOINED) ?? lastOutside(LETTERS) ?? cuts.at(-1)
  return `${text.slice(0, cut).trimEnd()}...`
}

/** Where the first `count` graphemes end; undefined when the text has no more. Segments no more than it must. */
function graphemeEnds(text: string, count: number): number[] | undefined {
  for (let size = 16 * count + 64; ; size *= 2) {
    const ends: number[] = []
    for (const { index } of graphemes.segment(text.slice(0, size))) {
      // The last unit of a slice may be half a character that belongs to the grapheme before it.
      if (index > 0 && (index < size - 1 || size >= text.length)) ends.push(index)
      if (ends.length === count) return ends
    }
    if (size >= text.length) return undefined
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
