import { setTimeout } from 'node:timers/promises'
import type { Config, WebConfig } from './config.ts'
import type { Log } from './log.ts'
import { type NoticeClock, noticeSender } from './notices.ts'
import { Problem } from './problem.ts'
import { SharedCommit } from './remember/shared-commit.ts'
import { type TemplateSource, readTemplates } from './templates.ts'
import { webApp } from './web/app.ts'
import { proxiesOf } from './web/client.ts'
import { startWeb } from './web/serve.ts'
import { staticFiles } from './web/static.ts'
import { type World, openWorld } from './world.ts'

/**
 * Serves what is published and the pages of subscribers, and mails who asks for the digest, with a connection to the
 * store of its own, until it is closed.
 * @throws {Problem} `web-unusable`, `store-unreadable`, and what is wrong with a template
 */
export async function serveWeb(
  config: Config,
  web: WebConfig,
  outside: NoticeClock,
  log: Log,
): Promise<{ close: () => Promise<void> }> {
  const { site, publish } = config
  const templates = readTemplates(config)
  const { texts } = await templates.compiled()
  const world = await worldOnceThere(config, templates, outside, log)
  if (world === null) return { close: () => Promise.resolve() }
  const notices = noticeSender(world, outside, (end) => {
    if ('error' in end) log.error('notices', { message: end.error instanceof Error ? end.error.message : '' })
    else if (end.sent > 0) log.info('notices', { sent: end.sent })
    for (const problem of 'problems' in end ? end.problems : []) log.error('problem', problem)
  })
  try {
    const app = webApp({
      ...{ store: world.store, commits: new SharedCommit(world.store), site, texts, languages: templates.languages },
      ...{ url: web.url, publishUrl: publish.url },
      origins: [...new Set([site.url, publish.url, web.url].map((url) => new URL(url).origin))],
      sources: [...world.scope.keys()],
      files: staticFiles(publish.dir),
      ...{ clock: outside.clock, log, notify: notices.wake },
      proxies: proxiesOf(web.proxies),
      metricsFor: proxiesOf(web.metrics),
    })
    const server = await startWeb(app, { host: web.host, port: web.port, log })
    log.info('serving', { url: web.url, at: server.url })
    // What an earlier process left.
    notices.wake()
    return {
      close: async () => {
        await server.close()
        await notices.close()
        await world.close()
      },
    }
  } catch (error) {
    await notices.close()
    await world.close()
    throw error
  }
}

/** From one try to reach a server to the next, in milliseconds. */
const PAUSE = 1_000

/** A server of the store that is away is waited for, as a run waits for its next slot; null: it was told to end before. */
async function worldOnceThere(
  config: Config,
  templates: TemplateSource,
  { clock, signal }: NoticeClock,
  log: Log,
): Promise<World | null> {
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      return await openWorld(config, templates, clock())
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'store-unreachable') throw error
      if (tries === 0) log.error('failed', error.toJSON())
    }
    // Told to end, it waits no more.
    await setTimeout(PAUSE, undefined, { signal }).catch(() => undefined)
  }
  return null
}
