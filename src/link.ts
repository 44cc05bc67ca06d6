import type { Instant } from './entry.ts'
import { Problem } from './problem.ts'
import { localDay } from './schedule.ts'
import { parseUrl } from './web-address.ts'

/** What a link is made from. */
export interface Linked {
  permalink: string | null
  slug: string
  key: string | null
  date: Instant
  number: number
  anchor: string
}

/** What decides the links of one source. */
export interface LinkRules {
  /** `sources[].link`, or null. */
  pattern: string | null
  publishUrl: string
  zone: string
}

/** How many numbers one of our older pages holds; never changed, since anchors on these pages are permanent. */
export const PAGE_SIZE = 50

const NAMES = ['year', 'month', 'day', 'slug', 'path']
const pad = (n: number): string => String(n).padStart(2, '0')

/**
 * Checks a pattern such as `https://blog.example.org/{year}/{month}/{slug}/`.
 * @throws {Problem} `link-pattern-unknown`, `link-pattern-malformed`
 */
export function checkLinkPattern(pattern: string): string {
  const unknown = [...pattern.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '').find((n) => !NAMES.includes(n))
  if (unknown !== undefined) {
    const mend = `use ${NAMES.map((name) => `{${name}}`).join(', ')}`
    throw new Problem('link-pattern-unknown', `the link pattern has an unknown {${unknown}}`, { mend })
  }
  const sample = pattern.replace(/\{[^}]*\}/g, 'x')
  // In the host a slug could make an address that cannot be, or somebody else's.
  if (!/^https?:\/\/[^/?#{}]+[/?#]/i.test(pattern) || parseUrl(sample) === null || /[{}]/.test(sample)) {
    const mend = 'write it as https://blog.example.org/{slug}/'
    throw new Problem('link-pattern-malformed', `"${pattern}" is not a web address`, { mend })
  }
  return pattern
}

/** The page of ours on which the entry with this number stands for ever. */
export function pageOf(number: number): number {
  return Math.ceil(number / PAGE_SIZE)
}

/** The absolute URL of an entry: its own permalink, else the source's pattern, else its place on our page. */
export function linkOf(entry: Linked, rules: LinkRules): string {
  if (entry.permalink !== null) return entry.permalink
  if (rules.pattern === null || entry.key === null) {
    // As long as it is held back nothing tells on which page it will stand.
    if (entry.number <= 0) return rules.publishUrl
    return `${rules.publishUrl}page/${pageOf(entry.number)}.html#${entry.anchor}`
  }
  const day = localDay(entry.date, rules.zone)
  const values: Record<string, string> = {
    year: String(day.year),
    month: pad(day.month),
    day: pad(day.day),
    // Docusaurus and Gatsby have slugs such as `/tides`.
    slug: encodeSegments(entry.slug.replace(/^\/+|(?<!\/)\/+$/g, '')),
    path: encodeSegments(entry.key.replace(/\.[^./]+$/, '')),
  }
  return new URL(rules.pattern.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')).href
}

function encodeSegments(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
