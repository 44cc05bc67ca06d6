import { resolve } from 'node:path'
import { z } from 'zod'
import { sourceName, sourceOf, sourcesSchema } from './config-sources.ts'
import type { Config, ConfiguredReader } from './config-types.ts'
import type { DigestSchedule } from './digest/due.ts'
import {
  askable,
  checkReturn,
  domain,
  duration,
  interval,
  isSafe,
  languageTag,
  line,
  namesDatabase,
  parsedBy,
  resourceUrl,
  selector,
  smtpUrl,
  subnet,
  timeOfDay,
  webUrl,
  zone,
} from './config-values.ts'
import { FREQUENCIES, type Preferences, parseTopic, topicSet } from './preferences.ts'
import { parseCron } from './schedule.ts'
import type { Site } from './site.ts'
import { isServer } from './store-place.ts'
import { type Mailbox, parseEmailAddress, parseMailbox } from './subscriber.ts'

// One file is parsed in a run: making a fast parser costs more than the parsing.
z.config({ jitless: true })

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
  postal_address: z
    .string('must be text')
    .trim()
    .min(1, 'is empty')
    .refine((text) => !/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text), 'holds a control character')
    .nullable()
    .default(null),
  privacy: resource,
})

const fetching = z.strictObject({
  allow: z.array(z.string().transform(parsedBy(askable))).default([]),
  at_once: count(1, 50).default(8),
})

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
  hold: z
    .string()
    .transform(parsedBy((text) => duration(text)))
    .nullable()
    .default(null),
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

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

const digest = z.strictObject({
  schedule: digestSchedule,
  at: z.string().transform(parsedBy(timeOfDay)).prefault('08:00'),
  weekday: z.enum(WEEKDAYS, `must be ${WEEKDAYS.join(', ')}`).default('monday'),
  max_entries: count(1, 200).default(20),
  first_run: count(0, 200).default(0),
  templates: line.default('templates'),
})

const dkimKey = z.strictObject({
  selector: z.string().transform(parsedBy(selector)),
  domain: z.string().transform(parsedBy(selector)).optional(),
  key: z.string().min(1, 'is empty'),
})

const mailbox = z.string().transform(parsedBy(parseMailbox))
const paced = z.string().transform(parsedBy(interval))
const mail = z.strictObject({
  from: mailbox.optional(),
  reply_to: mailbox.nullable().default(null),
  dkim: z
    .union([dkimKey.transform((one) => [one]), z.array(dkimKey)], 'must be { selector, key }, or a list of such')
    .nullable()
    .default(null),
  return: address.transform(parsedBy(checkReturn)).nullable().default(null),
  smtp: z.string().transform(parsedBy(smtpUrl)).nullable().default(null),
  connections: count(1, 50).default(5),
  rate: paced.nullable().default(null),
  rates: z.record(z.string().transform(parsedBy(domain)), paced, 'must be such as { gmail.com: 1/s }').default({}),
  unknown: z.enum(['send', 'hold'], 'must be send or hold').default('send'),
})

const LOOPBACK = ['127.0.0.0/8', '::1']
const web = z.strictObject({
  url: url.refine(isSafe, 'must begin with https://, as mail programs ask no other (RFC 8058)'),
  host: line.default('127.0.0.1'),
  port: count(1, 65_535).default(8080),
  proxies: z.array(z.string().transform(parsedBy(subnet))).default(LOOPBACK),
  metrics: z.array(z.string().transform(parsedBy(subnet))).default([]),
})

/** Letters whose bounces may still come are kept. */
const LEAST_KEPT = 30 * 24 * 60 * 60_000
const alerts = z.strictObject({
  mail: address.nullable().default(null),
  url: resource,
  source_failures: count(1, 1000).default(3),
  stuck_after: z
    .string()
    .transform(parsedBy((text) => duration(text)))
    .prefault('6h'),
  bounce_rate: z.number('must be a number of percent').min(0.1).max(100).default(5),
})
const kept = z
  .string()
  .transform(parsedBy((text) => duration(text, 9999)))
  .refine((length) => length >= LEAST_KEPT, 'must be at least 30d, as bounces may come late')

const reader = z.union(
  [
    address.transform((one) => ({ address: one })),
    z.strictObject({
      address,
      frequency: z.enum(FREQUENCIES, `must be ${FREQUENCIES.join(', ')}`).optional(),
      zone: z.string().transform(parsedBy(zone)).optional(),
      topics: z.array(z.string().transform(parsedBy(parseTopic))).optional(),
      language: z.string().transform(parsedBy(languageTag)).optional(),
    }),
  ],
  'must be an address, or { address, frequency, zone, topics, language }',
)

/** Where the store is. */
export const databasePlace = line.refine(
  (text) => !/^[a-z]+:\/\//i.test(text) || (isServer(text) && namesDatabase(text)),
  'must be a path such as feedwire.db, or a database such as postgres://feedwire@db.example.org/feedwire',
)

/** What is wrong with the setting at `keys`. */
export interface Fault {
  keys: readonly PropertyKey[]
  message: string
}

const text = z.string().optional().catch(undefined)
const together = z.object({
  mail: z.object({ from: z.unknown().optional(), smtp: z.unknown().optional() }).catch({}),
  sources: z.array(z.object({ name: text, dir: text, files: text, url: text, file: text }).catch({})).catch([]),
})

/** Faults of settings that are right one by one and do not go together; they are found beside other faults too. */
export function faultsTogether(tree: unknown): Fault[] {
  const { data } = together.safeParse(tree)
  if (data === undefined) return []
  const names = data.sources.map(sourceName)
  const twice = names.flatMap((name, index): Fault[] => {
    if (name === '' || names.indexOf(name) === index) return []
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
      sources: sourcesSchema,
      fetch: fetching.prefault({}),
      snippet: snippet.prefault({}),
      feeds: feeds.prefault({}),
      publish: publish.prefault({}),
      digest: digest.prefault({}),
      mail: mail.prefault({}),
      web: web.nullable().default(null),
      alerts: alerts.prefault({}),
      heartbeat: resource,
      keep: kept.prefault('400d'),
      subscribers: z.array(reader).default([]),
      secret: z.string().min(16, 'is too short: 16 characters at least').nullable().default(null),
      database: databasePlace.default('feedwire.db'),
    })
    .transform((raw): Config => {
      const named = raw.sources.map((source) => sourceOf(source, at, raw.site.url))
      const from = raw.mail.from ?? defaultSender(raw.site)
      const dkim = (raw.mail.dkim ?? []).map((one) => ({
        selector: one.selector,
        domain: one.domain ?? from.address.slice(from.address.lastIndexOf('@') + 1),
        key: one.key.includes('-----BEGIN') ? one.key : at(one.key),
      }))
      const { return: returnTo, reply_to: replyTo } = raw.mail
      const rates = { all: raw.mail.rate, domains: new Map(Object.entries(raw.mail.rates)) }
      const { unknown } = raw.mail
      const sender = { from, replyTo, dkim, returnTo, rates, unknown, contact: raw.mail.from?.address ?? null }
      const { postal_address: postalAddress, ...rest } = raw.site
      return {
        dir,
        site: { ...rest, postalAddress },
        schedule: raw.schedule,
        sources: named,
        fetch: { allow: raw.fetch.allow, atOnce: raw.fetch.at_once },
        snippet: raw.snippet,
        feeds: raw.feeds,
        publish: { ...raw.publish, dir: at(raw.publish.dir), url: raw.publish.url ?? raw.site.url },
        digest: {
          schedule: raw.digest.schedule,
          daily: parseCron(`${raw.digest.at} * * *`),
          weekly: parseCron(`${raw.digest.at} * * ${WEEKDAYS.indexOf(raw.digest.weekday)}`),
          maxEntries: raw.digest.max_entries,
          firstRun: raw.digest.first_run,
          templates: at(raw.digest.templates),
        },
        mail:
          raw.mail.smtp === null
            ? { kind: 'outbox', dir: at('outbox'), ...sender }
            : { kind: 'smtp', url: raw.mail.smtp, connections: raw.mail.connections, ...sender },
        web: raw.web,
        alerts: {
          mail: raw.alerts.mail,
          url: raw.alerts.url,
          sourceFailures: raw.alerts.source_failures,
          stuckAfter: raw.alerts.stuck_after,
          bounceRate: raw.alerts.bounce_rate,
        },
        heartbeat: raw.heartbeat,
        keep: raw.keep,
        subscribers: raw.subscribers.map(readerOf),
        secret: raw.secret,
        database: isServer(raw.database) ? raw.database : at(raw.database),
      }
    })
}

const UNSET: Partial<Preferences> = {}

function readerOf(raw: z.infer<typeof reader>): ConfiguredReader {
  const { address: to, frequency = 'site', zone: zoneName = null, topics = [], language = null } = { ...UNSET, ...raw }
  return { address: to, frequency, zone: zoneName, topics: topicSet(topics), language }
}

/** Letters that only become files may do without `mail.from`. */
function defaultSender(siteConfig: Pick<Site, 'url' | 'title'>): Mailbox {
  const host = new URL(siteConfig.url).hostname
  const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(host) ? host : 'feedwire.invalid'
  return { name: siteConfig.title, address: parseEmailAddress(`digest@${domain}`) }
}
