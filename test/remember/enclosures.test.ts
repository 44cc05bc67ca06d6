import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Enclosure } from '../../src/enclosure.ts'
import { latestEntries } from '../../src/remember/entries.ts'
import { TempSite, article, words } from '../support/site.ts'

let site: TempSite
beforeEach(async () => {
  site = await TempSite.open()
  const at = { kind: 'file', path: join(site.dir, 'feed.xml'), base: 'https://pod.example/show/' } as const
  site.sources.push({ kind: 'feed', name: 'pod', at })
})
afterEach(() => site.close())

/** A feed of one episode with these elements. */
const feed = (...elements: string[]): string =>
  '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Pod</title><item><title>Ebb</title>' +
  `<guid>urn:ebb</guid><link>https://pod.example/ebb</link><description>${words('ebb')}</description>` +
  `${elements.join('')}</item></channel></rss>`
const enclosure = (url: string, type?: string, length = '0'): string =>
  `<enclosure url="${url}" length="${length}"${type === undefined ? '' : ` type="${type}"`}/>`

async function enclosuresNow(): Promise<Enclosure[] | undefined> {
  return (await latestEntries(site.store, site.scope(), 1))[0]?.enclosures
}

/** What tells that pages and feeds with the entry are to be written again. */
async function revision(): Promise<number> {
  return (await site.store.selectFrom('entries').select('revision').executeTakeFirstOrThrow()).revision
}

async function read(...elements: string[]): Promise<Enclosure[] | undefined> {
  site.write('feed.xml', feed(...elements))
  await site.run()
  return enclosuresNow()
}

test('an entry keeps the files of the feed, with absolute addresses', async () => {
  expect(await read(enclosure('1.mp3', 'audio/mpeg', '77'), '<media:content url="/1.pdf" type="application/pdf"/>')).toEqual([
    { url: 'https://pod.example/show/1.mp3', type: 'audio/mpeg', length: 77 },
    { url: 'https://pod.example/1.pdf', type: 'application/pdf', length: null },
  ]) // prettier-ignore
})

for (const [says, url, written, type] of [
  ['told by its ending where the feed has none', '1.m4a', undefined, 'audio/mp4'],
  ['told by its ending where the feed has what is none', '1.MP3', 'mp3', 'audio/mpeg'],
  ['told by its ending where the feed says nothing', '1.mp3', 'application/octet-stream', 'audio/mpeg'],
  ['as the feed has it, without parameters', '1.mp3', 'Audio/X-Own; codecs=a', 'audio/x-own'],
  [
    'as the feed has it where the ending tells nothing',
    '1.bin',
    'application/octet-stream',
    'application/octet-stream',
  ],
  ['not made up', 'get?id=1', undefined, null],
] as const)
  // prettier-ignore
  test(`the media type of a file is ${says}`, async () => {
    expect((await read(enclosure(url, written)))?.map((one) => one.type)).toEqual([type])
  })

test('an entry keeps ten files', async () => {
  const many = Array.from({ length: 12 }, (_, n) => enclosure(`${n}.mp3`))
  expect((await read(...many))?.map(({ url }) => url.slice(-5))).toEqual(
    Array.from({ length: 10 }, (_, n) => `${n}.mp3`),
  )
})

test('another file alone is no update, and goes on all the same', async () => {
  await read(enclosure('1.mp3'))
  const [[before], was] = [await site.rows(), await revision()]
  site.write('feed.xml', feed(enclosure('2.mp3')))
  expect(await site.run()).toMatchObject([{ new: 0, updated: 0 }])
  expect(await enclosuresNow()).toMatchObject([{ url: 'https://pod.example/show/2.mp3' }])
  expect((await site.rows())[0]).toEqual(before)
  expect(await revision()).toBeGreaterThan(was)
})

test('an article of a folder has no files', async () => {
  site.folder('notes').sources.shift()
  site.write('notes/a.md', article('Tide', words('tide')))
  await site.run()
  expect(await enclosuresNow()).toEqual([])
})
