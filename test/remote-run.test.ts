import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Answer, replying, stalling } from './support/bad-server.ts'
import { feedwireAt } from './support/command.ts'
import { FeedServer, type Written, listPage, rss } from './support/feed-server.ts'
import { tempFolder } from './support/folder.ts'
import { gaugeSettings, writeGauge } from './support/gauges.ts'
import { lettersIn, runAt } from './support/run-at.ts'
import { stateOf } from './support/site-state.ts'

const MONDAY = '2026-11-30T12:00:00Z'
const TUESDAY = '2026-12-01T12:00:00Z'
const WEDNESDAY = '2026-12-02T12:00:00Z'

let server: FeedServer
let dir = ''
beforeEach(async () => {
  server = await FeedServer.start()
  dir = tempFolder()
})
afterEach(async () => {
  await server.stop()
  rmSync(dir, { recursive: true })
})

/** Follows these pages and feeds beside a folder of articles of the owner's own. */
function follow(kinds: Record<string, 'page' | 'feed'>, more: Record<string, unknown> = {}): void {
  const others = Object.entries(kinds).map(([name, kind]) => ({ kind, name, url: server.home(`/${name}`) }))
  gaugeSettings(dir, {
    sources: [{ kind: 'markdown', dir: 'articles', link: 'https://tides.example.org/{slug}/' }, ...others],
    ...{ fetch: { allow: ['127.0.0.1'] }, subscribers: ['ann@example.net'], ...more },
  })
  writeGauge(dir, 'north')
}

function item(name: string): Written {
  const link = server.home(`/articles/${name}`)
  return {
    guid: name,
    link,
    title: `On ${name}`,
    date: '2026-11-20',
    text: `What is known of ${name}, and who knows it.`,
  }
}

function feedOf(...names: string[]): void {
  server.put('/pier', rss(...names.map(item)))
}

function pageOf(...names: string[]): void {
  server.put('/quay', listPage(names.map(item)))
}

async function letters(): Promise<string[]> {
  return (await lettersIn(dir)).map(({ text }) => text)
}

const JSON_FEED = z.object({ items: z.array(z.object({ id: z.string(), title: z.string() })) })

/** The items of the published feed. */
function items(): { id: string; title: string }[] {
  return JSON_FEED.parse(JSON.parse(readFileSync(join(dir, 'public/feed.json'), 'utf8'))).items
}

function titles(): string[] {
  return items().map(({ title }) => title)
}

describe('a run that follows others', () => {
  test('brings what they have into one feed, and their news into one digest, each article once', async () => {
    follow({ pier: 'feed', quay: 'page' })
    feedOf('ropes', 'knots')
    pageOf('knots', 'sails')
    const first = await runAt(dir, MONDAY)
    expect(first.gathered).toMatchObject({ new: 4 })
    expect(first.exitCode).toBe(0)
    expect(await lettersIn(dir)).toEqual([])
    feedOf('anchors', 'ropes', 'knots')
    pageOf('anchors', 'knots', 'sails')
    writeGauge(dir, 'east')
    const second = await runAt(dir, TUESDAY)
    expect(second.gathered).toMatchObject({ new: 2, updated: 0 })
    expect(second.digests).toMatchObject([{ entries: 2 }])
    const [text = '', ...more] = await letters()
    expect(more).toEqual([])
    expect(text.match(/On anchors/g)).toHaveLength(1)
    expect(text).toContain('The east gauge')
    expect(text).not.toMatch(/ropes|knots|sails/)
    expect((await runAt(dir, WEDNESDAY)).published.written).toEqual([])
  })

  test('publishes the same items in the same order whichever answers first', async () => {
    const published: unknown[] = []
    for (const [slow, quick] of [
      ['/away/1', '/home/2'],
      ['/home/2', '/away/1'],
    ] as const) {
      // prettier-ignore
      const feeds = [server.away('/away/1'), server.home('/home/2')].map((url) => ({ kind: 'feed', url }))
      gaugeSettings(dir, { sources: feeds, fetch: { allow: ['127.0.0.1', 'localhost'] } })
      const [answer, other] = [replying(200, {}, rss(item('ropes'))), replying(200, {}, rss(item('knots')))]
      const of = (path: string): Answer => (path === '/away/1' ? answer : other)
      server.answer(slow, (socket, asked) => {
        // It is read once the other one has come.
        server.answer(slow, of(slow))
        waiting = () => of(slow)(socket, asked)
        if (isAsked) waiting()
      })
      let [isAsked, waiting] = [false, (): void => undefined]
      server.answer(quick, (socket, asked) => {
        of(quick)(socket, asked)
        isAsked = true
        waiting()
      })
      await runAt(dir, MONDAY)
      published.push(items())
      for (const path of ['public', 'feedwire.db']) rmSync(join(dir, path), { recursive: true })
    }
    expect(published[0]).toMatchObject([{ title: 'On knots' }, { title: 'On ropes' }])
    expect(published[0]).toEqual(published[1])
  })

  test('numbers what several had at first by its dates, whichever is read last, and what comes later above', async () => {
    const on = (name: string, date: string): Written => ({ ...item(name), date })
    const numbered = async (): Promise<string[]> => {
      const { out } = await feedwireAt(dir, WEDNESDAY, 'entries', 'list', '--json')
      const entries = z.array(z.object({ number: z.number(), title: z.string() })).parse(JSON.parse(out))
      const others = entries.filter(({ title }) => title.startsWith('On')).sort((a, b) => b.number - a.number)
      return others.map(({ title }) => title)
    }
    follow({ pier: 'feed', quay: 'feed' })
    server.put('/pier', rss(on('ropes', '2026-11-21'), on('knots', '2026-11-05')))
    server.put('/quay', rss(on('sails', '2026-11-20'), on('oars', '2026-11-01')))
    await runAt(dir, MONDAY)
    const first = ['On ropes', 'On sails', 'On knots', 'On oars']
    expect(await numbered()).toEqual(first)
    server.put('/pier', rss(on('masts', '2026-11-10'), on('ropes', '2026-11-21'), on('knots', '2026-11-05')))
    server.put('/quay', rss(on('anchors', '2026-11-09'), on('sails', '2026-11-20'), on('oars', '2026-11-01')))
    await runAt(dir, TUESDAY)
    expect(await numbered()).toEqual(['On anchors', 'On masts', ...first])
  })

  test('goes on without one that fails, says so by its code, and is well again with it', async () => {
    follow({ pier: 'feed', quay: 'page' })
    feedOf('ropes')
    pageOf('sails', 'oars')
    await runAt(dir, MONDAY)
    server.answer('/pier', replying(500))
    pageOf('masts', 'sails', 'oars')
    const failed = await feedwireAt(dir, TUESDAY, 'run')
    expect(failed.code).toBe(3)
    expect(`${failed.out}${failed.err}`).toContain('answers 500')
    const [text = ''] = await letters()
    expect(text).toContain('On masts')
    expect(titles()).toContain('On ropes')
    feedOf('ropes')
    expect((await feedwireAt(dir, WEDNESDAY, 'run')).code).toBe(0)
  })

  test('ends well when a host asks for patience', async () => {
    follow({ pier: 'feed' })
    server.answer('/pier', replying(429))
    expect((await feedwireAt(dir, MONDAY, 'run')).code).toBe(0)
  })

  test('ends at once when it is told to while others hang, and keeps what it had read', async () => {
    follow({ pier: 'feed', quay: 'page' })
    const end = new AbortController()
    const hanging = stalling()
    server.answer('/pier', (socket, asked) => {
      hanging(socket, asked)
      end.abort()
    })
    const report = await runAt(dir, MONDAY, end.signal)
    expect(report).toMatchObject({ run: { stopped: true }, gathered: { new: 1 }, exitCode: 0 })
    feedOf('ropes')
    pageOf('sails', 'oars')
    expect((await runAt(dir, TUESDAY)).gathered).toMatchObject({ new: 3 })
  })

  test('only looks when it is a rehearsal: the next one finds all of it new', async () => {
    follow({ pier: 'feed', quay: 'page' })
    feedOf('ropes')
    pageOf('sails', 'oars')
    await runAt(dir, MONDAY)
    feedOf('knots', 'ropes')
    server.answer('/quay', replying(503))
    const before = await stateOf(dir)
    const said = await feedwireAt(dir, TUESDAY, 'run', '--dry-run', '--json')
    expect(JSON.parse(said.out)).toMatchObject({ gathered: { new: 1 } })
    expect(await stateOf(dir)).toEqual(before)
    pageOf('masts', 'sails', 'oars')
    expect((await runAt(dir, TUESDAY)).gathered).toMatchObject({ new: 2 })
  })

  test('holds the news of others back as it holds the owner’s', async () => {
    follow({ pier: 'feed' }, { feeds: { hold: '2h' } })
    feedOf('ropes')
    await runAt(dir, MONDAY)
    feedOf('knots', 'ropes')
    expect(await runAt(dir, TUESDAY)).toMatchObject({ held: { entries: 1 }, digests: [] })
    expect(titles()).not.toContain('On knots')
    server.put('/pier', rss({ ...item('knots'), title: 'On better knots' }, item('ropes')))
    await runAt(dir, '2026-12-01T15:00:00Z')
    expect(titles()).toContain('On better knots')
    await runAt(dir, WEDNESDAY)
    expect((await letters()).join()).toContain('On better knots')
  })

  test('makes up a lost store from what is published, and tells nobody anything again', async () => {
    follow({ pier: 'feed', quay: 'page' })
    feedOf('ropes', 'knots')
    pageOf('knots', 'sails')
    await runAt(dir, MONDAY)
    const before = items()
    for (const end of ['', '-wal', '-shm']) rmSync(`${dir}/feedwire.db${end}`, { force: true })
    await runAt(dir, TUESDAY)
    expect(items()).toEqual(before)
    expect(await lettersIn(dir)).toEqual([])
  })
})
