import type { Instant } from '../entry.ts'
import { escapeMarkup, foldText } from '../markdown/text.ts'
import { dayIn } from '../pages/day.ts'
import { webAddress } from '../pages/links.ts'
import type { Site } from '../site.ts'
import type { Contract, Template } from '../template.ts'

/** An entry as a digest holds it, frozen when the digest was made. */
export interface DigestEntry {
  title: string
  /** Absolute URL. */
  link: string
  date: Instant
  tags: readonly string[]
  categories: readonly string[]
  snippet: string
}

/** What a letter is made from. */
export interface LetterInput {
  site: Site
  /** Where the publish directory is served; absolute, ends with `/`. */
  publishUrl: string
  digest: {
    id: string
    date: Instant
    entries: readonly DigestEntry[]
    /** How many further entries wait on the web. */
    more: number
  }
  tokens: ReaderTokens
}

/** A letter for every reader, with tokens where readers differ; see `fillReader()`. */
export interface Letter {
  /** One line of at most 120 characters. */
  subject: string
  html: string
  text: string
}

export interface LetterTemplates {
  subject: Template
  html: Template
  text: Template
}

/** What differs from reader to reader. */
export interface ReaderValues {
  unsubscribe_url: string
  address: string
}

/** The words that stand for a reader's values until `fillReader()`. */
export type ReaderTokens = Readonly<ReaderValues>

const SUBJECT_NAMES = [
  ...['site.title', 'site.description', 'site.url', 'site.home', 'site.language'],
  ...['digest.id', 'digest.date', 'digest.count', 'digest.more', 'digest.more_url', 'digest.web_url'],
  ...['entries[].title', 'entries[].url', 'entries[].date', 'entries[].datetime', 'entries[].snippet'],
  ...['entries[].category', 'entries[].tags[]'],
]
const BODY_NAMES = [...SUBJECT_NAMES, 'digest.subject', 'reader.unsubscribe_url', 'reader.address']

/** What `templates/digest.{subject,html,text}.liquid` may be written with. */
export const LETTER_CONTRACTS: Readonly<Record<keyof LetterTemplates, Contract>> = {
  subject: { format: 'text', names: SUBJECT_NAMES },
  html: { format: 'html', names: BODY_NAMES },
  text: { format: 'text', names: BODY_NAMES },
}

const LONGEST_SUBJECT = 120

/**
 * Renders a letter once for all who get it.
 * @throws {Problem} `template-render`
 */
export function renderLetter(templates: LetterTemplates, input: LetterInput): Letter {
  const context = contextOf(input)
  const subject = subjectLine(templates.subject.render(context)) || context.site.title
  const full = { ...context, digest: { ...context.digest, subject }, reader: input.tokens }
  return { subject, html: templates.html.render(full), text: templates.text.render(full) }
}

/**
 * The tokens of one store.
 * @param nonce ASCII letters and digits that no author can guess; else an article could name a reader's address
 */
export function readerTokens(nonce: string): ReaderTokens {
  return { unsubscribe_url: `fw-${nonce}-unsubscribe-url`, address: `fw-${nonce}-address` }
}

/** Puts a reader's values in the place of their tokens, in one pass, so that no value is searched for tokens. */
export function fillReader(
  letter: string,
  tokens: ReaderTokens,
  values: ReaderValues,
  format: Contract['format'],
): string {
  const write = (value: string): string =>
    format === 'html' ? escapeMarkup(value).replaceAll("'", '&#39;') : foldText(value)
  const written = new Map([
    [tokens.unsubscribe_url, write(values.unsubscribe_url)],
    [tokens.address, write(values.address)],
  ])
  return letter.replace(/fw-[0-9A-Za-z]+-(?:unsubscribe-url|address)/g, (found) => written.get(found) ?? found)
}

function contextOf({ site, publishUrl, digest }: LetterInput) {
  return {
    site: {
      title: foldText(site.title),
      description: foldText(site.description),
      url: webAddress(site.url),
      home: publishUrl,
      language: foldText(site.language),
    },
    digest: {
      id: digest.id,
      date: dayIn(site.timezone, digest.date),
      count: digest.entries.length,
      more: digest.more,
      more_url: publishUrl,
      web_url: `${publishUrl}digests/${digest.id}.html`,
    },
    entries: digest.entries.map((entry) => ({
      title: foldText(entry.title) || 'Untitled',
      url: webAddress(entry.link),
      date: dayIn(site.timezone, entry.date),
      datetime: new Date(entry.date).toISOString(),
      category: foldText(entry.categories[0] ?? '') || null,
      tags: entry.tags.map(foldText),
      snippet: foldText(entry.snippet),
    })),
  }
}

function subjectLine(rendered: string): string {
  const line = Array.from(foldText(rendered))
  if (line.length <= LONGEST_SUBJECT) return line.join('')
  return `${line
    .slice(0, LONGEST_SUBJECT - 1)
    .join('')
    .trimEnd()}…`
}
