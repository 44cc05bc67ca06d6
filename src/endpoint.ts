import type { Config, WebConfig } from './config.ts'
import type { Log } from './log.ts'
import { type NoticeClock, noticeSender } from './notices.ts'
import { SharedCommit } from './remember/shared-commit.ts'
import { readTemplates } from './templates.ts'
import { webApp } from './web/app.ts'
import { proxiesOf } from './web/client.ts'
import { startWeb } from './web/serve.ts'
import { staticFiles } from './web/static.ts'
import { openWorld } from './world.ts'

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
  const world = await openWorld(config, templates, outside.clock())
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
