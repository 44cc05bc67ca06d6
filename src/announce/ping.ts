import { oneLine } from '../problem.ts'
import { withDeadline } from './deadline.ts'
import { parseUrl } from '../web-address.ts'

/** A request of which only matters whether it was taken. */
export interface Ping {
  /** May hold a secret, which is never told. */
  url: string
  userAgent: string
  /** Sent as JSON by POST; null: the address is asked by GET. */
  body: object | null
  /** Once it is aborted, the request is given up. */
  signal: AbortSignal
  /** Milliseconds for all of it. */
  limit?: number
}

const LIMIT = 10_000
const MOST_HOPS = 3
/** Redirections after which the request is made again as it was. */
const MOVED = new Set([301, 302, 307, 308])

/** Makes the request, and follows redirections to the same host. Null when it was taken, else why not. */
export function ping(request: Ping): Promise<string | null> {
  const { signal, limit = LIMIT } = request
  return withDeadline(signal, limit, async (deadline) => {
    try {
      return await ask(new URL(request.url), request, deadline)
    } catch (error) {
      if (signal.aborted) return 'Feedwire was told to stop'
      if (deadline.aborted) return `it gave no answer within ${limit / 1000} seconds`
      // A TypeError of fetch has the failure of the network as its cause.
      if (!(error instanceof TypeError && error.cause instanceof Error)) throw error
      const { cause } = error
      return oneLine(cause.message !== '' || !('code' in cause) ? cause.message : String(cause.code))
    }
  })
}

async function ask(first: URL, { body, userAgent }: Ping, signal: AbortSignal): Promise<string | null> {
  let url = first
  for (let hop = 0; hop <= MOST_HOPS; hop++) {
    const response = await fetch(url.href, {
      ...(body === null ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'user-agent': userAgent, ...(body !== null && { 'content-type': 'application/json' }) },
      redirect: 'manual',
      signal,
    })
    await response.body?.cancel()
    if (response.ok) return null
    const target = response.headers.get('location')
    const next = MOVED.has(response.status) && target !== null ? parseUrl(target, url.href) : null
    if (next === null) return `it answers ${response.status}`
    if (next.hostname !== url.hostname) return `it points to ${next.host}, another host`
    if (next.username !== '' || next.password !== '') return 'it points to an address with a password'
    if (url.protocol === 'https:' && next.protocol !== 'https:') return 'it points from https to http'
    url = next
  }
  return 'it points from one address to the next'
}
