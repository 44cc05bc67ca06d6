import { columnsOf } from './columns.ts'

/** Headings and labels are short; longer lines are not searched. */
const LONGEST = 120
/** A category takes at most this many columns, 14 Chinese characters. */
const LABEL_COLUMNS = 28
/** Columns of a label that is more likely a category than a title: `Distributed`, `机器学习`. */
const NARROW = 12
const NARROW_CHINESE = 8

const SENTENCE = /[。\uFF01\uFF1F!?\uFF1B;…\uFF0C]|\p{sc=Han},|\.(?:\s|$)/u

/** True for several Latin words in capitals, as banners and headings are set. */
export function isInCapitals(text: string): boolean {
  if (text.length > LONGEST || SENTENCE.test(text)) return false
  return !/[^\p{Lu}\P{L}]/u.test(text) && text.split(' ').filter((word) => /\p{Lu}/u.test(word)).length > 1
}

/** True for a text that may be the name of a category: a few words that are no sentence. */
export function isLabel(text: string): boolean {
  return text.length <= LONGEST && !SENTENCE.test(text) && columnsOf(text) <= LABEL_COLUMNS
}

/** True when a line is so much longer than the one above it that the one above can be its category. */
export function isMuchLonger(text: string, label: string): boolean {
  return columnsOf(text.slice(0, LONGEST)) >= Math.max(30, 4 * columnsOf(label))
}

/** True for the lines above texts that are categories, not titles: they are narrow, loud, or come again. */
export function areCategories(heads: readonly string[]): boolean {
  if (!heads.every(isLabel)) return false
  const isRepeated = new Set(heads).size < heads.length
  const narrow = heads.filter((head) => columnsOf(head) <= (/\p{sc=Han}/u.test(head) ? NARROW_CHINESE : NARROW))
  return isRepeated || heads.every(isInCapitals) || narrow.length * 2 >= heads.length
}
