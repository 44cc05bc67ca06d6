import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type StandingCollection, collectEntries, standingCollections } from '../../src/remember/collections.ts'
import { entriesOfCollection, olderOfCollection } from '../../src/remember/entries.ts'
import { hideEntries } from '../../src/remember/curate.ts'
import { RULES, TempSite, article, words } from '../support/site.ts'

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles')
})
afterEach(() => site.close())

function write(name: string, ...head: string[]): void {
  site.write(`articles/${name}.md`, article(`Title of ${name}`, words(name), ['date: 2026-01-02', ...head]))
}
async function collect(author: string | null = null): Promise<void> {
  await site.run()
  await collectEntries(site.store, { author, siteUrl: RULES.siteUrl }, site.now)
}
const standing = (): Promise<StandingCollection[]> => standingCollections(site.store, site.scope())
const named = async (): Promise<string[]> =>
  (await standing()).map(({ kind, name, slug, count }) => `${kind} ${name} ${slug} ${String(count)}`)
async function find(name: string): Promise<StandingCollection> {
  const found = (await standing()).find((collection) => collection.name === name)
  if (found === undefined) throw new Error(`there is no collection ${name}`)
  return found
}
async function titlesOf(name: string, limit = 10): Promise<string[]> {
  const entries = await entriesOfCollection(site.store, site.scope(), (await find(name)).id, limit)
  return entries.map(({ title }) => title.replace('Title of ', ''))
}

test('collectEntries() brings entries together by tag, category, author and source', async () => {
  write('ebb', 'tags: [Tides, 潮汐]', 'categories: [Notes]', 'author: Bo')
  write('flow', 'tags: [tides]')
  await collect('Ada')
  expect(await named()).toEqual([
    'author Ada ada 1',
    'author Bo bo 1',
    'category Notes notes 1',
    'source articles articles 2',
    'tag Tides tides 2',
    'tag 潮汐 潮汐 1',
  ])
  expect((await titlesOf('Tides')).sort()).toEqual(['ebb', 'flow'])
})

test('collectEntries() gives two names that look alike in an address folders of their own, for ever', async () => {
  write('a', 'tags: [C]')
  await collect()
  write('b', 'tags: ["C++", "C#"]')
  await collect()
  const slugs = Object.fromEntries((await standing()).map(({ name, slug }) => [name, slug]))
  expect(slugs['C']).toBe('c')
  expect(new Set(Object.values(slugs)).size).toBe(4)
  site.remove('articles/a.md')
  await collect()
  write('a', 'tags: [C]')
  await collect()
  expect(Object.fromEntries((await standing()).map(({ name, slug }) => [name, slug]))).toEqual(slugs)
})

test('collectEntries() mints the same feed ids after a lost store, other ones for each kind', async () => {
  write('a', 'tags: [Notes]', 'categories: [Notes]')
  await collect()
  const before = (await standing()).map(({ feedId }) => feedId)
  await site.loseStore()
  await collect()
  expect((await standing()).map(({ feedId }) => feedId)).toEqual(before)
  expect(new Set(before).size).toBe(3)
})

describe('a collection', () => {
  beforeEach(async () => {
    write('ebb', 'tags: [tides]')
    write('flow', 'tags: [tides, gauges]')
    await collect()
  })

  test('loses an entry that loses its tag, and goes with the last one', async () => {
    write('flow', 'tags: [tides]')
    await collect()
    expect(await named()).not.toContainEqual(expect.stringContaining('gauges'))
    expect(await titlesOf('tides')).toEqual(['flow', 'ebb'])
  })

  test('gains an entry that gains its tag', async () => {
    write('ebb', 'tags: [tides, gauges]')
    await collect()
    expect(await titlesOf('gauges')).toEqual(['flow', 'ebb'])
  })

  test('holds no entry that is removed or hidden', async () => {
    site.remove('articles/ebb.md')
    await collect()
    const [flow] = await entriesOfCollection(site.store, site.scope(), (await find('gauges')).id, 10)
    await hideEntries(site.store, [flow?.id ?? 0])
    expect(await named()).toEqual([])
  })

  test('is changed by an edit, a new entry, a tag that goes, and by nothing else', async () => {
    const revision = async (name: string): Promise<number> => (await find(name)).revision
    let before = await revision('tides')
    const isChanged = async (): Promise<boolean> => {
      const after = await revision('tides')
      const is = after > before
      before = after
      return is
    }
    await collect()
    expect(await isChanged()).toBe(false)
    write('other', 'tags: [gauges]')
    await collect()
    expect(await isChanged()).toBe(false)
    write('ebb', 'tags: [tides]', 'updated: 2026-02-03')
    await collect()
    expect(await isChanged()).toBe(true)
    write('ebb', 'updated: 2026-02-03')
    await collect()
    expect(await isChanged()).toBe(true)
    write('third', 'tags: [TIDES]')
    await collect()
    expect(await isChanged()).toBe(true)
  })

  test('keeps the name of its oldest spelling', async () => {
    write('third', 'tags: [TIDES]')
    await collect()
    expect((await find('tides')).count).toBe(3)
  })

  test('gives what lies beyond its newest entries as lines', async () => {
    const older = await olderOfCollection(site.store, site.scope(), (await find('tides')).id, { offset: 1, limit: 5 })
    expect(older.map(({ title }) => title)).toEqual(['Title of ebb'])
  })
})

test('collectEntries() brings entries without an author to the one that the site has now', async () => {
  write('ebb')
  write('flow', 'author: Bo')
  await collect('Ada')
  await collectEntries(site.store, { author: 'Cy', siteUrl: RULES.siteUrl }, site.now)
  expect((await named()).filter((text) => text.startsWith('author'))).toEqual(['author Bo bo 1', 'author Cy cy 1'])
})

test('collectEntries() shows no collection of a source that is no longer configured', async () => {
  write('ebb', 'tags: [tides]')
  await collect()
  expect(await standingCollections(site.store, new Map())).toEqual([])
})
