import { isUtf8 } from 'node:buffer'
import { Problem } from '../../problem.ts'
import { hostOf, readAddress } from './address.ts'

/** The way from the address that was asked for to where it leads. */
export interface Trail {
  /** Where it has led so far; each without fragment. */
  readonly urls: readonly URL[]
  readonly last: URL
  /** No redirect was but for now, and none led from https to http. */
  readonly isLasting: boolean
}

/** The statuses that lead elsewhere (RFC 9110, section 15.4). */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const LASTING: ReadonlySet<number> = new Set([301, 308])

/** The way at its beginning. */
export function trailFrom(url: URL): Trail {
  return { urls: [url], last: url, isLasting: true }
}

/** Where to ask from now on, or null. */
export function movedTo({ urls, last, isLasting }: Trail): string | null {
  return isLasting && urls.length > 1 ? last.href : null
}

/**
 * The way after a redirect.
 * @param location the header as Node gives it, a character for each byte
 * @param most how many redirects there may be
 * @throws {Problem} `fetch-redirects`; `fetch-refused` for an address that is none or holds a password
 */
export function redirected(trail: Trail, status: number, location: string | undefined, most: number): Trail {
  const host = hostOf(trail.last)
  if (location === undefined) throw astray(`${host} redirects, and does not say where to`)
  const last = readAddress(asText(location), trail.last.href)
  if (trail.urls.some(({ href }) => href === last.href)) throw astray(`${host} redirects in a circle`)
  if (trail.urls.length > most) throw astray(`The address leads on after ${most} redirects`)
  const isDowngrade = trail.last.protocol === 'https:' && last.protocol === 'http:'
  return { urls: [...trail.urls, last], last, isLasting: trail.isLasting && LASTING.has(status) && !isDowngrade }
}

function astray(message: string): Problem {
  return new Problem('fetch-redirects', message, { mend: 'look with a browser where the address leads' })
}

/** Many servers write the letters of other languages as they are, in UTF-8. */
function asText(header: string): string {
  const bytes = Buffer.from(header, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : header
}
