import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, replying } from '../../support/bad-server.ts'
import { FeedServer, rss } from '../../support/feed-server.ts'
import { RULES, TempSite, words } from '../../support/site.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let server: FeedServer
let site: TempSite
beforeEach(async () => {
  ;[server, site] = await Promise.all([FeedServer.start(), TempSite.open()])
  follow('pier')
})
afterEach(() => Promise.all([server.stop(), site.close()]))

/** Follows a feed at the path of its name. */
function follow(name: string, path = `/${name}`, place: 'home' | 'away' = 'home'): void {
  site.sources.push({ kind: 'feed', name, at: { kind: 'url', url: server[place](path) } })
}

/** A feed of these articles. */
function feedOf(...names: string[]): string {
  const item = (name: string) => ({ guid: name, title: name, link: server.home(`/${name}`), text: words(name) })
  return rss(...names.map(item))
}

/** The paths that were asked for since the last time. */
function paths(): string[] {
  return server.asked().map(({ path }) => path)
}

async function titles(): Promise<string[]> {
  return (await site.rows()).map(({ title }) => title)
}

/** The codes of what went wrong in a run, by source. */
async function codes(change: Parameters<TempSite['run']>[0] = {}): Promise<string[][]> {
  return (await site.run(change)).map(({ problems }) => problems.map(({ code }) => code))
}

describe('a document is asked for with what is known of it', () => {
  test('and is not read when the server says that it is as it was', async () => {
    server.put('/pier', feedOf('oak'))
    expect(await site.run()).toMatchObject([{ seen: 1, new: 1 }])
    expect(await site.run()).toMatchObject([{ seen: 0, new: 0, updated: 0, problems: [] }])
    const [first, second] = server.asked().map(({ headers }) => headers['if-none-match'])
    expect(first).toBeUndefined()
    expect(second).toMatch(/^"[0-9a-f]{12}"$/)
  })

  test('by Last-Modified as well', async () => {
    const modified = 'Mon, 05 Jan 2026 10:00:00 GMT'
    server.answer('/pier', replying(200, { 'last-modified': modified }, feedOf('oak')))
    await site.run()
    server.asked()
    await site.run()
    expect(server.asked()).toMatchObject([{ headers: { 'if-modified-since': modified } }])
  })

  test('and is not read when it comes with the same bytes', async () => {
    server.answer('/pier', replying(200, {}, feedOf('oak')))
    await site.run()
    expect(await site.run()).toMatchObject([{ seen: 0, new: 0, updated: 0 }])
  })

  test('whole when it would be read in another way now', async () => {
    server.put('/pier', feedOf('oak'))
    await site.run()
    server.asked()
    expect(await site.run({ snippet: { ...RULES.snippet, length: 20 } })).toMatchObject([{ seen: 1, updated: 0 }])
    expect(server.asked()[0]?.headers).not.toHaveProperty('if-none-match')
    const row = await site.store.selectFrom('entries').select('snippet').executeTakeFirstOrThrow()
    expect(row.snippet.length).toBeLessThan(24)
  })

  test('whole at another address, which may use the same word for another state', async () => {
    for (const path of ['/pier', '/quay']) server.put(path, feedOf('oak'))
    await site.run()
    site.sources.splice(0)
    follow('pier', '/quay')
    server.asked()
    await site.run()
    expect(server.asked()).toMatchObject([{ path: '/quay', headers: {} }])
    site.sources.splice(0)
    follow('pier')
    await site.run()
    expect(server.asked()[0]?.headers).not.toHaveProperty('if-none-match')
  })

  test('whole when the run that saw it last did not remember it', async () => {
    server.put('/pier', feedOf('oak'))
    await site.run()
    server.put('/pier', feedOf('elm', 'oak'))
    const isFull = sql`create trigger is_full before update on fetches begin select raise(abort, 'the disk is full'); end`
    await isFull.execute(site.store)
    await expect(site.run()).rejects.toThrow('the disk is full')
    await sql`drop trigger is_full`.execute(site.store)
    expect(await titles()).toEqual(['oak'])
    expect(await site.run()).toMatchObject([{ new: 1 }])
    expect((await site.rows()).map(({ title, announce }) => [title, announce])).toEqual([
      ['oak', 0],
      ['elm', 1],
    ])
  })
})

describe('a document that moved for good', () => {
  const moved = (): Answer => replying(301, { location: server.home('/new') })

  test('is asked for there from then on, with what that address said, and the owner is told', async () => {
    server.answer('/pier', moved())
    server.put('/new', feedOf('oak'))
    expect(await codes()).toEqual([['source-moved']])
    expect(paths()).toEqual(['/pier', '/new'])
    expect(await codes()).toEqual([['source-moved']])
    expect(server.asked()).toMatchObject([{ path: '/new', headers: { 'if-none-match': expect.any(String) as string } }])
    expect(await titles()).toEqual(['oak'])
  })

  test('is asked for at its old address once the new one fails, and stays there', async () => {
    server.answer('/pier', moved())
    server.put('/new', feedOf('oak'))
    await site.run()
    paths()
    server.answer('/new', replying(404))
    server.put('/pier', feedOf('elm', 'oak'))
    expect(await codes()).toEqual([[]])
    expect(paths()).toEqual(['/new', '/pier'])
    expect(await codes()).toEqual([[]])
    expect(paths()).toEqual(['/pier'])
    expect(await titles()).toEqual(['oak', 'elm'])
  })

  test('is not when it only is elsewhere for a while', async () => {
    server.answer('/pier', replying(302, { location: server.home('/new') }))
    server.put('/new', feedOf('oak'))
    await site.run()
    await site.run()
    expect(paths()).toEqual(['/pier', '/new', '/pier', '/new'])
  })
})

describe('a source that cannot be read', () => {
  test('keeps its entries, is counted from run to run, and leaves others well', async () => {
    follow('quay')
    for (const path of ['/pier', '/quay']) server.put(path, feedOf(path.slice(1)))
    await site.run()
    server.answer('/pier', replying(500))
    server.put('/quay', feedOf('elm', 'quay'))
    const [first] = await site.run()
    const [second, other] = await site.run()
    expect(first).toMatchObject({ failing: { runs: 1 }, new: 0, removed: 0, problems: [{ severity: 'error' }] })
    expect(second).toMatchObject({ failing: { runs: 2, since: first?.failing?.since } })
    expect(other).toMatchObject({ failing: null })
    expect((await site.rows()).map(({ title, removed }) => [title, removed])).toEqual([
      ['pier', false],
      ['quay', false],
      ['elm', false],
    ])
    server.put('/pier', feedOf('pier'))
    expect(await site.run()).toMatchObject([{ failing: null }, {}])
  })

  test('and is gone for ever is asked for once a day', async () => {
    server.put('/pier', feedOf('oak'))
    await site.run()
    server.answer('/pier', replying(410))
    const [begin] = [site.now + HOUR]
    expect(await codes({ now: begin })).toEqual([['fetch-gone']])
    paths()
    expect(await codes({ now: begin + HOUR })).toEqual([['fetch-gone']])
    expect(paths()).toEqual([])
    server.put('/pier', feedOf('elm', 'oak'))
    expect(await site.run({ now: begin + DAY })).toMatchObject([{ new: 1, failing: null, problems: [] }])
    expect(await codes({ now: begin + DAY + HOUR })).toEqual([[]])
    expect(paths()).toEqual(['/pier', '/pier'])
  })

  test('and is gone for ever may be elsewhere by the settings at once', async () => {
    server.answer('/pier', replying(410))
    await site.run()
    site.sources.splice(0)
    follow('pier', '/quay')
    server.put('/quay', feedOf('oak'))
    expect(await codes()).toEqual([[]])
  })
})

describe('a host that is too busy', () => {
  for (const status of [429, 503])
    test(`with ${status} is left alone for as long as it asks, whatever is asked of it`, async () => {
      follow('quay')
      follow('elsewhere', '/elsewhere', 'away')
      for (const path of ['/quay', '/elsewhere']) server.put(path, feedOf(path.slice(1)))
      server.answer('/pier', replying(status, { 'retry-after': String((3 * HOUR) / 1000) }))
      const begin = site.now + HOUR
      expect(await codes({ now: begin })).toEqual([['fetch-later'], ['fetch-later'], []])
      expect(paths().sort()).toEqual(['/elsewhere', '/pier'])
      server.put('/pier', feedOf('oak'))
      expect(await codes({ now: begin + 3 * HOUR - MINUTE })).toEqual([['fetch-later'], ['fetch-later'], []])
      expect(paths()).toEqual(['/elsewhere'])
      expect(await codes({ now: begin + 3 * HOUR })).toEqual([[], [], []])
      expect(await site.store.selectFrom('hosts').selectAll().execute()).toEqual([])
    })

  test('is left alone for longer each time', async () => {
    server.answer('/pier', replying(429))
    const begin = site.now
    const untils: number[] = []
    for (const minutes of [0, 9, 10, 29, 30]) {
      await site.run({ now: begin + minutes * MINUTE })
      const [host] = await site.store.selectFrom('hosts').select('until').execute()
      untils.push(((host?.until ?? 0) - begin) / MINUTE)
    }
    expect(untils).toEqual([10, 10, 30, 30, 70])
  })

  test('makes a failing source no better', async () => {
    server.answer('/pier', replying(500))
    await site.run()
    server.answer('/pier', replying(429))
    expect(await site.run()).toMatchObject([{ failing: { runs: expect.any(Number) as number }, problems: [{ severity: 'error' }] }]) // prettier-ignore
    server.put('/pier', feedOf('oak'))
    await site.run({ now: site.now + DAY })
    server.answer('/pier', replying(429))
    expect(await site.run({ now: site.now + 2 * DAY })).toMatchObject([{ failing: null, problems: [{ severity: 'warning' }] }]) // prettier-ignore
  })
})
