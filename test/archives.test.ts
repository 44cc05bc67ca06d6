import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { closeArchives } from '../src/remember/archives.ts'
import { openStore } from '../src/remember/open.ts'
import { storePlace } from './support/database.ts'
import { filesBelow, putFile, stampsBelow, tempFolder } from './support/folder.ts'
import { runAt } from './support/run-at.ts'

const URL_OF_FEEDS = 'https://tides.example.org/feeds/'
const SETTINGS = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
publish: { url: "${URL_OF_FEEDS}", compress: false }
feeds: { tags: false }
`

let dir = ''
let runs = 0
beforeEach(() => {
  dir = tempFolder({ 'feedwire.config.yaml': SETTINGS })
  runs = 0
})
afterEach(() => rmSync(dir, { recursive: true }))

function write(from: number, to: number, more = ''): void {
  for (let n = from; n <= to; n++) {
    const body = `Gauge number ${n} was read by the keeper of the harbour book at noon, and it was noted.${more}`
    putFile(dir, pathOf(n), `---\ntitle: Gauge ${n}\n---\n${body}\n`)
  }
}
/** Articles without a date are numbered in the order of their names. */
function pathOf(n: number): string {
  return `articles/gauge-${String(n).padStart(3, '0')}.md`
}
async function run(): Promise<string[]> {
  runs += 1
  return (await runAt(dir, new Date(Date.UTC(2026, 0, runs)).toISOString())).published.written
}
function read(path: string): string {
  return readFileSync(join(dir, 'public', path), 'utf8')
}
const archivesIn = (paths: readonly string[]): string[] => paths.filter((path) => path.startsWith('archive/'))

/** What a reader finds in a document: its entries, and where it goes on. */
interface Found {
  titles: string[]
  next: string | undefined
}
const READERS: Record<string, (text: string) => Found> = {
  'feed.xml': (text) => {
    const { items, atom } = parseRssFeed(text)
    const next = atom?.links?.find(({ rel }) => rel === 'prev-archive')?.href
    return { titles: items?.map(({ title }) => title ?? '') ?? [], next }
  },
  'atom.xml': (text) => {
    const { entries, links } = parseAtomFeed(text)
    const next = links?.find(({ rel }) => rel === 'prev-archive')?.href
    return { titles: entries?.map(({ title }) => title?.value ?? '') ?? [], next }
  },
  'feed.json': (text) => {
    const { items, next_url } = parseJsonFeed(text)
    return { titles: items?.map(({ title }) => title ?? '') ?? [], next: next_url }
  },
}

/** The titles in each document, from the feed itself back to the oldest archive. */
function walk(file: string): string[][] {
  const documents: string[][] = []
  let path: string | undefined = file
  while (path !== undefined) {
    const { titles, next }: Found = READERS[file]?.(read(path)) ?? { titles: [], next: undefined }
    documents.push(titles)
    path = next?.slice(URL_OF_FEEDS.length)
  }
  return documents
}

for (const file of Object.keys(READERS)) {
  test(`a reader of ${file} finds every entry once on the way back, fifty in each archive`, async () => {
    write(1, 175)
    await run()
    const documents = walk(file)
    expect(documents.map((titles) => titles.length)).toEqual([75, 50, 50])
    expect(new Set(documents.flat()).size).toBe(175)
  })
}

test('each format has the same entries in each archive', async () => {
  write(1, 120)
  await run()
  const [rss, atom, json] = Object.keys(READERS).map(walk)
  expect(atom).toEqual(rss)
  expect(json).toEqual(rss)
})

test('every entry is found at every moment, however the site grows', async () => {
  for (const last of [1, 40, 50, 51, 99, 100, 101, 160, 161, 250]) {
    write(1, last)
    await run()
    expect(new Set(walk('feed.xml').flat()).size, `${last} articles`).toBe(last)
  }
})

test('every entry is found when the feed has no room for those that wait for an archive', async () => {
  write(1, 40, ' The water stood still.'.repeat(600))
  await run()
  const documents = walk('feed.xml')
  expect(documents.length).toBeGreaterThan(2)
  expect(new Set(documents.flat()).size).toBe(40)
  write(41, 43, ' The water stood still.'.repeat(600))
  await run()
  expect(new Set(walk('atom.xml').flat()).size).toBe(43)
})

test('an archive that a run closed and did not live to write is written by the next', async () => {
  write(1, 60)
  await run()
  const store = await openStore(storePlace(dir))
  await closeArchives(store, [50])
  await store.destroy()
  write(61, 61)
  expect(archivesIn(await run())).toHaveLength(3)
  expect(new Set(walk('feed.xml').flat()).size).toBe(61)
})

describe('an archive that was written', () => {
  beforeEach(async () => {
    write(1, 160)
    await run()
  })

  test('stays as it is when new entries come, be it by another archive', async () => {
    const before = stampsBelow(join(dir, 'public/archive'))
    write(161, 230)
    expect(archivesIn(await run())).toEqual(['archive/3/feed.xml', 'archive/3/atom.xml', 'archive/3/feed.json'])
    expect(stampsBelow(join(dir, 'public/archive'))).toMatchObject(before)
  })

  test('stays as it is when one of its entries is edited, which stands in the feed again', async () => {
    const [feed = []] = walk('feed.xml')
    expect(feed).not.toContain('Gauge 7')
    write(7, 7, ' It was noted twice.')
    expect(archivesIn(await run())).toEqual([])
    for (const file of Object.keys(READERS)) expect(walk(file)[0]).toContain('Gauge 7')
    expect(read('feed.xml')).toContain('It was noted twice.')
    expect(read('archive/1/feed.xml')).not.toContain('It was noted twice.')
  })

  test('stays as it is when one of its entries is renamed, which stands in the feed with its new link', async () => {
    renameSync(join(dir, pathOf(7)), join(dir, 'articles/renamed.md'))
    expect(archivesIn(await run())).toEqual([])
    expect(walk('feed.xml')[0]).toContain('Gauge 7')
  })

  test('gives up an edited entry again after fifty new ones', async () => {
    write(7, 7, ' It was noted twice.')
    await run()
    write(161, 209)
    await run()
    expect(walk('feed.xml')[0]).toContain('Gauge 7')
    write(210, 211)
    await run()
    expect(walk('feed.xml')[0]).not.toContain('Gauge 7')
  })

  test('is not pushed out by an edit of everything', async () => {
    write(1, 160, ' It was noted twice.')
    expect(archivesIn(await run())).toEqual([])
    const [feed = []] = walk('feed.xml')
    expect(feed).toEqual(expect.arrayContaining(Array.from({ length: 50 }, (_, n) => `Gauge ${160 - n}`)))
    expect(feed).toHaveLength(70)
  })

  test('is written again, and no other, when one of its entries goes, and when it comes back', async () => {
    rmSync(join(dir, pathOf(60)))
    const files = ['archive/2/feed.xml', 'archive/2/atom.xml', 'archive/2/feed.json']
    expect(archivesIn(await run())).toEqual(files)
    expect(read('archive/2/feed.xml')).not.toContain('<title>Gauge 60</title>')
    write(60, 60)
    expect(archivesIn(await run())).toEqual(files)
    expect(read('archive/2/feed.xml')).toContain('<title>Gauge 60</title>')
  })

  test('is an archive of the feed by its id and its links', () => {
    const [feed, archive] = [parseAtomFeed(read('atom.xml')), parseAtomFeed(read('archive/2/atom.xml'))]
    expect(archive.id).toBe(feed.id)
    const links = Object.fromEntries(archive.links?.map(({ rel, href }) => [rel, href]) ?? [])
    expect(links).toMatchObject({
      current: `${URL_OF_FEEDS}atom.xml`,
      self: `${URL_OF_FEEDS}archive/2/atom.xml`,
      'prev-archive': `${URL_OF_FEEDS}archive/1/atom.xml`,
    })
    expect(read('archive/2/atom.xml')).toContain('<fh:archive/>')
    expect(read('atom.xml')).not.toContain('fh:archive')
  })

  test('moves with the site to another address', async () => {
    putFile(dir, 'feedwire.config.yaml', SETTINGS.replaceAll('tides.example.org', 'ebb.example.org'))
    await run()
    expect(read('archive/2/feed.xml')).toContain('https://ebb.example.org/feeds/archive/1/feed.xml')
    expect(filesBelow(join(dir, 'public/archive'))).toHaveLength(6)
    expect(existsSync(join(dir, 'public/archive/3'))).toBe(false)
  })
})
