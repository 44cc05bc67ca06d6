import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { feedwireAt } from './support/command.ts'
import { filesBelow, tempFolder } from './support/folder.ts'
import { gaugeSettings, gaugesIn, writeGauge } from './support/gauges.ts'
import { KnownReaders } from './support/known-readers.ts'
import { type ReadMail, lettersIn, runAt } from './support/run-at.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A Saturday. */
const START = Date.parse('2026-01-31T00:00:00Z')

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** A site with articles and notes; its readers are named by the part before the `@`. */
function settings(readers: Record<string, object>, digest: object = {}): void {
  const source = (folder: string) => ({ kind: 'markdown', dir: folder, link: 'https://tides.example.org/{slug}/' })
  gaugeSettings(dir, {
    digest: { max_entries: 200, ...digest },
    sources: [source('articles'), source('notes')],
    subscribers: Object.entries(readers).map(([name, wish]) => ({ address: `${name}@example.net`, ...wish })),
  })
  writeGauge(dir, 'first')
  writeGauge(dir, 'first-note', [], 'notes')
}

/** The letters since the last look. */
async function newLetters(): Promise<ReadMail[]> {
  const letters = await lettersIn(dir)
  rmSync(join(dir, 'outbox'), { recursive: true, force: true })
  return letters
}

/** Runs at a moment, and tells who got which articles: `ann: north south`. */
async function mailedAt(moment: number | string): Promise<string[]> {
  await runAt(dir, new Date(moment).toISOString())
  return (await newLetters()).map(({ to, text }) => `${nameOf(to)}: ${gaugesIn(text).join(' ')}`)
}

function nameOf(to: string): string {
  return to.replace(/@.*/, '')
}

function wish(moment: string, name: string, ...words: string[]): Promise<unknown> {
  return feedwireAt(dir, moment, 'subscribers', 'set', `${name}@example.net`, ...words)
}

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

/** What is written when: name, lines of front matter, folder. */
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

describe('a site that runs every quarter of an hour over three days', () => {
  const sent: string[] = []
  const languages = new Map<string, 'en' | 'zh'>()
  const pages = new Map<string, string>()

  beforeAll(async () => {
    dir = tempFolder()
    settings(READERS)
    for (let now = START; now < START + 72 * HOUR; now += 15 * MINUTE) {
      for (const [moment, articles] of ARRIVALS) {
        const isNow = Date.parse(moment) > now - 15 * MINUTE && Date.parse(moment) <= now
        for (const [name, head, folder] of isNow ? articles : []) writeGauge(dir, name, head, folder)
      }
      await runAt(dir, new Date(now).toISOString())
      for (const { to, text, headers } of await newLetters()) {
        sent.push(`${new Date(now).toISOString().slice(0, 16)} ${nameOf(to)}: ${gaugesIn(text).join(' ')}`)
        const [, path = ''] = /(digests\/.*)>/.exec(headers.get('archived-at') ?? '') ?? []
        languages.set(path, text.includes('退订') ? 'zh' : 'en')
      }
    }
    const folder = join(dir, 'public')
    for (const path of filesBelow(folder)) {
      if (/^digests\/.*\.html$/.test(path)) pages.set(path, readFileSync(join(folder, path), 'utf8'))
    }
    rmSync(dir, { recursive: true })
  }, 240_000)

  test('mails each reader what is due, at the first run after their hour, once', () => expect(sent).toEqual(TIMETABLE))

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

describe('a change amid loses nothing and doubles nothing:', () => {
  const [noon, evening, nextDay] = ['2026-01-31T12:00:00Z', '2026-01-31T18:00:00Z', '2026-02-02T12:00:00Z']
  for (const [says, before, words, atOnce, later] of [
    ['of frequency to each run', { frequency: 'daily' }, ['--frequency', 'instant'], 'north', 'south'],
    ['of frequency to the site', { frequency: 'weekly' }, ['--frequency', 'site'], 'north', 'south'],
    ['of frequency to each day', {}, ['--frequency', 'daily'], null, 'south'],
    ['of zone', { frequency: 'daily', zone: 'Asia/Tokyo' }, ['--zone', 'America/Los_Angeles'], null, 'north south'],
    ['of language', { frequency: 'daily' }, ['--language', 'zh'], null, 'north south'],
    ['to a topic', { frequency: 'daily' }, ['--topic', 'tag:tides'], null, 'south'],
    ['from a topic', { frequency: 'daily', topics: ['tag:tides'] }, ['--topic', 'everything'], null, 'north south'],
  ] as const)
    test(says, async () => {
      settings({ ann: before })
      expect(await mailedAt(noon)).toEqual([])
      writeGauge(dir, 'north')
      const first = await mailedAt('2026-01-31T12:15:00Z')
      await wish('2026-01-31T17:00:00Z', 'ann', ...words)
      const evenings = await mailedAt(evening)
      expect(evenings).toEqual(atOnce === null ? [] : [`ann: ${atOnce}`])
      writeGauge(dir, 'south', ['tags: [tides]'])
      const rest: string[] = []
      for (let hour = 1; hour <= 44; hour++) rest.push(...(await mailedAt(Date.parse(evening) + hour * HOUR)))
      expect(rest).toEqual([`ann: ${later}`])
      expect(first).toEqual(says === 'of frequency to each day' ? ['ann: north'] : [])
      expect(await mailedAt(nextDay)).toEqual([])
    })
})

test('a machine that was asleep for three days mails one digest to each, of all that came', async () => {
  settings({ ann: { frequency: 'daily' }, bob: { frequency: 'weekly' }, cid: {} }, { schedule: '0 8,20 * * *' })
  expect(await mailedAt('2026-01-31T12:00:00Z')).toEqual([])
  writeGauge(dir, 'north')
  expect(await mailedAt('2026-01-31T12:15:00Z')).toEqual([])
  writeGauge(dir, 'south')
  expect(await mailedAt('2026-02-03T12:15:00Z')).toEqual(['ann: north south', 'bob: north south', 'cid: north south'])
  expect(await mailedAt('2026-02-03T12:30:00Z')).toEqual([])
})

describe('run --digest now', () => {
  async function now(moment: string): Promise<string[]> {
    await feedwireAt(dir, moment, 'run', '--digest', 'now')
    return (await newLetters()).map(({ to, text }) => `${nameOf(to)}: ${gaugesIn(text).join(' ')}`)
  }

  test('mails all readers at once, and their next slots neither repeat it nor are lost', async () => {
    settings({ ann: {}, bob: { frequency: 'weekly' } }, { schedule: '0 8 * * *' })
    expect(await mailedAt('2026-01-31T12:00:00Z')).toEqual([])
    writeGauge(dir, 'north')
    expect(await now('2026-01-31T12:15:00Z')).toEqual(['ann: north', 'bob: north'])
    expect(await now('2026-01-31T12:30:00Z'), 'who had all gets nothing').toEqual([])
    expect(await mailedAt('2026-02-01T08:00:00Z')).toEqual([])
    writeGauge(dir, 'south')
    expect(await mailedAt('2026-02-01T09:00:00Z')).toEqual([])
    expect(await mailedAt('2026-02-02T08:00:00Z')).toEqual(['ann: south', 'bob: south'])
  })

  test('mails nothing to who had all, and the rest to who had not', async () => {
    settings({ ann: {}, bob: { frequency: 'daily' } })
    await mailedAt('2026-01-31T12:00:00Z')
    writeGauge(dir, 'north')
    expect(await mailedAt('2026-01-31T12:15:00Z')).toEqual(['ann: north'])
    expect(await now('2026-01-31T12:30:00Z')).toEqual(['bob: north'])
  })
})

const TAGS = ['tag:ebb', 'tag:flow', 'tag:slack']
const tags = fc.subarray(TAGS)
const wishes = fc.oneof(
  tags.map((topics) => ({ topics, words: ['--topic', ...(topics.length === 0 ? ['everything'] : topics)] })),
  fc.constantFrom('site', 'instant', 'daily', 'weekly').map((name) => ({ topics: null, words: ['--frequency', name] })),
  fc
    .constantFrom('site', 'Asia/Tokyo', 'America/Los_Angeles')
    .map((zone) => ({ topics: null, words: ['--zone', zone] })),
  fc.constantFrom('site', 'zh').map((language) => ({ topics: null, words: ['--language', language] })),
)
const NAMES = ['ann', 'bob', 'cid']
/** A while, in which articles are written and readers wish for something else, and a run at its end. */
const step = fc.record({
  hours: fc.oneof(fc.constantFrom(0.25, 1, 8, 24), fc.integer({ min: 1, max: 200 })),
  articles: fc.array(tags, { maxLength: 3 }),
  changes: fc.array(fc.tuple(fc.constantFrom(...NAMES), wishes), { maxLength: 2 }),
})

describe('whatever is written, wished for and slept through,', () => {
  test('each reader gets each article of their topics once', { timeout: 240_000 }, async () => {
    const schedule = fc.constantFrom('instant', '0 8 * * *')
    await fc.assert(
      fc.asyncProperty(schedule, fc.array(step, { minLength: 1, maxLength: 7 }), async (schedule, steps) => {
        rmSync(dir, { recursive: true })
        dir = tempFolder()
        await expectEachOnce(schedule, steps)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 6) },
    )
  })

  type Steps = readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]

  async function expectEachOnce(schedule: string, steps: Steps): Promise<void> {
    settings(Object.fromEntries(NAMES.map((name) => [name, {}])), { schedule })
    const readers = new KnownReaders(NAMES)
    let now = START
    await runAt(dir, new Date(now).toISOString())
    for (const { hours, articles, changes } of steps) {
      now += hours * HOUR
      for (const topics of articles) {
        writeGauge(dir, readers.written(topics), [`tags: [${topics.map((topic) => topic.slice(4)).join(', ')}]`])
      }
      for (const [name, { topics, words }] of changes) {
        await wish(new Date(now).toISOString(), name, ...words)
        if (topics !== null) readers.wished(name, topics)
      }
      await runAt(dir, new Date(now).toISOString())
      expect(readers.faultsOf(await contents())).toEqual([])
    }
    await feedwireAt(dir, new Date(now + MINUTE).toISOString(), 'run', '--digest', 'now')
    expect(readers.faultsOf(await contents())).toEqual([])
    expect(readers.missing()).toEqual([])
  }

  /** Who got which articles since the last look. */
  async function contents(): Promise<(readonly [to: string, articles: string[]])[]> {
    return (await newLetters()).map(({ to, text }) => [nameOf(to), gaugesIn(text)] as const)
  }
})
