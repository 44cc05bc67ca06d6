import type { FileHandle } from 'node:fs/promises'
import { codingsFor } from './static-coding.ts'
import { type OpenedFile, openPlace, placeOf } from './static-file.ts'
import { headersOf, typeOf } from './static-headers.ts'
import { readPath } from './static-path.ts'
import { isKnown, validatorsOf } from './static-validators.ts'

/**
 * Answers from the files of a directory; `path` is as it stands in the address, escapes and all, or as hono gives it.
 * Null: there is no such file, or none that is to be served.
 */
export type StaticFiles = (request: Request, path: string) => Promise<Response | null>

const INDEX = 'index.html'
/** Bytes that are read at once of a long file. */
const CHUNK = 64 * 1024
/** Bytes of a file that is read whole, so that no slow client keeps it open. */
const WHOLE = 256 * 1024

/** To end where it was cut would be an answer that is shorter than it says. */
const CUT = 'the file was cut while it was read'

/** Serves a directory, as the servers of docs/servers do; it need not be there yet. */
export function staticFiles(dir: string): StaticFiles {
  return async (request, path) => {
    const asked = readPath(path)
    if (asked === null) return null
    const names = asked.isFolder ? [...asked.names, INDEX] : asked.names
    const place = await placeOf(dir, names)
    if (place === null || (place.kind === 'folder' && asked.isFolder)) return null
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(names)
    if (place.kind === 'folder') return moved(request, names)
    const file = await openPlace(place, codingsFor(request.headers.get('accept-encoding')))
    return file && answer(request, names, file)
  }
}

function notAllowed(names: readonly string[]): Response {
  return new Response(null, {
    status: 405,
    headers: { ...headersOf(names), allow: 'GET, HEAD', 'cache-control': 'no-store' },
  })
}

/** Adds the slash to the address of a folder, relative to what was asked, so that a proxy may add a path before it. */
function moved(request: Request, names: readonly string[]): Response {
  const location = `./${encodeURIComponent(names.at(-1) ?? '')}/${new URL(request.url).search}`
  return new Response(null, { status: 308, headers: { ...headersOf(names), location } })
}

async function answer(request: Request, names: readonly string[], file: OpenedFile): Promise<Response> {
  const { handle, stats, coding } = file
  const validators = validatorsOf(stats, coding)
  const headers = { ...headersOf(names), etag: validators.etag }
  if (isKnown(request.headers, validators)) {
    await handle.close()
    return new Response(null, { status: 304, headers })
  }
  const size = Number(stats.size)
  const whole = {
    ...headers,
    'content-type': typeOf(names.at(-1) ?? ''),
    'content-length': String(size),
    'last-modified': new Date(validators.modified).toUTCString(),
    ...(coding !== null && { 'content-encoding': coding }),
  }
  if (request.method === 'GET' && size > WHOLE) return new Response(bodyOf(handle, size), { headers: whole })
  try {
    const body = request.method === 'GET' && size > 0 ? await wholeOf(handle, size) : null
    return new Response(body, { headers: whole })
  } finally {
    await handle.close()
  }
}

async function wholeOf(handle: FileHandle, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at)
    if (bytesRead === 0) throw new Error(CUT)
    at += bytesRead
  }
  return bytes
}

/** The bytes of a file, which is closed at the end of them, or when nobody reads on. */
function bodyOf(handle: FileHandle, size: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      try {
        const chunk = new Uint8Array(Math.min(CHUNK, size - at))
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, at)
        if (bytesRead === 0) throw new Error(CUT)
        at += bytesRead
        controller.enqueue(chunk.subarray(0, bytesRead))
        if (at < size) return
        await handle.close()
        controller.close()
      } catch (error) {
        await handle.close()
        throw error
      }
    },
    cancel: () => handle.close(),
  })
}
