import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { anchorOf } from '../../src/entry.ts'
import { PAGE_SIZE } from '../../src/link.ts'
import {
  type Scope,
  announcedSince,
  entriesById,
  entriesOfPage,
  latestEntries,
  pagesOf,
  readNames,
  wholeEntries,
} from '../../src/remember/entries.ts'
import { TempSite, article, words } from '../support/site.ts'

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles')
})
afterEach(() => site.close())

const rules = { pattern: null, publishUrl: 'https://example.org/feeds/', zone: 'Asia/Shanghai' }
const scope: Scope = new Map([['articles', rules]])

/** Adds so many articles, each dated a day after the one before. */
async function add(count: number): Promise<void> {
  const before = (await site.rows()).length
  for (let n = before; n < before + count; n++) {
    const date = new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10)
    site.write(`articles/${n + 1}.md`, article(`Tide ${n + 1}`, words(`${n}`), [`date: ${date}`]))
  }
  await site.run()
}

const numbers = (rows: readonly { number: number }[]): number[] => rows.map(({ number }) => number)

test('wholeEntries() gives all that is shown of an entry, and its article', async () => {
  const head = ['date: 2026-01-11', 'author: Ada', 'tags: [sea, moon]', 'category: Nature', 'slug: tides']
  site.write('articles/a.md', article('Tides', 'High water.', head))
  await site.run()
  const [row] = await site.rows()
  const guid = row?.guid ?? ''
  const date = Date.parse('2026-01-11T08:00:00Z')
  const links: Scope = new Map([['articles', { ...rules, pattern: 'https://blog.example.org/{year}/{slug}/' }]])
  expect(await wholeEntries(site.store, await latestEntries(site.store, links, 10))).toEqual([
    {
      id: 1,
      number: 1,
      guid,
      source: 'articles',
      title: 'Tides',
      link: 'https://blog.example.org/2026/tides/',
      anchor: anchorOf(guid),
      date,
      dateOnly: true,
      updated: date,
      authors: ['Ada'],
      image: null,
      enclosures: [],
      series: null,
      tags: ['sea', 'moon'],
      categories: ['Nature'],
      snippet: 'High water.',
      key: 'a.md',
      body: { format: 'markdown', text: '\nHigh water.\n' },
    },
  ])
  expect(await latestEntries(site.store, scope, 10)).toMatchObject([
    { link: `https://example.org/feeds/page/1.html#${anchorOf(guid)}` },
  ])
})

describe('with entries removed and sources of old', () => {
  beforeEach(async () => {
    await add(4)
    site.folder('notes').write('notes/a.md', article('Note', words('note')))
    await site.run()
    site.remove('articles/2.md')
    await site.run()
  })

  test('latestEntries() gives the newest by number that stand, newest first', async () => {
    expect(numbers(await latestEntries(site.store, scope, 10))).toEqual([4, 3, 1])
    expect(numbers(await latestEntries(site.store, scope, 2))).toEqual([4, 3])
    expect(numbers(await latestEntries(site.store, new Map([...scope, ['notes', rules]]), 2))).toEqual([5, 4])
    expect(await latestEntries(site.store, new Map(), 10)).toEqual([])
  })

  test('entriesById() leaves out what is removed or of no source', async () => {
    expect(numbers(await entriesById(site.store, scope, [1, 2, 5, 99])).sort()).toEqual([1])
    expect(await entriesById(site.store, scope, [])).toEqual([])
  })

  test('announcedSince() gives what readers are to be told of, in the order of the numbers', async () => {
    await add(3)
    expect(numbers(await announcedSince(site.store, scope, 0))).toEqual([6, 7, 8])
    expect(numbers(await announcedSince(site.store, scope, 6))).toEqual([7, 8])
    site.remove('articles/6.md')
    await site.run()
    expect(numbers(await announcedSince(site.store, scope, 0))).toHaveLength(2)
  })
})

describe('the older pages', () => {
  test('hold fifty numbers each, for ever', async () => {
    await add(PAGE_SIZE)
    expect(await pagesOf(site.store, scope)).toMatchObject([{ page: 1, revision: 1 }])
    await add(2)
    expect(await pagesOf(site.store, scope)).toMatchObject([
      { page: 1, revision: 1 },
      { page: 2, revision: 2 },
    ])
    expect(numbers(await entriesOfPage(site.store, scope, 2))).toEqual([52, 51])
    expect(numbers(await entriesOfPage(site.store, scope, 1))).toHaveLength(PAGE_SIZE)
    site.remove('articles/1.md')
    await site.run()
    expect(await pagesOf(site.store, scope)).toMatchObject([
      { page: 1, revision: 3 },
      { page: 2, revision: 2 },
    ])
    expect(numbers(await entriesOfPage(site.store, scope, 1)).at(-1)).toBe(2)
  })

  test('are gone when all their entries are', async () => {
    await add(2)
    site.remove('articles/1.md', 'articles/2.md')
    await site.run()
    expect(await pagesOf(site.store, scope)).toEqual([])
  })
})

test('readNames() takes a list of texts, and nothing else', () => {
  expect(readNames('["a", 1, null, "b"]')).toEqual(['a', 'b'])
  expect(readNames('{"a": 1}')).toEqual([])
})
