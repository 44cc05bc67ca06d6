import type { ReadableStream } from 'node:stream/web'

/** The whole body as text; null when it has more than `limit` octets. */
export async function readBody(request: Request, limit: number): Promise<string | null> {
  const stream: ReadableStream<Uint8Array> | null = request.body
  if (stream === null) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > limit) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
