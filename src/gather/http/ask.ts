import type { LookupAddress } from 'node:dns'
import * as http from 'node:http'
import * as https from 'node:https'
import type { LookupFunction } from 'node:net'
import { hostOf } from './address.ts'
import { ACCEPT_ENCODING } from './body.ts'
import { askingProblem } from './faults.ts'
import type { Validators } from './fetched.ts'
import type { Patience } from './patience.ts'
import type { Limits, Tools } from './tools.ts'

/** How long one of several addresses is tried: Node's own quarter of a second is too short for the far side of Earth. */
const ATTEMPT = 2_500

const ACCEPT = {
  feed: 'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5',
  page: 'text/html, application/xhtml+xml, */*;q=0.5',
}

/** One request, without what a browser would add: no cookie, no referrer, no password. */
export interface Question {
  url: URL
  /** Where it goes: nothing is looked up again. */
  addresses: readonly LookupAddress[]
  /** Headers besides the host. */
  headers: Record<string, string>
}

/** The headers with which a document is asked for. */
export function headersFor(url: URL, validators: Validators | null, tools: Tools): Record<string, string> {
  const { etag, lastModified } = validators?.url === url.href ? validators : { etag: null, lastModified: null }
  return {
    'user-agent': tools.userAgent,
    accept: ACCEPT[tools.wanted],
    'accept-encoding': ACCEPT_ENCODING,
    ...(isSendable(etag) ? { 'if-none-match': etag } : {}),
    ...(isSendable(lastModified) ? { 'if-modified-since': lastModified } : {}),
  }
}

/** A value that may stand in a header (RFC 9110, section 5.5); what came in one may still hold a control character. */
function isSendable(value: string | null): value is string {
  return value !== null && /^[\t\x20-\x7e\x80-\xff]+$/.test(value)
}

/**
 * Asks once and waits for the headers of the answer; its body is still to come.
 * @throws {Problem} `fetch-unreachable`, `fetch-tls`, `fetch-malformed`, `fetch-too-big`, and what the signal is
 * aborted with
 */
export async function ask(
  question: Question,
  { signal, step }: Patience,
  limits: Limits,
): Promise<http.IncomingMessage> {
  const host = hostOf(question.url)
  try {
    return await new Promise((resolve, reject) => {
      const request = requestFor(question, signal, limits)
      request.once('socket', (socket) => {
        socket.once(question.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          step('gives no answer', limits.answer)
        })
      })
      request.once('response', resolve)
      // It may fail again while the body comes, which whoever reads that is told as well.
      request.on('error', reject)
      // All that is left of an answer with status 101, for which nobody listens.
      request.once('close', () => reject(Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' })))
      request.end()
    })
  } catch (error) {
    signal.throwIfAborted()
    throw askingProblem(error, host)
  }
}

function requestFor({ url, addresses, headers }: Question, signal: AbortSignal, limits: Limits): http.ClientRequest {
  const options: https.RequestOptions = {
    agent: false,
    ...{ headers, signal, maxHeaderSize: limits.headers },
    ...{ lookup: always(addresses), autoSelectFamilyAttemptTimeout: ATTEMPT },
  }
  return url.protocol === 'https:' ? https.request(url, options) : http.request(url, options)
}

function always(addresses: readonly LookupAddress[]): LookupFunction {
  return (_, { all }, callback) => {
    const [first] = addresses
    if (all === true || first === undefined) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }
}
