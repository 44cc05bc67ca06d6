import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mintId } from '../../src/identity.ts'
import { FeedServer, type Written, rss } from '../support/feed-server.ts'
import { TempSite, article, words } from '../support/site.ts'

let server: FeedServer
let site: TempSite
beforeEach(async () => {
  ;[server, site] = await Promise.all([FeedServer.start(), TempSite.open()])
})
afterEach(() => Promise.all([server.stop(), site.close()]))

/** Follows a feed that is at home at the articles, or not. */
function follow(name: string, place: 'home' | 'away', path = `/${name}`): void {
  site.sources.push({ kind: 'feed', name, at: { kind: 'url', url: server[place](path) } })
}

function item(name: string, more: Written = {}): Written {
  return { guid: name, link: server.home(`/${name}`), title: `About ${name}`, date: '2026-01-05', ...more }
}

/** Puts a feed of these items at the path of its name. */
function put(name: string, ...items: Written[]): void {
  server.put(`/${name}`, rss(...items))
}

async function texts() {
  const rows = await site.store
    .selectFrom('entries')
    .innerJoin('texts', 'texts.id', 'entries.text_id')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .select(['sources.name as source', 'text', 'title'])
    .orderBy('number')
    .execute()
  return rows.map(({ source, title, text }) => [source, title, text.replace(/<\/?p>/g, '').trim()])
}

const OWN = words('own', 20)
const LURE = words('lure', 80)

describe('a feed that is not at home at an article', () => {
  for (const order of [
    ['own', 'lure'],
    ['lure', 'own'],
  ] as const)
    // prettier-ignore
    test(`does not say how it reads, however long its text: ${order.join(' before ')}`, async () => {
      for (const name of order) follow(name, name === 'own' ? 'home' : 'away')
      put('own', item('a', { text: OWN }))
      put('lure', item('a', { guid: 'z', title: 'About a, again', text: LURE }))
      await site.run()
      expect(await texts()).toEqual([['own', 'About a', OWN]])
      put('lure', item('a', { guid: 'z', title: 'About a, now', text: `${LURE} more` }))
      await site.run()
      put('lure', item('a', { guid: 'y', title: 'About a, again', text: `${LURE} more` }))
      await site.run()
      expect((await texts())[0]).toEqual(['own', 'About a', OWN])
    })

  for (const [first, second] of [
    ['own', 'lure'],
    ['lure', 'own'],
  ] as const)
    for (const title of ['What we think of it', 'a'])
      test(`has a remark of its own under its address: ${first} before ${second}, called "${title}"`, async () => {
        for (const name of [first, second]) follow(name, name === 'own' ? 'home' : 'away')
        put('own', item('a', { text: OWN }))
        put('lure', item('a', { guid: 'z', title, text: LURE }))
        await site.run()
        await site.run()
        expect((await texts()).toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))).toEqual([
          ['lure', title, LURE],
          ['own', 'About a', OWN],
        ])
      })

  test('does not say how it reads when it came in an earlier run', async () => {
    follow('lure', 'away')
    put('lure', item('a', { guid: 'z', title: 'About a, again', text: LURE }))
    await site.run()
    follow('own', 'home')
    put('own', item('a', { text: OWN }))
    await site.run()
    expect(await texts()).toEqual([['own', 'About a', OWN]])
  })

  test('does not say how an article in the folder of the owner reads', async () => {
    site.folder('articles')
    follow('lure', 'home')
    site.write('articles/a.md', article('About a', OWN, ['date: 2026-01-05', `permalink: ${server.home('/a')}`]))
    put('lure', item('a', { title: 'About a, again', text: LURE }))
    await site.run()
    put('lure', item('a', { title: 'About a, now', text: LURE }))
    await site.run()
    expect(await texts()).toEqual([['articles', 'About a', OWN]])
  })

  test('has the article to itself when its own feed has it no more, and gives it back', async () => {
    follow('own', 'home')
    follow('lure', 'away')
    put('own', item('a', { text: OWN }))
    put('lure', item('a', { guid: 'z', text: LURE }))
    await site.run()
    const [before] = await site.rows()
    const [own] = site.sources.splice(0, 1)
    put('lure', item('b', { text: 'Another.' }), item('a', { guid: 'z', text: LURE }))
    await site.run()
    expect((await texts())[0]).toEqual(['lure', 'About a', LURE])
    if (own !== undefined) site.sources.push(own)
    put('own', item('c', { text: 'More.' }), item('a', { text: OWN }))
    await site.run()
    expect((await texts())[0]).toEqual(['own', 'About a', OWN])
    expect((await site.rows())[0]?.guid).toBe(before?.guid)
  })
})

describe('a feed of others takes no id of an article that the owner is still to write', () => {
  for (const [says, id, own] of [
    ['an address at the site', 'https://blog.example.org/next/', 'https://blog.example.org/next/'],
    ['a tag of the site', 'tag:blog.example.org,2026:next', 'tag:blog.example.org,2026:next'],
    ['one as ours are made', mintId('articles', 'next.md'), null],
    ['one as ours are made, bare', mintId('articles', 'next.md').slice('urn:uuid:'.length), null],
  ] as const)
    test(says, async () => {
      site.folder('articles')
      follow('lure', 'home')
      put('lure', item('a', { guid: id, text: LURE }))
      await site.run()
      const head = own === null ? [] : [`guid: "${own}"`]
      site.write('articles/next.md', article('Next', OWN, ['date: 2026-02-01', ...head]))
      const [counts] = await site.run()
      expect(counts).toMatchObject({ new: 1, problems: [] })
      expect((await site.guids())['next.md']).toBe(own ?? id.replace(/^(?!urn:)/, 'urn:uuid:'))
    })

  test('but gives its own ones as they are', async () => {
    const ids = ['tag:pier.example.org,2026:a', 'https://pier.example.org/?p=1', 'urn:uuid:0b2c4ba1-2d5c-4a2b-9d1f-7a1a2b3c4d5e'] // prettier-ignore
    follow('pier', 'home')
    put('pier', ...ids.map((guid, index) => item(`${index}`, { guid, text: words(guid) })))
    await site.run()
    expect((await site.rows()).map(({ guid }) => guid).sort()).toEqual(ids.toSorted())
  })
})

describe('an address that several articles share joins nothing', () => {
  const shared = (name: string, more: Written = {}): Written =>
    item(name, { link: server.home('/week'), text: `${name} ${words(name)}`, ...more })

  test('when two of one feed have it', async () => {
    follow('one', 'away')
    follow('two', 'away')
    put('one', shared('a'))
    put('two', shared('b'), shared('c'))
    await site.run()
    expect(await site.rows()).toHaveLength(3)
  })

  test('when the second of one feed comes once the first fell out of it', async () => {
    follow('one', 'away')
    follow('two', 'away')
    put('one', shared('a', { title: 'The week' }))
    put('two', shared('b', { title: 'On the week' }))
    await site.run()
    put('two', shared('c', { title: 'More on the week' }))
    expect((await site.run()).map(({ new: news }) => news)).toEqual([0, 1])
  })

  test('but a feed that names its items anew shows the same articles', async () => {
    follow('one', 'away')
    follow('two', 'away')
    put('one', shared('a', { title: 'The week' }))
    put('two', shared('b', { title: 'The week' }))
    await site.run()
    put('two', shared('c', { title: 'The week' }))
    expect((await site.run()).map(({ new: news }) => news)).toEqual([0, 0])
  })

  test('when two entries have it', async () => {
    follow('one', 'away')
    put('one', shared('a'), shared('b'))
    await site.run()
    follow('two', 'away')
    put('two', shared('c'))
    await site.run()
    expect(await site.rows()).toHaveLength(3)
  })

  test('when it is the front page', async () => {
    for (const name of ['one', 'two']) {
      follow(name, 'away')
      put(name, item(name, { link: server.home('/'), text: words(name) }))
    }
    await site.run()
    expect(await site.rows()).toHaveLength(2)
  })

  test('when it is where articles without one will stand', async () => {
    site.folder('articles')
    site.write('articles/first.md', article('First', words('first')))
    await site.run()
    site.write('articles/next.md', article('Next', words('next')))
    follow('one', 'away')
    put('one', item('a', { link: 'https://blog.example.org/feeds/', text: words('a') }))
    const rules = { pattern: null, publishUrl: 'https://blog.example.org/feeds/', zone: 'UTC' }
    await site.run({ hold: true, scope: new Map(site.sources.map(({ name }) => [name, rules])) })
    expect(await site.rows()).toHaveLength(3)
  })
})
