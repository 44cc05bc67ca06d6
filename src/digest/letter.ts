import type { Instant } from '../entry.ts'
import { escapeMarkup, foldText } from '../markdown/text.ts'
import { dayIn } from '../pages/day.ts'
import { webAddress } from '../pages/links.ts'
import type { Site } from '../site.ts'
import type { Contract } from '../template.ts'
import { type Texts, isOneLanguage, isWrittenFromTheRight } from '../texts.ts'
import type { LetterTemplates } from './letter-contract.ts'

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
  texts: Texts
  digest: {
    id: string
    date: Instant
    /** The zone whose calendar gives its day. */
    zone: string
    entries: readonly DigestEntry[]
    /** How many further entries wait on the web. */
    more: number
  }
  tokens: ReaderTokens
  /** True when readers have a page to choose on. */
  hasPreferences: boolean
}

/** A letter for every reader, with tokens where readers differ; see `fillReader()`. */
export interface Letter {
  /** One line of at most 120 characters. */
  subject: string
  html: string
  text: string
}

/** What differs from reader to reader. */
export interface ReaderValues {
  unsubscribe_url: string
  /** Where they choose how often and about what; without such a page, where they leave. */
  preferences_url: string
  address: string
}

/** The words that stand for a reader's values until `fillReader()`. */
export type ReaderTokens = Readonly<ReaderValues>

const LONGEST_SUBJECT = 120
/** Longer than a mail program shows before a letter is opened. */
const LONGEST_PREHEADER = 150
/** Tags of one entry that are shown. */
const MOST_TAGS = 12
/** Characters of a title, and of a tag or category: with any more a letter could not be fitted. */
const LONGEST_ENTRY_TITLE = 300
const LONGEST_NAME = 80
/** What mail programs and browsers take for sure; a longer address gives way to the page of the digest. */
const LONGEST_LINK = 2000

/**
 * Renders a letter once for all who get it.
 * @throws {Problem} `template-render`
 */
export function renderLetter(templates: LetterTemplates, input: LetterInput): Letter {
  const context = contextOf(input)
  const subject = cutLine(templates.subject.render(context), LONGEST_SUBJECT) || context.site.title
  const preheader = cutLine(templates.preheader.render(context), LONGEST_PREHEADER)
  const digest = { ...context.digest, subject, preheader, reason: reasonOf(input) }
  const full = { ...context, digest, reader: input.tokens }
  return { subject, html: templates.html.render(full), text: templates.text.render(full) }
}

/**
 * The tokens of one store.
 * @param nonce ASCII letters and digits that no author can guess; else an article could name a reader's address
 */
export function readerTokens(nonce: string): ReaderTokens {
  return {
    unsubscribe_url: `fw-${nonce}-unsubscribe-url`,
    preferences_url: `fw-${nonce}-preferences-url`,
    address: `fw-${nonce}-address`,
  }
}

/** A letter's HTML or text cut at its tokens: behind each piece that readers share, but the last, is a gap for a value. */
export interface GappedText {
  shared: readonly string[]
  gaps: readonly (keyof ReaderValues)[]
}

export function cutAtTokens(letter: string, tokens: ReaderTokens): GappedText {
  const gapOf = new Map<string, keyof ReaderValues>([
    [tokens.unsubscribe_url, 'unsubscribe_url'],
    [tokens.preferences_url, 'preferences_url'],
    [tokens.address, 'address'],
  ])
  const shared: string[] = []
  const gaps: (keyof ReaderValues)[] = []
  let piece = ''
  for (const part of letter.split(/(fw-[0-9A-Za-z]+-(?:unsubscribe-url|preferences-url|address))/)) {
    const gap = gapOf.get(part)
    if (gap === undefined) {
      piece += part
    } else {
      shared.push(piece)
      gaps.push(gap)
      piece = ''
    }
  }
  return { shared: [...shared, piece], gaps }
}

/** What a reader's gaps are filled with, one after another. */
export function wordsForGaps(
  gaps: GappedText['gaps'],
  values: ReaderValues,
  format: Contract['format'],
): readonly string[] {
  return gaps.map((gap) =>
    format === 'html' ? escapeMarkup(values[gap]).replaceAll("'", '&#39;') : foldText(values[gap]),
  )
}

/** Puts a reader's values in the place of their tokens, in one pass, so that no value is searched for tokens. */
export function fillReader(
  letter: string,
  tokens: ReaderTokens,
  values: ReaderValues,
  format: Contract['format'],
): string {
  const { shared, gaps } = cutAtTokens(letter, tokens)
  return String.raw({ raw: shared }, ...wordsForGaps(gaps, values, format))
}

/** Why the reader gets it; holds the token of the address. */
function reasonOf({ site, texts, tokens }: LetterInput): string {
  return texts.say('reason', { address: tokens.address, site: foldText(site.title) })
}

function contextOf({ site, publishUrl, texts, digest, hasPreferences }: LetterInput) {
  const { id, date, zone, entries, more } = digest
  const webUrl = `${publishUrl}digests/${id}.html`
  return {
    site: siteView(site, publishUrl),
    texts: texts.plain,
    digest: {
      id,
      date: dayIn(zone, date),
      language: texts.language,
      // Entries are in the language of the site, our texts in that of the reader.
      is_foreign: !isOneLanguage(texts.language, site.language),
      count: entries.length,
      more,
      new_text: texts.say('new_count', { count: entries.length + more }),
      more_text: texts.say('more_on_web', { count: more }),
      more_url: publishUrl,
      web_url: webUrl,
      archive_url: `${publishUrl}digests/`,
      headline: subjectOf(site, texts, entries, more),
      has_preferences: hasPreferences,
    },
    entries: entries.map((entry) => ({
      title: cutLine(entry.title, LONGEST_ENTRY_TITLE) || texts.say('untitled'),
      url: entry.link.length > LONGEST_LINK ? webUrl : webAddress(entry.link),
      date: dayIn(site.timezone, entry.date),
      datetime: new Date(entry.date).toISOString(),
      category: cutLine(entry.categories[0] ?? '', LONGEST_NAME) || null,
      tags: entry.tags.slice(0, MOST_TAGS).map((tag) => cutLine(tag, LONGEST_NAME)),
      snippet: foldText(entry.snippet),
    })),
  }
}

/** What templates of letters know of the site. */
export function siteView(site: Site, publishUrl: string) {
  return {
    title: foldText(site.title),
    description: foldText(site.description),
    url: webAddress(site.url),
    home: publishUrl,
    language: foldText(site.language),
    is_rtl: isWrittenFromTheRight(site.language),
    privacy_url: site.privacy,
    postal_lines: (site.postalAddress ?? '')
      .split('\n')
      .map(foldText)
      .filter((line) => line !== ''),
  }
}

const LONGEST_TITLE = 70

function subjectOf(site: Site, texts: Texts, entries: readonly DigestEntry[], more: number): string {
  const title = cutLine(entries[0]?.title ?? '', LONGEST_TITLE) || texts.say('untitled')
  const count = entries.length + more - 1
  return texts.say(count > 0 ? 'subject_more' : 'subject', { site: foldText(site.title), title, count })
}

/** One line of at most so many characters, as a reader counts them. */
function cutLine(text: string, longest: number): string {
  const folded = foldText(text)
  if (folded.length <= longest) return folded
  // Enough for any character, and a bound on what is segmented.
  const segments = [...new Intl.Segmenter('en').segment(folded.slice(0, longest * 32))]
  if (segments.length <= longest && folded.length <= longest * 32) return folded
  const kept = segments.slice(0, longest - 1).map(({ segment }) => segment)
  return `${kept.join('').trimEnd()}…`
}
