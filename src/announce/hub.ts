import { Problem, oneLine } from '../problem.ts'
import { withDeadline } from './deadline.ts'
import { HUB_SETTING } from './state.ts'

/** A feed document that changed. */
export interface Topic {
  path: string
  /** Its address, as it calls itself. */
  url: string
}

/** How the hub is told. */
export interface Telling {
  hub: string
  userAgent: string
  /** Once it is aborted, the request in flight is given up and no other is made. */
  signal: AbortSignal
  limits?: HubLimits
}

/** Milliseconds that one request may take, and after which no other is begun; and how many there are in a run. */
export interface HubLimits {
  request: number
  run: number
  topics: number
}

/** What the hub was told of, and what went wrong. The rest is told at the next run. */
export interface Told {
  paths: string[]
  problems: Problem[]
}

const LIMITS: HubLimits = { request: 10_000, run: 60_000, topics: 200 }

/**
 * Tells a WebSub hub which feeds changed, one after the other. The Recommendation leaves open how; hubs agree on a POST.
 * Problems: `hub-refused`, `hub-unreachable`.
 */
export function tellHub(topics: readonly Topic[], telling: Telling): Promise<Told> {
  const limits = telling.limits ?? LIMITS
  return withDeadline(telling.signal, limits.run, async (enough) => {
    const paths: string[] = []
    const refused: { path: string; answer: Refusal }[] = []
    for (const { path, url } of topics.slice(0, limits.topics)) {
      if (enough.aborted) break
      const answer = await tell(url, telling, limits.request)
      if (answer.kind === 'stopped') break
      if (answer.kind === 'unreachable') {
        return { paths, problems: [...refusals(refused, telling), unreachable(answer.reason, telling)] }
      }
      if (answer.kind === 'taken') paths.push(path)
      else refused.push({ path, answer })
      if (answer.kind === 'refused' && OF_THE_HUB.has(answer.status)) break
    }
    return { paths, problems: refusals(refused, telling) }
  })
}

interface Refusal {
  kind: 'refused'
  status: number
  /** What the hub says about it, or where it points to. */
  said: string
}
type Answer = { kind: 'taken' } | Refusal | { kind: 'unreachable'; reason: string } | { kind: 'stopped' }

/** Another topic would be answered the same: moved, no access, not here, too many requests, overloaded. */
const OF_THE_HUB = new Set([301, 302, 303, 307, 308, 401, 405, 429, 502, 503, 504])

/** WebSubHub answers this, with status 500, when nobody has subscribed to a topic. */
const NO_SUBSCRIBER = /^topic not found for topic url/i

function tell(topic: string, { hub, userAgent, signal }: Telling, ms: number): Promise<Answer> {
  return withDeadline(signal, ms, async (deadline): Promise<Answer> => {
    try {
      const response = await fetch(hub, {
        method: 'POST',
        // Google's and Superfeedr's hubs read `hub.url`, others `hub.topic`; none minds the other.
        body: new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': topic, 'hub.topic': topic }),
        headers: { 'user-agent': userAgent },
        redirect: 'manual',
        signal: deadline,
      })
      const { status } = response
      if (response.ok) {
        await response.body?.cancel()
        return { kind: 'taken' }
      }
      const target = response.headers.get('location')
      const text = await opening(response)
      if (NO_SUBSCRIBER.test(text)) return { kind: 'taken' }
      return { kind: 'refused', status, said: status < 400 && target !== null ? `it points to ${target}` : text }
    } catch (error) {
      if (signal.aborted) return { kind: 'stopped' }
      if (deadline.aborted) return { kind: 'unreachable', reason: `it gave no answer within ${ms / 1000} seconds` }
      // A TypeError of fetch has the failure of the network as its cause.
      if (!(error instanceof TypeError && error.cause instanceof Error)) throw error
      return { kind: 'unreachable', reason: reasonOf(error.cause) }
    }
  })
}

/** Bytes of an answer that are read, and characters of it that are shown. */
const READ = 1024
const SHOWN = 200

/** The beginning of what stands in an answer, without the tags of an error page. */
async function opening({ body }: Response): Promise<string> {
  if (body === null) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop gives up the rest.
    if (size >= READ) break
  }
  const text = Buffer.concat(chunks).subarray(0, READ).toString('utf8')
  const plain = text.replace(/<[^<>]*>/g, ' ').replace(/\s+/g, ' ')
  return plain.trim().slice(0, SHOWN)
}

function reasonOf(cause: Error): string {
  // Where a name has several addresses, the message is empty.
  return cause.message !== '' || !('code' in cause) ? cause.message : String(cause.code)
}

/** One problem for all: the first tells what is wrong, and the rest is as a rule refused for the same reason. */
function refusals(refused: readonly { path: string; answer: Refusal }[], { hub }: Telling): Problem[] {
  const [first] = refused
  if (first === undefined) return []
  const { status, said } = first.answer
  const count = refused.length === 1 ? 'this feed is' : `${refused.length} feeds are`
  return [
    new Problem(
      'hub-refused',
      `${nameOf(hub)} answers ${status} for ${first.path}${said === '' ? '' : `: ${oneLine(said)}`}`,
      {
        where: HUB_SETTING,
        mend: `check the address of the hub and that it knows this site; ${count} told of again at the next run`,
      },
    ),
  ]
}

function unreachable(reason: string, { hub }: Telling): Problem {
  return new Problem('hub-unreachable', `${nameOf(hub)} cannot be reached: ${oneLine(reason)}`, {
    where: HUB_SETTING,
    mend: 'check the address of the hub and the network; it is told at the next run',
  })
}

/** A query may hold a key. */
function nameOf(hub: string): string {
  const { origin, pathname } = new URL(hub)
  return `The hub ${origin}${pathname}`
}
