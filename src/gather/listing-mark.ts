import { leadingDate } from './listing-dated.ts'
import { type Snippet, headOf, withHead } from './listing-snippet.ts'

/** A number or a bullet that a line begins with. */
interface Mark {
  /** Lines count together when this is the same. */
  style: string
  /** Null for a bullet. */
  number: number | null
  length: number
}

/** A mark and what follows it stand within these. */
const REACH = 60

const NUMBERED: readonly (readonly [style: string, form: RegExp])[] = [
  ['1.', /^(\d{1,4})[.\uFF0E](?!\d) ?/],
  ['1)', /^(\d{1,4})[)\uFF09] ?/],
  ['(1)', /^[(\uFF08](\d{1,4})[)\uFF09] ?/],
  ['[1]', /^[[\u3010](\d{1,4})[\]\u3011] ?/],
  ['#1', /^#(\d{1,4})(?: |[.:)\uFF1A] ?)/],
  ['1、', /^(\d{1,4})\u3001 ?/],
  ['①', /^([\u2460-\u2473\u3251-\u325F\u32B1-\u32BF\u2776-\u277F]) ?/],
  ['一、', /^([一二三四五六七八九十百]{1,5})\u3001 ?/],
  ['（一）', /^[(\uFF08]([一二三四五六七八九十百]{1,5})[)\uFF09] ?/],
]
const BULLET = /^([-*+•·‣◦▪▫■□●○◆◇►▶▸★☆–—])\s+/u
const CIRCLED: readonly (readonly [first: number, last: number, value: number])[] = [
  [0x2460, 0x2473, 1],
  [0x3251, 0x325f, 21],
  [0x32b1, 0x32bf, 36],
  [0x2776, 0x277f, 1],
]
const HAN_DIGITS = '一二三四五六七八九'

/** Reads the mark of a line; a date at the start, as `11. Jan 2026`, is none. */
function markOf(text: string): Mark | null {
  const opening = text.slice(0, REACH)
  const bullet = BULLET.exec(opening)
  if (bullet !== null) return { style: bullet[1] ?? '', number: null, length: bullet[0].length }
  for (const [style, form] of NUMBERED) {
    const [whole, digits] = form.exec(opening) ?? []
    if (whole === undefined || digits === undefined || whole.length === text.length) continue
    const isDay = leadingDate(text) !== null
    return isDay ? null : { style, number: valueOf(digits), length: whole.length }
  }
  return null
}

function valueOf(digits: string): number | null {
  if (/^\d/.test(digits)) return Number(digits)
  const code = digits.charCodeAt(0)
  const circled = CIRCLED.find(([first, last]) => code >= first && code <= last)
  return circled === undefined ? hanValue(digits) : code - circled[0] + circled[2]
}

/** `二十一` is 21, `一百零一` is not read. */
function hanValue(digits: string): number {
  const parts = /^(?:([一二三四五六七八九])百)?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?$/.exec(digits)
  if (parts === null) return NaN
  const [, hundreds, tens, ten, ones] = parts
  const digit = (text: string | undefined): number => (text === undefined ? 0 : HAN_DIGITS.indexOf(text) + 1)
  return 100 * digit(hundreds) + (ten === undefined ? 0 : 10 * (digit(tens) || 1)) + digit(ones)
}

/**
 * The places of the texts that count together, from the first that has a mark on: one number after the other, up or
 * down, or the same bullet each time. What breaks the row is passed over. Null when fewer than two count, or when their
 * numbers may be years.
 */
export function countedPlaces(texts: readonly string[]): number[] | null {
  const marks = texts.map(markOf)
  const start = marks.findIndex((mark) => mark !== null)
  const first = marks[start]
  if (!first) return null
  const rows = first.number === null ? [0] : [1, -1]
  const counted = rows.map((step) => countFrom(marks, start, step)).sort((a, b) => b.length - a.length)[0] ?? []
  const areYears = counted.every((place) => isYear(marks[place]?.number ?? 0))
  return counted.length < 2 || (areYears && first.style !== '#1') ? null : counted
}

function countFrom(marks: readonly (Mark | null)[], start: number, step: number): number[] {
  const first = marks[start]
  if (!first) return []
  const places: number[] = []
  let next = first.number
  for (let place = start; place < marks.length; place++) {
    const mark = marks[place]
    if (mark?.style !== first.style || mark.number !== next) continue
    places.push(place)
    if (next !== null) next += step
  }
  return places
}

function isYear(number: number): boolean {
  return number >= 1900 && number < 2100
}

/**
 * Snippets without their numbers or bullets, when the page counts: each has one, or of three and more four in five have
 * one and those that have none stand before or behind the row.
 */
export function unnumbered(snippets: readonly Snippet[]): Snippet[] {
  const heads = snippets.map(headOf)
  const places = countedPlaces(heads)
  if (places === null || !isWholeRow(places, snippets.length)) return [...snippets]
  const counted = new Set(places)
  return snippets.map((snippet, place) =>
    counted.has(place) ? withHead(snippet, withoutMark(headOf(snippet))) : snippet,
  )
}

function isWholeRow(places: readonly number[], all: number): boolean {
  if (places.length === all) return true
  const isUnbroken = (places.at(-1) ?? 0) - (places[0] ?? 0) === places.length - 1
  return isUnbroken && places.length >= 3 && places.length * 5 >= all * 4
}

function withoutMark(text: string): string {
  return text.slice(markOf(text)?.length ?? 0).trim()
}
