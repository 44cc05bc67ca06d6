import type { WrittenDate } from '../entry.ts'
import { findDays } from './listing-day.ts'
import { type Snippet, headOf, withHead } from './listing-snippet.ts'

/** A date is looked for in so many UTF-16 units at either end of a snippet. */
const REACH = 60

const SAYS = '(?:(?:posted|published|updated)(?: on)?|date|(?:发布|发表|更新)(?:于|时间|日期)?|日期|时间)[:\\uFF1A]? ?'
const OPENS = new RegExp(`^([[(\\uFF08\\u3010])? ?(?:${SAYS})?$`, 'iu')
const CLOSES = /^ ?([\])\uFF09\u3011])[ \p{Pd}·:\uFF1A]*/u
/** A sign that sets the date off, then no lower-case word and no second date, which would make it a span. */
const SET_OFF = /^(?: ?[—–|·•\uFF5C\uFF1A] ?| - |: )(?=[^\s\p{Ll}\d]|\d(?!\d{0,3}[-/.年]))/u
/** A text of its own begins behind the date: no lower-case word, no punctuation. */
const BEGINS = /^ (?=[^\p{Ll}\p{Po}\p{Pe}\p{Pf}\p{Pd}\p{Sm}]|["'#@¿¡](?!\p{Ll}))/u
const ENDS_BEFORE = new RegExp(`(?: ?([[(\\uFF08\\u3010]) ?|( ?[—–|·•\\uFF5C] ?| - )|( ?))(?:${SAYS})?$`, 'iu')
const ENDED = /[.!?…。\uFF01\uFF1F][\p{Pe}\p{Pf}"']*$/u
/** The end of a sentence that goes on with the date. */
const BOUND =
  /(?<!\p{L})(?:of|on|until|till|since|from|by|in|to|the|at|before|after|and|for|as|is|was)$|[在于自从到至\p{Po}]$/iu

interface Dated {
  date: WrittenDate
  /** The rest of the text. */
  text: string
  /** True when signs tell that the date belongs to no sentence, whatever the other lines look like. */
  isApart: boolean
}

/** Snippets without the dates that stand at their start or end; a date within a sentence stays. */
export function undated(snippets: readonly Snippet[]): Snippet[] {
  const leading = snippets.map((snippet) => leadingDate(headOf(snippet)))
  const trailing = snippets.map((snippet) => trailingDate(headOf(snippet)) ?? trailingDate(snippet.text))
  const leads = areUsual(leading, 1)
  const trails = areUsual(trailing, 2)
  return snippets.map((snippet, index) => {
    const first = accepted(leading[index], leads)
    if (first !== null) return { ...withHead(snippet, first.text), date: first.date }
    const last = accepted(trailing[index], trails)
    if (last === null) return snippet
    const isOfHead = headOf(snippet).startsWith(last.text)
    return { ...(isOfHead ? withHead(snippet, last.text) : { ...snippet, text: last.text }), date: last.date }
  })
}

/** True when half of the lines have one, so that each is a part of the page and not of its line. */
function areUsual(found: readonly (Dated | null)[], atLeast: number): boolean {
  const count = found.filter((dated) => dated !== null).length
  return count >= atLeast && count * 2 >= found.length
}

function accepted(dated: Dated | null | undefined, isUsual: boolean): Dated | null {
  return dated && (isUsual || dated.isApart) ? dated : null
}

/** `2026-01-11 Text`, `Jan 11, 2026 — Text`, `[2026/1/11] Text`; null for a sentence that begins with a date. */
export function leadingDate(text: string): Dated | null {
  const opening = text.slice(0, REACH)
  const [day] = findDays(opening)
  if (!day?.date) return null
  const opens = OPENS.exec(opening.slice(0, day.start))
  if (opens === null) return null
  const after = text.slice(day.end)
  const next = after.slice(0, REACH)
  const sign = (opens[1] === undefined ? SET_OFF : CLOSES).exec(next)
  const isBare = opens[1] === undefined && (BEGINS.test(next) || isGlued(text, day.end))
  const rest = sign === null && !isBare ? '' : after.slice(sign?.[0].length ?? 0).trim()
  return /[\p{L}\p{N}]/u.test(rest) ? { date: day.date, text: rest, isApart: sign !== null } : null
}

/** Numbers right before a Chinese text; `2026年1月11日港口` begins a sentence. */
function isGlued(text: string, at: number): boolean {
  return /^\d\p{Lo}/u.test(text.slice(at - 1, at + 1))
}

/** `Text… (11 Jan 2026)`, `Title - 2026-01-11`; null for a sentence that ends with a date. */
export function trailingDate(text: string): Dated | null {
  const from = Math.max(0, text.length - REACH)
  const ending = text.slice(from)
  const day = findDays(ending).at(-1)
  if (!day?.date) return null
  const ends = ENDS_BEFORE.exec(ending.slice(0, day.start))
  const [, opens, sign] = ends ?? []
  const after = ending.slice(day.end)
  if (ends === null || !(opens === undefined ? /^$/ : /^ ?[\])\uFF09\u3011]$/u).test(after)) return null
  const rest = text.slice(0, from + ends.index).trim()
  if (!/[\p{L}\p{N}]/u.test(rest)) return null
  const isEnded = ENDED.test(rest)
  if (!isEnded && opens === undefined && sign === undefined && BOUND.test(rest)) return null
  return { date: day.date, text: rest, isApart: isEnded }
}
