import type { IncomingMessage } from 'node:http'
import { Problem } from '../../problem.ts'
import { NOBODY, addressesOf, hostOf, isPublicAddress, readAddress } from './address.ts'
import { ask, headersFor } from './ask.ts'
import { readBody } from './body.ts'
import type { Fetched, Fresh, Validators } from './fetched.ts'
import { type Patience, withPatience } from './patience.ts'
import { REDIRECTS, movedTo, redirected, trailFrom } from './redirects.ts'
import { retryAfter } from './retry-after.ts'
import { LATER, goneProblem, laterProblem, statusProblem } from './status.ts'
import { LIMITS, type Limits, type Tools } from './tools.ts'
import { parseUrl } from '../../web-address.ts'

/**
 * Asks for a document over HTTP, unless it is as it was, within limits of time and size and never at an address that is
 * not public. Problems, each at the address that was asked for: `fetch-refused`, `fetch-dns`, `fetch-unreachable`,
 * `fetch-tls`, `fetch-timeout`, `fetch-redirects`, `fetch-status`, `fetch-gone`, `fetch-later`, `fetch-too-big`,
 * `fetch-truncated`, `fetch-malformed`.
 * @param validators what came with the document that is kept, or null
 * @throws what `tools.signal` is aborted with, and no Problem
 */
export async function get(url: string, validators: Validators | null, tools: Tools): Promise<Fetched> {
  try {
    const fetched = await follow(readAddress(url), validators, tools)
    return 'problem' in fetched ? { ...fetched, problem: placed(fetched.problem, url) } : fetched
  } catch (error) {
    if (error instanceof Problem) return { kind: 'failed', problem: placed(error, url) }
    throw error
  }
}

function placed({ code, message, severity, mend, cause }: Problem, url: string): Problem {
  return new Problem(code, message, { where: withoutPassword(url), severity, mend, cause })
}

function withoutPassword(text: string): string {
  const url = parseUrl(text)
  if (url === null || (url.username === '' && url.password === '')) return text
  url.username = ''
  url.password = ''
  return url.href
}

async function follow(first: URL, validators: Validators | null, tools: Tools): Promise<Fetched> {
  const { queue, limits = LIMITS } = tools
  let { allowed } = tools
  let trail = trailFrom(first)
  let left = limits.whole
  for (;;) {
    const url = trail.last
    const answer = await queue.turn(hostOf(url), async () => {
      const begin = performance.now()
      try {
        return await visit(url, validators, { ...tools, allowed }, { ...limits, whole: left })
      } finally {
        const took = performance.now() - begin
        left -= took
        tools.spent?.(took)
      }
    })
    if (answer.kind === 'unchanged' || answer.kind === 'fresh') return { ...answer, movedTo: movedTo(trail) }
    if (answer.kind !== 'moved') return answer
    // What is open to the owner's own hosts is not open to whoever redirects.
    if (!answer.isPrivate) allowed = NOBODY
    trail = redirected(trail, answer.status, answer.location, limits.redirects)
  }
}

/** What one host says. */
type Answer = Omit<Fresh, 'movedTo'> | { kind: 'unchanged' } | Moved | Exclude<Fetched, { kind: 'fresh' | 'unchanged' }>

interface Moved {
  kind: 'moved'
  status: number
  location: string | undefined
  /** True when the host that says so is one that only the owner's settings open. */
  isPrivate: boolean
}

/** Asks one host, unless it is left alone for now. */
async function visit(url: URL, validators: Validators | null, tools: Tools, limits: Limits): Promise<Answer> {
  const { signal, backoff, clock } = tools
  signal.throwIfAborted()
  const host = hostOf(url)
  const held = backoff.heldUntil(host, clock())
  if (held !== null) return { kind: 'later', until: held, problem: laterProblem(host, held) }
  try {
    const answer = await withPatience(host, limits.whole, signal, (patience) =>
      exchange(url, validators, { ...tools, limits }, patience),
    )
    if (answer.kind !== 'later') backoff.forget(host)
    return answer
  } catch (error) {
    // Whoever redirects late cannot have another host left alone.
    const hadAllTime = limits.whole === (tools.limits ?? LIMITS).whole
    if (hadAllTime && error instanceof Problem && error.code === 'fetch-timeout') backoff.hold(host, clock(), null)
    throw error
  }
}

type Exchange = Tools & { limits: Limits }

async function exchange(url: URL, validators: Validators | null, tools: Exchange, patience: Patience): Promise<Answer> {
  const { allowed, lookup, limits } = tools
  patience.step('cannot be reached', limits.connect)
  const addresses = await addressesOf(hostOf(url), allowed, lookup)
  patience.signal.throwIfAborted()
  const headers = headersFor(url, validators, tools)
  const response = await ask({ url, addresses, headers }, patience, limits)
  patience.lastStep()
  const isConditional = 'if-none-match' in headers || 'if-modified-since' in headers
  try {
    if (response.statusCode === 304 && isConditional) return { kind: 'unchanged' }
    const isPrivate = addresses.some(({ address }) => !isPublicAddress(address))
    return await answerIn(response, url, { ...tools, isPrivate }, patience.signal)
  } finally {
    response.destroy()
  }
}

async function answerIn(
  response: IncomingMessage,
  url: URL,
  tools: Exchange & { isPrivate: boolean },
  signal: AbortSignal,
): Promise<Answer> {
  const { statusCode: status = 0, headers } = response
  const host = hostOf(url)
  const { isPrivate } = tools
  if (REDIRECTS.has(status)) return { kind: 'moved', status, location: headers.location, isPrivate }
  if (status === 410) return { kind: 'gone', problem: goneProblem(host) }
  if (LATER.has(status)) return later(host, headers['retry-after'], tools)
  if (status !== 200 && status !== 203) return { kind: 'failed', problem: statusProblem(host, status) }
  return {
    ...{ kind: 'fresh', url: url.href },
    body: await readBody(response, { host, limit: tools.limits.body, signal }),
    contentType: headers['content-type'] ?? null,
    validators: { url: url.href, etag: headers.etag ?? null, lastModified: headers['last-modified'] ?? null },
  }
}

function later(host: string, header: string | undefined, { backoff, clock }: Exchange): Answer {
  const now = clock()
  const until = backoff.hold(host, now, retryAfter(header, now))
  return { kind: 'later', until, problem: laterProblem(host, until) }
}
