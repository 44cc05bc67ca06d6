import type { Store } from '../../src/remember/open.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { addSubscriber, listSubscribers } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { mintToken } from '../../src/token.ts'
import { type WebApp, type WebTools, webApp } from '../../src/web/app.ts'
import { type Limits, startWeb } from '../../src/web/serve.ts'
import { testStore } from '../support/store.ts'
import { ownTexts } from '../support/texts.ts'

export const SECRET = 'the secret of the tests'
export const NOW = Date.UTC(2026, 0, 31)
export const ADDRESS = 'reader@example.net'

/** How a test wants its server. */
export interface EndpointOptions {
  site?: Partial<WebTools['site']>
  /** As readers reach it. */
  url?: string
  limits?: Limits
  /** Stands between the server and our pages. */
  around?: (app: WebApp) => WebApp
}

/** A server on a free port, with a store of its own that holds one reader. */
export interface Endpoint {
  /** `http://127.0.0.1:PORT/` */
  url: string
  store: Store
  /** The token that takes the reader off the list. */
  token: string
  /** All that was logged, as JSON. */
  log: string[]
  /** `active` or `unsubscribed`, and since when. */
  reader: () => Promise<string>
  /** Stops the server alone. */
  stop: () => Promise<void>
  close: () => Promise<void>
}

/** Starts a server. */
export async function openEndpoint(options: EndpointOptions = {}): Promise<Endpoint> {
  const { url = 'https://news.example.org/', limits, around = (app: WebApp): WebApp => app } = options
  const { store, drop } = await testStore()
  await currentSecret(store, SECRET, NOW)
  await addSubscriber(store, parseEmailAddress(ADDRESS), NOW)
  const lines: string[] = []
  const note = (event: string, fields: object): void => void lines.push(JSON.stringify({ event, ...fields }))
  const log = { info: note, error: note }
  const site = { title: 'Tide Notes', url: 'https://tides.example.org/', language: 'en', ...options.site }
  const texts = ownTexts(site.language.startsWith('zh') ? 'zh' : 'en')
  const app = around(webApp({ store, site, texts, url, clock: () => NOW + 1000, log }))
  const server = await startWeb(app, { host: '127.0.0.1', port: 0, log, ...(limits === undefined ? {} : { limits }) })
  return {
    ...{ url: server.url, store, log: lines, token: mintToken(SECRET, 'unsubscribe', 1) },
    reader: async () => {
      const [reader] = await listSubscribers(store, 0, 1)
      return `${reader?.state ?? 'gone'} since ${(reader?.leftAt ?? reader?.addedAt ?? NOW) - NOW}`
    },
    stop: () => server.close(),
    close: async () => {
      await server.close()
      await drop()
    },
  }
}

/** A body as mail programs post it (RFC 8058, section 3.2). */
export const ONE_CLICK = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
} as const

/** What came back, whole. */
export interface Answer {
  status: number
  headers: Headers
  text: string
}

/** Asks for a path below a server, following no redirect. */
export async function askAt(url: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
