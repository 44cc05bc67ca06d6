import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HubLimits, type Told, tellHub } from '../../src/announce/hub.ts'
import { TestHub, answering, taken } from './test-hub.ts'

const SITE = 'https://tides.example.org/'
const FEEDS = ['feed.xml', 'atom.xml', 'tags/潮/feed.xml']
const LIMITS: HubLimits = { request: 30_000, run: 60_000, topics: 200 }

let hub: TestHub
beforeEach(async () => {
  hub = await TestHub.start()
})
afterEach(() => hub.stop())

function tell(limits: Partial<HubLimits> = {}, signal = new AbortController().signal): Promise<Told> {
  const topics = FEEDS.map((path) => ({ path, url: new URL(path, SITE).href }))
  const userAgent = `Feedwire/1.0 (+${SITE})`
  return tellHub(topics, { hub: hub.url, userAgent, signal, limits: { ...LIMITS, ...limits } })
}

/** How problems name the hub: without the key in its address. */
function shown(): string {
  return `The hub ${hub.url.replace('?key=quay', '')}`
}

test('the hub is told of each feed by its address', async () => {
  expect(await tell()).toEqual({ paths: FEEDS, problems: [] })
  expect(hub.pings.map(({ fields }) => [...fields])).toEqual(
    ['feed.xml', 'atom.xml', 'tags/%E6%BD%AE/feed.xml'].map((path) => [
      ['hub.mode', 'publish'],
      ['hub.url', SITE + path],
      ['hub.topic', SITE + path],
    ]),
  )
  for (const { method, headers } of hub.pings) {
    expect(method).toBe('POST')
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded(;|$)/)
    expect(headers['user-agent']).toBe(`Feedwire/1.0 (+${SITE})`)
    expect(headers.cookie).toBeUndefined()
  }
})

for (const [says, status, body] of [
  ['no content', 204, ''],
  ['accepted', 202, 'queued'],
  ['a page', 200, '<p>Thank you</p>'],
  ['WebSubHub, where nobody subscribed', 500, 'Topic not found for topic URL.'],
] as const) {
  test(`the hub took it when it answers ${status}: ${says}`, async () => {
    hub.answer = answering(status, body)
    expect(await tell()).toEqual({ paths: FEEDS, problems: [] })
  })
}

for (const [says, status, body, message] of [
  ['a reason', 400, 'hub.url invalid', '400 for feed.xml: hub.url invalid'],
  ['no reason', 500, '', '500 for feed.xml'],
  ['a page', 403, '<html>\n<title>No</title>\n<p>entry', '403 for feed.xml: No entry'],
  ['what could steer a terminal', 400, 'a\u001b[2Jb', '400 for feed.xml: a\\x1b[2Jb'],
] as const) {
  test(`a hub that refuses is a problem, and is asked about the other feeds: ${says}`, async () => {
    hub.answer = (response, topic) => (topic.endsWith('atom.xml') ? taken : answering(status, body))(response, topic)
    const { paths, problems } = await tell()
    expect(paths).toEqual(['atom.xml'])
    expect(problems).toMatchObject([{ code: 'hub-refused', severity: 'error', where: 'feeds.hub' }])
    expect(problems[0]?.message).toBe(`${shown()} answers ${message}`)
    expect(problems[0]?.mend).toContain('2 feeds')
  })
}

for (const [says, status, headers, message] of [
  ['moved', 301, { location: 'https://hub.example.net/' }, '301 for feed.xml: it points to https://hub.example.net/'],
  ['found elsewhere', 302, { location: '/login' }, '302 for feed.xml: it points to /login'],
  ['moved it does not say where', 308, {}, '308 for feed.xml'],
  ['takes no more now', 429, {}, '429 for feed.xml'],
  ['overloaded', 503, {}, '503 for feed.xml'],
] as const) {
  test(`a hub that would answer the same for each feed is asked once: ${says}`, async () => {
    hub.answer = answering(status, '', headers)
    const { paths, problems } = await tell()
    expect(paths).toEqual([])
    expect(problems.map((problem) => problem.message)).toEqual([`${shown()} answers ${message}`])
    expect(hub.pings).toHaveLength(1)
  })
}

test('of an endless answer only the beginning is read', async () => {
  hub.answer = (response) => {
    const more = (): void => {
      while (response.write('no '.repeat(10_000)));
      response.once('drain', more)
    }
    response.writeHead(400)
    more()
  }
  const { problems } = await tell()
  expect(problems[0]?.message).toMatch(/ answers 400 for feed\.xml: (no )+no?$/)
  expect(problems[0]?.message.length).toBeLessThan(300)
})

test('a hub that does not answer is a problem, and is asked no more', async () => {
  hub.answer = () => undefined
  const { paths, problems } = await tell({ request: 100 })
  expect(paths).toEqual([])
  expect(problems).toMatchObject([{ code: 'hub-unreachable', severity: 'error', where: 'feeds.hub' }])
  expect(problems[0]?.message).toBe(`${shown()} cannot be reached: it gave no answer within 0.1 seconds`)
  expect(hub.pings).toHaveLength(1)
})

test('a hub whose answer never ends is a problem', async () => {
  hub.answer = (response) => {
    response.writeHead(400).write('so')
  }
  expect((await tell({ request: 100 })).problems).toMatchObject([{ code: 'hub-unreachable' }])
})

test('a hub that hangs up is a problem; what it took before stays told', async () => {
  hub.answer = (response, topic) => (topic.endsWith('feed.xml') ? taken(response) : response.destroy())
  const { paths, problems } = await tell()
  expect(paths).toEqual(['feed.xml'])
  expect(problems).toMatchObject([{ code: 'hub-unreachable' }])
  expect(hub.pings).toHaveLength(2)
})

test('a hub that is not there is a problem', async () => {
  await hub.stop()
  const { paths, problems } = await tell()
  expect(paths).toEqual([])
  expect(problems).toMatchObject([{ code: 'hub-unreachable', message: expect.stringContaining('ECONNREFUSED') }])
})

test('only so many feeds are told in a run', async () => {
  expect(await tell({ topics: 2 })).toEqual({ paths: FEEDS.slice(0, 2), problems: [] })
})

test('no other request is begun when the time of the run is over', async () => {
  hub.answer = (response) => {
    // The time of the run is over before this, as one clock wakes both.
    setTimeout(() => taken(response), 50)
  }
  expect(await tell({ run: 1 })).toEqual({ paths: ['feed.xml'], problems: [] })
})

test('a run that is told to stop asks no more, and that is no problem', async () => {
  const stop = new AbortController()
  hub.answer = (response, topic) => (topic.endsWith('feed.xml') ? taken(response) : stop.abort())
  expect(await tell({}, stop.signal)).toEqual({ paths: ['feed.xml'], problems: [] })
  expect(hub.pings).toHaveLength(2)
})
