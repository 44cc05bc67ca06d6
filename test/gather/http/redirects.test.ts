import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { get } from '../../../src/gather/http/get.ts'
import { movedTo, redirected, trailFrom } from '../../../src/gather/http/redirects.ts'
import { problemOf } from '../../support/problem.ts'
import { BadServer, replying } from '../../support/bad-server.ts'
import { toolsWith } from './tools.ts'

const FIRST = 'https://tides.example.org/a/feed?x=1'

/** Where redirects lead, each written as status and location. */
function led(...steps: (readonly [number, string | undefined])[]): { last: string; movedTo: string | null } {
  let trail = trailFrom(new URL(FIRST))
  for (const [status, location] of steps) trail = redirected(trail, status, location, 5)
  return { last: trail.last.href, movedTo: movedTo(trail) }
}

describe('redirected() follows', () => {
  for (const [says, location, last] of [
    ['a whole address', 'https://ebb.example.net/', 'https://ebb.example.net/'],
    ['a path', '/b', 'https://tides.example.org/b'],
    ['a name', 'b.xml', 'https://tides.example.org/a/b.xml'],
    ['a query', '?y=2', 'https://tides.example.org/a/feed?y=2'],
    ['a host', '//ebb.example.net/b', 'https://ebb.example.net/b'],
    ['without fragment', '/b#c', 'https://tides.example.org/b'],
    ['letters in UTF-8', Buffer.from('/潮').toString('latin1'), 'https://tides.example.org/%E6%BD%AE'],
    ['letters in Latin-1', '/\xe9', 'https://tides.example.org/%C3%A9'],
    ['what surrounds it with spaces', ' /b ', 'https://tides.example.org/b'],
  ] as const) {
    test(says, () => expect(led([301, location])).toEqual({ last, movedTo: last }))
  }
})

describe('movedTo() remembers', () => {
  const b = 'https://tides.example.org/b'
  for (const [says, steps, remembered] of [
    ['nothing without a redirect', [], null],
    ['one that is permanent', [[301, '/b']], b],
    ['one that is permanent and keeps the method', [[308, '/b']], b],
    [
      'a chain of these',
      [
        [308, '/c'],
        [301, '/b'],
      ],
      b,
    ],
    ['none that is but for now', [[302, '/b']], null],
    ['none that shows another', [[303, '/b']], null],
    ['none that is for now and keeps the method', [[307, '/b']], null],
    [
      'no chain that begins for now',
      [
        [302, '/c'],
        [301, '/b'],
      ],
      null,
    ],
    [
      'no chain that ends for now',
      [
        [301, '/c'],
        [302, '/b'],
      ],
      null,
    ],
    ['none out of safety', [[301, 'http://tides.example.org/b']], null],
    [
      'none out of safety and back',
      [
        [301, 'http://tides.example.org/c'],
        [301, b],
      ],
      null,
    ],
  ] as const) {
    test(says, () => expect(led(...steps).movedTo).toBe(remembered))
  }

  test('one into safety', () => {
    const trail = redirected(trailFrom(new URL('http://tides.example.org/')), 301, 'https://tides.example.org/', 5)
    expect(movedTo(trail)).toBe('https://tides.example.org/')
  })
})

describe('redirected() refuses', () => {
  const steps = [1, 2, 3, 4, 5, 6].map((n) => [302, `/${n}`] as const)
  for (const [says, taken, code, message] of [
    ['a way without end', steps, 'fetch-redirects', 'The address leads on after 5 redirects'],
    [
      'a circle',
      [
        [302, '/b'],
        [302, FIRST],
      ],
      'fetch-redirects',
      'tides.example.org redirects in a circle',
    ],
    ['itself', [[301, '']], 'fetch-redirects', 'tides.example.org redirects in a circle'],
    ['itself with a fragment', [[301, '#a']], 'fetch-redirects', 'tides.example.org redirects in a circle'],
    ['no location', [[301, undefined]], 'fetch-redirects', 'tides.example.org redirects, and does not say where to'],
    ['what is no address', [[301, 'https://']], 'fetch-refused', 'The address is refused: it is no web address'],
    ['a file', [[301, 'file:///etc/passwd']], 'fetch-refused', 'The address is refused: "file:" is not fetched'],
    [
      'a password',
      [[301, 'https://a:b@ebb.example.net/']],
      'fetch-refused',
      'The address is refused: it holds a user name or password',
    ],
  ] as const) {
    test(says, () => expect(problemOf(() => led(...taken))).toMatchObject({ code, message }))
  }

  test('but not five in a row', () => expect(led(...steps.slice(0, 5)).last).toBe('https://tides.example.org/5'))
})

describe('get()', () => {
  let server: BadServer
  beforeEach(async () => {
    server = await BadServer.start()
  })
  afterEach(() => server.stop())

  test('follows redirects to another host and tells nobody what another said', async () => {
    const other = await BadServer.start('127.0.0.2')
    server.answers['/feed'] = replying(301, { location: `${other.origin}/feed`, 'set-cookie': 'a=b', etag: '"1"' })
    other.answers['/feed'] = replying(200, { etag: '"2"' }, '<rss/>')
    const answer = await get(
      `${server.origin}/feed`,
      null,
      toolsWith({ allowed: { names: new Set(['127.0.0.1', '127.0.0.2']), subnets: [] } }),
    )
    const url = `${other.origin}/feed`
    expect(answer).toMatchObject({ kind: 'fresh', url, movedTo: url, validators: { url, etag: '"2"' } })
    expect(Object.keys(other.last().headers).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ])
    await other.stop()
  })

  test('reads no more of a redirect than its headers', async () => {
    server.answers['/feed'] = (socket) => {
      socket.write('HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 1000000\r\n\r\n')
    }
    server.answers['/new'] = replying(200)
    expect(await get(`${server.origin}/feed`, null, toolsWith())).toMatchObject({ kind: 'fresh', movedTo: null })
  })

  test('gives up a way without end', async () => {
    for (const n of [0, 1, 2, 3, 4, 5, 6]) server.answers[`/${n}`] = replying(301, { location: `/${n + 1}` })
    const answer = await get(`${server.origin}/0`, null, toolsWith())
    expect(answer).toMatchObject({ kind: 'failed', problem: { code: 'fetch-redirects', where: `${server.origin}/0` } })
    expect(server.asked).toHaveLength(6)
  })
})
