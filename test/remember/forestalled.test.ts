import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FeedServer, type Written, rss } from '../support/feed-server.ts'
import { LINKS, RULES, TempSite, article, words } from '../support/site.ts'
import { guidOfExplicitId, mintId } from '../../src/identity.ts'

let server: FeedServer
let site: TempSite
beforeEach(async () => {
  ;[server, site] = await Promise.all([FeedServer.start(), TempSite.open()])
  site.folder('articles')
  site.write('articles/first.md', article('First', words('first')))
  follow('lure')
  put('lure', other('x'))
  await site.run()
})
afterEach(() => Promise.all([server.stop(), site.close()]))

/** Follows a feed that is not on the owner's site. */
function follow(name: string): void {
  site.sources.push({ kind: 'feed', name, at: { kind: 'url', url: server.away(`/${name}`) } })
}

function put(name: string, ...items: Written[]): void {
  server.put(`/${name}`, rss(...items))
}

function other(name: string): Written {
  return { guid: name, link: server.away(`/articles/${name}`), title: `About ${name}`, text: words(name) }
}

const NEXT = 'https://blog.example.org/next/'
const OWN = words('own')
/** What the feed says of the article before the owner has it. */
const LURE: Written = { guid: 'z', link: NEXT, title: 'Next', date: '2026-02-10', text: words('lure', 60) }

function write(...head: string[]): void {
  site.write('articles/next.md', article('Next', OWN, ['date: 2026-02-10', `permalink: ${NEXT}`, ...head]))
}

/** What readers see, by number. */
async function shown() {
  const rows = await site.store
    .selectFrom('entries')
    .innerJoin('texts', 'texts.id', 'entries.text_id')
    .select(['guid', 'number', 'announce', 'text'])
    .where('removed_at', 'is', null)
    .where('title', '=', 'Next')
    .orderBy('number')
    .execute()
  return rows.map(({ text, ...row }) => ({ ...row, text: text.replace(/<\/?p>/g, '').trim() }))
}

const lastNumber = async (): Promise<number> => Math.max(...(await site.rows()).map(({ number }) => number))

describe('an article of the owner whose address a feed elsewhere told of before', () => {
  test('is announced as new, with an id of its own, and takes the place of what was said', async () => {
    put('lure', LURE, other('x'))
    await site.run()
    const [lure] = await shown()
    expect(lure).toMatchObject({ announce: 1, text: LURE.text })
    const told = await lastNumber()
    write()
    expect(await site.run()).toMatchObject([{ new: 1, updated: 0, removed: 1, problems: [] }, { new: 0 }])
    const guid = mintId('articles', 'next.md')
    expect(await shown()).toEqual([{ guid, number: told + 1, announce: 1, text: OWN }])
  })

  test('keeps the id that its front matter gives it', async () => {
    put('lure', { ...LURE, guid: NEXT }, other('x'))
    await site.run()
    write(`guid: ${NEXT}`)
    expect(await site.run()).toMatchObject([{ new: 1, problems: [] }, {}])
    expect(await shown()).toMatchObject([{ guid: guidOfExplicitId('articles', NEXT), announce: 1, text: OWN }])
  })

  test('is announced though the feed is read for the first time in the same run', async () => {
    site.sources.unshift(...site.sources.splice(1))
    site.sources[0] = { kind: 'feed', name: 'early', at: { kind: 'url', url: server.away('/early') } }
    put('early', LURE, other('y'))
    write()
    await site.run()
    expect(await shown()).toMatchObject([{ announce: 1, text: OWN }])
  })

  test('stays the one entry whatever the feed, and another one, say of it later', async () => {
    put('lure', LURE, other('x'))
    await site.run()
    write()
    await site.run()
    const after = await shown()
    for (const more of [{ title: 'Another title', text: words('another') }, { guid: 'renamed' }]) {
      put('lure', { ...LURE, ...more }, other('x'))
      expect(await site.run()).toMatchObject([{ new: 0 }, { new: 0 }])
      expect(await shown()).toEqual(after)
    }
    put('lure', { ...LURE, text: words('lure', 90) }, other('x'))
    follow('echo')
    put('echo', { ...LURE, guid: 'e' }, other('e'))
    expect(await site.run()).toMatchObject([{ new: 0, updated: 0 }, { new: 0, updated: 0 }, { new: 1 }])
    put('lure', { ...LURE, guid: 'other', text: OWN }, other('x'))
    await site.run()
    expect(await shown()).toEqual(after)
  })

  test('is announced as new too where two feeds told of it', async () => {
    follow('echo')
    put('echo', other('e'))
    await site.run()
    put('lure', LURE, other('x'))
    put('echo', { ...LURE, guid: 'e1' }, other('e'))
    await site.run()
    write()
    await site.run()
    put('echo', { ...LURE, guid: 'e1', text: words('longer', 90) }, other('e'))
    await site.run()
    expect(await shown()).toMatchObject([{ announce: 1, text: OWN }])
    site.sources.splice(0, 2)
    put('echo', { ...LURE, guid: 'e1', text: words('longer', 90) }, other('e'), other('f'))
    await site.run()
    expect(await shown()).toMatchObject([{ guid: mintId('articles', 'next.md'), text: words('longer', 90) }])
  })

  test('waits to be published as any new one does', async () => {
    put('lure', LURE, other('x'))
    await site.run()
    write()
    await site.run({ hold: true })
    const [only, ...more] = await shown()
    expect(more).toEqual([])
    expect(only?.number).toBeLessThan(0)
  })

  test('lets a word of its own about it stand', async () => {
    put('lure', { ...LURE, title: 'What is to be thought of it' }, other('x'))
    await site.run()
    write()
    expect(await site.run()).toMatchObject([{ new: 1, removed: 0 }, {}])
    expect((await site.rows()).filter(({ removed }) => !removed)).toHaveLength(4)
  })

  for (const [says, title, standing] of [
    ['and takes the place of a copy', 'Next', 3],
    ['and lets a word of its own stand', 'What is to be thought of it', 4],
  ] as const)
    test(`is announced where the settings make its address, ${says}`, async () => {
      const scope = new Map([...site.scope(), ['articles', { ...LINKS, pattern: `https://blog.example.org/{slug}/` }]])
      put('lure', { ...LURE, title }, other('x'))
      await site.run({ scope })
      site.write('articles/next.md', article('Next', OWN, ['slug: next']))
      await site.run({ scope })
      const rows = (await site.rows()).filter(({ removed }) => !removed)
      expect(rows).toHaveLength(standing)
      expect(rows.at(-1)).toMatchObject({ title: 'Next', announce: 1, guid: mintId('articles', 'next.md') })
    })
})

describe('an article that was an entry before stays it, and is announced no second time', () => {
  test('when the owner followed the feed of the site itself', async () => {
    site.sources.push({ kind: 'feed', name: 'own', at: { kind: 'url', url: server.home('/own') } })
    const link = server.home('/next')
    put('own', { ...LURE, guid: 'own', link })
    await site.run({ siteUrl: server.home('/') })
    const before = await site.rows()
    site.write('articles/next.md', article('Next', OWN, ['date: 2026-02-10', `permalink: ${link}`]))
    expect(await site.run({ siteUrl: server.home('/') })).toMatchObject([{ new: 0, removed: 0 }, {}, {}])
    expect((await site.rows()).map(({ guid }) => guid)).toEqual(before.map(({ guid }) => guid))
  })

  test('when the folder is read for the first time', async () => {
    put('lure', LURE, other('x'))
    await site.run()
    const before = await site.rows()
    site.folder('more')
    site.write('more/next.md', article('Next', OWN, ['date: 2026-02-10', `permalink: ${NEXT}`]))
    expect(await site.run({ firstRun: 5 })).toMatchObject([{}, {}, { new: 0, removed: 0 }])
    expect((await site.rows()).map(({ guid }) => guid)).toEqual(before.map(({ guid }) => guid))
  })

  test('when it is somebody else’s, and the owner has a copy', async () => {
    put('lure', { ...LURE, link: server.home('/theirs') }, other('x'))
    await site.run()
    site.write('articles/next.md', article('Next', OWN, [`permalink: ${server.home('/theirs')}`]))
    expect(await site.run({ siteUrl: RULES.siteUrl })).toMatchObject([{ new: 0, removed: 0 }, {}])
  })
})
