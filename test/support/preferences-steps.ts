import fc from 'fast-check'
import { expect } from 'vitest'
import { feedwireAt } from './command.ts'
import { gaugesIn, writeGauge } from './gauges.ts'
import { KnownReaders } from './known-readers.ts'
import { PreferencesSite, nameOf } from './preferences-site.ts'
import { runAt } from './run-at.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.parse('2026-01-31T00:00:00Z')

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

/** Each reader gets each article of their topics once, whatever is written, wished for and slept through. */
export async function expectEachOnce(numRuns: number): Promise<void> {
  const schedule = fc.constantFrom('instant', '0 8 * * *')
  await fc.assert(
    fc.asyncProperty(schedule, fc.array(step, { minLength: 1, maxLength: 7 }), async (schedule, steps) => {
      const site = new PreferencesSite(Object.fromEntries(NAMES.map((name) => [name, {}])), { schedule })
      try {
        await eachOnce(site, steps)
      } finally {
        site.remove()
      }
    }),
    { numRuns },
  )
}

type Steps = readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]

async function eachOnce(site: PreferencesSite, steps: Steps): Promise<void> {
  const readers = new KnownReaders(NAMES)
  let now = START
  await runAt(site.dir, new Date(now).toISOString())
  for (const { hours, articles, changes } of steps) {
    now += hours * HOUR
    for (const topics of articles) {
      writeGauge(site.dir, readers.written(topics), [`tags: [${topics.map((topic) => topic.slice(4)).join(', ')}]`])
    }
    for (const [name, { topics, words }] of changes) {
      await site.wish(new Date(now).toISOString(), name, ...words)
      if (topics !== null) readers.wished(name, topics)
    }
    await runAt(site.dir, new Date(now).toISOString())
    expect(readers.faultsOf(await contents(site))).toEqual([])
  }
  await feedwireAt(site.dir, new Date(now + MINUTE).toISOString(), 'run', '--digest', 'now')
  expect(readers.faultsOf(await contents(site))).toEqual([])
  expect(readers.missing()).toEqual([])
}

/** Who got which articles since the last look. */
async function contents(site: PreferencesSite): Promise<(readonly [to: string, articles: string[]])[]> {
  return (await site.newLetters()).map(({ to, text }) => [nameOf(to), gaugesIn(text)] as const)
}
