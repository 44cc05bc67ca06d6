import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { basename, extname, join } from 'node:path'

/** What a reader asked for, and what it was told. */
export interface Asked {
  method: string
  path: string
  ifNoneMatch: string | null
  ifModifiedSince: string | null
  status: number
}

/** A folder that is served as a host of static files serves it. */
export interface StaticServer {
  /** `http://127.0.0.1:PORT/` */
  url: string
  /** All that was asked, in that order. */
  asked: Asked[]
  close(): Promise<void>
}

interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

const TYPES: Record<string, string> = {
  'feed.xml': 'application/rss+xml',
  'atom.xml': 'application/atom+xml',
  'feed.json': 'application/feed+json',
  '.opml': 'text/x-opml',
  '.html': 'text/html; charset=utf-8',
}

/** Serves a folder on a free port of this machine. It may come, go and change while it is served. */
export async function serveFolder(dir: string): Promise<StaticServer> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const answer = answerTo(dir, request)
    asked.push(noted(request, answer.status))
    send(request, response, answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${portOf(server)}/`, asked, close: () => closed(server) }
}

function noted({ method = '', url = '', headers }: IncomingMessage, status: number): Asked {
  return {
    ...{ method, path: url, status },
    ifNoneMatch: headers['if-none-match'] ?? null,
    ifModifiedSince: headers['if-modified-since'] ?? null,
  }
}

function answerTo(dir: string, request: IncomingMessage): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, { allow: 'GET, HEAD' })
  const path = pathOf(request)
  const file = path === null ? undefined : statSync(join(dir, path), { throwIfNoEntry: false })
  if (path === null || file?.isFile() !== true) return refusal(404)
  const body = readFileSync(join(dir, path))
  const modified = Math.floor(file.mtimeMs / 1000) * 1000
  const headers = {
    'content-type': TYPES[basename(path)] ?? TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    'last-modified': new Date(modified).toUTCString(),
    'cache-control': 'max-age=0, must-revalidate',
  }
  if (!hasIt(request, headers.etag, modified)) return { status: 200, headers, body }
  return { status: 304, headers, body: Buffer.alloc(0) }
}

function refusal(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: Buffer.alloc(0) }
}

/** The path below the folder; null when the address is none of such a path. `URL` resolves every `..`. */
function pathOf({ url = '' }: IncomingMessage): string | null {
  if (!URL.canParse(url, 'http://localhost/')) return null
  const { pathname } = new URL(url, 'http://localhost/')
  try {
    const path = decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname)
    return /(^|[\\/])\.\.([\\/]|$)|\0/.test(path) ? null : path
  } catch {
    return null
  }
}

/** RFC 9110, section 13.2.2: the date is asked only when no tag was sent; tags are compared weakly. */
function hasIt({ headers }: IncomingMessage, etag: string, modified: number): boolean {
  const tags = headers['if-none-match']
  if (tags === undefined) return modified <= Date.parse(headers['if-modified-since'] ?? '')
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const length = status === 304 ? {} : { 'content-length': body.length }
  response.writeHead(status, { ...headers, ...length }).end(method === 'HEAD' ? undefined : body)
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await end
}
