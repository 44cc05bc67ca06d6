import fc from 'fast-check'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { expect, test } from 'vitest'
import { checkDocument } from '../../src/check/check.ts'
import type { Enclosure } from '../../src/enclosure.ts'
import type { FeedEntry } from '../../src/feeds/item.ts'
import type { Document } from '../../src/site.ts'
import { channelWith, entryWith, renderFeeds } from './samples.ts'

const AUDIO = { url: 'https://pod.example/1.mp3?a=1&b=2', type: 'audio/mpeg', length: 1234 }
const FILM = { url: 'https://pod.example/1.mp4', type: 'video/mp4', length: null }
const NOTES = { url: 'https://pod.example/notes.pdf', type: 'application/pdf', length: 99 }
const PHOTO = { url: 'https://pod.example/2.jpg', type: 'image/jpeg', length: 5 }
const UNTOLD = { url: 'https://pod.example/get?id=7', type: null, length: null }
const COVER = { url: 'https://pod.example/cover.png', type: 'image/png', length: 2048, alt: 'A pier' }

function textsOf(change: Partial<FeedEntry>): [rss: string, atom: string, json: string] {
  const [rss, atom, json] = renderFeeds(channelWith(), [entryWith(1, change)]).map(({ content }) => content)
  return [rss ?? '', atom ?? '', json ?? '']
}

function read(change: Partial<FeedEntry>) {
  const [rss, atom, json] = textsOf(change)
  const item = parseRssFeed(rss).items?.[0]
  return {
    enclosure: item?.enclosures,
    media: (item?.media?.contents ?? []).map(({ url, type, medium, fileSize }) => ({ url, type, medium, fileSize })),
    atom: (parseAtomFeed(atom).entries?.[0]?.links ?? []).filter(({ rel }) => rel === 'enclosure'),
    json: parseJsonFeed(json).items?.[0]?.attachments,
  }
}

for (const [says, enclosures, url] of [
  ['what is played rather than a document', [NOTES, AUDIO], AUDIO.url],
  ['the first that is played', [FILM, AUDIO], FILM.url],
  ['the first document where nothing is played', [PHOTO, NOTES], NOTES.url],
  ['no file whose media type nobody knows', [UNTOLD], undefined],
  ['no picture that is not the cover', [PHOTO], undefined],
] as const)
  test(`renderFeeds() gives as the enclosure of RSS ${says}`, () => {
    expect(read({ enclosures: [...enclosures] }).enclosure?.[0]?.url).toBe(url)
  })

test('renderFeeds() says length 0 in RSS where nobody knows it, and nothing elsewhere', () => {
  const { enclosure, atom, json } = read({ enclosures: [FILM] })
  expect(enclosure).toEqual([{ url: FILM.url, type: 'video/mp4', length: 0 }])
  expect(atom).toEqual([{ rel: 'enclosure', href: FILM.url, type: 'video/mp4' }])
  expect(json).toEqual([{ url: FILM.url, mime_type: 'video/mp4' }])
})

test('renderFeeds() gives every file in each format, what is played first', () => {
  const { enclosure, media, atom, json } = read({ enclosures: [NOTES, PHOTO, AUDIO, UNTOLD] })
  expect(enclosure).toEqual([AUDIO])
  expect(media).toEqual([
    { url: NOTES.url, type: NOTES.type, fileSize: 99 },
    { url: PHOTO.url, type: PHOTO.type, medium: 'image', fileSize: 5 },
    { url: UNTOLD.url },
  ])
  expect(atom.map(({ href, type, length }) => [href, type, length])).toEqual([
    [AUDIO.url, 'audio/mpeg', 1234],
    [NOTES.url, 'application/pdf', 99],
    [PHOTO.url, 'image/jpeg', 5],
    [UNTOLD.url, undefined, undefined],
  ])
  expect(json).toEqual([AUDIO, NOTES, PHOTO].map(({ url, type, length }) => ({ url, mime_type: type, size_in_bytes: length }))) // prettier-ignore
})

test('renderFeeds() gives the picture as media:content beside an enclosure', () => {
  const { enclosure, media, atom, json } = read({ enclosures: [AUDIO], image: COVER })
  expect(enclosure).toEqual([AUDIO])
  expect(media).toEqual([{ url: COVER.url, type: COVER.type, medium: 'image' }])
  expect(atom.map(({ href, title }) => [href, title])).toEqual([[AUDIO.url, undefined], [COVER.url, 'A pier']]) // prettier-ignore
  expect(json?.map(({ url, title }) => [url, title])).toEqual([[AUDIO.url, undefined], [COVER.url, 'A pier']]) // prettier-ignore
})

test('renderFeeds() gives a picture that is an enclosure as well once, with what is known of the file', () => {
  const image = { url: PHOTO.url, type: null, length: null, alt: '' }
  const { enclosure, media, atom, json } = read({ enclosures: [PHOTO], image })
  expect(enclosure).toEqual([PHOTO])
  expect(media).toEqual([{ url: PHOTO.url, type: PHOTO.type, medium: 'image' }])
  expect([atom.length, json?.length]).toEqual([1, 1])
})

test('renderFeeds() gives no file from anywhere but the web', () => {
  const { enclosure, media, atom, json } = read({ enclosures: [{ ...AUDIO, url: 'javascript:alert(1)' }] })
  expect([enclosure, media, atom, json]).toEqual([undefined, [], [], undefined])
})

test('renderFeeds() writes an entry without files as if there were no files', () => {
  for (const text of textsOf({ enclosures: [] }))
    expect(text).not.toMatch(/enclosure|media:content|attachments|further/)
})

const address = fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string().map((path) => `https://a.example/${path}`)) // prettier-ignore
const enclosure: fc.Arbitrary<Enclosure> = fc.record({
  url: address,
  type: fc.constantFrom(null, 'audio/mpeg', 'video/mp4', 'image/png', 'application/pdf'),
  length: fc.option(fc.nat()),
})
const image = fc.record({ url: address, type: fc.constantFrom(null, 'image/png'), length: fc.option(fc.nat()), alt: fc.string() }) // prettier-ignore

test('checkDocument() finds no fault with the files of any entry', () => {
  const faults = (document: Document): string[] =>
    checkDocument(document.content, { url: null, now: Date.UTC(2027, 0) }).map(({ code, message }) => code + message)
  fc.assert(
    fc.property(fc.array(enclosure, { maxLength: 4 }), fc.option(image), (enclosures, picture) => {
      const plain = picture === null ? null : { ...picture, alt: 'A pier' }
      const documents = renderFeeds(channelWith(), [entryWith(2, { enclosures, image: plain }), entryWith(1)])
      expect(documents.flatMap(faults)).toEqual([])
    }),
    { numRuns: 200 },
  )
})
