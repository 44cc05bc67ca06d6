import { withDeadline } from '../announce/deadline.ts'
import { VERSION } from '../version.ts'
import { foreign } from './finding.ts'
import type { Network } from './network.ts'

/** What stands at an address. */
export type WebAnswer =
  | {
      kind: 'answered'
      status: number
      /** Where it came from in the end, when that is elsewhere. */
      movedTo: string | null
      body: Buffer
    }
  | { kind: 'unreachable'; reason: string }

/** Gets an address, with nothing that tells who asks; `most` bytes of the answer are read, and one more if there are. */
export function askWeb(url: string, most: number, { fetch, signal, patience }: Network): Promise<WebAnswer> {
  return withDeadline(signal, patience, async (deadline): Promise<WebAnswer> => {
    try {
      const response = await fetch(url, { headers: { 'user-agent': `Feedwire/${VERSION}` }, signal: deadline })
      const body = await readBody(response, most + 1)
      const movedTo = response.redirected && response.url !== url ? response.url : null
      return { kind: 'answered', status: response.status, movedTo, body }
    } catch (error) {
      if (deadline.aborted) return { kind: 'unreachable', reason: 'no answer in time' }
      // A TypeError of fetch has the failure of the network as its cause.
      if (!(error instanceof TypeError && error.cause instanceof Error)) throw error
      return { kind: 'unreachable', reason: reasonOf(error.cause) }
    }
  })
}

async function readBody({ body }: Response, most: number): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop gives up the rest.
    if (size >= most) break
  }
  return Buffer.concat(chunks).subarray(0, most)
}

function reasonOf(cause: Error): string {
  // Where a name has several addresses, the message is empty.
  return foreign(cause.message !== '' || !('code' in cause) ? cause.message : String(cause.code))
}
