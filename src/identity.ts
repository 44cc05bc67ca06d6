import { hash as hashOf } from 'node:crypto'
import type { Instant, WrittenDate } from './entry.ts'
import { parseUrl } from './web-address.ts'

/** Namespace of the ids that Feedwire mints (RFC 9562, section 5.5); never changed. */
const NAMESPACE = Buffer.from('8f0c6ad2b1f64c5d9a7e3b52d4e1c907', 'hex')

/** A body shorter than this many code points is no identity: too many notes say "Hello". */
export const SHORTEST_IDENTITY = 100

/** `urn:uuid:…` version 5 (RFC 9562, section 5.5): the same words give the same id for ever. */
export function mintId(...words: string[]): string {
  const name = Buffer.from(words.join('\u0000'))
  const hash = hashOf('sha1', Buffer.concat([NAMESPACE, name]), 'buffer').subarray(0, 16)
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  return `urn:uuid:${parts.join('-')}`
}

/** The guid for an id that an author wrote: an absolute URI as it stands, a UUID as a URN, anything else hashed. */
export function guidOfExplicitId(source: string, id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return `urn:uuid:${id.toLowerCase()}`
  // RFC 3986: a scheme, then only characters that a URI may hold.
  if (/^[a-z][a-z0-9+.-]*:[a-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/i.test(id) && parseUrl(id) !== null) return id
  return mintId(source, 'id', id)
}

/** SHA-256 of a folded text, in hexadecimal digits. */
export function fingerprintOf(folded: string): string {
  return hashOf('sha256', folded, 'hex')
}

/** Bytes that a key has at most: an index of PostgreSQL takes some 2,700 for all that one row has in it. */
export const LONGEST_KEY = 1000

/** What stands for a text in an index: itself, or its hash when it is long. */
export function keyText(text: string): string {
  return Buffer.byteLength(text) <= LONGEST_KEY ? text : `sha256:${fingerprintOf(text)}`
}

/** The number of code points of a text. */
export function codePoints(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; count++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  return count
}

/** It looks back before each run, so that no long row of dots is tried from each of its dots. */
const ELLIPSIS = /(?<!\s)\s*(?:(?<!\.)\.{3,}|(?<!…)…+)$/u
const OPENING = 64

/** Fingerprint of the opening of a captured text, the same for every longer or shorter cut; null for a short text. */
export function openingOf(captured: string): string | null {
  if (codePoints(captured) < SHORTEST_IDENTITY) return null
  return fingerprintOf(
    Array.from(captured.replace(ELLIPSIS, '').slice(0, 2 * OPENING))
      .slice(0, OPENING)
      .join(''),
  )
}

/** True when a captured text was cut: it ends in an ellipsis. */
function isCut(text: string): boolean {
  return ELLIPSIS.test(text)
}

/**
 * True when one of two captured texts is the other, cut short: it ends in an ellipsis, has at least a hundred code
 * points and the other goes on where it stops.
 */
export function isSameCapture(a: string, b: string): boolean {
  return isCutOf(a, b) || isCutOf(b, a)
}

function isCutOf(short: string, long: string): boolean {
  if (!isCut(short)) return false
  const stem = short.replace(ELLIPSIS, '')
  return codePoints(short) >= SHORTEST_IDENTITY && long.length >= stem.length && long.startsWith(stem)
}

/**
 * True when a captured text is the opening of the snippet of an article, both folded; or, where the snippet was cut
 * first, begins with it. What both have must be at least a hundred code points.
 */
export function isOpening(captured: string, snippet: string): boolean {
  const [text, shown] = [captured.replace(ELLIPSIS, ''), snippet.replace(ELLIPSIS, '')]
  if (Math.min(codePoints(text), codePoints(shown)) < SHORTEST_IDENTITY) return false
  return shown.startsWith(text) || (isCut(snippet) && text.startsWith(shown))
}

/** How a written date is compared with a later one: two spellings of one date are equal. */
export function writtenText(date: WrittenDate | null): string | null {
  if (date === null) return null
  return date.kind === 'instant' ? `at ${date.at}` : `on ${date.year}-${date.month}-${date.day}`
}

/** How alike two texts are, from 0 to 1: the share of their runs of three characters that both have (Dice). */
export function likeness(a: string, b: string): number {
  const left = trigrams(a)
  const right = trigrams(b)
  if (left.size === 0 || right.size === 0) return 0
  let common = 0
  for (const gram of left) if (right.has(gram)) common++
  return (2 * common) / (left.size + right.size)
}

function trigrams(text: string): Set<string> {
  const grams = new Set<string>()
  for (let at = 0; at + 3 <= text.length; at++) grams.add(text.slice(at, at + 3))
  return grams
}

const SECOND = 1000

/**
 * Gives entries of one batch instants of their own, a second apart, so that every reader sorts them alike.
 * @param wanted the instants in the order in which the entries are numbered, oldest first
 * @param latest no instant lies after it, unless it was wanted
 * @param isTaken asks for the instants of entries that are remembered already
 */
export async function spaceOut(
  wanted: readonly Instant[],
  latest: Instant,
  isTaken: (at: Instant) => Promise<boolean>,
): Promise<Instant[]> {
  const occupied = new Set<Instant>()
  const isFree = async (at: Instant): Promise<boolean> => {
    if (!occupied.has(at) && (await isTaken(at))) occupied.add(at)
    return !occupied.has(at)
  }
  const later = new Search(isFree, SECOND)
  const earlier = new Search(isFree, -SECOND)
  const waiting = new Map<Instant, number>()
  for (const at of wanted) waiting.set(at, (waiting.get(at) ?? 0) + 1)

  const spaced: Instant[] = []
  for (const want of wanted) {
    const sharers = waiting.get(want) ?? 1
    waiting.set(want, sharers - 1)
    // Room is left before the limit for those of the same instant that come after.
    const first = await later.from(Math.min(want, latest - (sharers - 1) * SECOND), latest)
    const at = first > latest ? await earlier.from(Math.min(want, latest), -Infinity) : first
    occupied.add(at)
    spaced.push(at)
  }
  return spaced
}

/** Looks for free instants in one direction. None that was found occupied is passed twice, however many want the same. */
class Search {
  readonly #isFree: (at: Instant) => Promise<boolean>
  readonly #step: number
  /** Where to look on, from an instant that is occupied. */
  readonly #next = new Map<Instant, Instant>()

  constructor(isFree: (at: Instant) => Promise<boolean>, step: number) {
    this.#isFree = isFree
    this.#step = step
  }

  /** The first free instant, or the first one past the end. */
  async from(start: Instant, end: Instant): Promise<Instant> {
    const passed: Instant[] = []
    const isPast = (at: Instant): boolean => (this.#step > 0 ? at > end : at < end)
    let at = start
    while (!isPast(at)) {
      const next = this.#next.get(at) ?? ((await this.#isFree(at)) ? null : at + this.#step)
      if (next === null) break
      passed.push(at)
      at = next
    }
    for (const instant of passed) this.#next.set(instant, at)
    return at
  }
}
