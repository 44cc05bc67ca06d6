import { type Server, type ServerResponse, createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** A request as the hook got it. */
export interface Hooked {
  method: string
  path: string
  type: string
  agent: string
  body: string
}

/** A web server in this process that notes what it is asked. */
export class Hook {
  readonly asked: Hooked[] = []
  /** What it answers from now on. */
  answer: (response: ServerResponse, request: Hooked) => void = (response) => void response.writeHead(204).end()
  readonly url: string
  readonly #server: Server

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const { 'content-type': type = '', 'user-agent': agent = '' } = request.headers
        const hooked = { method: request.method ?? '', path: request.url ?? '', type, agent, body }
        this.asked.push(hooked)
        this.answer(response, hooked)
      })
    })
  }

  /** Starts it on a free port of this machine, or on `port`. */
  static start(port = 0): Promise<Hook> {
    const server = createServer()
    return new Promise((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        if (address === null || typeof address === 'string') throw new Error('the server has no port')
        resolve(new Hook(server, `http://127.0.0.1:${address.port}/hook/s3cret-of-the-hook`))
      })
    })
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** What it was asked since it was last looked at. */
  take(): Hooked[] {
    return this.asked.splice(0)
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve()
      })
    })
  }
}
