import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { WebApp } from '../../src/web/tools.ts'
import { startWeb } from '../../src/web/serve.ts'
import { deferred } from './deferred.ts'
import { type Endpoint, type EndpointOptions, ONE_CLICK, openEndpoint } from './endpoint.ts'

/** So short that a test need not wait. */
const LIMITS = {
  ...{ headersTimeout: 200, requestTimeout: 300, keepAliveTimeout: 100 },
  ...{ connectionsCheckingInterval: 50, silence: 600_000, connections: 100, drain: 200 },
}
const PATIENT = { ...LIMITS, headersTimeout: 600_000, requestTimeout: 600_000 }
const ENDLESS = { ...PATIENT, keepAliveTimeout: 600_000, drain: 600_000 }

/** As they were before any server was started. */
const BEFORE = { Request: globalThis.Request, Response: globalThis.Response }

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(options: EndpointOptions): Promise<Endpoint> {
  const endpoint = await openEndpoint(options)
  closing.push(() => endpoint.close())
  return endpoint
}

function dial(url: string): Socket {
  return connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
}

/** What comes back for this beginning of a request until the server hangs up. */
async function untilCutOff(url: string, beginning: string): Promise<string> {
  const socket = dial(url)
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.write(beginning)
  await once(socket, 'close')
  return text
}

const GET = 'GET /healthz HTTP/1.1\r\nHost: news.example.org\r\n\r\n'
const HEAD = 'POST /u/1.abc HTTP/1.1\r\nHost: news.example.org\r\n'

/** An app that waits before it answers, and the moments of that. */
function held(): { around: (app: WebApp) => WebApp; entered: Promise<true>; release: () => void } {
  const entered = deferred<true>()
  const released = deferred<true>()
  return {
    around: (app) => async (request, peer) => {
      entered.resolve(true)
      await released.promise
      return app(request, peer)
    },
    entered: entered.promise,
    release: () => {
      released.resolve(true)
    },
  }
}

describe('a server', () => {
  for (const [says, beginning, status] of [
    ['head', HEAD, '408 Request Timeout'],
    ['body', `${HEAD}Content-Length: 26\r\n\r\nList-`, '408 Request Timeout'],
    ['next request', GET, '200 OK'],
  ] as const)
    test(`hangs up on a client whose ${says} does not come`, async () => {
      const { url, log } = await open({ limits: LIMITS })
      expect(await untilCutOff(url, beginning)).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`))
      expect(log).toEqual([])
    })

  test('hangs up on a client that does not read its answer', async () => {
    const cancelled = deferred<true>()
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
      cancel: () => cancelled.resolve(true),
    })
    const around = (): WebApp => () => Promise.resolve(new Response(endless))
    const { url } = await open({ around, limits: { ...ENDLESS, silence: 100 } })
    const socket = dial(url)
    socket.write(GET)
    expect(await cancelled.promise).toBe(true)
    socket.destroy()
  })

  test('hangs up on one connection more than it may have, and takes another once one has gone', async () => {
    const { url } = await open({ limits: { ...ENDLESS, connections: 1 } })
    const first = dial(url)
    first.write(GET)
    await once(first, 'data')
    expect(await untilCutOff(url, GET)).toBe('')
    first.end()
    await once(first, 'close')
    expect(await untilCutOff(url, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK/)
  })

  test('takes up requests that come at once in turn, and no more once their client has gone', async () => {
    const taken: string[] = []
    const [second, released] = [deferred<true>(), deferred<true>()]
    const around = (): WebApp => async (request) => {
      const path = new URL(request.url).pathname
      taken.push(path)
      if (path !== '/2') return new Response(path)
      second.resolve(true)
      await released.promise
      return new Response(path)
    }
    const { url, stop } = await open({ around, limits: ENDLESS })
    const socket = dial(url)
    socket.write([1, 2, 3].map((path) => GET.replace('healthz', String(path))).join(''))
    await second.promise
    expect(taken).toEqual(['/1', '/2'])
    socket.destroy()
    const stopped = stop()
    released.resolve(true)
    await stopped
    expect(taken).toEqual(['/1', '/2'])
  })

  test('answers requests that come at once in their order', async () => {
    const around = (): WebApp => (request) => Promise.resolve(new Response(new URL(request.url).pathname))
    const { url } = await open({ around, limits: { ...ENDLESS, keepAliveTimeout: 100 } })
    const text = await untilCutOff(url, [1, 2, 3].map((path) => GET.replace('healthz', String(path))).join(''))
    expect(text.match(/^\/\d/gm)).toEqual(['/1', '/2', '/3'])
  })

  test('answers what is under way before it closes, and nothing after', async () => {
    const { around, entered, release } = held()
    const { url, token, reader, stop } = await open({ around, limits: ENDLESS })
    const answer = fetch(`${url}u/${token}`, ONE_CLICK)
    await entered
    const stopped = stop()
    await expect(fetch(`${url}healthz`)).rejects.toThrow('fetch failed')
    release()
    expect((await answer).status).toBe(200)
    await stopped
    expect(await reader()).toBe('unsubscribed since 1000')
  })

  test('closes though a client never ends its request', async () => {
    const { around, entered, release } = held()
    release()
    const { url, stop } = await open({ around, limits: PATIENT })
    const cutOff = untilCutOff(url, `${HEAD}Content-Length: 26\r\n\r\nList-`)
    await entered
    await stop()
    expect(await cutOff).toBe('')
  })

  test('does not call it an error when a client breaks off', async () => {
    const entered = deferred<true>()
    const answered = deferred<number>()
    const around =
      (app: WebApp): WebApp =>
      async (request, peer) => {
        entered.resolve(true)
        const response = await app(request, peer)
        answered.resolve(response.status)
        return response
      }
    const { url, token, log, reader } = await open({ around })
    const socket = dial(url)
    socket.write(`POST /u/${token} HTTP/1.1\r\nHost: news.example.org\r\nContent-Length: 99\r\n\r\n${ONE_CLICK.body}`)
    await entered.promise
    socket.destroy()
    expect(await answered.promise).toBe(500)
    expect(log).toEqual([])
    expect(await reader()).toBe('active since 0')
  })

  test('answers a request without a host', async () => {
    const { url } = await open({})
    const text = await untilCutOff(url, 'GET /healthz HTTP/1.0\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nok$/)
  })

  test('believes nothing that a proxy says', async () => {
    const { url, token } = await open({})
    const plain = await fetch(`${url}u/${token}`)
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-prefix': '/x' }
    const forwarded = await fetch(`${url}u/${token}`, { headers })
    expect(await forwarded.text()).toBe(await plain.text())
  })

  test('leaves the Request and Response of the program as they are', async () => {
    await open({})
    expect(globalThis.Request).toBe(BEFORE.Request)
    expect(globalThis.Response).toBe(BEFORE.Response)
  })
})

describe('startWeb() throws a Problem for', () => {
  const log = { error: () => undefined }
  const app = (): Promise<Response> => Promise.resolve(new Response())

  test('an address that is taken', async () => {
    const first = await startWeb(app, { host: '127.0.0.1', port: 0, log })
    closing.push(() => first.close())
    const second = startWeb(app, { host: '127.0.0.1', port: Number(new URL(first.url).port), log })
    await expect(second).rejects.toMatchObject({
      ...{ name: 'Problem', code: 'web-unusable', message: expect.stringMatching(/EADDRINUSE/) },
      mend: expect.stringContaining('web.port'),
    })
  })

  test('an address of another machine', async () => {
    const server = startWeb(app, { host: '192.0.2.1', port: 0, log })
    await expect(server).rejects.toMatchObject({ name: 'Problem', code: 'web-unusable' })
  })
})

test('a server at an IPv6 address names it as a URL does', async () => {
  const server = await startWeb(() => Promise.resolve(new Response('ok')), {
    ...{ host: '::1', port: 0 },
    log: { error: () => undefined },
  })
  closing.push(() => server.close())
  expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+\/$/)
  expect(await (await fetch(server.url)).text()).toBe('ok')
})
