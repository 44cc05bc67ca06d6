import { posix, resolve } from 'node:path'
import { z } from 'zod'
import { DIALECTS, type DialectName } from './dialect-name.ts'
import { checkLinkPattern } from './link.ts'
import { Problem } from './problem.ts'
import { type CronLine, checkZone, parseCron } from './schedule.ts'
import type { Site } from './site.ts'
import { type EmailAddress, type Mailbox, parseEmailAddress, parseMailbox } from './subscriber.ts'

// One file is parsed in a run: making a fast parser costs more than the parsing.
z.config({ jitless: true })

/** Where entries come from. `name` is the key under which the store remembers the source. */
export type SourceConfig =
  | {
      kind: 'markdown'
      name: string
      dir: string
      dialect: DialectName | 'auto'
      /** Patterns as in a `.gitignore`, relative to the folder. */
      include: string[]
      exclude: string[]
      link: string | null
    }
  | { kind: 'listing'; name: string; root: string; files: string }

/** How long a snippet is, in graphemes, and what stands for that which plain text cannot show. */
export interface SnippetConfig {
  length: number
  placeholders: { math: string; formula: string; code: string }
}

/** When a digest is due: with each run that finds something, or on a cron line in the site's zone. */
export type DigestSchedule = { kind: 'instant' } | { kind: 'cron'; cron: CronLine }

/** How letters leave: as files, or through a server. */
export type MailConfig = {
  from: Mailbox
  returnTo: EmailAddress | null
  /** Where readers may write to; null when the owner names no sender. */
  contact: EmailAddress | null
} & ({ kind: 'outbox'; dir: string } | { kind: 'smtp'; url: URL; connections: number })

/** What the feeds hold. */
export interface FeedsConfig {
  entries: number
  content: 'full' | 'snippet'
  /** True when each tag, category, author and source has feeds and a page of its own. */
  tags: boolean
  /** WebSub hub that is told of changes. */
  hub: string | null
  /** Milliseconds for which a new entry waits before it is published; null: none. */
  hold: number | null
}

/** Where documents go. */
export interface PublishConfig {
  dir: string
  /** Where that directory is served; ends with `/`. */
  url: string
  /** True when each file gets a `.gz` and a `.br` beside it. */
  compress: boolean
  /** Command line of the owner's that brings what was published to where it is served. */
  after: string | null
}

/** The whole configuration, checked; every path is absolute. */
export interface Config {
  /** Folder of the configuration file; places in messages are written relative to it. */
  dir: string
  site: Site
  /** When `feedwire start` gathers and publishes. */
  schedule: CronLine
  sources: SourceConfig[]
  snippet: SnippetConfig
  feeds: FeedsConfig
  publish: PublishConfig
  digest: { schedule: DigestSchedule; maxEntries: number; firstRun: number; templates: string }
  mail: MailConfig
  subscribers: EmailAddress[]
  secret: string | null
  database: string
}

/** Runs one of our own parsers; its Problem becomes a fault of the setting. */
function parsedBy<T, S extends string = string>(parse: (text: S) => T) {
  return (text: S, context: z.RefinementCtx): T => {
    try {
      return parse(text)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      context.addIssue({ code: 'custom', message: `${error.message}; ${error.mend}` })
      return z.NEVER
    }
  }
}

function webUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Problem('url-malformed', `"${text}" is not a web address`, { mend: 'write it as https://example.org/' })
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    const mend = 'leave out user, password, query and fragment'
    throw new Problem('url-malformed', 'holds more than a plain web address', { mend })
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

/** An address of a file or an endpoint; it may have a query. */
function resourceUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username + url.password + url.hash !== '') {
    const mend = 'write it in full, such as https://example.org/icon.png'
    throw new Problem('url-malformed', `"${text}" is not a web address`, { mend })
  }
  return url.href
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `90m`, `2h` or `1d`; at most 30 days. */
function duration(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,5}) ?([mhd])$/.exec(text.trim()) ?? []
  const length = Number(amount) * (unit === 'm' || unit === 'h' || unit === 'd' ? UNITS[unit] : NaN)
  if (amount !== '' && length <= 30 * UNITS.d) return length
  const mend = 'write minutes, hours or days, at most 30d, such as 30m, 2h or 1d'
  throw new Problem('duration-malformed', `"${text}" is not such a time`, { mend })
}

function smtpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    // The text may hold a password, so it is not repeated.
    const mend = 'write it as smtp://user:password@mail.example.org:587 or smtps://…:465'
    throw new Problem('smtp-url-malformed', 'is not the address of a mail server', { mend })
  }
  return url
}

/** What comes behind the local part for bounces: `+b.DIGEST.READER.TOKEN`. */
const RETURN_SUFFIX = 44

/** With the suffix, a local part may have 64 octets and an address 254 (RFC 5321, section 4.5.3.1). */
function checkReturn(text: EmailAddress): EmailAddress {
  const longest = 64 - RETURN_SUFFIX
  const local = text.slice(0, text.lastIndexOf('@'))
  const mend = 'take a shorter address, such as bounces@example.org'
  if (local.length > longest || !/^[\x21-\x7e]+$/.test(local)) {
    const message = `has more than ${longest} characters before the "@", or others than ASCII`
    throw new Problem('return-unusable', message, { mend })
  }
  if (text.length + RETURN_SUFFIX > 254) {
    throw new Problem('return-unusable', `has more than ${254 - RETURN_SUFFIX} characters`, { mend })
  }
  return text
}

function languageTag(text: string): string {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? text
  } catch (cause) {
    throw new Problem('language-unknown', `"${text}" is not a language tag`, { mend: 'write en or zh-CN', cause })
  }
}

function zone(text: string): string {
  checkZone(text)
  return text
}

const line = z
  .string()
  .trim()
  .min(1, 'is empty')
  .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), 'holds a control character')
const count = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`
  return z.int(error).min(least, error).max(most, error)
}
const url = z.string().transform(parsedBy(webUrl))
const cron = z.string().transform(parsedBy(parseCron))
const address = z.string().transform(parsedBy(parseEmailAddress))
const resource = z.string().transform(parsedBy(resourceUrl)).nullable().default(null)
const author = z.strictObject({ name: line, email: address.nullable().default(null), url: resource })

const site = z.strictObject({
  title: line,
  description: line.default('Latest updates'),
  url,
  language: z.string().transform(parsedBy(languageTag)).default('en'),
  timezone: z.string().transform(parsedBy(zone)).default('UTC'),
  author: author.nullable().default(null),
  icon: resource,
  favicon: resource,
})

const markdownSource = z.strictObject({
  kind: z.literal('markdown'),
  name: line.optional(),
  dir: line,
  dialect: z.enum(['auto', ...DIALECTS], `must be auto, ${DIALECTS.join(', ')}`).default('auto'),
  include: z.array(line).default([]),
  exclude: z.array(line).default([]),
  link: z.string().transform(parsedBy(checkLinkPattern)).nullable().default(null),
})
const listingSource = z.strictObject({ kind: z.literal('listing'), name: line.optional(), files: line })
const sources = z
  .array(z.discriminatedUnion('kind', [markdownSource, listingSource], 'kind must be markdown or listing'))
  .min(1, 'names no source')
  .default([{ kind: 'markdown', dir: 'articles', dialect: 'auto', include: [], exclude: [], link: null }])

const snippet = z.strictObject({
  length: count(20, 5000).default(350),
  placeholders: z
    .strictObject({ math: line.default('[Math]'), formula: line.default('[公式]'), code: line.default('[代码]') })
    .prefault({}),
})

const feeds = z.strictObject({
  entries: count(1, 500).default(50),
  content: z.enum(['full', 'snippet'], 'must be full or snippet').default('full'),
  tags: z.boolean('must be true or false').default(true),
  hub: resource,
  hold: z.string('must be such as 2h').transform(parsedBy(duration)).nullable().default(null),
})

const publish = z.strictObject({
  dir: line.default('public'),
  url: url.optional(),
  compress: z.boolean('must be true or false').default(true),
  after: line.nullable().default(null),
})

const digestSchedule = z
  .string()
  .default('instant')
  .transform((text, context): DigestSchedule => {
    return text === 'instant' ? { kind: 'instant' } : { kind: 'cron', cron: parsedBy(parseCron)(text, context) }
  })

const digest = z.strictObject({
  schedule: digestSchedule,
  max_entries: count(1, 200).default(20),
  first_run: count(0, 200).default(0),
  templates: line.default('templates'),
})

const mail = z.strictObject({
  from: z.string().transform(parsedBy(parseMailbox)).optional(),
  return: address.transform(parsedBy(checkReturn)).nullable().default(null),
  smtp: z.string().transform(parsedBy(smtpUrl)).nullable().default(null),
  connections: count(1, 50).default(5),
})

const database = line.refine(
  (text) => !/^[a-z]+:\/\//i.test(text),
  'only a file is supported in this version; write a path such as feedwire.db',
)

/** What is wrong with the setting at `keys`. */
export interface Fault {
  keys: readonly PropertyKey[]
  message: string
}

const text = z.string().optional().catch(undefined)
const together = z.object({
  mail: z.object({ from: z.unknown().optional(), smtp: z.unknown().optional() }).catch({}),
  sources: z.array(z.object({ name: text, dir: text, files: text }).catch({})).catch([]),
})

/** Faults of settings that are right one by one and do not go together; they are found beside other faults too. */
export function faultsTogether(tree: unknown): Fault[] {
  const { data } = together.safeParse(tree)
  if (data === undefined) return []
  const names = data.sources.map(({ name, dir, files }) => name ?? plainPath(dir ?? files ?? ''))
  const twice = names.flatMap((name, index): Fault[] => {
    if (name === '.' || names.indexOf(name) === index) return []
    return [{ keys: ['sources', index], message: `two sources are called "${name}"; give one of them another name` }]
  })
  const { from, smtp } = data.mail
  if (smtp === undefined || smtp === null || from !== undefined) return twice
  const message = 'is missing; letters by SMTP need a sender such as "Ada <digest@example.org>"'
  return [...twice, { keys: ['mail', 'from'], message }]
}

/** What a configuration file may hold; the parsed value is a Config with its paths below `dir`. */
export function configSchema(dir: string) {
  const at = (path: string): string => resolve(dir, path)
  return z
    .strictObject({
      site,
      schedule: cron.prefault('*/15 * * * *'),
      sources,
      snippet: snippet.prefault({}),
      feeds: feeds.prefault({}),
      publish: publish.prefault({}),
      digest: digest.prefault({}),
      mail: mail.prefault({}),
      subscribers: z.array(address).default([]),
      secret: z.string().min(16, 'is too short: 16 characters at least').nullable().default(null),
      database: database.default('feedwire.db'),
    })
    .transform((raw): Config => {
      const named = raw.sources.map((source) => sourceOf(source, at))
      const from = raw.mail.from ?? defaultSender(raw.site)
      const sender = { from, returnTo: raw.mail.return, contact: raw.mail.from?.address ?? null }
      return {
        dir,
        site: raw.site,
        schedule: raw.schedule,
        sources: named,
        snippet: raw.snippet,
        feeds: raw.feeds,
        publish: { ...raw.publish, dir: at(raw.publish.dir), url: raw.publish.url ?? raw.site.url },
        digest: {
          schedule: raw.digest.schedule,
          maxEntries: raw.digest.max_entries,
          firstRun: raw.digest.first_run,
          templates: at(raw.digest.templates),
        },
        mail:
          raw.mail.smtp === null
            ? { kind: 'outbox', dir: at('outbox'), ...sender }
            : { kind: 'smtp', url: raw.mail.smtp, connections: raw.mail.connections, ...sender },
        subscribers: raw.subscribers,
        secret: raw.secret,
        database: at(raw.database),
      }
    })
}

type RawSource = z.infer<typeof sources>[number]

function sourceOf(source: RawSource, at: (path: string) => string): SourceConfig {
  switch (source.kind) {
    case 'markdown':
      return { ...source, name: source.name ?? plainPath(source.dir), dir: at(source.dir) }
    case 'listing':
      return { kind: 'listing', name: source.name ?? plainPath(source.files), root: at('.'), files: source.files }
  }
}

/** The same text for `./articles/` as for `articles`: a source of another name would be new with all its entries. */
function plainPath(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '')
}

/** Letters that only become files may do without `mail.from`. */
function defaultSender(siteConfig: Site): Mailbox {
  const host = new URL(siteConfig.url).hostname
  const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(host) ? host : 'feedwire.invalid'
  return { name: siteConfig.title, address: parseEmailAddress(`digest@${domain}`) }
}
