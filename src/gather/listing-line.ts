import { columnsOf } from './columns.ts'

/** Headings, page numbers and labels are short; longer lines are not searched. */
const LONGEST = 120
/** A category takes at most this many columns, 14 Chinese characters. */
const LABEL_COLUMNS = 28

const HEADINGS = new Set([
  ...['latest', 'latest updates', 'latest posts', 'latest articles', 'latest news', 'recent updates', 'recent posts'],
  ...['recent articles', 'new posts', 'all posts', 'all articles', 'posts', 'articles', 'archive', 'archives'],
  ...['最新文章', '最新更新', '最新动态', '最新发布', '最近更新', '最近文章', '近期文章', '近期更新', '更新动态'],
  ...['文章列表', '所有文章', '全部文章', '文章归档', '归档'],
])
const PAGER =
  /[\d\s….«»‹›<>←→|/·-]+|\b(?:prev|previous|next|older|newer|first|last|page|posts|of)\b|[上下]一?页|[首尾末]页|[第共页]/gu
const SENTENCE = /[。\uFF01\uFF1F!?\uFF1B;…\uFF0C]|\p{sc=Han},|\.(?:\s|$)/u
const HAS_WORD = /[\p{L}\p{N}]/u

/** True for a line of the page that is no part of any article: a well-known heading, page numbers, a rule. */
export function isFurniture(text: string): boolean {
  if (!HAS_WORD.test(text)) return true
  if (text.length > LONGEST) return false
  const plain = text.toLowerCase()
  return HEADINGS.has(plain.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')) || plain.replace(PAGER, '') === ''
}

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
