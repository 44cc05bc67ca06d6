import type { WrittenDate } from '../../entry.ts'
import { type Clock, MONTHS, clockOf, pad } from './link-clock.ts'
import { fillPattern } from './link-pattern.ts'
import { withoutAccents } from './slugs.ts'

/** What a permalink may name. */
export interface PermalinkData {
  data: Record<string, unknown>
  title: string
  date: WrittenDate | null
  /** `page.fileSlug`, `page.filePathStem` and their like; see https://www.11ty.dev/docs/data-eleventy-supplied/ */
  page: Record<string, string>
  zone: string
}

const OUTPUT = /\{\{-?([^{}]*)-?\}\}/g

/** Fills a permalink in Liquid or Nunjucks as far as it is simple; null when only Eleventy could. */
export function fillPermalink(template: string, from: PermalinkData): string | null {
  if (template.length > 2_000 || template.includes('{%')) return null
  const path = fillPattern(template, OUTPUT, (expression) => valueOf(expression, from))
  return path === null || /\{\{|\}\}/.test(path) ? null : path
}

type Value = string | WrittenDate | null

function valueOf(expression: string, from: PermalinkData): string | null {
  const [name = '', ...filters] = piped(expression)
  let value = named(name, from)
  for (const filter of filters) value = filtered(value, filter, from.zone)
  return typeof value === 'string' && value !== '' ? value : null
}

/** The parts between `|`, which may stand in quotes, too. */
function piped(expression: string): string[] {
  const parts = expression.match(/(?:"[^"]*"|'[^']*'|[^|"'])+/g) ?? []
  return parts.map((part) => part.trim())
}

function named(name: string, { data, title, date, page }: PermalinkData): Value {
  const quoted = /^(["'])(.*)\1$/s.exec(name)
  if (quoted !== null) return quoted[2] ?? null
  const key = name.toLowerCase()
  if (key.startsWith('page.')) return key === 'page.date' ? date : (page[name.slice('page.'.length)] ?? null)
  if (key === 'title') return title
  if (key === 'date') return date
  const value = data[key]
  return typeof value === 'string' ? value : null
}

const FILTER = /^(\w+)\s*(?:[:(]\s*(?:(["'])(.*)\2)?\s*\)?)?$/s
const TEXTS = new Map<string, (text: string) => string | null>([
  ['slugify', eleventySlug],
  ['slug', eleventySlug],
  ...['downcase', 'lower'].map((name) => [name, (text: string) => text.toLowerCase()] as const),
  ...['upcase', 'upper'].map((name) => [name, (text: string) => text.toUpperCase()] as const),
  ...['strip', 'trim'].map((name) => [name, (text: string) => text.trim()] as const),
  ...['url', 'safe', 'url_encode'].map((name) => [name, (text: string) => text] as const),
])

function filtered(value: Value, filter: string, zone: string): Value {
  const match = FILTER.exec(filter)
  const name = match?.[1] ?? ''
  const argument = match?.[3] ?? null
  if (name === 'default') return value ?? argument
  if (value === null) return null
  if (typeof value === 'string') return TEXTS.get(name)?.(value) ?? null
  const clock = clockOf(value, zone)
  if (/^(?:htmlDateString|dateIso|isoDate)$/.test(name) && argument === null) return strftime('%Y-%m-%d', clock)
  if (argument === null || !/date/i.test(name)) return null
  return argument.includes('%') ? strftime(argument, clock) : luxon(argument, clock)
}

/** What `slug` and `slugify` make of Latin letters; null for a text that only their own tables could spell. */
function eleventySlug(text: string): string | null {
  const plain = withoutAccents(text)
  if (/[^\u0000-\u007f\u2010-\u201f\u2026]/.test(plain)) return null
  return plain
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/['\u2018\u2019]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function strftime(format: string, clock: Clock): string | null {
  const month = MONTHS[clock.month - 1] ?? ''
  const figures = new Map<string, string>([
    ...([
      ['Y', pad(clock.year, 4)],
      ['y', pad(clock.year % 100)],
      ['m', pad(clock.month)],
      ['d', pad(clock.day)],
    ] as const),
    ...([
      ['-m', String(clock.month)],
      ['-d', String(clock.day)],
      ['e', String(clock.day)],
    ] as const),
    ...([
      ['H', pad(clock.hour)],
      ['M', pad(clock.minute)],
      ['S', pad(clock.second)],
    ] as const),
    ...([['F', `${pad(clock.year, 4)}-${pad(clock.month)}-${pad(clock.day)}`]] as const),
    ...([
      ['B', month],
      ['b', month.slice(0, 3)],
    ] as const),
  ])
  return fillPattern(format, /%(-?[a-zA-Z])/g, (key) => figures.get(key))
}

/** The formats of Luxon and of Day.js that are mere figures. */
function luxon(format: string, clock: Clock): string | null {
  const figures = new Map([
    ...['yyyy', 'YYYY'].map((key) => [key, pad(clock.year, 4)] as const),
    ...['MM', 'LL'].map((key) => [key, pad(clock.month)] as const),
    ...['dd', 'DD'].map((key) => [key, pad(clock.day)] as const),
    ...['M', 'L'].map((key) => [key, String(clock.month)] as const),
    ...['d', 'D'].map((key) => [key, String(clock.day)] as const),
  ])
  return fillPattern(format, /([A-Za-z]+)/g, (key) => figures.get(key))
}
