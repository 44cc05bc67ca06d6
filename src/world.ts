import type { Config, MailConfig } from './config.ts'
import type { DkimKey } from './deliver/dkim-key.ts'
import type { Sender } from './deliver/letters.ts'
import type { Letter, Mailer } from './deliver/mailer.ts'
import { readerTokens } from './digest/letter.ts'
import type { Instant } from './entry.ts'
import type { Scope } from './remember/entries.ts'
import { takeGarbageEarly } from './heap.ts'
import type { Lock } from './remember/lock.ts'
import { type Store, openStore } from './remember/open.ts'
import { type SiteIds, currentSecret, siteIds } from './remember/settings.ts'
import { scopeOf } from './sources.ts'
import type { TemplateSource } from './templates.ts'

/** Everything outside that one run touches. */
export interface World {
  config: Config
  templates: TemplateSource
  store: Store
  ids: SiteIds
  sender: Sender
  scope: Scope
  mailer: () => Promise<Mailer>
  /** True when nothing outside the store, which is a copy, may change. */
  isRehearsal: boolean
  close: () => Promise<void>
}

/** How the outside is opened. */
export interface WorldOptions {
  /** Nothing outside the store, which is a copy, may change. */
  isRehearsal?: boolean
  /** That of the run which is to work there. */
  lock?: Lock
}

/** Opens the outside that a configuration names; `now` dates what is made at first use. */
export async function openWorld(
  config: Config,
  templates: TemplateSource,
  now: Instant,
  { isRehearsal = false, lock }: WorldOptions = {},
): Promise<World> {
  // A wrong key ends it before anything is touched: no letter goes out unsigned.
  const keys = await signingKeys(config.mail)
  const store = await openStore(config.database, { ...(lock !== undefined && { lock }) })
  const ids = await siteIds(store, config.site.url, now)
  const secret = await currentSecret(store, config.secret, now)
  return {
    config,
    templates,
    store,
    ids,
    sender: {
      from: config.mail.from,
      returnTo: config.mail.returnTo,
      replyTo: config.mail.replyTo,
      listId: ids.listId,
      publishUrl: config.publish.url,
      webUrl: config.web?.url ?? null,
      secret,
      tokens: readerTokens(ids.nonce),
    },
    scope: scopeOf(config),
    isRehearsal,
    mailer: () => openMailer(config.mail, keys),
    close: () => store.destroy(),
  }
}

/** The heavy half of a mailer is loaded only when there is something to send. */
export async function openMailer(mail: MailConfig, keys: readonly DkimKey[]): Promise<Mailer> {
  takeGarbageEarly()
  const { mimeBytes, mimeOf } = await import('./deliver/mime.ts')
  const { signatureFields } = await import('./deliver/dkim.ts')
  const compose = async (letter: Letter): Promise<Buffer> => {
    const mime = mimeOf(letter)
    return mimeBytes(mime, await signatureFields(mime, keys, letter.date))
  }
  switch (mail.kind) {
    case 'outbox': {
      const { outboxMailer } = await import('./deliver/outbox.ts')
      return outboxMailer(mail.dir, compose)
    }
    case 'smtp': {
      const { smtpMailer } = await import('./deliver/smtp.ts')
      return smtpMailer(mail.url, { connections: mail.connections, compose })
    }
  }
}

/**
 * The keys that letters are signed with, each tried out.
 * @throws {Problem} `dkim-key-unusable`
 */
export async function signingKeys(mail: MailConfig): Promise<DkimKey[]> {
  if (mail.dkim.length === 0) return []
  const { readDkimKey } = await import('./deliver/dkim-key.ts')
  return mail.dkim.map(readDkimKey)
}
