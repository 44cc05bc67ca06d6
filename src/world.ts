import type { Config, MailConfig } from './config.ts'
import type { Sender } from './deliver/letters.ts'
import type { Mailer } from './deliver/mailer.ts'
import { readerTokens } from './digest/letter.ts'
import type { Instant } from './entry.ts'
import type { Scope } from './remember/entries.ts'
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
  close: () => Promise<void>
}

/** Opens the outside that a configuration names; `now` dates what is made at first use. */
export async function openWorld(config: Config, templates: TemplateSource, now: Instant): Promise<World> {
  const store = await openStore(config.database)
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
      listId: ids.listId,
      publishUrl: config.publish.url,
      secret,
      tokens: readerTokens(ids.nonce),
    },
    scope: scopeOf(config),
    mailer: () => openMailer(config.mail),
    close: () => store.destroy(),
  }
}

/** The heavy half of a mailer is loaded only when there is something to send. */
async function openMailer(mail: MailConfig): Promise<Mailer> {
  switch (mail.kind) {
    case 'outbox': {
      const { outboxMailer } = await import('./deliver/outbox.ts')
      return outboxMailer(mail.dir)
    }
    case 'smtp': {
      const { smtpMailer } = await import('./deliver/smtp.ts')
      return smtpMailer(mail.url, { connections: mail.connections })
    }
  }
}
