import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAllowed } from '../../../src/gather/http/address.ts'
import type { Fetched, Validators } from '../../../src/gather/http/fetched.ts'
import { get } from '../../../src/gather/http/get.ts'
import { type Answer, BadServer, replying, sending } from '../../support/bad-server.ts'
import { NOW, toolsWith } from './tools.ts'

let server: BadServer
beforeEach(async () => {
  server = await BadServer.start()
})
afterEach(() => server.stop())

const FEED = '<rss version="2.0"><channel><title>Ebbe &amp; Flut 潮</title></channel></rss>'.repeat(30)

function fetched(answer: Answer, validators: Validators | null = null, path = '/feed'): Promise<Fetched> {
  server.answers[path] = answer
  return get(server.origin + path, validators, toolsWith())
}

test('a document comes with what is to be kept of its headers', async () => {
  const headers = {
    'Content-Type': 'text/xml; charset=gb2312',
    ETag: 'W/"7"',
    'Last-Modified': 'Mon, 30 Nov 2026 01:00:00 GMT',
  }
  expect(await fetched(replying(200, headers, FEED))).toEqual({
    kind: 'fresh',
    url: `${server.origin}/feed`,
    movedTo: null,
    body: Buffer.from(FEED),
    contentType: 'text/xml; charset=gb2312',
    validators: { url: `${server.origin}/feed`, etag: 'W/"7"', lastModified: 'Mon, 30 Nov 2026 01:00:00 GMT' },
  })
})

test('a document without any header is a document', async () => {
  expect(await fetched(sending('HTTP/1.0 200 OK\r\n\r\n', Buffer.from(FEED)))).toMatchObject({
    ...{ kind: 'fresh', body: Buffer.from(FEED), contentType: null },
    validators: { etag: null, lastModified: null },
  })
})

test('who asks is told, and nothing else', async () => {
  await get(`${server.origin}/feed?a=b#top`, null, toolsWith())
  expect(server.last()).toEqual({
    path: '/feed?a=b',
    headers: {
      host: new URL(server.origin).host,
      'user-agent': 'Feedwire/1.0 (+https://tides.example.org/)',
      accept: expect.stringMatching(/^application\/atom\+xml, .*\*\/\*;q=0\.5$/),
      'accept-encoding': 'gzip, deflate, br',
      connection: 'close',
    },
  })
})

test('a page is asked for as such', async () => {
  await get(`${server.origin}/`, null, toolsWith({ wanted: 'page' }))
  expect(server.last().headers['accept']).toMatch(/^text\/html, /)
})

describe('a document is asked for on condition', () => {
  const known = (path: string): Validators => ({
    url: server.origin + path,
    etag: '"7\xfc"',
    lastModified: 'Mon, 30 Nov 2026 01:00:00 GMT',
  })

  test('which the server is told as it said it', async () => {
    expect(await fetched(replying(304), known('/feed'))).toEqual({ kind: 'unchanged', movedTo: null })
    expect(server.last().headers).toMatchObject({
      'if-none-match': '"7\xfc"',
      'if-modified-since': known('/feed').lastModified,
    })
  })

  test('of which another address is not told', async () => {
    await fetched(replying(200), known('/other'))
    expect(Object.keys(server.last().headers)).not.toContain('if-none-match')
    expect(Object.keys(server.last().headers)).not.toContain('if-modified-since')
  })

  test('which is left out when it cannot stand in a header', async () => {
    await fetched(replying(200), { ...known('/feed'), etag: 'a\nb', lastModified: null })
    expect(Object.keys(server.last().headers)).not.toContain('if-none-match')
  })

  test('and an answer to a condition that nobody set is none', async () => {
    expect(await fetched(replying(304))).toMatchObject({ kind: 'failed', problem: { code: 'fetch-status' } })
  })

  test('also where a redirect leads', async () => {
    server.answers['/new'] = replying(304)
    expect(await fetched(replying(301, { location: '/new' }), known('/new'))).toEqual({
      kind: 'unchanged',
      movedTo: `${server.origin}/new`,
    })
    expect(server.asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"7\xfc"'])
  })
})

for (const [coding, body] of [
  ['gzip', gzipSync(FEED)],
  ['X-GZip', gzipSync(FEED)],
  ['deflate', deflateSync(FEED)],
  ['deflate', deflateRawSync(FEED)],
  ['br', brotliCompressSync(FEED)],
  ['identity', Buffer.from(FEED)],
] as const) {
  test(`a body is read that came by ${coding}, at once and byte by byte`, async () => {
    const whole = await fetched(replying(200, { 'content-encoding': coding }, body))
    expect(whole).toMatchObject({ kind: 'fresh', body: Buffer.from(FEED) })
    const chunks = [...body].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10]))
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nTransfer-Encoding: chunked\r\n\r\n`
    const pieces = await fetched(sending(head, ...chunks.slice(0, 200), ...rest(body.subarray(200)), '0\r\n\r\n'))
    expect(pieces).toMatchObject({ kind: 'fresh', body: Buffer.from(FEED) })
  })
}

function rest(bytes: Buffer): (string | Buffer)[] {
  return bytes.length === 0 ? [] : [`${bytes.length.toString(16)}\r\n`, bytes, '\r\n']
}

for (const coding of ['gzip', 'deflate', 'br']) {
  test(`an empty body is empty, although it is said to come by ${coding}`, async () => {
    expect(await fetched(replying(200, { 'content-encoding': coding }))).toMatchObject({ body: Buffer.alloc(0) })
  })
}

for (const [says, status, message] of [
  ['that is not there', 404, 'answers 404: there is no such document'],
  ['that wants a password', 401, 'answers 401: it wants a password'],
  ['for others', 403, 'answers 403: it does not let this program in'],
  ['of a broken server', 500, 'answers 500'],
  ['without content', 204, 'answers 204'],
  ['in part', 206, 'answers 206'],
  ['of many choices', 300, 'answers 300'],
] as const) {
  test(`a document ${says} is a problem`, async () => {
    const problem = { code: 'fetch-status', where: `${server.origin}/feed`, message: `127.0.0.1 ${message}` }
    expect(await fetched(replying(status, {}, FEED))).toMatchObject({ kind: 'failed', problem })
  })
}

test('a document that is gone for ever is told from one that is not there', async () => {
  expect(await fetched(replying(410))).toMatchObject({
    kind: 'gone',
    problem: { code: 'fetch-gone', severity: 'error' },
  })
})

for (const [status, header, seconds] of [
  [429, '3600', 3600],
  [503, 'Mon, 30 Nov 2026 05:00:00 GMT', 3600],
  [503, '', 600],
] as const) {
  test(`a host that answers ${status} with Retry-After: ${header} is left alone for so long`, async () => {
    const tools = toolsWith()
    server.answers['/feed'] = replying(status, header === '' ? {} : { 'retry-after': header })
    const until = NOW + seconds * 1000
    const later = {
      kind: 'later',
      until,
      problem: { code: 'fetch-later', severity: 'warning', where: `${server.origin}/other` },
    }
    expect(await get(`${server.origin}/feed`, null, tools)).toMatchObject({ kind: 'later', until })
    expect(await get(`${server.origin}/other`, null, tools)).toMatchObject(later)
    expect(server.asked).toHaveLength(1)
    expect(tools.backoff.states()).toEqual([{ host: '127.0.0.1', until, failures: 1 }])
    await get(`${server.origin}/other`, null, { ...tools, clock: () => until })
    expect(server.asked).toHaveLength(2)
    expect(tools.backoff.states()).toEqual([])
  })
}

test('a host that gives no answer is left alone', async () => {
  const tools = toolsWith({ limits: { answer: 50 } })
  server.answers['/feed'] = () => undefined
  expect(await get(`${server.origin}/feed`, null, tools)).toMatchObject({
    kind: 'failed',
    problem: { code: 'fetch-timeout' },
  })
  expect(await get(`${server.origin}/other`, null, tools)).toMatchObject({ kind: 'later', until: NOW + 600_000 })
  expect(server.asked).toHaveLength(1)
})

test('who redirects to a host that gives no answer does not have it left alone', async () => {
  const other = await BadServer.start('127.0.0.2')
  const tools = toolsWith({ allowed: readAllowed(['127.0.0.0/8']), limits: { answer: 50 } })
  server.answers['/feed'] = replying(302, { location: `${other.origin}/feed` })
  other.answers['/feed'] = () => undefined
  const timeout = { code: 'fetch-timeout', message: '127.0.0.2 gives no answer within 0.05 seconds' }
  expect(await get(`${server.origin}/feed`, null, tools)).toMatchObject({ kind: 'failed', problem: timeout })
  expect(tools.backoff.states()).toEqual([])
  await other.stop()
})

test('one request at a time goes to a host', async () => {
  const tools = toolsWith()
  let atOnce = 0
  for (const path of ['/1', '/2', '/3']) {
    server.answers[path] = (socket, asked) => {
      atOnce += 1
      expect(atOnce).toBe(1)
      socket.on('close', () => (atOnce -= 1))
      replying(200)(socket, asked)
    }
  }
  const paths = ['/1', '/2', '/3']
  const kinds = await Promise.all(paths.map((path) => get(server.origin + path, null, tools)))
  expect(kinds.map(({ kind }) => kind)).toEqual(['fresh', 'fresh', 'fresh'])
  expect(server.asked.map(({ path }) => path)).toEqual(paths)
})

test('who is told to stop asks no more', async () => {
  const stop = new AbortController()
  const tools = toolsWith({ signal: stop.signal })
  server.answers['/feed'] = () => stop.abort(new Error('enough'))
  const all = ['/feed', '/other'].map((path) => get(server.origin + path, null, tools))
  expect(await Promise.allSettled(all)).toMatchObject([
    { status: 'rejected', reason: { message: 'enough' } },
    { status: 'rejected', reason: { message: 'enough' } },
  ])
  expect(server.asked).toHaveLength(1)
  expect(tools.backoff.states()).toEqual([])
})

test('a password in an address is neither sent nor shown', async () => {
  for (const slashes of ['//', '/', '\\\\']) {
    const url = server.origin.replace('//', `${slashes}ann:s3cret@`)
    const answer = await get(url, null, toolsWith())
    expect(answer).toMatchObject({ kind: 'failed', problem: { code: 'fetch-refused', where: `${server.origin}/` } })
    expect(JSON.stringify(answer)).not.toContain('s3cret')
  }
  expect(server.asked).toEqual([])
})

for (const [says, url] of [
  ['a file', 'file:///etc/passwd'],
  ['a script', 'javascript:alert(1)'],
  ['data', 'data:text/xml,<rss/>'],
  ['FTP', 'ftp://tides.example.org/'],
  ['no address', 'feed.xml'],
] as const) {
  test(`only the web is asked, not ${says}`, async () => {
    expect(await get(url, null, toolsWith())).toMatchObject({
      kind: 'failed',
      problem: { code: 'fetch-refused', where: url },
    })
  })
}
