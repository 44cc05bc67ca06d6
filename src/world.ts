import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config, MailConfig } from './config.ts'
import type { Sender } from './deliver/letters.ts'
import type { Mailer } from './deliver/mailer.ts'
import { LETTER_CONTRACTS, type LetterTemplates, readerTokens } from './digest/letter.ts'
import type { Instant } from './entry.ts'
import type { LinkRules } from './link.ts'
import { PAGE_CONTRACT } from './pages/render.ts'
import { Problem } from './problem.ts'
import type { Scope } from './remember/entries.ts'
import { type Store, openStore } from './remember/open.ts'
import { type SiteIds, currentSecret, siteIds } from './remember/settings.ts'
import { type Contract, type Template, compileTemplate } from './template.ts'

/** The templates of a site, and a text that changes when one of them does. */
export interface Templates {
  page: Template
  letter: LetterTemplates
  texts: string
}

/** Everything outside that one run touches. */
export interface World {
  config: Config
  templates: Templates
  store: Store
  ids: SiteIds
  sender: Sender
  scope: Scope
  mailer: () => Promise<Mailer>
  close: () => Promise<void>
}

const OWN_TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url))

/** Opens the outside that a configuration names; `now` dates what is made at first use. */
export async function openWorld(config: Config, templates: Templates, now: Instant): Promise<World> {
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

function scopeOf(config: Config): Scope {
  const common = { publishUrl: config.publish.url, zone: config.site.timezone }
  return new Map(
    config.sources.map((source): [string, LinkRules] => [
      source.name,
      { ...common, pattern: source.kind === 'markdown' ? source.link : null },
    ]),
  )
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

/**
 * Reads the owner's templates; where one is missing, the program's own stands in.
 * @throws {Problem} `template-unreadable`, `template-syntax`, `template-unknown-name`, `template-reader-branch`
 */
export function readTemplates(config: Config): Templates {
  const texts: string[] = []
  const read = (file: string, contract: Contract): Template => {
    const owners = join(config.digest.templates, file)
    const isOwn = !existsSync(owners)
    const name = isOwn ? file : relative(config.dir, owners).split(sep).join('/')
    const text = readTemplate(isOwn ? join(OWN_TEMPLATES, file) : owners, name)
    texts.push(text)
    return compileTemplate(name, text, contract)
  }
  return {
    page: read('page.liquid', PAGE_CONTRACT),
    letter: {
      subject: read('digest.subject.liquid', LETTER_CONTRACTS.subject),
      html: read('digest.html.liquid', LETTER_CONTRACTS.html),
      text: read('digest.text.liquid', LETTER_CONTRACTS.text),
    },
    texts: texts.join('\u0000'),
  }
}

function readTemplate(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const mend = 'make it a file that Feedwire may read, or take it away'
    throw new Problem('template-unreadable', `Cannot read the template (${String(cause.code)})`, { where, mend, cause })
  }
}
