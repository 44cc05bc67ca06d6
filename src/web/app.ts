import { type Context, Hono } from 'hono'
import { routePath } from 'hono/route'
import { Problem } from '../problem.ts'
import type { Asked } from './asked.ts'
import { pathBelow } from './below.ts'
import { clientOf } from './client.ts'
import { confirm, confirmPage } from './confirm.ts'
import { health, metrics } from './health.ts'
import { leave, leavePage } from './leave.ts'
import { RequestCounts } from './metrics.ts'
import { offerOf } from './offer.ts'
import { plainResponse } from './page.ts'
import { changeSettings, showSettings } from './settings.ts'
import { allowScripts, showForm, takeForm } from './subscribe.ts'
import { brokenPage, failedPage, missingPage } from './token-page.ts'
import type { WebApp, WebTools } from './tools.ts'

/** Faults that pass: another holds the store, its server is away, or a newer program will take our place. */
const PASSING = ['store-busy', 'store-unreachable', 'store-newer']

interface Env {
  Bindings: { peer: string }
}

const SUBSCRIBE = '/subscribe'
const CONFIRM = '/c/:token'
const SETTINGS = '/p/:token'
const LEAVE = '/u/:token'
const HEALTH = '/healthz'
const METRICS = '/metrics'
/** What is left of a link in a letter that was cut. */
const OF_A_LETTER = /^\/[cpu](?:\/|$)/

/** The pages of the subscribers, and what is published. No GET changes anything. */
export function webApp(tools: WebTools): WebApp {
  const app = new Hono<Env>({ getPath: pathBelow(tools.url) })
  const offer = offerOf(tools)
  const counts = new RequestCounts()
  const asked = (c: Context<Env>): Asked => ({ request: c.req.raw, tools, client: clientOfRequest(c, tools) })

  app.use(async (c, next) => {
    await next()
    counts.count(routePath(c, -1), c.res.status)
  })

  app.get(SUBSCRIBE, async (c) => showForm(asked(c), await offer()))
  app.post(SUBSCRIBE, async (c) => takeForm(asked(c), await offer()))
  app.options(SUBSCRIBE, (c) => allowScripts(asked(c)))
  app.all(SUBSCRIBE, () => notAllowed('GET, HEAD, POST, OPTIONS'))

  app.get(CONFIRM, (c) => confirmPage(asked(c), c.req.param('token')))
  app.post(CONFIRM, (c) => confirm(asked(c), c.req.param('token')))
  app.all(CONFIRM, () => notAllowed('GET, HEAD, POST'))

  app.get(SETTINGS, async (c) => showSettings(asked(c), c.req.param('token'), await offer()))
  app.post(SETTINGS, async (c) => changeSettings(asked(c), c.req.param('token'), await offer()))
  app.all(SETTINGS, () => notAllowed('GET, HEAD, POST'))

  app.get(LEAVE, (c) => leavePage(asked(c), c.req.param('token')))
  app.post(LEAVE, (c) => leave(asked(c), c.req.param('token')))
  app.all(LEAVE, () => notAllowed('GET, HEAD, POST'))

  app.get(HEALTH, () => health(tools))
  app.all(HEALTH, () => notAllowed('GET, HEAD'))

  app.get(METRICS, async (c) => (await metrics(asked(c), counts)) ?? c.notFound())

  app.notFound(async (c) => {
    const file = await tools.files(c.req.raw, c.req.path)
    return file ?? (OF_A_LETTER.test(c.req.path) ? brokenPage : missingPage)(asked(c))
  })
  app.onError((error, c) => {
    // Who breaks off in the middle of a body reads no answer, and is no fault of ours.
    if (!c.req.raw.signal.aborted) tools.log.error('web', { message: error.message })
    const failed = failedPage({ request: c.req.raw, tools })
    return error instanceof Problem && PASSING.includes(error.code)
      ? new Response(failed.body, { status: 503, headers: [...failed.headers, ['retry-after', '60']] })
      : failed
  })
  return async (request, peer) => app.fetch(request, { peer })
}

function clientOfRequest(c: Context<Env>, { proxies }: WebTools): string {
  return clientOf(c.env.peer, c.req.header('x-forwarded-for') ?? null, proxies)
}

function notAllowed(allow: string): Response {
  return plainResponse(405, `Allowed: ${allow}.`, { allow })
}
