import { isOpening, likeness } from '../identity.ts'
import { foldText } from '../markdown/text.ts'
import { titleKey } from './adopted.ts'
import { isHome } from './home.ts'
import type { Spool } from './tables.ts'
import type { Batch } from './write.ts'

/** An entry that another source follows, as far as it counts for whose word goes. */
export interface Other {
  id: number
  sourceId: number
  source: string
  kind: string
  /** Where that source is; null for files. */
  url: string | null
  key: string | null
  title: string
  permalink: string | null
  snippet: string
  bodyLength: number
  isRemoved: boolean
  text: string
}

/** What is said of an article here, as it is put aside. */
export type Spooled = Omit<Spool, 'id'>

/**
 * Whose word goes for an article that two sources have: the owner's own files before anybody's; then a source that is at
 * the address of the article before one that is elsewhere, since nobody else is to write over it; then the first, until
 * another has its text and more of it.
 */
export function isBetterHere(batch: Batch, row: Spooled, other: Other): boolean {
  const { kind, moment, url } = batch
  if (kind === 'markdown') return true
  // What the owner took out of a folder stays out, whoever repeats it.
  if (other.isRemoved) return false
  if (!moment.scope.has(other.source)) return true
  if (other.kind === 'markdown') return false
  if (other.permalink === null || row.permalink === null) return other.permalink === null && row.permalink !== null
  const [here, there] = [isHome(url, row.permalink), isHome(other.url, other.permalink)]
  if (here !== there) return here
  return row.body_length > other.bodyLength && (here ? isNamedAlike(row, other) : goesOn(row, other))
}

/** Titles that are more alike are of one article, from 0 to 1. */
const ALIKE = 0.4

function isNamedAlike(row: Spooled, other: Other): boolean {
  const [here, there] = [titleKey(row.title), titleKey(other.title)]
  return isMostOf(here, there) || isMostOf(there, here) || likeness(here, there) >= ALIKE
}

/** Planets write `Ada: ` before a title; a short word may stand in any. */
function isMostOf(title: string, longer: string): boolean {
  return title !== '' && longer.includes(title) && 3 * title.length >= longer.length
}

/** True when the text here is the one there, and more of it: any other would be somebody else's word. */
function goesOn(row: Spooled, other: Other): boolean {
  return isNamedAlike(row, other) && startsAlike(foldText(row.snippet), foldText(other.snippet))
}

function startsAlike(a: string, b: string): boolean {
  const [one, two] = [a, b].map((text) => text.replace(/(?:\.{3}|…)$/u, '').trimEnd())
  return one !== undefined && two !== undefined && (one.startsWith(two) || two.startsWith(one))
}

/** True when a source elsewhere writes about an article, under its address, and does not repeat it. */
export function isRemark({ url }: Batch, row: Spooled, other: Other): boolean {
  // An article without an address of its own stands at one that the owner's settings make; a text of a listing at none.
  const link = row.permalink ?? other.permalink
  if (link === null || other.kind === 'listing' || isHome(url, link) === isHome(other.url, link)) return false
  const [snippet, shown] = [foldText(row.snippet), foldText(other.snippet)]
  return !isNamedAlike(row, other) && !isOpening(snippet, shown) && !isOpening(shown, snippet)
}
