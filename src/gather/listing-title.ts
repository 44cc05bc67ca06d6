import { foldText } from '../markdown/text.ts'
import { columnsOf, columnsOfGrapheme } from './columns.ts'

/** Display columns of a title at most, without the ellipsis; a Chinese character takes two. */
const WIDTH = 59
/** A title is made from the first 600 UTF-16 units, however long the text is. */
const LOOKED_AT = 600
/** The longest emoji in use have about 20 UTF-16 units; a longer cluster is somebody's joke. */
const LONGEST_GRAPHEME = 32

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })
const words = new Intl.Segmenter('zh', { granularity: 'word' })

/** Text in which every UTF-16 unit is a grapheme; most is, and need not be segmented. */
const SIMPLE = /^[ -~\u3001-\u3020\u3400-\u9FFF\uFF01-\uFF60]*$/
const HAN = /\p{sc=Han}/u
const PLACEHOLDER = /\[[\p{L}\p{N}]{1,20}\]/gu
const DANGLING = /[\s\p{Ps}\p{Pi}\p{Pd},.;:\u2026\u3001\u3002\uFF0C\uFF1A\uFF1B]+$/u

/** Headings that stand above any article. */
const GENERIC_CHINESE =
  /^((?:[^\p{L}\p{N}]{1,8} ?)?(?:概述|背景|前言|简介|引言|摘要|介绍|绪论|导言|导读|总结|题目|方法|动机|简短总结|相关内容|问题引入|问题背景))[ :\uFF1A]+(?=\S)/u
/** Only before a capital, a digit or a Chinese character: "Introduction to Rust" is a title. */
const GENERIC_ENGLISH =
  /^((?:[^\p{L}\p{N}]{1,8} ?)?(?:Overview|Introduction|Intro|Background|Abstract|Preface|Summary))[ :\uFF1A]+(?=[^\p{L}]*[\p{Lu}\p{Lo}\p{N}])/u

/** What may end a heading, and what none has inside. */
const HEADING_END = /[\p{L}\p{N}?!)\uFF01\uFF09\uFF1F]$/u
const CLAUSE = /[,;\u3001\u3002\uFF0C\uFF1B]|\.(?:\s|$)(?<!^\d+\.\s?)/u

/**
 * A title for an article without one, made from its opening words: a heading that the text begins with, else as many
 * words as fit in about 60 columns, with `…` when that is not all.
 */
export function openingTitle(text: string): string {
  const opening = openingOf(text)
  if (opening === '') return 'Untitled'
  const generic = GENERIC_CHINESE.exec(opening) ?? GENERIC_ENGLISH.exec(opening)
  if (generic === null) return headingOf(opening) ?? cut(opening)
  const [whole, heading = ''] = generic
  return cut(`${heading}${HAN.test(heading) ? '\uFF1A' : ': '}${opening.slice(whole.length)}`)
}

function openingOf(text: string): string {
  const opening = foldText(text.slice(0, LOOKED_AT))
  if (SIMPLE.test(opening)) return opening
  const segments = [...graphemes.segment(opening)].filter(({ segment }) => segment.length <= LONGEST_GRAPHEME)
  return foldText(segments.map(({ segment }) => segment).join(''))
}

/**
 * The heading before the first Chinese sentence: `垃圾回收的三种做法 引用计数最容易…`. A listing has lost the
 * line break after it, a space is all that is left.
 */
function headingOf(opening: string): string | null {
  for (let at = opening.indexOf(' '); at > 0 && at <= WIDTH; at = opening.indexOf(' ', at + 1)) {
    const heading = opening.slice(0, at)
    if (CLAUSE.test(heading) || isSpacedProse(heading, opening.slice(at + 1))) return null
    const columns = columnsOf(heading)
    if (HAN.test(heading) && HEADING_END.test(heading) && columns >= 8) return columns <= WIDTH ? heading : null
  }
  return null
}

/** True within a sentence that sets Latin words or formulas off by spaces, such as `用 Docker 部署`. */
function isSpacedProse(before: string, after: string): boolean {
  const [word = '', next = ''] = after.split(' ', 2)
  if (!HAN.test(before.slice(-1))) return false
  return /^\[[^\p{sc=Han}\]]*\]/u.test(word) || (!HAN.test(word) && /^\p{sc=Han}/u.test(next))
}

function cut(text: string): string {
  const end = endOfFit(text)
  if (end === text.length) return text
  const at = lastBreak(text, end)
  const kept = text.slice(0, at > end / 3 ? at : end)
  const trimmed = kept.replace(DANGLING, '')
  return `${trimmed === '' ? kept : trimmed}…`
}

/** Where the first grapheme begins that no longer fits, or that belongs to a placeholder which does not. */
function endOfFit(text: string): number {
  if (2 * text.length <= WIDTH) return text.length
  let columns = 0
  for (const { segment, index } of graphemes.segment(text)) {
    columns += columnsOfGrapheme(segment)
    if (columns > WIDTH) return placeholderAround(text, index)?.from ?? index
  }
  return text.length
}

/** The last place up to `end` where a line could be broken: between words, never within a run of ASCII. */
function lastBreak(text: string, end: number): number {
  const fits = text.slice(0, end)
  let last = 0
  for (const { index } of words.segment(text.slice(0, end + WIDTH))) {
    if (index > end) break
    const withinRun = /^[!-~]{2}/.test(text.slice(index - 1, index + 1))
    if (!withinRun && placeholderAround(fits, index) === null) last = index
  }
  return last
}

function placeholderAround(text: string, index: number): { from: number } | null {
  for (const { index: from, 0: placeholder } of text.matchAll(PLACEHOLDER)) {
    if (from < index && index < from + placeholder.length) return { from }
  }
  return null
}
