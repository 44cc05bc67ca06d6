import type { Config, WebConfig } from './config.ts'
import type { Instant } from './entry.ts'
import type { Log } from './log.ts'
import { openStore } from './remember/open.ts'
import { readTemplates } from './templates.ts'
import { webApp } from './web/app.ts'
import { startWeb } from './web/serve.ts'

/**
 * Answers readers who leave, with a connection to the store of its own, until it is closed.
 * @throws {Problem} `web-unusable`, `store-unreadable`, and what is wrong with a template
 */
export async function serveWeb(
  config: Config,
  web: WebConfig,
  clock: () => Instant,
  log: Log,
): Promise<{ close: () => Promise<void> }> {
  const { site, database } = config
  const { texts } = await readTemplates(config).compiled()
  const store = await openStore(database)
  try {
    const app = webApp({ store, site, texts: texts(site.language), url: web.url, clock, log })
    const server = await startWeb(app, { host: web.host, port: web.port, log })
    log.info('serving', { url: web.url, at: server.url })
    return {
      close: async () => {
        await server.close()
        await store.destroy()
      },
    }
  } catch (error) {
    await store.destroy()
    throw error
  }
}
