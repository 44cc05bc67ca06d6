import fc from 'fast-check'
import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Draft } from '../../src/entry.ts'
import type { Reading } from '../../src/remember/reading.ts'
import { rememberReading } from '../../src/remember/remember.ts'
import { openStore } from '../../src/remember/open.ts'
import { tempFolder } from '../support/folder.ts'
import { LINKS, words } from '../support/site.ts'

const ARTICLES = 5

/** How one source writes an article: whether it has a guid of its own there, its text and its edits. */
interface Habit {
  name: string
  kind: 'feed' | 'page' | 'markdown'
  at: 'home' | 'away'
  length: number
}

const habit = (name: string): fc.Arbitrary<Habit> =>
  fc.record({
    name: fc.constant(name),
    kind: fc.constantFrom('feed', 'page', 'markdown'),
    at: fc.constantFrom('home', 'away'),
    length: fc.integer({ min: 1, max: 60 }),
  })

/** A run, in which a source shows some of the articles, or is not read. */
const window = fc.uniqueArray(fc.nat(ARTICLES - 1), { minLength: 1 })
const run = fc.tuple(fc.option(window), fc.option(window), fc.boolean())

test('each article of two sources is one entry, told of once at most, however its windows come', async () => {
  await fc.assert(
    fc.asyncProperty(
      habit('one'),
      habit('two'),
      fc.array(run, { minLength: 1, maxLength: 6 }),
      async (one, two, runs) => {
        fc.pre(one.kind !== 'markdown' || two.kind !== 'markdown')
        const dir = tempFolder()
        const store = await openStore(`${dir}/feedwire.db`)
        try {
          const shown = new Set<number>()
          let told = 0
          let now = Date.UTC(2026, 0, 1)
          for (const [first, second, isTurned] of runs) {
            now += 3_600_000
            const moment = {
              now,
              siteUrl: 'https://blog.example.org/',
              zone: 'UTC',
              firstRun: 0,
              hold: false,
              acceptRemovals: true,
              scope,
              meets: true,
            }
            const read: [Habit, number[] | null][] = [[one, first], [two, second]] // prettier-ignore
            for (const [source, articles] of isTurned ? read.toReversed() : read) {
              if (articles === null) continue
              articles.forEach((article) => shown.add(article))
              const { new: news } = await rememberReading(store, readingOf(source, articles, now), moment)
              told += news
            }
          }
          const rows = await store.selectFrom('entries').select(['permalink', 'removed_at']).execute()
          expect(rows.map(({ permalink }) => permalink).sort()).toEqual([...shown].sort().map(linkOf))
          expect(told).toBe(shown.size)
          expect(rows.filter(({ removed_at: at }) => at !== null)).toEqual([])
        } finally {
          await store.destroy()
          rmSync(dir, { recursive: true })
        }
      },
    ),
    { numRuns: 60 },
  )
})

const scope = new Map(['one', 'two'].map((name) => [name, LINKS]))

function linkOf(article: number): string {
  return `https://pier.example.org/${article}`
}

function readingOf({ name, kind, at, length }: Habit, articles: readonly number[], now: number): Reading {
  const drafts = articles.map((article) => draftOf(name, kind, article, length))
  const url = at === 'home' ? 'https://pier.example.org/feed' : 'https://quay.example.net/feed'
  const documents = kind === 'markdown' ? drafts.map((draft) => ({ path: draft.key ?? '', drafts: [draft] })) : [{ path: url, drafts }] // prettier-ignore
  async function* changes() {
    for (const { path, drafts } of documents) {
      const about = {
        path,
        place: name,
        recipe: '',
        hash: `${now} ${path}`,
        lookAgain: null,
        imports: [],
        problems: [],
      }
      const stat = { size: 1, mtime: -1, ctime: -1 }
      yield await Promise.resolve({
        kind: 'opened' as const,
        file: { ...about, stat, outcome: 'read' as const, drafts, known: null },
      })
    }
  }
  const fetch = { url, movedTo: null, validators: null, askAfter: 0 }
  return { name, kind, files: { changes, gone: [] }, problems: [], ...(kind !== 'markdown' && { fetch }) }
}

function draftOf(source: string, kind: Habit['kind'], article: number, length: number): Draft {
  const body = { format: 'text' as const, text: words(`${article}`, length) }
  return {
    key: kind === 'markdown' ? `${article}.md` : kind === 'page' ? linkOf(article) : `${source} ${article}`,
    explicitId: kind === 'feed' ? `${source} ${article}` : null,
    title: `Article ${article}`,
    titleGuessed: false,
    date: { kind: 'instant', at: Date.UTC(2025, 0, 1 + article) },
    dateGuessed: false,
    updated: null,
    permalink: linkOf(article),
    slug: '',
    authors: [],
    image: null,
    enclosures: [],
    series: null,
    tags: [],
    categories: [],
    snippet: body.text.slice(0, 200),
    body,
    written: body.text,
  }
}
