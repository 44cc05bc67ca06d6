import { findingsOf, meaningOf } from './phrases.ts'

/**
 * What a bounce means for the reader: nobody is there; it may work another time; something is held against the letter
 * or its sender.
 */
export type BounceClass = 'hard' | 'soft' | 'policy'

/** An enhanced status code (RFC 3463) that tells of a failure; not part of an IP address or of a version. */
const ENHANCED = /(?<![\d.])[45]\.[0-7]\.\d{1,3}(?!\.?\d)/
const BEHIND_REPLY = /(?<![\d.])[45]\d\d[ #(<-]{1,3}([45]\.[0-7]\.\d{1,3})(?!\.?\d)/
/** A reply code (RFC 5321) where a server says it. */
const REPLY = /(?:^|[\s:;(#"'<]|said: )([45][0-5]\d)(?=[\s:;,)#"'-]|$)/

/** The enhanced status code in what a server said; null when there is none. */
export function statusIn(text: string): string | null {
  return BEHIND_REPLY.exec(text)?.[1] ?? ENHANCED.exec(text)?.[0] ?? null
}

/** The reply code in what a server said; null when there is none. */
export function replyIn(text: string): string | null {
  return REPLY.exec(text)?.[1] ?? null
}

/** True for a code such as 5.0.0, which says no more than that it failed. */
export function isVague(status: string): boolean {
  return /^\d\.0\.0$/.test(status)
}

/** True for words that tell why something failed: by a code, or by a phrase that is known. */
export function isTelling(words: string): boolean {
  return statusIn(words) !== null || replyIn(words) !== null || meaningOf(findingsOf(words)) !== null
}

/** The first line of a report that tells why it failed; all of it when none does. */
export function tellingLine(text: string): string {
  return text.split('\n').find(isTelling) ?? text
}

/**
 * The class of a failure. Hard is only what every sign agrees on, or what words leave no doubt of where the codes say
 * nothing.
 * @param status of the report; null when there is none
 * @param words what the server said
 */
export function classOf(status: string | null, words: string): BounceClass {
  const meaning = meaningOf(words)
  if (meaning === 'policy' || meaning === 'passing') return meaning === 'policy' ? 'policy' : 'soft'
  const isGone = meaning === 'gone'
  const inWords = statusIn(words)
  const codes = [status, inWords].filter((code) => code !== null).filter((code) => !isVague(code))
  if (codes.length === 0) return isGone && !isPassing(status, words) ? 'hard' : 'soft'
  const classes = codes.map((code) => classOfCode(code, isGone))
  return classes.find((one) => one !== 'hard') ?? 'hard'
}

/** With words alone, a 4xx reply or status says that it was not final. */
function isPassing(status: string | null, words: string): boolean {
  const reply = replyIn(words)
  return reply === null ? status?.startsWith('4') === true : reply.startsWith('4')
}

/** RFC 3463, section 3. */
function classOfCode(code: string, isGone: boolean): BounceClass {
  const [kind, subject, detail] = code.split('.')
  if (subject === '7') return 'policy'
  if (kind !== '5') return 'soft'
  // Bad sender, by syntax or by its system.
  if (subject === '1' && (detail === '7' || detail === '8')) return 'policy'
  if (subject === '1') return detail === '4' ? 'soft' : 'hard'
  if (subject === '2' && detail === '1') return 'hard'
  return isGone && !(subject === '2' && (detail === '2' || detail === '3')) ? 'hard' : 'soft'
}
