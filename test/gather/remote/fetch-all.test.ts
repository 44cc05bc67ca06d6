import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../../src/gather/http/tools.ts'
import { type Fetching, type Outside, fetchAll } from '../../../src/gather/remote/fetch-all.ts'
import { type Remembered, rememberReading } from '../../../src/remember/remember.ts'
import type { RemoteSource } from '../../../src/remote-source.ts'
import { type Answer, dripping, endless, headOf, replying, sending, stalling } from '../../support/bad-server.ts'
import { FeedServer, rss } from '../../support/feed-server.ts'
import { LINKS, RULES, words } from '../../support/site.ts'
import { testStore } from '../../support/store.ts'

const NOW = Date.UTC(2026, 10, 30, 4)

let server: FeedServer
let kept: Awaited<ReturnType<typeof testStore>>
beforeEach(async () => {
  ;[server, kept] = await Promise.all([FeedServer.start(), testStore()])
})
afterEach(() => Promise.all([server.stop(), kept.drop()]))

/** So many feeds, each at a host of its own, all of which are this machine. */
function sourcesOf(count: number, hosts = count): RemoteSource[] {
  return Array.from({ length: count }, (_, n) => {
    const url = server.home(`/${n}`).replace('127.0.0.1', `host${n % hosts}.test`)
    return { kind: 'feed', name: `feed ${n}`, at: { kind: 'url', url } }
  })
}

function begin(sources: readonly RemoteSource[], more: Partial<Outside> = {}): Promise<Fetching> {
  const { signal } = new AbortController()
  const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])
  return fetchAll(kept.store, sources, RULES, {
    ...{ allow: ['127.0.0.1'], atOnce: 8, signal, clock: () => NOW, lookup },
    ...more,
  })
}

/** Takes and remembers all of them in their order. */
async function rememberAll(sources: readonly RemoteSource[], fetching: Fetching): Promise<Remembered[]> {
  const scope = new Map(sources.map(({ name }) => [name, LINKS]))
  const moment = {
    now: NOW,
    siteUrl: RULES.siteUrl,
    zone: 'UTC',
    firstRun: 0,
    hold: false,
    acceptRemovals: false,
    scope,
    meets: true,
  }
  const remembered: Remembered[] = []
  for (const source of sources) remembered.push(await rememberReading(kept.store, await fetching.take(source), moment))
  await fetching.end()
  return remembered
}

function feedOf(n: number, padding = ''): string {
  const item = (part: string) => ({ guid: `${n} ${part}`, link: `https://pier.example.org/${n}/${part}`, title: `${n} ${part}`, text: words(`${n} ${part}`, 5) }) // prettier-ignore
  return `${rss(item('b'), item('a'))}<!--${padding}-->`
}

async function titles(): Promise<string[]> {
  const rows = await kept.store.selectFrom('entries').select('title').orderBy('number').execute()
  return rows.map(({ title }) => title)
}

/** How the answers to a feed misbehave, and what is said of it. */
const BAD: readonly [answer: Answer, code: string][] = [
  [stalling(), 'fetch-timeout'],
  [stalling(headOf(200), '<rss'), 'fetch-timeout'],
  [dripping(headOf(200), ' '), 'fetch-timeout'],
  [endless(headOf(200), Buffer.alloc(10_000, ' ')), 'fetch-too-big'],
  [replying(200, { 'x-long': 'x'.repeat(20_000) }), 'fetch-too-big'],
  [sending(headOf(200, { 'content-length': '1000' }), '<rss'), 'fetch-truncated'],
  [replying(500), 'fetch-status'],
  [replying(301, { location: '/22' }), 'fetch-too-big'],
  [replying(200, {}, 'no feed at all'), 'feed-unreadable'],
]

describe('fetchAll() with sixty feeds, some of which misbehave', () => {
  test('remembers those that are well, in the order of the settings, whoever answers first', async () => {
    const sources = sourcesOf(60)
    const isBad = (n: number): boolean => n % 6 === 4 && n < 6 * BAD.length
    const later: (() => void)[] = []
    for (const [n] of sources.entries()) {
      const good = replying(200, {}, feedOf(n))
      // The first of each eight waits for the last of them.
      const held: Answer = (socket, asked) => void later.push(() => good(socket, asked))
      const last: Answer = (socket, asked) => {
        good(socket, asked)
        for (const go of later.splice(0)) go()
      }
      server.answer(`/${n}`, isBad(n) ? (BAD[(n - 4) / 6]?.[0] ?? good) : n === 0 ? held : n === 7 ? last : good)
    }
    const limits = { ...LIMITS, answer: 4_000, whole: 4_000, body: 100_000, headers: 10_000 }
    const remembered = await rememberAll(sources, await begin(sources, { limits }))
    const wrong = remembered.flatMap(({ problems }, n) => problems.map(({ code }) => [n, code]))
    expect(wrong).toEqual(BAD.map(([, code], index) => [4 + 6 * index, code]))
    const good = sources.flatMap((_, n) => (isBad(n) ? [] : [n]))
    expect(await titles()).toEqual(good.flatMap((n) => [`${n} a`, `${n} b`]))
    const held = await kept.store.selectFrom('hosts').select('host').orderBy('host').execute()
    expect(held.map(({ host }) => host)).toEqual(['host10.test', 'host16.test', 'host4.test'])
  })
})

describe('fetchAll() asks', () => {
  for (const [says, hosts, atOnce, most] of [
    ['a few hosts at a time', 20, 5, 5],
    ['each host by one request at a time', 1, 5, 1],
    ['no more hosts than there are', 3, 8, 3],
  ] as const)
    test(says, async () => {
      const sources = sourcesOf(20, hosts)
      let [open, highest] = [0, 0]
      let isReached = (): void => undefined
      const reached = new Promise<void>((resolve) => (isReached = resolve))
      for (const [n] of sources.entries())
        server.answer(`/${n}`, (socket, asked) => {
          highest = Math.max(highest, ++open)
          if (open === most) isReached()
          void reached.then(() => {
            open -= 1
            replying(200, {}, feedOf(n))(socket, asked)
          })
        })
      await rememberAll(sources, await begin(sources, { atOnce }))
      expect(highest).toBe(most)
    })

  test('for no more than there is room for, until what came is taken', async () => {
    const sources = sourcesOf(20)
    const padding = 'x'.repeat(2_000_000)
    let asked = 0
    for (const [n] of sources.entries())
      server.answer(`/${n}`, (socket, ask) => {
        asked += 1
        replying(200, {}, feedOf(n, padding))(socket, ask)
      })
    const fetching = await begin(sources)
    await until(() => asked >= 16)
    // Of what was never seen, sixteen are reckoned to have room.
    expect(asked).toBe(16)
    await rememberAll(sources, fetching)
    expect(asked).toBe(20)
    for (const [n] of sources.entries())
      server.answer(`/${n}`, (socket, ask) => {
        asked += 1
        replying(200, {}, feedOf(n, `${padding}y`))(socket, ask)
      })
    const again = await begin(sources)
    await until(() => asked >= 27)
    expect(asked).toBe(27)
    await rememberAll(sources, again)
    expect(asked).toBe(40)
  })

  test('nothing more once it is told to stop, and does not wait for who hangs', async () => {
    const sources = sourcesOf(30)
    const end = new AbortController()
    const reason = new Error('stop')
    for (const [n] of sources.entries())
      server.answer(`/${n}`, () => {
        if (n === 7) end.abort(reason)
      })
    const fetching = await begin(sources, { signal: end.signal })
    const [first, last] = [sources[0], sources.at(-1)]
    if (first === undefined || last === undefined) throw new Error('there are thirty')
    await expect(fetching.take(first)).rejects.toBe(reason)
    await expect(fetching.take(last)).rejects.toBe(reason)
    expect(server.asked()).toHaveLength(8)
  })
})

/** Does things with the server, one after the other, until something is so and all else had its turn. */
async function until(isSo: () => boolean): Promise<void> {
  server.answer('/nothing', replying(200))
  for (let left = 30; left > 0; left -= isSo() ? 1 : 0) await (await fetch(server.home('/nothing'))).text()
}
