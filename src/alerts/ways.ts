import { withDeadline } from '../announce/deadline.ts'
import { ping } from '../announce/ping.ts'
import type { Config } from '../config.ts'
import type { Mailer, Outcome } from '../deliver/mailer.ts'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import type { EmailAddress } from '../subscriber.ts'
import { VERSION } from '../version.ts'
import type { News } from './alert.ts'
import { newsLetter, newsText } from './letter.ts'

/** How the owner is reached. */
export interface Way {
  name: 'mail' | 'url'
  /** The setting that it is named by. */
  setting: string
  /** Null when it took the news, else why not. */
  tell: (news: News) => Promise<string | null>
  close: () => Promise<void>
}

/** What reaching the owner needs from outside. */
export interface WayTools {
  /** Called when there is something to mail. */
  mailer: () => Promise<Mailer>
  clock: () => Instant
  signal: AbortSignal
}

/** The ways that the settings name. */
export function waysOf(config: Config, tools: WayTools): Way[] {
  const { mail, url } = config.alerts
  return [
    ...(mail === null ? [] : [mailWay(config, mail, tools)]),
    ...(url === null ? [] : [urlWay(config, url, tools)]),
  ]
}

/** How long the owner's letter may take, in milliseconds. */
const MAIL_LIMIT = 20_000

function mailWay(config: Config, to: EmailAddress, tools: WayTools): Way {
  let mailer: Mailer | null = null
  return {
    name: 'mail',
    setting: 'alerts.mail',
    tell: async (news) => {
      try {
        mailer ??= await tools.mailer()
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        return error.message
      }
      const outcome = await send(mailer, news, { config, to, tools })
      switch (outcome.kind) {
        case 'sent':
          return null
        case 'deferred':
        case 'refused':
          return outcome.reason
        case 'stopped':
          return outcome.problem.message
      }
    },
    close: async () => {
      await mailer?.close()
    },
  }
}

async function send(
  mailer: Mailer,
  news: News,
  { config, to, tools }: { config: Config; to: EmailAddress; tools: WayTools },
): Promise<Outcome> {
  return withDeadline(tools.signal, MAIL_LIMIT, async (deadline) => {
    const connection = mailer.open()
    const cut = (): void => void connection.close()
    deadline.addEventListener('abort', cut)
    if (deadline.aborted) cut()
    try {
      return await connection.send(newsLetter(news, config, to, tools.clock()))
    } finally {
      deadline.removeEventListener('abort', cut)
      await connection.close()
    }
  })
}

function urlWay(config: Config, url: string, { signal }: WayTools): Way {
  const { site } = config
  return {
    name: 'url',
    setting: 'alerts.url',
    tell: (news) => ping({ url, userAgent: userAgentOf(site.url), body: bodyOf(news, config), signal }),
    close: () => Promise.resolve(),
  }
}

/** Who asks. */
export function userAgentOf(siteUrl: string): string {
  return `Feedwire/${VERSION} (+${siteUrl})`
}

/** What programs get; `text` is for those that show a message in a chat. */
function bodyOf(news: News, config: Config): object {
  const { key, isOver, since, message, mend } = news
  const { title, url } = config.site
  const state = isOver ? 'over' : 'standing'
  const site = { title, url }
  return { alert: key, state, since: new Date(since).toISOString(), message, mend, site, text: newsText(news, config) }
}
