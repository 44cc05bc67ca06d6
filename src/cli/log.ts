import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { isServer } from '../store-place.ts'
import { parseUrl } from '../web-address.ts'
import type { Context } from './context.ts'

/** The log of a command that stays: for a person at a terminal, otherwise one line of JSON for each event. */
export async function logOf({ print }: Context, config: Config, isTerminal = process.stdout.isTTY): Promise<Log> {
  const { openLog } = await import('../log.ts')
  return openLog(print, { isPretty: isTerminal, secrets: secretsIn(config) })
}

/** What the settings hold that nobody may read in a log. */
function secretsIn({ secret, mail, alerts, heartbeat, feeds, database }: Config): string[] {
  const keys = mail.dkim.map(({ key }) => key).filter((key) => key.includes('PRIVATE KEY'))
  const urls = [mail.kind === 'smtp' ? mail.url : null, isServer(database) ? parseUrl(database) : null]
  const passwords = urls.flatMap((url) => (url === null ? [] : passwordsIn(url)))
  const paths = [alerts.url, heartbeat, feeds.hub].flatMap((url) => (url === null ? [] : tokensIn(new URL(url))))
  return [...(secret === null ? [] : [secret]), ...passwords, ...keys, ...paths]
}

/** The query of a database may hold one as well. */
function passwordsIn({ password, searchParams }: URL): string[] {
  return [password, unescaped(password), ...searchParams.getAll('password')]
}

/** The addresses of hooks are secrets themselves, and so is what stands in their query. */
function tokensIn({ pathname, searchParams }: URL): string[] {
  return [...pathname.split('/'), ...searchParams.values()].filter((part) => part.length >= 8)
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray "%" is told of elsewhere.
    return text
  }
}
