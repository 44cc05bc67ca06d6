import { type Context, Hono } from 'hono'
import { getPath } from 'hono/utils/url'
import type { Instant } from '../entry.ts'
import type { Store } from '../remember/open.ts'
import { readSetting, verifyingSecrets } from '../remember/settings.ts'
import { removeSubscriberById } from '../remember/leave.ts'
import type { Site } from '../site.ts'
import type { Texts } from '../texts.ts'
import { readToken } from '../token.ts'
import { readBody } from './body.ts'
import { isOneClick } from './one-click.ts'
import { PAGE_HEADERS, renderPage } from './page.ts'

/** Takes what happened, an event a line; no address of a reader is ever in it, and no token. */
export interface WebLog {
  info: (event: string, fields: object) => void
  error: (event: string, fields: object) => void
}

/** What the web server needs of the rest. */
export interface WebTools {
  store: Store
  site: Pick<Site, 'title' | 'url' | 'language'>
  /** Our texts in the language of the site. */
  texts: Texts
  /** Where readers reach the server; ends with `/`. Its path may stand before that of a request. */
  url: string
  clock: () => Instant
  log: WebLog
}

/** The web server as a function; it answers every request and never rejects. */
export type WebApp = (request: Request) => Promise<Response>

/** Octets; what a mail program posts has 26, or some hundred as multipart/form-data. */
const BODY_LIMIT = 16 * 1024
const LINK = '/u/:token'
const HEALTH = '/healthz'
/** A path as it is below the address of the server. */
const OUR_PATH = /^\/(?:u\/[^/]+|healthz)$/

/** The pages of the subscribers: `u/TOKEN` takes a reader off the list (RFC 8058), `healthz` tells that we are well. */
export function webApp(tools: WebTools): WebApp {
  const pages = pagesOf(tools)
  const app = new Hono({ getPath: pathBelow(tools.url) })
  app.get(LINK, async (c) => {
    return (await subscriberOf(tools, c)) === null ? pages.broken() : pages.leave()
  })
  app.post(LINK, (c) => leave(tools, pages, c))
  app.all(LINK, () => notAllowed('GET, HEAD, POST'))
  app.get(HEALTH, () => health(tools))
  app.all(HEALTH, () => notAllowed('GET, HEAD'))
  app.notFound(() => pages.broken())
  app.onError((error, c) => {
    // Who breaks off in the middle of a body reads no answer, and is no fault of ours.
    if (!c.req.raw.signal.aborted) tools.log.error('web', { message: error.message })
    return pages.failed()
  })
  return async (request) => app.fetch(request)
}

/** A proxy may take the path of the address away or leave it: both are understood. */
function pathBelow(url: string): (request: Request) => string {
  const base = getPath(new Request(url))
  return (request) => {
    const path = getPath(request)
    return OUR_PATH.test(path) || !path.startsWith(base) ? path : path.slice(base.length - 1)
  }
}

type Pages = ReturnType<typeof pagesOf>

function pagesOf({ site, texts }: Pick<WebTools, 'site' | 'texts'>) {
  const page = (status: number, heading: string, text: string, button: string | null = null) => {
    const html = renderPage(site, { language: texts.language, heading, text, button })
    return () => new Response(html, { status, headers: PAGE_HEADERS })
  }
  return {
    leave: page(200, texts.say('unsubscribe'), texts.say('leave_text'), texts.say('unsubscribe')),
    left: page(200, texts.say('left_heading'), texts.say('left_text')),
    broken: page(404, texts.say('broken_heading'), texts.say('broken_text')),
    failed: page(500, texts.say('failed_heading'), texts.say('failed_text')),
  }
}

/** Whom a link is for; whether that reader is there, or ever was, is not asked. */
async function subscriberOf({ store }: WebTools, c: Context<object, typeof LINK>): Promise<number | null> {
  return readToken(await verifyingSecrets(store), 'unsubscribe', c.req.param('token'))
}

/** Answers alike whoever asks and however often; there is no redirect, as mail programs follow none. */
async function leave(tools: WebTools, pages: Pages, c: Context<object, typeof LINK>): Promise<Response> {
  const body = await readBody(c.req.raw, BODY_LIMIT)
  if (body === null) return plain(413, 'The body is too long.')
  const id = await subscriberOf(tools, c)
  if (id === null) return pages.broken()
  if (!isOneClick(c.req.header('content-type') ?? '', body)) {
    return plain(400, 'The body must be List-Unsubscribe=One-Click (RFC 8058).')
  }
  if (await removeSubscriberById(tools.store, id, tools.clock())) tools.log.info('unsubscribed', { subscriber: id })
  return pages.left()
}

async function health({ store, log }: WebTools): Promise<Response> {
  try {
    await readSetting(store, 'nonce')
    return plain(200, 'ok')
  } catch (error) {
    log.error('web', { message: error instanceof Error ? error.message : String(error) })
    return plain(503, 'The store does not answer.')
  }
}

function notAllowed(allow: string): Response {
  return plain(405, `Allowed: ${allow}.`, { allow })
}

function plain(status: number, text: string, more: Record<string, string> = {}): Response {
  const headers = { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8', ...more }
  return new Response(text, { status, headers })
}
