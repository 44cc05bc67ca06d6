import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request as the hub got it. */
export interface Ping {
  method: string | undefined
  headers: IncomingMessage['headers']
  fields: URLSearchParams
}

type Answer = (response: ServerResponse, topic: string) => void

/** A hub at work in this process. */
export class TestHub {
  readonly pings: Ping[] = []
  /** What it answers from now on. */
  answer: Answer = taken
  readonly url: string
  readonly #server: Server

  private constructor(server: Server, port: number) {
    this.#server = server
    this.url = `http://127.0.0.1:${port}/hub?key=quay`
    server.on('request', (request, response) => void this.#take(request, response))
  }

  static start(port = 0): Promise<TestHub> {
    const server = createServer()
    return new Promise((resolve) => {
      server.listen(port, '127.0.0.1', () => resolve(new TestHub(server, portOf(server))))
    })
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fields = new URLSearchParams(await text(request))
    this.pings.push({ method: request.method, headers: request.headers, fields })
    this.answer(response, fields.get('hub.url') ?? '')
  }

  /** The topics that it was asked about since it was last looked at. */
  topics(): string[] {
    return this.pings.splice(0).map(({ fields }) => fields.get('hub.url') ?? '')
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
    })
  }
}

function portOf(server: Server): number {
  const isPort = (address: AddressInfo | string | null): address is AddressInfo => typeof address === 'object'
  const address = server.address()
  return isPort(address) ? address.port : 0
}

export function taken(response: ServerResponse): void {
  response.writeHead(204).end()
}

/** Answers always the same. */
export function answering(status: number, body = '', headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, headers).end(body)
  }
}
