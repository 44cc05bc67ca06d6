import { sql } from 'kysely'
import type { Store } from '../../src/remember/open.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { SharedCommit } from '../../src/remember/shared-commit.ts'
import { addSubscriber, listSubscribers } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { mintToken } from '../../src/token.ts'
import { webApp } from '../../src/web/app.ts'
import { proxiesOf } from '../../src/web/client.ts'
import { type Limits, startWeb } from '../../src/web/serve.ts'
import type { WebApp, WebTools } from '../../src/web/tools.ts'
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
  /** Others than those that a test needs not think of; a store among them is closed by whoever gave it. */
  tools?: Partial<WebTools>
}

/** A server on a free port, with a store of its own that holds one reader. */
export interface Endpoint {
  /** `http://127.0.0.1:PORT/` */
  url: string
  store: Store
  /** What the server works with; a test may put something else in its place. */
  tools: WebTools
  /** The token that takes the reader off the list. */
  token: string
  /** All that was logged, as JSON. */
  log: string[]
  /** Whose pages may hold the form; a test may add some. */
  origins: string[]
  /** What time it is at the server; a test may move it on. */
  time: { now: number }
  /** How often whoever sends letters was woken. */
  woken: () => number
  /** `active` or `unsubscribed`, and since when. */
  reader: () => Promise<string>
  /** Stops the server alone. */
  stop: () => Promise<void>
  close: () => Promise<void>
}

/** Starts a server. */
export async function openEndpoint(options: EndpointOptions = {}): Promise<Endpoint> {
  const { limits, around = (app: WebApp): WebApp => app } = options
  const own = options.tools?.store
  const { store, drop } = own === undefined ? await testStore() : { store: own, drop: () => Promise.resolve() }
  await currentSecret(store, SECRET, NOW)
  await addSubscriber(store, parseEmailAddress(ADDRESS), NOW)
  const lines: string[] = []
  const note = (event: string, fields: object): void => void lines.push(JSON.stringify({ event, ...fields }))
  const log = { info: note, error: note }
  const time = { now: NOW + 1000 }
  const origins = ['https://tides.example.org', 'https://news.example.org']
  let woken = 0
  const tools: WebTools = {
    ...{ store, commits: new SharedCommit(store), log, origins, clock: () => time.now },
    site: { title: 'Tide Notes', url: 'https://tides.example.org/', language: 'en', privacy: null, ...options.site },
    texts: (language) => ownTexts(language.startsWith('zh') ? 'zh' : 'en'),
    languages: ['en', 'zh'],
    sources: ['notes'],
    url: options.url ?? 'https://news.example.org/',
    publishUrl: 'https://tides.example.org/',
    files: () => Promise.resolve(null),
    notify: () => {
      woken++
    },
    proxies: proxiesOf([]),
    metricsFor: proxiesOf([]),
    ...options.tools,
  }
  const app = around(webApp(tools))
  const server = await startWeb(app, { host: '127.0.0.1', port: 0, log, ...(limits === undefined ? {} : { limits }) })
  // A browser tells the origin at which it reached us.
  origins.push(new URL(server.url).origin)
  return {
    ...{ url: server.url, store, tools, log: lines, origins, time, token: mintToken(SECRET, 'unsubscribe', 1) },
    woken: () => woken,
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

/** Every row of the store. */
export async function everyRow(store: Store): Promise<Record<string, unknown[]>> {
  const tables = await store.introspection.getTables()
  const names = tables.map(({ name }) => name).sort()
  const rows = names.map(async (name) => (await sql`select * from ${sql.table(name)}`.execute(store)).rows)
  return Object.fromEntries((await Promise.all(rows)).map((some, at) => [names[at] ?? '', some]))
}

/** A body as mail programs post it (RFC 8058, section 3.2). */
export const ONE_CLICK = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
} as const

/** A form as browsers post it; a field may come several times. */
export function posted(
  fields: Readonly<Record<string, string | readonly string[]>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const body = new URLSearchParams()
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) body.append(name, value)
  return { method: 'POST', headers, body }
}

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
