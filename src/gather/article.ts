import { posix } from 'node:path'
import type { Draft, Instant, WrittenDate } from '../entry.ts'
import { type Placeholders, firstHeading } from '../markdown/plain.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { localDay } from '../schedule.ts'
import { authorField, namesField, startOfDay, textField, writtenDate } from './fields.ts'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'
import { makeSnippet } from './snippet.ts'

/** What decides, besides its bytes, what is read from an article. */
export interface ReadingRules {
  siteTitle: string
  siteUrl: string
  zone: string
  /** Length in graphemes. */
  snippet: { length: number; placeholders: Placeholders }
}

/** What an article says: an entry, or why it is none yet. */
export type Article =
  { kind: 'entry'; draft: Draft; problems: ProblemRecord[] } | { kind: 'draft' } | { kind: 'future'; from: Instant }

const SUMMARY = ['summary', 'description', 'excerpt']
const PERMALINK = ['permalink', 'canonical_url', 'canonicalUrl', 'canonical']

/**
 * Reads one Markdown article.
 * @param path of the file in its folder, with `/`; its key
 * @param place of the file as messages name it
 * @throws {Problem} when it cannot be understood and is set aside
 */
export function readArticle(text: string, path: string, place: string, rules: ReadingRules, now: Instant): Article {
  if (text.trim() === '') {
    throw new Problem('file-empty', 'The file is empty', { where: place, mend: 'write something, or delete it' })
  }
  const head = readFrontMatter(text, place)
  const { data, content } = head
  if (isTrue(data.draft) || isFalse(data.published)) return { kind: 'draft' }

  const problems: ProblemRecord[] = []
  const warn = (code: string, where: string, message: string, mend: string): void => {
    problems.push(new Problem(code, message, { where, severity: 'warning', mend }).toJSON())
  }
  const date = readDate(head, place, rules.zone, warn)
  const future = date === null ? null : futureDay(date, rules.zone, now)
  if (future !== null) return { kind: 'future', from: future }

  const title = readTitle(data, content, path, place, warn)
  const body = { format: 'markdown' as const, text: content }
  const summary = firstOf(data, SUMMARY)
  return {
    kind: 'entry',
    problems,
    draft: {
      key: path,
      explicitId: firstOf(data, ['guid', 'id', 'uuid']),
      title: title.text,
      titleGuessed: title.guessed,
      date,
      permalink: readPermalink(head, place, rules.siteUrl, warn),
      slug: textField(data.slug) ?? slugOf(path),
      author: authorField(data.author ?? data.authors),
      tags: namesField(data.tags ?? data.tag),
      categories: namesField(data.categories ?? data.category),
      snippet: makeSnippet({ summary, body, title: title.text }, rules.snippet),
      body,
    },
  }
}

type Warn = (code: string, where: string, message: string, mend: string) => void

function isTrue(value: unknown): boolean {
  return /^(true|yes)$/i.test(textField(value) ?? '')
}

function isFalse(value: unknown): boolean {
  return /^(false|no)$/i.test(textField(value) ?? '')
}

function firstOf(data: FrontMatter['data'], keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textField(data[key])
    if (text !== null) return text
  }
  return null
}

function readDate(head: FrontMatter, place: string, zone: string, warn: Warn): WrittenDate | null {
  const value = head.data.date
  const date = writtenDate(value, zone)
  if (date !== null) return date
  if (value === undefined || value === null || value === '') {
    warn(
      'date-missing',
      place,
      'There is no date; it gets the time it was first seen',
      'add a line such as "date: 2026-01-11"',
    )
  } else {
    const message = `"${textField(value) ?? 'the value'}" is no date; it gets the time it was first seen`
    warn('date-invalid', `${place}:${head.lineOf('date')}`, message, 'write it as 2026-01-11 or 2026-01-11 09:30')
  }
  return null
}

/** The instant at which the day of a date begins, when that day is still to come. */
function futureDay(date: WrittenDate, zone: string, now: Instant): Instant | null {
  const start = startOfDay(date.kind === 'day' ? date : localDay(date.at, zone), zone)
  return start > now ? start : null
}

function readTitle(
  data: FrontMatter['data'],
  content: string,
  path: string,
  place: string,
  warn: Warn,
): { text: string; guessed: boolean } {
  const written = textField(data.title)
  if (written !== null) return { text: written, guessed: false }
  const heading = firstHeading(content)?.text ?? ''
  const mend = 'add a line such as "title: Tides"'
  if (heading !== '') {
    warn('title-missing', place, 'There is no title; the first heading stands for it', mend)
    return { text: heading, guessed: false }
  }
  warn('title-missing', place, 'There is no title; the file name stands for it', mend)
  const { name } = posix.parse(path)
  return { text: textField(name.replace(/^\d{4}-\d{2}-\d{2}-/, '').replace(/[-_]+/g, ' ')) ?? name, guessed: true }
}

/** The file name without its ending; of `tides/index.md` the folder's name. */
function slugOf(path: string): string {
  const { dir, name } = posix.parse(path)
  return name === 'index' && dir !== '' ? posix.basename(dir) : name
}

function readPermalink(head: FrontMatter, place: string, siteUrl: string, warn: Warn): string | null {
  const key = PERMALINK.find((name) => textField(head.data[name]) !== null)
  const text = key === undefined ? null : textField(head.data[key])
  // Eleventy's `permalink: false` says that there is no page.
  if (key === undefined || text === null || isFalse(text)) return null
  const url = URL.canParse(text, siteUrl) ? new URL(text, siteUrl) : null
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) return url.href
  const mend = 'write it as https://blog.example.org/tides/'
  warn('permalink-invalid', `${place}:${head.lineOf(key)}`, `"${text}" is no web address and is not used`, mend)
  return null
}
