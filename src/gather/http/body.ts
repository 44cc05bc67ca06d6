import type { IncomingMessage } from 'node:http'
import { type Transform, pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { Problem } from '../../problem.ts'
import { bodyProblem, truncated } from './faults.ts'

/** The compressions that are understood. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

/** How a body is read. */
export interface Reading {
  host: string
  /** Most bytes, as they come and decompressed. */
  limit: number
  signal: AbortSignal
}

type Bytes = AsyncIterable<Buffer>

/**
 * Reads the body of an answer, decompressing it as it comes, and never more of it than the limit.
 * @throws {Problem} `fetch-too-big`, `fetch-truncated`, `fetch-malformed`, and what the signal is aborted with
 */
export async function readBody(response: IncomingMessage, { host, limit, signal }: Reading): Promise<Buffer> {
  if (Number(response.headers['content-length']) > limit) throw tooBig(host, limit)
  const parts: Buffer[] = []
  try {
    const coming = bounded(response, host, limit)
    for await (const part of bounded(decompressed(coming, response, host), host, limit)) {
      signal.throwIfAborted()
      parts.push(part)
    }
  } catch (error) {
    signal.throwIfAborted()
    throw bodyProblem(error, host)
  }
  // Node takes a body without length for whole when the request is given up.
  signal.throwIfAborted()
  if (!response.complete) throw truncated(host)
  return Buffer.concat(parts)
}

async function* bounded(bytes: Bytes, host: string, limit: number): Bytes {
  let size = 0
  for await (const part of bytes) {
    size += part.length
    if (size > limit) throw tooBig(host, limit)
    yield part
  }
}

async function* decompressed(bytes: Bytes, { headers }: IncomingMessage, host: string): Bytes {
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const coming = bytes[Symbol.asyncIterator]()
  const first = await coming.next()
  // Some servers say of an empty body, too, how it is compressed.
  if (first.done === true) return
  const all = joined(first.value, { [Symbol.asyncIterator]: () => coming })
  if (coding === '' || coding === 'identity') yield* all
  else yield* pipeline(all, decoderFor(coding, first.value, host), settled)
}

/** A bomb may be wrapped twice, so that two compressions on each other, which nobody uses, are not taken. */
function decoderFor(coding: string, first: Buffer, host: string): Transform {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      // Some servers leave out the two bytes with which zlib begins (RFC 9110, section 8.4.1.2).
      return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw()
    default: {
      const mend = `tell whoever runs ${host} that it was asked for ${ACCEPT_ENCODING} only`
      throw new Problem('fetch-malformed', `What ${host} sends is compressed in an unknown way`, { mend })
    }
  }
}

/** What fails destroys the stream that is read, and so is thrown there. */
function settled(): void {
  return
}

async function* joined(first: Buffer, rest: Bytes): Bytes {
  yield first
  yield* rest
}

function tooBig(host: string, limit: number): Problem {
  const mend = 'a document this big is not read; look at the address with a browser, or take the source out'
  return new Problem('fetch-too-big', `${host} sends more than ${limit / 1_000_000} MB`, { mend })
}
