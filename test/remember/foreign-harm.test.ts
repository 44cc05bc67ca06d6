import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replying } from '../support/bad-server.ts'
import { FeedServer, type Written, rss } from '../support/feed-server.ts'
import { TempSite, article, words } from '../support/site.ts'

const DAY = 24 * 60 * 60_000

let server: FeedServer
let site: TempSite
beforeEach(async () => {
  ;[server, site] = await Promise.all([FeedServer.start(), TempSite.open()])
})
afterEach(() => Promise.all([server.stop(), site.close()]))

/** Follows a feed on the host of the articles, or on another one. */
function follow(name: string, place: 'home' | 'away' = 'away'): void {
  site.sources.push({ kind: 'feed', name, at: { kind: 'url', url: server[place](`/${name}`) } })
}

function item(name: string, more: Written = {}): Written {
  return { guid: name, link: server.home(`/${name}`), title: `About ${name}`, date: '2026-01-05', ...more }
}

async function shown(): Promise<string[][]> {
  const rows = await site.store
    .selectFrom('entries')
    .innerJoin('texts', 'texts.id', 'entries.text_id')
    .select(['title', 'text'])
    .where('removed_at', 'is', null)
    .orderBy('number')
    .execute()
  return rows.map(({ title, text }) => [title, text.replace(/<\/?p>/g, '').trim()])
}

describe('a feed of JSON', () => {
  for (const [says, first, second] of [
    ['a character of no store', 'x\u0000', 'y\u0000'],
    ['half a character', 'x\ud800', 'y\ud801'],
  ] as const)
    test(`whose ids hold ${says} is read again and again`, async () => {
      follow('pier')
      const items = (...titles: string[]): object[] =>
        [first, second].map((id, index) => ({ id, title: titles[index], content_text: words(`t${index}`) }))
      const put = (...titles: string[]): void => {
        server.put('/pier', JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'P', items: items(...titles) })) // prettier-ignore
      }
      put('Oak', 'Elm')
      const [before] = await site.run()
      put('Oak again', 'Elm again')
      const [after] = await site.run()
      expect([before?.problems.length, after?.new]).toEqual([before?.problems.length, 0])
      expect((await shown()).length).toBe(before?.new)
    })
})

describe('what the owner took out of a folder', () => {
  test('stays out, whoever repeats it', async () => {
    site.folder('articles')
    follow('lure')
    server.put('/lure', rss(item('x')))
    site.write('articles/first.md', article('First', words('first')))
    site.write('articles/oak.md', article('Oak', words('oak'), [`permalink: ${server.home('/oak')}`]))
    await site.run()
    site.remove('articles/oak.md')
    await site.run()
    server.put('/lure', rss(item('oak', { title: 'Oak', text: words('lure', 40) }), item('x')))
    await site.run()
    expect((await shown()).map(([title]) => title)).toEqual(['First', 'About x'])
  })
})

describe('of two feeds that are not at home at an article', () => {
  test('the one with a longer text of its own does not say how it reads', async () => {
    follow('good')
    follow('lure')
    server.put('/good', rss(item('oak', { text: words('oak', 20) })))
    await site.run()
    server.put('/lure', rss(item('oak', { guid: 'z', text: words('lure', 60) })))
    await site.run()
    expect(await shown()).toEqual([['About oak', words('oak', 20)]])
  })

  test('the one that goes on where the other stops does', async () => {
    follow('short')
    follow('long')
    server.put('/short', rss(item('oak', { text: words('oak', 20) })))
    await site.run()
    server.put('/long', rss(item('oak', { guid: 'z', text: `${words('oak', 20)} ${words('more', 20)}` })))
    await site.run()
    expect(await shown()).toEqual([['About oak', `${words('oak', 20)} ${words('more', 20)}`]])
  })
})

test('an address that moved to something that is no feed is asked for at its old place again', async () => {
  follow('pier', 'home')
  server.put('/pier', rss(item('oak')))
  await site.run()
  server.answer('/pier', replying(301, { location: server.home('/portal') }))
  server.put('/portal', '<title>Log in</title><p>Welcome to the network of the hotel.')
  expect((await site.run())[0]?.problems.map(({ code }) => code)).toEqual(['feed-unreadable'])
  server.put('/pier', rss(item('elm'), item('oak')))
  expect((await site.run())[0]).toMatchObject({ new: 1, problems: [] })
})

test('a source that gets its old name back shows its entries again, though nothing changed there', async () => {
  const at = { kind: 'url' as const, url: server.home('/pier') }
  server.put('/pier', rss(item('oak', { text: words('oak') })))
  for (const name of ['old', 'new', 'old']) {
    site.sources.splice(0, 1, { kind: 'feed', name, at })
    await site.run()
    const rows = await site.store
      .selectFrom('entries')
      .innerJoin('sources', 'sources.id', 'entries.source_id')
      .select('sources.name')
      .execute()
    expect(rows).toEqual([{ name }])
  }
})

test('a host that puts everybody off for more than a day is a failure', async () => {
  follow('pier')
  server.answer('/pier', replying(503))
  const [first] = await site.run()
  expect(first).toMatchObject({ failing: null, problems: [{ code: 'fetch-later', severity: 'warning' }] })
  site.now += DAY
  expect((await site.run())[0]).toMatchObject({ failing: { runs: 1 } })
  expect((await site.run())[0]).toMatchObject({ problems: [{ code: 'fetch-later', severity: 'error' }] })
  site.now += DAY
  server.put('/pier', rss(item('oak')))
  expect((await site.run())[0]).toMatchObject({ new: 1, failing: null })
})
