import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Adoption, adoptItems } from '../../src/remember/adopt.ts'
import { type OldItem, adoptedGuids, titleKey } from '../../src/remember/adopted.ts'
import { type Scope, announcedSince } from '../../src/remember/entries.ts'
import { linkKeys } from '../../src/remember/link-key.ts'
import { storeRevision } from '../../src/remember/revision.ts'
import { LINKS, TempSite, article, words } from '../support/site.ts'

describe('linkKeys() takes for one article', () => {
  for (const [says, one, other] of [
    ['http and https', 'http://a.example/tides/', 'https://a.example/tides/'],
    ['www and none', 'https://www.a.example/tides', 'https://a.example/tides'],
    ['the default port and none', 'https://a.example:443/tides', 'https://a.example/tides'],
    ['a slash at the end and none', 'https://a.example/tides/', 'https://a.example/tides'],
    ['index.html and its folder', 'https://a.example/tides/index.html', 'https://a.example/tides/'],
    ['a page and its folder', 'https://a.example/tides.html', 'https://a.example/tides/'],
    ['the home page however written', 'https://a.example', 'https://a.example/index.html'],
    ['tracking and none', 'https://a.example/?p=1&utm_source=rss&UTM_medium=x', 'https://a.example/?p=1'],
    ['letters and their escapes', 'https://a.example/潮汐/', 'https://a.example/%e6%bd%ae%E6%B1%90/'],
    ['two forms of a letter', 'https://a.example/caf\u00e9', 'https://a.example/cafe\u0301'],
    ['two spellings of bytes that are no UTF-8', 'https://a.example/%b3%b1', 'https://a.example/%B3%B1'],
    ['a host in capitals', 'https://A.Example/x', 'https://a.example/x'],
    ['a host and its ASCII form', 'https://bücher.example/x', 'https://xn--bcher-kva.example/x'],
    [
      'our own pages by the anchor',
      'https://a.example/page/3.html#e-0123456789ab',
      'http://b.example/page/9.html#e-0123456789ab',
    ],
  ] as const)
    test(says, () => {
      expect(linkKeys(one)).toEqual(linkKeys(other))
      expect(linkKeys(one)).toHaveLength(1)
    })
})

describe('linkKeys() tells apart', () => {
  for (const [says, one, other] of [
    ['hosts', 'https://a.example/x', 'https://b.example/x'],
    ['letters in capitals in a path', 'https://a.example/X', 'https://a.example/x'],
    ['queries', 'https://a.example/?p=1', 'https://a.example/?p=2'],
    ['pages of a site that is one page', 'https://a.example/#/tides', 'https://a.example/#/ebb'],
    ['pages behind #!', 'https://a.example/#!/tides', 'https://a.example/#!/ebb'],
  ] as const)
    test(says, () => expect(linkKeys(one)).not.toEqual(linkKeys(other)))

  test('fragments, and knows the page without', () => {
    expect(linkKeys('https://a.example/log.html#ebb')).toEqual(['a.example/log#ebb', 'a.example/log'])
  })

  for (const link of ['', '/tides', 'mailto:ada@a.example', 'https://', 'urn:uuid:0'])
    test(`nothing of "${link}"`, () => expect(linkKeys(link)).toEqual([]))

  test('without pause what is long', () => {
    for (const path of ['/'.repeat(1_000_000) + 'x', '%e6'.repeat(300_000), '&utm_'.repeat(200_000)]) {
      expect(linkKeys(`https://a.example/${path}`)).toHaveLength(1)
    }
  })
})

describe('titleKey() takes for one title', () => {
  for (const [says, one, other] of [
    ['a reference and its character', 'Ebb &amp; flow', 'Ebb & flow'],
    ['a reference written twice', 'Vec&amp;lt;T&amp;gt; &lt;b&gt;', 'Vec<T> <b>'],
    ['elements and none', 'The <em>tides</em>', 'The tides'],
    ['quotes as a program curls them', 'Ada’s “tides” &#8211; &#8220;two&#8221;', `Ada's "tides" - "two"`],
    ['white space between scripts and none', '用 Hexo 写博客', '用Hexo写博客'],
    ['wide and narrow letters', 'Ｔｉｄｅｓ', 'tides'],
  ] as const)
    test(says, () => expect(titleKey(one)).toBe(titleKey(other)))

  test('not C, C++ and C#', () => expect(new Set(['C', 'C++', 'C#'].map(titleKey)).size).toBe(3))
})

const DATE = Date.UTC(2026, 0, 11)
const DAY = 86_400_000
const SITE = 'https://blog.example.org/'

/** An item of the older feed; its id is `old:` and its name. */
function item(name: string, change: Partial<OldItem> = {}): OldItem {
  return { guid: `old:${name}`, link: `${SITE}${name}/`, title: `Title of ${name}`, published: DATE, ...change }
}

let site: TempSite
const scope: Scope = new Map([['articles', { ...LINKS, pattern: `${SITE}{slug}/` }]])
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles')
})
afterEach(() => site.close())

function write(name: string, date = '2026-01-11', title = `Title of ${name}`): void {
  site.write(`articles/${name}.md`, article(title, words(name), [`date: ${date}`]))
}

const run = (): Promise<unknown> => site.run({ scope })
const adopt = (...items: OldItem[]): Promise<Adoption> => adoptItems(site.store, scope, items, 'old.xml')

describe('adoptItems()', () => {
  test('gives entries the ids of the feed by link, whatever their titles, and says how many', async () => {
    for (const name of ['ebb', 'flow', 'calm']) write(name)
    await run()
    const minted = (await site.guids())['calm.md']
    const result = await adopt(item('ebb', { title: 'Another' }), item('flow'), item('storm'))
    expect(result).toEqual({ items: 3, changed: 2, unchanged: 0, waiting: 1, problems: [] })
    expect(await site.guids()).toEqual({ 'ebb.md': 'old:ebb', 'flow.md': 'old:flow', 'calm.md': minted })
  })

  test('keeps anchors, numbers and dates, and has the documents made anew only when an id changed', async () => {
    write('ebb')
    await run()
    const [before] = await site.store.selectFrom('entries').selectAll().execute()
    const revision = await storeRevision(site.store)
    await adopt(item('ebb'))
    const [after] = await site.store.selectFrom('entries').selectAll().execute()
    expect(after).toEqual({ ...before, guid: 'old:ebb', revision: revision + 1 })
    expect(await storeRevision(site.store)).toBe(revision + 1)
    expect(await adopt(item('ebb'))).toMatchObject({ changed: 0, unchanged: 1 })
    expect(await storeRevision(site.store)).toBe(revision + 1)
  })

  test('knows its own published feed by the anchors, though pages are numbered anew', async () => {
    write('ebb')
    await run()
    const [row] = await site.store.selectFrom('entries').select('anchor').execute()
    const link = `https://feeds.example.org/page/7.html#${row?.anchor ?? ''}`
    expect(await adopt(item('x', { link, title: '' }))).toMatchObject({ changed: 1, waiting: 0 })
  })

  for (const [says, change, guid] of [
    ['by title and day when the link is another', { link: 'https://old.example/?p=7' }, 'old:ebb'],
    ['by title and day when there is no link', { link: null }, 'old:ebb'],
    ['by a day that another zone reckons', { link: null, published: DATE - DAY / 3 }, 'old:ebb'],
    ['not by title and another day', { link: null, published: DATE + 3 * DAY }, null],
    ['not by title alone', { link: null, published: null }, null],
    ['not by day alone', { link: null, title: 'Another' }, null],
  ] as const)
    test(`recognises an entry ${says}`, async () => {
      write('ebb')
      await run()
      const before = await site.guids()
      await adopt(item('ebb', change))
      expect(await site.guids()).toEqual(guid === null ? before : { 'ebb.md': guid })
    })

  test('does not choose between two of one title and day', async () => {
    write('ebb', '2026-01-11', 'Daily')
    write('flow', '2026-01-11', 'Daily')
    write('calm', '2026-02-01', 'Daily')
    await run()
    const before = await site.guids()
    const daily = { link: null, title: 'Daily' }
    expect(await adopt(item('a', daily))).toMatchObject({ changed: 0, waiting: 1 })
    const late = { ...daily, published: Date.UTC(2026, 1, 1) }
    expect(await adopt(item('b', late), item('c', late))).toMatchObject({ changed: 0, waiting: 2 })
    expect(await site.guids()).toEqual(before)
  })

  test('tells readers of none of them, while others are announced', async () => {
    write('first')
    await run()
    for (const name of ['ebb', 'flow']) write(name)
    await run()
    expect(await announcedSince(site.store, scope, 0)).toHaveLength(2)
    await adopt(item('ebb'))
    expect((await announcedSince(site.store, scope, 0)).map(({ number }) => number)).toEqual([3])
  })

  test('exchanges ids between entries', async () => {
    for (const name of ['ebb', 'flow']) write(name)
    await run()
    await adopt(item('ebb'), item('flow'))
    const crossed = [item('ebb', { guid: 'old:flow' }), item('flow', { guid: 'old:ebb' })]
    expect(await adopt(...crossed)).toMatchObject({ changed: 2, problems: [] })
    expect(await site.guids()).toEqual({ 'ebb.md': 'old:flow', 'flow.md': 'old:ebb' })
  })

  test('gives no id away that an entry with another link has', async () => {
    for (const name of ['ebb', 'flow']) write(name)
    await run()
    await adopt(item('ebb'))
    const result = await adopt(item('flow', { guid: 'old:ebb' }))
    expect(result).toMatchObject({ changed: 0, problems: [{ code: 'adopt-conflict' }] })
    expect((await site.guids())['ebb.md']).toBe('old:ebb')
  })

  test('knows an entry by its id when it has moved', async () => {
    write('ebb')
    await run()
    await adopt(item('ebb'))
    const moved = item('ebb', { link: 'https://old.example/', title: '' })
    expect(await adopt(moved)).toMatchObject({ changed: 0, unchanged: 1, waiting: 0 })
  })

  test('gives no id away that an entry of a source of old has', async () => {
    site.folder('notes').write('notes/a.md', article('Note', words('note'), ['guid: "old:ebb"']))
    write('ebb')
    await run()
    const before = await site.guids()
    const { changed, problems } = await adopt(item('ebb'))
    expect({ changed, problems }).toMatchObject({
      changed: 0,
      problems: [{ code: 'adopt-conflict', severity: 'warning', where: 'old.xml' }],
    })
    expect(await site.guids()).toEqual(before)
  })

  test('gives an id once, though the feed has it twice', async () => {
    for (const name of ['ebb', 'flow']) write(name)
    await run()
    const result = await adopt(item('ebb'), item('flow', { guid: 'old:ebb' }))
    expect(result).toMatchObject({ changed: 1, problems: [{ code: 'adopt-conflict' }] })
  })

  test('knows what is removed or hidden too', async () => {
    for (const name of ['ebb', 'flow']) write(name)
    await run()
    site.remove('articles/ebb.md')
    await run()
    expect(await adopt(item('ebb'))).toMatchObject({ changed: 1, waiting: 0 })
    write('ebb')
    await run()
    expect((await site.guids())['ebb.md']).toBe('old:ebb')
  })

  test('takes a fragment for a part of the link only where it tells items apart', async () => {
    await adopt(
      item('a', { link: `${SITE}log#a` }),
      item('b', { link: `${SITE}log#b` }),
      item('c', { link: `${SITE}c#feed` }),
    )
    const adopted = await adoptedGuids(site.store)
    const ask = (link: string): string | null => adopted.guidOf({ link: `${SITE}${link}`, title: '', date: 0 })
    expect(['log#a', 'log#b', 'log', 'c', 'c#top'].map(ask)).toEqual(['old:a', 'old:b', null, 'old:c', 'old:c'])
  })

  test('takes the first of two items with one link', async () => {
    write('ebb')
    await run()
    await adopt(item('ebb'), item('ebb', { guid: 'old:before', title: '' }))
    expect(await site.guids()).toEqual({ 'ebb.md': 'old:ebb' })
  })
})

describe('an entry that comes later', () => {
  test('has the id of the feed and is not announced, as against one that the feed does not know', async () => {
    write('first')
    await run()
    await adopt(item('ebb'), item('moved', { link: 'https://old.example/1' }))
    for (const name of ['ebb', 'moved', 'calm']) write(name)
    await run()
    expect(await site.guids()).toMatchObject({ 'ebb.md': 'old:ebb', 'moved.md': 'old:moved' })
    const announced = await announcedSince(site.store, scope, 0)
    const rows = await site.rows()
    expect(announced.map(({ number }) => rows.find((row) => row.number === number)?.key)).toEqual(['calm.md'])
  })

  test('has the id of the feed that was adopted last', async () => {
    await adopt(item('ebb'))
    await adopt(item('ebb', { guid: 'newer:ebb' }))
    write('ebb')
    await run()
    expect(await site.guids()).toEqual({ 'ebb.md': 'newer:ebb' })
  })
})
