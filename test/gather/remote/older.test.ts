import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDocument } from '../../../src/gather/remote/document.ts'
import { readOlder } from '../../../src/gather/remote/older.ts'
import type { PageSelectors } from '../../../src/remote-source.ts'
import { replying } from '../../support/bad-server.ts'
import { FeedServer, listPage, rss } from '../../support/feed-server.ts'
import { RULES, TempSite, words } from '../../support/site.ts'
import { toolsWith } from '../http/tools.ts'

const SELECT: PageSelectors = { entry: 'article', title: 'h2', link: 'a', snippet: 'p' }

let server: FeedServer
let site: TempSite
beforeEach(async () => {
  ;[server, site] = await Promise.all([FeedServer.start(), TempSite.open()])
  follow(SELECT)
})
afterEach(() => Promise.all([server.stop(), site.close()]))

function follow(select: PageSelectors | null, pages = 5): void {
  const at = { kind: 'url' as const, url: server.home('/page/1') }
  site.sources.splice(0, 1, { kind: 'page', name: 'pier', at, select, pages })
}

/** Lists articles by number, the newest first, two to a page. */
function list(newest: number, oldest = 1): void {
  const numbers = Array.from({ length: newest - oldest + 1 }, (_, index) => newest - index)
  const last = Math.ceil(numbers.length / 2)
  for (let page = 1; page <= last; page++) {
    const articles = numbers.slice(2 * page - 2, 2 * page).map(articleOf)
    server.put(`/page/${page}`, listPage(articles, page === last ? null : `/page/${page + 1}`))
  }
}

function articleOf(number: number) {
  return { link: server.home(`/${number}`), title: `Plank ${number}`, text: words(`${number}`) }
}

function paths(): string[] {
  return server.asked().map(({ path }) => path)
}

async function titles(): Promise<string[]> {
  return (await site.rows()).map(({ title }) => title)
}

const planks = (last: number, first = 1): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `Plank ${first + index}`)

describe('the older pages of a listing', () => {
  test('are read on the first read, up to `pages`, and numbered the oldest first', async () => {
    follow(SELECT, 3)
    list(8)
    await site.run()
    expect(paths()).toEqual(['/page/1', '/page/2', '/page/3'])
    expect(await titles()).toEqual(planks(8, 3))
  })

  test('are read to the last one where there are fewer', async () => {
    list(5)
    await site.run()
    expect(paths()).toEqual(['/page/1', '/page/2', '/page/3'])
    expect(await titles()).toEqual(planks(5))
  })

  test('are read to the last one without selectors too, though one article is no list', async () => {
    follow(null)
    list(5)
    expect(await site.run()).toMatchObject([{ new: 5, problems: [] }])
    expect(await titles()).toEqual(planks(5))
  })

  test('are read later only while a page has news', async () => {
    list(6)
    await site.run()
    paths()
    list(7)
    expect(await site.run()).toMatchObject([{ new: 1 }])
    expect(paths()).toEqual(['/page/1', '/page/2'])
    list(12)
    expect(await site.run()).toMatchObject([{ new: 5 }])
    expect(paths()).toEqual(['/page/1', '/page/2', '/page/3', '/page/4'])
    expect(await titles()).toEqual(planks(12))
    expect((await site.rows()).map(({ announce }) => announce)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
  })

  test('are not asked for while the first one is as it was', async () => {
    list(6)
    await site.run()
    paths()
    await site.run()
    expect(paths()).toEqual(['/page/1'])
  })

  test('are not read for articles that another source follows', async () => {
    site.sources.push({ kind: 'feed', name: 'feed', at: { kind: 'url', url: server.home('/feed') } })
    list(6)
    server.put('/feed', rss(...[6, 5].map((number) => ({ ...articleOf(number), text: words('long', 90) }))))
    expect(await site.run()).toMatchObject([{ new: 6 }, { new: 0 }])
    paths()
    const first = [6, 5].map((number) => ({ ...articleOf(number), text: 'Edited.' }))
    server.put('/page/1', listPage(first, '/page/2'))
    expect(await site.run()).toMatchObject([{ new: 0, updated: 0 }, {}])
    expect(paths().sort()).toEqual(['/feed', '/page/1'])
  })

  test('end where they lead back to one that was read', async () => {
    server.put('/page/1', listPage([articleOf(4), articleOf(3)], '/page/2'))
    server.put('/page/2', listPage([articleOf(2), articleOf(1)], '/page/1'))
    expect(await site.run()).toMatchObject([{ new: 4, problems: [] }])
    expect(paths()).toEqual(['/page/1', '/page/2', '/page/1'])
  })

  test('are not followed to another host', async () => {
    server.put('/page/1', listPage([articleOf(4), articleOf(3)], server.away('/page/2')))
    await site.run()
    expect(paths()).toEqual(['/page/1'])
  })

  for (const status of [404, 410])
    test(`end with a warning at ${status}; the rest stays`, async () => {
      list(6)
      server.answer('/page/3', replying(status))
      expect(await site.run()).toMatchObject([
        { new: 4, failing: null, problems: [{ code: 'page-older-unread', severity: 'warning' }] },
      ])
      expect(await titles()).toEqual(planks(6, 3))
    })

  for (const status of [500, 503])
    test(`are all read the next time when one answers ${status} this time`, async () => {
      list(6)
      server.answer('/page/3', replying(status))
      expect(await site.run()).toMatchObject([{ new: 0, seen: 0 }])
      expect(await titles()).toEqual([])
      list(6)
      paths()
      expect(await site.run({ now: site.now + 24 * 3_600_000 })).toMatchObject([
        { new: 6, failing: null, problems: [] },
      ])
      expect((await site.rows()).map(({ title, announce }) => [title, announce])).toEqual(
        planks(6).map((title) => [title, 0]),
      )
    })

  test('are told to hold more when the last that is read has nothing but news', async () => {
    follow(SELECT, 3)
    list(8)
    expect(await site.run()).toMatchObject([{ new: 6, problems: [] }])
    list(13)
    expect(await site.run()).toMatchObject([{ new: 5, problems: [] }])
    list(20)
    const [counts] = await site.run()
    expect(counts).toMatchObject({ new: 6, problems: [{ code: 'page-older-unread', severity: 'warning' }] })
    expect(counts?.problems[0]?.message).toContain('The last of the 3 pages')
  })

  test('are begun no more once they took their time together; what came by then counts', async () => {
    list(8)
    const countNew = (_: string, keys: readonly string[]): Promise<number> => Promise.resolve(keys.length)
    const tools = { rules: RULES, http: toolsWith({ limits: { older: Number.MIN_VALUE } }), countNew }
    const url = server.home('/page/1')
    const source = { kind: 'page', name: 'pier', at: { kind: 'url', url }, select: SELECT, pages: 5 } as const
    const page = listPage([articleOf(8), articleOf(7)], '/page/2')
    const first = readDocument(source, { body: Buffer.from(page), contentType: 'text/html', url }, RULES)
    const read = await readOlder(source, first, true, tools)
    expect(paths()).toEqual(['/page/2'])
    expect(read.drafts.map(({ title }) => title)).toEqual(['Plank 8', 'Plank 7', 'Plank 6', 'Plank 5'])
    expect(read.problems).toMatchObject([{ code: 'page-older-unread', severity: 'warning' }])
  })

  test('bring all news the next time when one fails amid them', async () => {
    list(4)
    await site.run()
    list(8)
    server.answer('/page/2', replying(500))
    expect(await site.run()).toMatchObject([{ new: 0 }])
    list(8)
    expect(await site.run()).toMatchObject([{ new: 4 }])
    expect(await titles()).toEqual(planks(8))
  })
})

describe('selectors that match nothing', () => {
  const wrong: PageSelectors = { ...SELECT, entry: '.post' }

  test('set the page aside, and say what is to be mended for as long as it is as it was', async () => {
    follow(wrong)
    list(2)
    for (const _ of ['come', 'unchanged'])
      expect(await site.run()).toMatchObject([
        { new: 0, rejected: 1, problems: [{ code: 'page-selector-empty', severity: 'error', mend: expect.any(String) as string }] }, // prettier-ignore
      ])
  })

  test('leave what was read before, and once they are mended the same page is read', async () => {
    list(2)
    await site.run()
    list(3)
    follow(wrong)
    expect(await site.run()).toMatchObject([{ new: 0, removed: 0, rejected: 1 }])
    expect(await titles()).toEqual(planks(2))
    follow(SELECT)
    expect(await site.run()).toMatchObject([{ new: 1, rejected: 0, problems: [] }])
    expect((await site.rows()).map(({ announce }) => announce)).toEqual([0, 0, 1])
  })

  test('leave the first read to come', async () => {
    follow(wrong)
    list(2)
    await site.run()
    follow(SELECT)
    await site.run()
    expect((await site.rows()).map(({ announce }) => announce)).toEqual([0, 0])
  })
})
