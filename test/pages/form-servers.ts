import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { Document } from '../../src/site.ts'
import { SCRIPT } from './form-pages.ts'

/** A form that was sent. */
export interface Posted {
  path: string
  fields: Record<string, string>
  /** True when a script asks, for an answer in JSON. */
  isScript: boolean
  cookie: string | null
  origin: string | null
}

/** How the endpoint answers a script; `broken` breaks the connection off, `foreign` is what a proxy may say. */
export type Answer = 'asked' | 'no-address' | 'broken' | 'foreign'

/** A server of pages, and one that takes their forms; both are the same when `isOne`. */
export interface FormServers {
  /** Of the pages; ends with `/`. */
  pages: string
  posted: Posted[]
  answer: Answer
  /** What an answer waits for. */
  before: Promise<unknown>
  close: () => Promise<void>
}

// Without an icon of its own the browser would ask for one.
const ANSWER_PAGE = '<!doctype html><link rel="icon" href="data:,"><h1>Look at your mail</h1>'

const SAID = {
  asked: { ok: true, heading: 'Look at your mail', text: 'A mail is on its way.' },
  'no-address': { ok: false, heading: 'That is not an e-mail address', text: 'Write it such as ada@example.org.' },
}

/** Starts both servers on free ports of this machine; `make` gives the pages for the endpoint's address. */
export async function openForms(make: (endpoint: string) => Document[], { isOne = false } = {}): Promise<FormServers> {
  const documents = new Map<string, string>()
  const pages = await listening(createServer((request, response) => sendPage(documents, request, response)))
  const forms: FormServers = {
    ...{ pages: pages.url, posted: [], answer: 'asked', before: Promise.resolve() },
    close: async () => {
      for (const { server } of [pages, endpoint]) await closed(server)
    },
  }
  const endpoint = await listening(
    createServer((request, response) => {
      if (request.method === 'POST') void take(forms, request, response)
      else sendPage(documents, request, response)
    }),
  )
  if (isOne) forms.pages = endpoint.url
  for (const { path, content } of make(endpoint.url)) documents.set(`/${path}`, content)
  return forms
}

function sendPage(documents: ReadonlyMap<string, string>, { url }: IncomingMessage, response: ServerResponse): void {
  const content = url?.endsWith('/subscribe.js') === true ? SCRIPT : documents.get(url ?? '')
  const type = url?.endsWith('.js') === true ? 'text/javascript' : 'text/html'
  response.writeHead(content === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(content)
}

async function take(forms: FormServers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const { accept, cookie = null, origin = null } = request.headers
  const isScript = accept === 'application/json'
  const fields = Object.fromEntries(new URLSearchParams(body))
  forms.posted.push({ path: request.url ?? '', fields, isScript, cookie, origin })
  await forms.before
  if (!isScript) {
    response.writeHead(200, { 'content-type': 'text/html' }).end(ANSWER_PAGE)
    return
  }
  if (forms.answer === 'broken') {
    response.destroy()
    return
  }
  const said = forms.answer === 'foreign' ? { message: 'Bad gateway' } : SAID[forms.answer]
  response.setHeader('access-control-allow-origin', origin ?? '')
  response.setHeader('content-type', 'application/json')
  response.writeHead(forms.answer === 'asked' ? 200 : 422).end(JSON.stringify(said))
}

async function listening(server: Server): Promise<{ server: Server; url: string }> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = server.address()
  return { server, url: `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/` }
}

async function closed(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}
