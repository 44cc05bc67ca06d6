import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readersMissing } from './support/feed-readers.ts'
import { type KeptItem, Newsboat, newsboatMissing } from './support/newsboat.ts'
import { CHANGES } from './support/newsboat-changes.ts'
import { TITLES, publishAt, servedSite } from './support/newsboat-site.ts'
import type { StaticServer } from './support/static-server.ts'

const FEEDS = ['feed.xml', 'atom.xml']

const dayOf = (n: number): string => `2026-11-${String(n + 2).padStart(2, '0')}T12:00:00Z`

/** The statuses with which the server answers what is asked of it meanwhile. */
async function answersTo({ asked }: StaticServer, ask: () => Promise<unknown>): Promise<number[]> {
  const before = asked.length
  await ask()
  return asked.slice(before).map(({ status }) => status)
}

const guidsOf = (kept: readonly KeptItem[]): string[] => kept.map(({ guid }) => guid)
const titlesOf = (kept: readonly KeptItem[]): string[] => kept.map(({ title }) => title)
const isUnread = ({ unread }: KeptItem): boolean => unread === 1
const isRead = (item: KeptItem): boolean => !isUnread(item)
/** What stands on a terminal: ncurses draws no zero-width joiner. */
const drawn = (titles: readonly string[]): string[] => titles.map((title) => title.replaceAll('\u200d', ''))

describe.each(FEEDS)('newsboat, subscribed to %s,', (file) => {
  let dir: string
  let server: StaticServer
  let reader: Newsboat

  beforeEach(async ({ skip }) => {
    skip(newsboatMissing(), 'newsboat is not installed')
    ;({ dir, server } = await servedSite())
    reader = new Newsboat(server.url + file)
    await reader.reload()
    // Newsboat 2.21 keeps the validators of a feed only when it knew the feed before.
    await reader.reload()
  })

  afterEach(() => server.close())

  test('has each article once and shows its title as the author means it', async () => {
    expect(server.asked.map(({ status }) => status)).toEqual([200, 200])
    expect(await reader.unread()).toBe(TITLES.length)
    const kept = await reader.kept()
    expect(titlesOf(kept)).toEqual(TITLES)
    expect(new Set(guidsOf(kept)).size).toBe(TITLES.length)
    expect(await reader.shown()).toEqual(drawn(TITLES).reverse())
  })

  for (const { says, make, status, fresh = [], isTold = () => true } of CHANGES) {
    test(`finds ${fresh.length === 0 ? 'nothing' : 'just that'} new when ${says}`, async () => {
      await reader.markAllRead()
      const before = await reader.kept()
      make(dir)
      await publishAt(dir, dayOf(0))
      expect(await answersTo(server, () => reader.reload())).toEqual([status])
      expect(await reader.unread()).toBe(fresh.length)
      const kept = await reader.kept()
      expect(titlesOf(kept.filter(isUnread))).toEqual(fresh)
      expect(guidsOf(kept.filter(isRead))).toEqual(guidsOf(before))
      expect(kept).toSatisfy(isTold)
      expect(await answersTo(server, () => reader.reload()), 'when nothing changed since').toEqual([304])
    })
  }

  test('finds just the added one new when all of this happened, one after the other', async () => {
    await reader.markAllRead()
    const before = await reader.kept()
    for (const [n, { make }] of CHANGES.entries()) {
      make(dir)
      await publishAt(dir, dayOf(n))
      await reader.reload()
    }
    const kept = await reader.kept()
    expect(guidsOf(kept.filter(isRead))).toEqual(guidsOf(before))
    expect(titlesOf(kept.filter(isUnread))).toEqual(CHANGES.flatMap(({ fresh = [] }) => fresh))
  })

  test('finds nothing new when it subscribes to the other feed instead', async () => {
    await reader.markAllRead()
    const before = await reader.kept()
    const [other = ''] = FEEDS.filter((name) => name !== file)
    reader.subscribe(server.url + other)
    await reader.reload()
    expect(await reader.unread()).toBe(0)
    expect(await reader.kept()).toEqual(before)
  })
})

const FETCHED = z.object({
  status: z.number(),
  etag: z.string().nullable(),
  modified: z.string().nullable(),
  ids: z.array(z.string()),
})
type Fetched = z.infer<typeof FETCHED>

const FETCH = `
import feedparser, json, sys
url, etag, modified = sys.argv[1:]
seen = feedparser.parse(url, etag=etag or None, modified=modified or None)
if seen.bozo: raise seen.bozo_exception
entries = [entry.id for entry in seen.entries]
json.dump({"status": seen.status, "etag": seen.get("etag"), "modified": seen.get("modified"), "ids": entries}, sys.stdout)
`

/** Has Debian's feedparser fetch a feed, with what it was told of the version that it has. */
async function fetched(url: string, { etag, modified }: Partial<Fetched> = {}): Promise<Fetched> {
  const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', FETCH, url, etag ?? '', modified ?? ''], {
    env: { no_proxy: '*' },
    timeout: 30_000,
  })
  return FETCHED.parse(JSON.parse(stdout))
}

describe.each(FEEDS)('feedparser, fetching %s,', (file) => {
  let dir: string
  let server: StaticServer

  beforeEach(async ({ skip }) => {
    skip(readersMissing(), 'feedparser is not installed')
    ;({ dir, server } = await servedSite())
  })

  afterEach(() => server.close())

  test('is told by either validator that nothing changed', async () => {
    const { etag, modified, status, ids } = await fetched(server.url + file)
    expect({ status, ids: ids.length }).toEqual({ status: 200, ids: TITLES.length })
    await publishAt(dir, dayOf(0))
    for (const validators of [{ etag, modified }, { etag }, { modified }]) {
      expect(await fetched(server.url + file, validators)).toMatchObject({ status: 304, ids: [] })
    }
  })

  test('sees each article under one id, whatever happens', async () => {
    const seen = new Set((await fetched(server.url + file)).ids)
    for (const [n, { make, fresh = [] }] of CHANGES.entries()) {
      make(dir)
      await publishAt(dir, dayOf(n))
      const { ids } = await fetched(server.url + file)
      expect(ids.filter((id) => !seen.has(id))).toHaveLength(fresh.length)
    }
  })
})
