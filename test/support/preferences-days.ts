import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { filesBelow } from './folder.ts'
import { gaugesIn, writeGauge } from './gauges.ts'
import { PreferencesSite, nameOf } from './preferences-site.ts'
import { runAt } from './run-at.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A Saturday. */
const START = Date.parse('2026-01-31T00:00:00Z')

const READERS = {
  berlin: { frequency: 'weekly', zone: 'Europe/Berlin' },
  category: { topics: ['category:Science'] },
  la: { frequency: 'daily', zone: 'America/Los_Angeles' },
  note: { topics: ['source:notes'] },
  site: {},
  tag: { topics: ['tag:Tides'] },
  tokyo: { frequency: 'daily', zone: 'Asia/Tokyo' },
  zh: { language: 'zh-CN' },
}

/** What is written when, in order: name, lines of front matter, folder. */
const ARRIVALS = new Map<string, [name: string, head?: string[], folder?: string][]>([
  ['2026-01-31T09:00:00Z', [['north', ['tags: [tides, wind]']]]],
  [
    '2026-01-31T22:50:00Z',
    [
      ['east', ['categories: [Science]']],
      ['pier', [], 'notes'],
    ],
  ],
  ['2026-02-01T15:50:00Z', [['south']]],
  ['2026-02-01T23:05:00Z', [['west', ['tags: [TIDES]', 'category: science']]]],
  ['2026-02-02T07:05:00Z', [['inner']]],
])

/** What goes out when. Eight o'clock is 23:00 UTC in Tokyo, 16:00 in Los Angeles and 07:00 in Berlin. */
const TIMETABLE = [
  ...['2026-01-31T09:00 site: north', '2026-01-31T09:00 tag: north', '2026-01-31T09:00 zh: north'],
  '2026-01-31T16:00 la: north',
  ...['2026-01-31T23:00 category: east', '2026-01-31T23:00 note: pier', '2026-01-31T23:00 site: east pier'],
  ...['2026-01-31T23:00 tokyo: east north pier', '2026-01-31T23:00 zh: east pier'],
  ...['2026-02-01T16:00 la: east pier south', '2026-02-01T16:00 site: south', '2026-02-01T16:00 zh: south'],
  '2026-02-01T23:00 tokyo: south',
  ...['2026-02-01T23:15 category: west', '2026-02-01T23:15 site: west', '2026-02-01T23:15 tag: west'],
  '2026-02-01T23:15 zh: west',
  '2026-02-02T07:00 berlin: east north pier south west',
  ...['2026-02-02T07:15 site: inner', '2026-02-02T07:15 zh: inner', '2026-02-02T16:00 la: inner west'],
  '2026-02-02T23:00 tokyo: inner west',
]

/**
 * Tests that runs over three days mail what is due.
 * @param minutes at which a run begins, in each hour; 0 and 15 are those at which something goes out
 */
export function testThreeDays(minutes: readonly number[]): void {
  describe(`a site that runs at minutes ${minutes.join(', ')} of each hour over three days`, () => {
    const hours = Array.from({ length: 72 }, (_, hour) => hour)
    const sent: string[] = []
    const languages = new Map<string, 'en' | 'zh'>()
    const pages = new Map<string, string>()

    beforeAll(async () => {
      const site = new PreferencesSite(READERS)
      const coming = [...ARRIVALS]
      for (const now of hours.flatMap((hour) => minutes.map((minute) => START + hour * HOUR + minute * MINUTE))) {
        while (Date.parse(coming[0]?.[0] ?? '9999') <= now) {
          for (const [name, head, folder] of coming.shift()?.[1] ?? []) writeGauge(site.dir, name, head, folder)
        }
        await runAt(site.dir, new Date(now).toISOString())
        for (const { to, text, headers } of await site.newLetters()) {
          sent.push(`${new Date(now).toISOString().slice(0, 16)} ${nameOf(to)}: ${gaugesIn(text).join(' ')}`)
          const [, path = ''] = /(digests\/.*)>/.exec(headers.get('archived-at') ?? '') ?? []
          languages.set(path, text.includes('退订') ? 'zh' : 'en')
        }
      }
      const folder = join(site.dir, 'public')
      for (const path of filesBelow(folder)) {
        if (/^digests\/.*\.html$/.test(path)) pages.set(path, readFileSync(join(folder, path), 'utf8'))
      }
      site.remove()
    }, 1_800_000)

    test('mails each reader what is due, at the first run after their hour, once', () =>
      expect(sent).toEqual(TIMETABLE))

    test('has a page for each digest, in the language of its letter', () => {
      expect([...pages.keys()].filter((path) => path !== 'digests/index.html')).toEqual([...languages.keys()].sort())
      expect(new Set(languages.values())).toEqual(new Set(['en', 'zh']))
      const heading = { en: /<h1>DIGEST OF 2026-/, zh: /<h1 lang="zh">2026-\d\d-\d\d 摘要</ }
      for (const [path, language] of languages) expect(pages.get(path), path).toMatch(heading[language])
    })

    test("lists of past digests only those of everything, on the site's own schedule", () => {
      const list = pages.get('digests/index.html') ?? ''
      const named = [...list.matchAll(/href="(\d{8}-[0-9a-f]{8})\.html"/g)].map(([, id = '']) => `digests/${id}.html`)
      const gauges = named.map((path) =>
        [...(pages.get(path) ?? '').matchAll(/The (\S+) gauge<\/a><\/h2>/g)]
          .map(([, name = '']) => name)
          .sort()
          .join(' '),
      )
      expect(gauges).toEqual(['inner', 'west', 'south', 'east pier', 'north'])
      for (const path of named) expect(languages.get(path)).toBe('en')
    })
  })
}
