import { once } from 'node:events'
import { type Server, type Socket, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** A request as it came. */
export interface Asked {
  path: string
  /** Names in small letters. */
  headers: Record<string, string>
}

/** Answers a request by what it writes, right or wrong. */
export type Answer = (socket: Socket, asked: Asked) => void

/** A server on this machine that answers with the very bytes that a test gives it. */
export class BadServer {
  readonly asked: Asked[] = []
  /** What it answers, by path. */
  answers: Record<string, Answer> = {}
  readonly port: number
  /** `http://127.0.0.1:PORT`, with another address where it has one. */
  readonly origin: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, host: string, scheme: string) {
    this.port = portOf(server)
    this.origin = `${scheme}://${host}:${this.port}`
    this.#server = server
  }

  /** @param tls certificate and key, or null for HTTP without TLS */
  static async start(
    host = '127.0.0.1',
    port = 0,
    tls: { cert: string; key: string } | null = null,
  ): Promise<BadServer> {
    const server = tls === null ? createServer() : createTlsServer(tls)
    server.listen(port, host)
    await once(server, 'listening')
    const bad = new BadServer(server, host, tls === null ? 'http' : 'https')
    server.on(tls === null ? 'connection' : 'secureConnection', (socket: Socket) => bad.#take(socket))
    return bad
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    // The other side hangs up as soon as it has seen enough.
    socket.on('error', () => undefined)
    let head = ''
    socket.on('data', (bytes) => {
      if (head.includes('\r\n\r\n')) return
      head += bytes.toString('latin1')
      if (head.includes('\r\n\r\n')) this.#answer(socket, readRequest(head))
    })
  }

  #answer(socket: Socket, asked: Asked): void {
    this.asked.push(asked)
    const answer = this.answers[asked.path] ?? replying(404)
    answer(socket, asked)
  }

  /** The last request. */
  last(): Asked {
    const last = this.asked.at(-1)
    if (last === undefined) throw new Error('nothing was asked')
    return last
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    const end = once(this.#server, 'close')
    this.#server.close()
    await end
  }
}

/** The port on which a server listens. */
export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

function readRequest(head: string): Asked {
  const [first = '', ...lines] = head.slice(0, head.indexOf('\r\n\r\n')).split('\r\n')
  const fields = lines.map((line) => /^([^:]+): ?(.*)$/.exec(line) ?? ['', '', ''])
  return {
    path: first.split(' ')[1] ?? '',
    headers: Object.fromEntries(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value])),
  }
}

/** The lines before a body. */
export function headOf(status: number, headers: Record<string, string> = {}): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} So\r\n${fields.join('')}\r\n`
}

/** An answer without fault. */
export function replying(status: number, headers: Record<string, string> = {}, body: string | Buffer = ''): Answer {
  const bytes = Buffer.from(body)
  return (socket) => {
    socket.write(headOf(status, { 'content-length': String(bytes.length), ...headers }), 'latin1')
    socket.end(bytes)
  }
}

/** These bytes, and then the end of the connection. */
export function sending(...parts: (string | Buffer)[]): Answer {
  return (socket) => {
    for (const part of parts) socket.write(part, 'latin1')
    socket.end()
  }
}

/** These bytes, and then nothing more. */
export function stalling(...parts: (string | Buffer)[]): Answer {
  return (socket) => {
    for (const part of parts) socket.write(part)
  }
}

/** A beginning, and then the same again and again, as fast as it is taken. */
export function endless(head: string, piece: Buffer): Answer {
  return (socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
    }
    socket.on('drain', more)
    socket.write(head)
    more()
  }
}

/** A beginning, and then a few bytes now and then for ever. */
export function dripping(head: string, drop: string | Buffer): Answer {
  return (socket) => {
    socket.write(head)
    const timer = setInterval(() => socket.write(drop), 5)
    socket.on('close', () => clearInterval(timer))
  }
}
