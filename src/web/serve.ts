import { once } from 'node:events'
import { type RequestListener, type Server, type ServerResponse, createServer } from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Problem } from '../problem.ts'
import type { WebApp, WebLog } from './tools.ts'

/** Where a server listens, and where it tells what went wrong. */
export interface ServeOptions {
  host: string
  /** 0: any free one. */
  port: number
  log: Pick<WebLog, 'error'>
  limits?: Limits
}

/** What a client and its requests get, in milliseconds where nothing else is said. */
export interface Limits {
  /** Until the head of a request is there, and until all of it is. */
  headersTimeout: number
  requestTimeout: number
  /** For the next request on a connection. */
  keepAliveTimeout: number
  /** Until something moves on a connection again: a client that does not read its answer is cut off. */
  silence: number
  /** So many at once; one more is hung up on. */
  connections: number
  /** How often Node looks for clients that are too slow; only while it listens. */
  connectionsCheckingInterval: number
  /** For requests under way once the server is to close. */
  drain: number
}

/** A server at work. */
export interface WebServer {
  /** Where it listens, such as `http://127.0.0.1:8080/`. */
  url: string
  /** Takes no more requests and resolves when those under way are answered, or cut off. */
  close(): Promise<void>
}

const LIMITS: Limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  silence: 30_000,
  connections: 1000,
  connectionsCheckingInterval: 2_000,
  drain: 5_000,
}

/**
 * Answers requests by HTTP; TLS is a proxy's task.
 * @throws {Problem} `web-unusable` when the address is taken or not ours
 */
export async function startWeb(app: WebApp, options: ServeOptions): Promise<WebServer> {
  const { host, port, log, limits = LIMITS } = options
  const listener = getRequestListener((request, { incoming }) => app(request, incoming.socket.remoteAddress ?? ''), {
    hostname: 'localhost',
    overrideGlobalObjects: false,
  })
  const answer = inTurn((incoming, outgoing) => void listener(incoming, outgoing))
  const server = createServer(limits, (incoming, outgoing) => {
    // A connection that is kept for a next request would hold up close().
    outgoing.once('close', () => {
      if (!server.listening) server.closeIdleConnections()
    })
    answer(incoming, outgoing)
  })
  server.timeout = limits.silence
  server.maxConnections = limits.connections
  await listen(server, host, port)
  server.on('error', ({ message }) => {
    log.error('web', { message })
  })
  return { url: urlOf(server), close: () => close(server, limits.drain) }
}

/**
 * Takes up the requests of a connection one after the other. Of those that a client sends without waiting for answers,
 * Node 20 tells nobody when the connection is cut, and what they hold would be held for ever.
 */
function inTurn(listener: RequestListener): RequestListener {
  const latest = new WeakMap<Socket, ServerResponse>()
  return (incoming, outgoing) => {
    const { socket } = incoming
    const before = latest.get(socket)
    latest.set(socket, outgoing)
    const start = (): void => {
      if (!socket.destroyed) listener(incoming, outgoing)
    }
    if (before === undefined || before.closed) start()
    else before.once('close', start)
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const mend = 'give web.host and web.port an address of this machine that no other program has'
    throw new Problem('web-unusable', `Cannot serve: ${reason}`, { mend, cause })
  }
}

function urlOf(server: Server): string {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new TypeError('the server has no port')
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}/`
}

async function close(server: Server, drain: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const cut = setTimeout(() => {
    server.closeAllConnections()
  }, drain)
  await closed
  clearTimeout(cut)
}
