import { parseUrl } from '../web-address.ts'

/**
 * True when a form was sent from a page that may hold it. Browsers tell the origin of each form that is posted; what
 * tells none is no browser, and nobody's page leads it. `null` is the origin of pages that hide theirs.
 */
export function isFromOurPages(request: Request, origins: readonly string[]): boolean {
  const origin = request.headers.get('origin')
  return origin === null || origins.includes(origin)
}

/** Lets the scripts of pages that may hold our form read an answer (CORS). */
export function sharedWith(request: Request, origins: readonly string[]): Record<string, string> {
  const origin = request.headers.get('origin')
  const isOurs = origin !== null && origins.includes(origin)
  return { vary: 'Origin', ...(isOurs && { 'access-control-allow-origin': origin }) }
}

/** Longer than the address of any page of a site should be. */
const LONGEST = 300

/** The page on which a form was sent, as far as it is known: its address without a query, and what the form says of it. */
export function placeOf({ headers }: Request, source: string | null): string {
  const page = withoutQuery(headers.get('referer')) ?? withoutQuery(headers.get('origin')) ?? ''
  const said = (source ?? '').replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return [page, said].flatMap((part) => (part === '' ? [] : [part.slice(0, LONGEST)])).join(' ')
}

function withoutQuery(address: string | null): string | null {
  const url = address === null ? null : parseUrl(address)
  if (url === null) return null
  const { protocol, origin, pathname } = url
  return protocol === 'https:' || protocol === 'http:' ? `${origin}${pathname}` : null
}
