import { columnsOf, columnsOfGrapheme } from './columns.ts'

/** Text is wrapped at no less and no more columns than these. */
const NARROWEST = 24
const WIDEST = 200
/** A number or a bullet may stand before the text that was wrapped. */
const MARK = 4

const ENDED = /[.!?…。\uFF01\uFF1F][\p{Pe}\p{Pf}"'」』]*$/u
const BEGINS_SMALL = /^[\p{Pi}\p{Ps}"']*\p{Ll}/u
const ENDS_OPEN = /[,;\uFF0C\u3001\uFF1B(\uFF08]$/u
const UNCASED = /^[\p{Pi}\p{Ps}"']*\p{Lo}/u
/** A long address alone on its line says nothing of the edge. */
const BREAKABLE = /[\s\p{Lo}]/u
/** Punctuation that may stand behind the edge in Chinese. */
const HANGING = /[\u3001\u3002\uFF0C\uFF1A\uFF1B\uFF01\uFF1F]$/u
const FIRST_WORD = /^(?:[\p{Ps}\p{Pi}]*[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}][\p{Po}\p{Pe}\p{Pf}]*|\S+)/u

/** True for a text that ends as a sentence does. */
export function isEnded(text: string): boolean {
  return ENDED.test(text.slice(-40))
}

/** True for a line that begins with a lower-case word. */
export function beginsSmall(text: string): boolean {
  return BEGINS_SMALL.test(text.slice(0, 40))
}

/** True when a line had no room within these columns for the first word of the next one. */
export function isFull(line: string, next: string, width: number): boolean {
  const [word = ''] = FIRST_WORD.exec(next.slice(0, WIDEST)) ?? []
  const gap = joint(line, word, false).length
  return columnsOf(line) + gap + columnsOf(word) > width
}

/**
 * The columns at which texts are wrapped; null when their lines are no wrapped texts: a line breaks where the next word
 * has no room, mostly amid a sentence, and goes on small, or in a script without capitals at an even edge.
 */
export function wrapWidth(texts: readonly (readonly string[])[]): number | null {
  const wrapped = texts.filter((lines) => lines.length > 1)
  const lines = wrapped.flat()
  if (lines.length === 0 || lines.some((line) => line.length > WIDEST)) return null
  let width = 0
  for (const line of lines) if (BREAKABLE.test(line)) width = Math.max(width, columnsOf(line.replace(HANGING, '')))
  if (width < NARROWEST || width > WIDEST) return null
  const breaks = wrapped.flatMap((text) => text.slice(1).map((next, index) => ({ line: text[index] ?? '', next })))
  const open = breaks.filter(({ line }) => !isEnded(line))
  const full = breaks.filter(({ line, next }) => isFull(line, next, width - MARK))
  if (full.length * 10 < breaks.length * 9 || open.length * 2 < breaks.length) return null
  const small = open.filter(({ line, next }) => beginsSmall(next) || ENDS_OPEN.test(line))
  if (small.length * 2 >= open.length) return width
  const uncased = open.filter(({ next }) => UNCASED.test(next))
  return uncased.length * 2 >= open.length && isRagged(wrapped, width) ? width : null
}

/** True for several texts that mostly end short of the edge, or with a sentence. */
function isRagged(texts: readonly (readonly string[])[], width: number): boolean {
  const ends = texts.map((lines) => lines.at(-1) ?? '')
  const ragged = ends.filter((line) => isEnded(line) || columnsOf(line) < width * 0.9)
  return texts.length > 1 && ragged.length * 2 >= ends.length
}

/** A character of a script that is written without spaces, or punctuation as wide. */
function isWide(character: string): boolean {
  return columnsOfGrapheme(character) === 2 && !/\p{sc=Hangul}|\p{Extended_Pictographic}/u.test(character)
}

/** What a line break between two lines stands for: a space, or nothing. */
function joint(before: string, after: string, isSpaced: boolean): string {
  const last = /.$/u.exec(before)?.[0] ?? ''
  const [first = ''] = after
  if (/\p{L}[-\u2010\u00AD—]$/u.test(before.slice(-3)) && /^[\p{L}\p{N}]/u.test(first)) return ''
  const [left, right] = [isWide(last), isWide(first)]
  if ((left && !/\p{L}/u.test(last)) || (right && !/\p{L}/u.test(first)) || (left && right)) return ''
  if ((left && /[“‘—…]/u.test(first)) || (right && /[”’—…]/u.test(last))) return ''
  return left === right || isSpaced ? ' ' : ''
}

/**
 * One line of several.
 * @param isSpaced whether a space stands between Chinese and Latin words
 */
export function joinLines(lines: readonly string[], isSpaced: boolean): string {
  const parts: string[] = []
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1]
    if (before !== undefined) parts.push(joint(before, line, isSpaced))
    parts.push(lines[index + 1] === undefined ? line : line.replace(/\u00AD$/, ''))
  }
  return parts.join('')
}

/** Whether the author of a page sets Chinese and Latin words off by spaces. */
export function isSpaced(lines: readonly string[]): boolean {
  let [spaced, close] = [0, 0]
  for (const line of lines) {
    spaced += line.match(/\p{sc=Han} [a-z\d]|[a-z\d] \p{sc=Han}/giu)?.length ?? 0
    close += line.match(/\p{sc=Han}[a-z\d]|[a-z\d]\p{sc=Han}/giu)?.length ?? 0
  }
  return spaced > close
}
