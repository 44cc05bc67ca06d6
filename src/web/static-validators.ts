import type { BigIntStats } from 'node:fs'
import type { Coding } from './static-coding.ts'

/** By what a client tells which version of a file it has (RFC 9110, section 8.8). */
export interface Validators {
  etag: string
  /** Milliseconds since 1970, of a whole second, as `Last-Modified` can say no more. */
  modified: number
}

/**
 * The validators of a file, or of a compressed copy. The tag is weak, since it comes from the size and the time alone;
 * proxies that compress leave weak tags as they are.
 */
export function validatorsOf(stats: BigIntStats, coding: Coding | null): Validators {
  const version = [stats.mtimeNs.toString(36), stats.size.toString(36), ...(coding === null ? [] : [coding])]
  return { etag: `W/"${version.join('-')}"`, modified: Number(stats.mtimeMs / 1000n) * 1000 }
}

/** Characters of a tag (RFC 9110, section 8.8.3); commas are among them. */
const TAG = /"[\x21\x23-\x7e\x80-\xff]*"/g
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const RFC_850_DATE = /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/
const ASCTIME_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/** True when the client has this version. Its date is asked only when it names no tag (RFC 9110, section 13.2.2). */
export function isKnown(headers: Headers, { etag, modified }: Validators): boolean {
  const tags = headers.get('if-none-match')
  if (tags !== null) return tags.trim() === '*' || tags.match(TAG)?.includes(etag.replace('W/', '')) === true
  const since = readDate(headers.get('if-modified-since') ?? '')
  return since !== null && modified <= since
}

/** Reads a date in any form of RFC 9110, section 5.6.7, as milliseconds since 1970; null: it is none and is ignored. */
function readDate(text: string): number | null {
  const isDated = HTTP_DATE.test(text) || RFC_850_DATE.test(text)
  const at = isDated ? Date.parse(text) : ASCTIME_DATE.test(text) ? Date.parse(`${text} GMT`) : NaN
  return Number.isNaN(at) ? null : at
}
