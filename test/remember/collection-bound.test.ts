import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { collectEntries, standingCollections } from '../../src/remember/collections.ts'
import type { ProblemRecord } from '../../src/problem.ts'
import { FeedServer } from '../support/feed-server.ts'
import { RULES, TempSite, article, words } from '../support/site.ts'

let server: FeedServer
let site: TempSite
beforeEach(async () => {
  ;[server, site] = await Promise.all([FeedServer.start(), TempSite.open()])
  site.sources.push({ kind: 'feed', name: 'pier', at: { kind: 'url', url: server.home('/pier') } })
})
afterEach(() => Promise.all([server.stop(), site.close()]))

/** Puts articles, each with ten tags of its own, into a feed. */
function put(name: string, articles: number, tagOf = (n: number) => `${name} ${n}`): void {
  const items = Array.from({ length: articles }, (_, a) => ({
    ...{ id: `${name}-${a}`, url: server.home(`/${name}/${a}`), title: `About ${name} ${a}`, content_text: words(`${name} ${a}`) }, // prettier-ignore
    tags: Array.from({ length: 10 }, (_, t) => tagOf(10 * a + t)),
  }))
  server.put(`/${name}`, JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: name, items }))
}

async function collect(siteUrl = RULES.siteUrl): Promise<ProblemRecord[]> {
  await site.run()
  return collectEntries(site.store, { author: null, siteUrl }, site.now)
}

/** The categories that have pages. */
async function categories(): Promise<string[]> {
  const standing = await standingCollections(site.store, site.scope())
  return standing.filter(({ kind }) => kind === 'category').map(({ name }) => name)
}

describe('categories of others make pages', () => {
  test('up to two hundred that a source has to itself, and one warning beyond', async () => {
    put('pier', 20)
    expect(await collect()).toEqual([])
    put('pier', 25)
    const problems = await collect()
    expect(problems).toMatchObject([{ code: 'collections-bound', severity: 'warning', where: 'pier' }])
    expect(problems[0]?.message).toMatch(/^"pier \d+", "pier \d+", "pier \d+" and 47 more get no page/)
    expect(await categories()).toHaveLength(200)
    put('pier', 25, (n) => `other ${n}`)
    await collect()
    expect((await categories()).length).toBeLessThanOrEqual(200)
  })

  test('however few of them come at a time', async () => {
    for (const articles of [15, 19, 20]) {
      put('pier', articles)
      expect(await collect()).toEqual([])
    }
    put('pier', 21)
    expect(await collect()).toHaveLength(1)
    expect(await categories()).toHaveLength(200)
  })

  test('beyond that when another source has them too', async () => {
    put('pier', 20)
    site.folder('articles')
    const tags = Array.from({ length: 5 }, (_, n) => `pier ${200 + n}`)
    site.write('articles/a.md', article('A', words('a'), [`categories: [${tags.join(', ')}]`]))
    await collect()
    put('pier', 21)
    const [problem] = await collect()
    expect(problem?.message).toContain('and 2 more')
    expect(await categories()).toHaveLength(205)
    const found = (await standingCollections(site.store, site.scope())).find(({ name }) => name === 'pier 200')
    expect(found?.count).toBe(2)
  })

  test('as many as they like when they are on the owner’s site', async () => {
    put('pier', 30)
    expect(await collect(server.home('/'))).toEqual([])
    expect(await categories()).toHaveLength(300)
  })

  test('up to that in one run too', async () => {
    put('pier', 22)
    expect(await collect()).toHaveLength(1)
    expect(await categories()).toHaveLength(200)
  })

  test('beyond that when another feed has some of them', async () => {
    site.sources.push({ kind: 'feed', name: 'quay', at: { kind: 'url', url: server.home('/quay') } })
    put('pier', 20)
    put('quay', 20, (n) => `pier ${n}`)
    await collect()
    put('quay', 21, (n) => `pier ${n}`)
    expect(await collect()).toEqual([])
    expect(await categories()).toHaveLength(210)
  })

  test('each source for itself', async () => {
    site.sources.push({ kind: 'feed', name: 'quay', at: { kind: 'url', url: server.home('/quay') } })
    put('pier', 20)
    put('quay', 20)
    expect(await collect()).toEqual([])
    expect(await categories()).toHaveLength(400)
  })
})

test('tags of the owner’s folder make as many pages as there are', async () => {
  site.folder('articles')
  put('pier', 1)
  const tags = Array.from({ length: 300 }, (_, n) => `tag ${n}`)
  site.write('articles/a.md', article('A', words('a'), [`tags: [${tags.join(', ')}]`]))
  expect(await collect()).toEqual([])
  expect((await standingCollections(site.store, site.scope())).filter(({ kind }) => kind === 'tag')).toHaveLength(300)
})
