import { once } from 'node:events'
import { createServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Lookup } from '../../../src/gather/http/lookup.ts'
import { askingProblem, bodyProblem } from '../../../src/gather/http/faults.ts'
import type { Fetched } from '../../../src/gather/http/fetched.ts'
import { get } from '../../../src/gather/http/get.ts'
import type { Limits } from '../../../src/gather/http/tools.ts'
import { problemLine } from '../../../src/problem.ts'
import {
  type Answer,
  BadServer,
  dripping,
  endless,
  headOf,
  portOf,
  replying,
  sending,
  stalling,
} from '../../support/bad-server.ts'
import { selfSigned } from '../../support/certificates.ts'
import { toolsWith } from './tools.ts'

let server: BadServer
beforeEach(async () => {
  server = await BadServer.start()
})
afterEach(() => server.stop())

const CHUNKED = headOf(200, { 'transfer-encoding': 'chunked' })
const GZIP = headOf(200, { 'content-encoding': 'gzip' })
const MB = 1_000_000

async function problemOf(answer: Answer, limits: Partial<Limits> = {}): Promise<string> {
  server.answers['/feed'] = answer
  return lineOf(await get(`${server.origin}/feed`, null, toolsWith({ limits })))
}

/** Code and message of a failure, of which the place is known and the report has one line. */
function lineOf(fetched: Fetched): string {
  if (fetched.kind !== 'failed') return fetched.kind
  const { problem } = fetched
  expect(problem.where).toMatch(/^https?:/)
  expect(problemLine(problem)).not.toMatch(/[\n\r\x1b]/)
  return `${problem.code}: ${problem.message}`
}

const noise = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, n) => (n * n * 31 + n * 7) % 251))
const bomb = gzipSync(Buffer.alloc(64 * MB))

describe('an answer that breaks off is no document:', () => {
  const whole = gzipSync(noise(5000))
  for (const [says, answer] of [
    ['shorter than its length', sending(headOf(200, { 'content-length': '100' }), '<rss>')],
    ['without the last chunk', sending(CHUNKED, '5\r\n<rss>\r\n')],
    ['within a chunk', sending(CHUNKED, '50\r\n<rss>')],
    ['with a chunk whose size is none', sending(CHUNKED, '5\r\n<rss>\r\nzzz\r\n')],
    ['within gzip', replying(200, { 'content-encoding': 'gzip' }, whole.subarray(0, -20))],
    ['within zlib', replying(200, { 'content-encoding': 'deflate' }, deflateSync(noise(5000)).subarray(0, -20))],
    ['within brotli', replying(200, { 'content-encoding': 'br' }, brotliCompressSync(noise(5000)).subarray(0, -20))],
    [
      'before all of its gzip came',
      sending(headOf(200, { 'content-encoding': 'gzip', 'content-length': '9000' }), whole),
    ],
  ] as const) {
    test(says, async () => expect(await problemOf(answer)).toBe('fetch-truncated: The answer of 127.0.0.1 breaks off'))
  }
})

describe('what is not as it says is no document:', () => {
  const miscompressed = 'What 127.0.0.1 sends is not compressed as it says'
  const unknown = 'What 127.0.0.1 sends is compressed in an unknown way'
  for (const [says, answer, message] of [
    ['no gzip', replying(200, { 'content-encoding': 'gzip' }, '<rss></rss>'), miscompressed],
    ['no zlib', replying(200, { 'content-encoding': 'deflate' }, 'xxxxxxxxxx'), miscompressed],
    ['no brotli', replying(200, { 'content-encoding': 'br' }, '<rss></rss>'.repeat(9)), miscompressed],
    ['a compression nobody asked for', replying(200, { 'content-encoding': 'compress' }, 'x'), unknown],
    ['a bomb within a bomb', replying(200, { 'content-encoding': 'gzip, gzip' }, gzipSync(bomb)), unknown],
    ['another protocol', sending('220 mail.example.org ESMTP\r\n'), 'answers what is no HTTP (HPE_INVALID_CONSTANT)'],
    [
      'two lengths',
      sending('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
      'answers what is no HTTP',
    ],
    ['a header that is none', sending('HTTP/1.1 200 OK\r\nno header\r\n\r\n'), 'answers what is no HTTP'],
  ] as const) {
    test(says, async () =>
      expect(await problemOf(answer)).toMatch(new RegExp(`^fetch-malformed: .*${message.replace(/[()]/g, '\\$&')}`)),
    )
  }
})

describe('what is too big is given up:', () => {
  for (const [says, answer] of [
    ['a length that says so', sending(headOf(200, { 'content-length': String(2 * MB) }))],
    ['a body without end', endless(headOf(200), Buffer.alloc(50_000, 'x'))],
    ['chunks without end', endless(CHUNKED, Buffer.from(`1000\r\n${'x'.repeat(4096)}\r\n`))],
    ['a gzip bomb', replying(200, { 'content-encoding': 'gzip' }, bomb)],
    ['gzip without end', endless(GZIP, bomb)],
    ['gzip of nothing without end', endless(GZIP, Buffer.concat(Array.from({ length: 1000 }, () => gzipSync(''))))],
    ['a zlib bomb', replying(200, { 'content-encoding': 'deflate' }, deflateSync(Buffer.alloc(64 * MB)))],
    ['a brotli bomb', replying(200, { 'content-encoding': 'br' }, brotliCompressSync(Buffer.alloc(8 * MB)))],
  ] as const) {
    test(says, async () => {
      const sent = counted(answer)
      expect(await problemOf(sent.answer, { body: MB })).toBe('fetch-too-big: 127.0.0.1 sends more than 1 MB')
      // The rest lies in the buffers of the two sockets.
      expect(await sent.bytes).toBeLessThan(20 * MB)
    })
  }

  test('headers', async () => {
    expect(await problemOf(replying(200, { 'x-y': 'z'.repeat(20_000) }))).toBe(
      'fetch-too-big: 127.0.0.1 sends too many headers',
    )
  })

  test('headers without end', async () => {
    const sent = counted(endless('HTTP/1.1 200 OK\r\n', Buffer.from('x-y: z\r\n'.repeat(100))))
    expect(await problemOf(sent.answer)).toBe('fetch-too-big: 127.0.0.1 sends too many headers')
    expect(await sent.bytes).toBeLessThan(20 * MB)
  })

  test('headers after the body', async () => {
    const sent = counted(endless(`${CHUNKED}0\r\n`, Buffer.from('x-y: z\r\n'.repeat(100))))
    expect(await problemOf(sent.answer)).toMatch(/^fetch-t/)
    expect(await sent.bytes).toBeLessThan(20 * MB)
  })

  test('but not what is as big as it may be', async () => {
    expect(await problemOf(replying(200, {}, Buffer.alloc(MB)), { body: MB })).toBe('fresh')
    const zipped = gzipSync(Buffer.alloc(MB))
    expect(await problemOf(replying(200, { 'content-encoding': 'gzip' }, zipped), { body: MB })).toBe('fresh')
  })
})

/** An answer, and how many bytes of it the system took before the other side hung up. */
function counted(answer: Answer): { answer: Answer; bytes: Promise<number> } {
  const { promise, resolve } = later<number>()
  return {
    answer: (socket, asked) => {
      socket.on('close', () => resolve(socket.bytesWritten))
      answer(socket, asked)
    },
    bytes: promise,
  }
}

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

describe('who is too slow is given up:', () => {
  for (const [says, answer, limits, message] of [
    ['without an answer', stalling(), { answer: 50 }, 'gives no answer within 0.05 seconds'],
    ['within its headers', stalling('HTTP/1.1 200 OK\r\nx-y:'), { answer: 50 }, 'gives no answer within 0.05 seconds'],
    [
      'header by header',
      dripping('HTTP/1.1 200 OK\r\n', 'x: y\r\n'),
      { answer: 50 },
      'gives no answer within 0.05 seconds',
    ],
    [
      'hint by hint',
      dripping('', 'HTTP/1.1 103 Early Hints\r\n\r\n'),
      { answer: 50 },
      'gives no answer within 0.05 seconds',
    ],
    ['within its body', stalling(headOf(200), '<rss>'), { whole: 100 }, 'takes too long'],
    ['drop by drop', dripping(headOf(200), '<'), { whole: 100 }, 'takes too long'],
    ['drop by drop of gzip', dripping(GZIP, gzipSync('')), { whole: 100 }, 'takes too long'],
  ] as const) {
    test(says, async () => expect(await problemOf(answer, limits)).toBe(`fetch-timeout: 127.0.0.1 ${message}`))
  }

  test('but not a body for which there is time', async () => {
    const answer: Answer = (socket) => {
      socket.write(headOf(200))
      setTimeout(() => socket.end('<rss/>'), 1300)
    }
    expect(await problemOf(answer, { answer: 1000 })).toBe('fresh')
  })

  test('at speaking TLS', async () => {
    const url = server.origin.replace('http:', 'https:')
    // What is no request is not answered.
    const answer = await get(url, null, toolsWith({ limits: { connect: 50 } }))
    expect(lineOf(answer)).toBe('fetch-timeout: 127.0.0.1 cannot be reached within 0.05 seconds')
  })

  test('a name server', async () => {
    const lookup: Lookup = () => new Promise(() => undefined)
    const answer = await get('http://tides.example.org/', null, toolsWith({ lookup, limits: { connect: 50 } }))
    expect(lineOf(answer)).toBe('fetch-timeout: tides.example.org cannot be reached within 0.05 seconds')
  })

  test('over all redirects together', async () => {
    for (const n of [0, 1, 2, 3, 4]) {
      server.answers[`/${n}`] = (socket, asked) => {
        setTimeout(() => replying(302, { location: `/${n + 1}` })(socket, asked), 60)
      }
    }
    const answer = await get(`${server.origin}/0`, null, toolsWith({ limits: { whole: 200 } }))
    expect(lineOf(answer)).toBe('fetch-timeout: 127.0.0.1 takes too long')
  })
})

describe('who is not there is a problem:', () => {
  test('a server that hangs up', async () => {
    expect(await problemOf(sending())).toBe('fetch-unreachable: 127.0.0.1 hangs up without an answer')
  })

  test('a server that speaks of something else', async () => {
    const upgrade = sending('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n')
    expect(await problemOf(upgrade)).toBe('fetch-unreachable: 127.0.0.1 hangs up without an answer')
  })

  test('no server', async () => {
    await server.stop()
    const answer = await get(server.origin, null, toolsWith())
    expect(lineOf(answer)).toBe('fetch-unreachable: 127.0.0.1 cannot be reached (ECONNREFUSED)')
    server = await BadServer.start()
  })

  for (const [code, message] of [
    ['ENOTFOUND', 'No host is called tides.example.org'],
    ['EAI_AGAIN', 'The name server tells nothing of tides.example.org (EAI_AGAIN)'],
  ] as const) {
    test(`no name: ${code}`, async () => {
      const lookup: Lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code }))
      expect(lineOf(await get('https://tides.example.org/', null, toolsWith({ lookup })))).toBe(`fetch-dns: ${message}`)
    })
  }
})

describe('a connection that is not safe is none:', () => {
  test('a certificate that nobody signed', async () => {
    const safe = await BadServer.start('127.0.0.1', 0, selfSigned())
    expect(lineOf(await get(safe.origin, null, toolsWith()))).toBe(
      'fetch-tls: Nobody known has signed the certificate of 127.0.0.1',
    )
    expect(safe.asked).toEqual([])
    await safe.stop()
  })

  test('no TLS', async () => {
    const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
    await once(plain, 'listening')
    const answer = await get(`https://127.0.0.1:${portOf(plain)}/`, null, toolsWith())
    expect(lineOf(answer)).toMatch(/^fetch-tls: 127\.0\.0\.1 speaks no TLS that is known/)
    plain.close()
  })

  for (const [code, message] of [
    ['CERT_HAS_EXPIRED', 'The certificate of a.example has expired'],
    ['CERT_NOT_YET_VALID', 'The certificate of a.example is not valid yet'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate of a.example is for another name'],
    ['CERT_REVOKED', 'The certificate of a.example is not valid (CERT_REVOKED)'],
    ['INVALID_CA', 'The certificate of a.example is not valid (INVALID_CA)'],
    [
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      'a.example speaks no TLS that is known (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)',
    ],
  ] as const) {
    test(code, () => {
      const problem = askingProblem(Object.assign(new Error('x'), { code }), 'a.example')
      expect([problem.code, problem.message]).toEqual(['fetch-tls', message])
    })
  }
})

test('a bug is no problem of a host', () => {
  for (const bug of [
    new TypeError('x is not a function'),
    Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ]) {
    expect(() => askingProblem(bug, 'a.example')).toThrow(bug)
    expect(() => bodyProblem(bug, 'a.example')).toThrow(bug)
  }
})
