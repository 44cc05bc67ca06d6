import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Counts } from '../../src/remember/metrics.ts'
import { RequestCounts, renderMetrics } from '../../src/web/metrics.ts'

const NOBODY = { none: 0, bounced: 0, complained: 0, deleted: 0 }
const COUNTS: Counts = {
  entries: 12,
  subscribers: {
    ...{ pending: NOBODY, paused: NOBODY, unsubscribed: { ...NOBODY, none: 2, complained: 1 } },
    active: { ...NOBODY, none: 40, bounced: 3 },
  },
  letters: { due: 5, claimed: 0, sent: 800, deferred: 2, refused: 1, suppressed: 4, held: 0, expired: 0, cancelled: 0 },
  lettersDue: 6,
  sourcesWithProblems: 1,
  lastRun: { endedAt: Date.UTC(2026, 0, 31, 8) + 250, durationMs: 1250, exitCode: 3 },
}

/** What a scraper makes of a text: each number by its name and labels, the types and the helps. */
interface Scraped {
  samples: Map<string, number>
  types: Record<string, string>
  helps: Record<string, string>
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const SAMPLE = new RegExp(`^(${NAME})(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*",?)*\\})? (\\S+)$`)
const LABEL = /([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g

/** Reads the exposition format 0.0.4 strictly: a line that is none of its kinds, a name without a type or a sample twice throws. */
function scrape(text: string): Scraped {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const scraped: Scraped = { samples: new Map(), types: {}, helps: {} }
  let family = ''
  for (const line of text.split('\n').slice(0, -1)) {
    const [, kind, about = '', rest = ''] = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line) ?? []
    if (kind === undefined) {
      readSample(line, family, scraped)
      continue
    }
    const known = kind === 'HELP' ? scraped.helps : scraped.types
    if (about in known) throw new Error(`${about} is there twice`)
    known[about] = rest
    family = about
  }
  return scraped
}

function readSample(line: string, family: string, { samples, types }: Scraped): void {
  const [, name, labels = '', value = ''] = SAMPLE.exec(line) ?? []
  if (name === undefined) throw new Error(`not understood: ${line}`)
  if (name !== family || !['gauge', 'counter'].includes(types[name] ?? '')) throw new Error(`${name} has no type`)
  const pairs = [...labels.matchAll(LABEL)].map(([, label, text = '']) => [label, unescaped(text)])
  const key = pairs.length === 0 ? name : `${name} ${JSON.stringify(Object.fromEntries(pairs))}`
  if (samples.has(key) || !Number.isFinite(Number(value))) throw new Error(`wrong: ${line}`)
  samples.set(key, Number(value))
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
}

describe('renderMetrics() tells', () => {
  for (const [says, key, value] of [
    ['the entries', 'feedwire_entries', 12],
    ['sources with problems', 'feedwire_sources_with_problems', 1],
    ['who is mailed to', 'feedwire_subscribers {"state":"active","suppressed":"none"}', 40],
    ['who is not', 'feedwire_subscribers {"state":"active","suppressed":"bounced"}', 3],
    ['who left and complained', 'feedwire_subscribers {"state":"unsubscribed","suppressed":"complained"}', 1],
    ['states that nobody is in', 'feedwire_subscribers {"state":"pending","suppressed":"deleted"}', 0],
    ['letters that were sent', 'feedwire_letters {"state":"sent"}', 800],
    ['letters that wait', 'feedwire_letters {"state":"deferred"}', 2],
    ['states that no letter is in', 'feedwire_letters {"state":"held"}', 0],
    ['letters that are due', 'feedwire_letters_due', 6],
    ['when the last run ended, in seconds', 'feedwire_last_run_end_timestamp_seconds', 1_769_846_400.25],
    ['how long it took, in seconds', 'feedwire_last_run_duration_seconds', 1.25],
    ['how it ended', 'feedwire_last_run_exit_code', 3],
    ['requests', 'feedwire_http_requests_total {"route":"/u/:token","status":"200"}', 2],
  ] as const)
    test(says, () => {
      const requests = [{ route: '/u/:token', status: 200, count: 2 }]
      expect(scrape(renderMetrics(COUNTS, requests)).samples.get(key)).toBe(value)
    })

  test('a type and a help of every number, and that requests alone are counters', () => {
    const { types, helps, samples } = scrape(renderMetrics(COUNTS, [{ route: '/', status: 200, count: 1 }]))
    const names = [...new Set([...samples.keys()].map((key) => key.split(' ')[0] ?? ''))]
    expect(Object.keys(types)).toEqual(names)
    expect(Object.keys(helps)).toEqual(names)
    const counters = names.filter((name) => types[name] === 'counter')
    expect(counters).toEqual(['feedwire_http_requests_total'])
  })

  test('nothing of runs and requests before there is one', () => {
    const { types } = scrape(renderMetrics({ ...COUNTS, lastRun: null }, []))
    expect(Object.keys(types).filter((name) => /run|requests/.test(name))).toEqual([])
  })

  test('any route as it is', () => {
    const route = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.constantFrom('a"b', 'a\\b', 'a\nb', '\\n', '"} 1\nx 2', ''),
    )
    const property = fc.property(route, (text) => {
      const { samples } = scrape(renderMetrics(COUNTS, [{ route: text, status: 404, count: 7 }]))
      const key = `feedwire_http_requests_total ${JSON.stringify({ route: text, status: '404' })}`
      expect(samples.get(key)).toBe(7)
    })
    fc.assert(property)
  })

  test('the same text for the same numbers', () =>
    expect(renderMetrics(COUNTS, [{ route: '/', status: 200, count: 1 }])).toMatch(
      /^# HELP feedwire_entries Entries that feeds and pages may show\.\n# TYPE feedwire_entries gauge\nfeedwire_entries 12\n# HELP [\s\S]+\nfeedwire_http_requests_total\{route="\/",status="200"\} 1\n$/,
    ))
})

describe('RequestCounts', () => {
  test('counts each route and status by itself, in a steady order', () => {
    const requests = new RequestCounts()
    for (const [route, status] of [
      ['/u/:token', 404],
      ['/healthz', 200],
      ['/u/:token', 200],
      ['/u/:token', 404],
    ] as const)
      requests.count(route, status)
    expect(requests.list()).toEqual([
      { route: '/healthz', status: 200, count: 1 },
      { route: '/u/:token', status: 200, count: 1 },
      { route: '/u/:token', status: 404, count: 2 },
    ])
  })

  test('is empty at first, and what it listed stays as it was', () => {
    const requests = new RequestCounts()
    expect(requests.list()).toEqual([])
    requests.count('/', 200)
    const before = requests.list()
    requests.count('/', 200)
    expect(before).toEqual([{ route: '/', status: 200, count: 1 }])
  })
})
