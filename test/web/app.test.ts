import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { currentSecret } from '../../src/remember/settings.ts'
import { onServer } from '../../src/remember/postgres.ts'
import { SharedCommit } from '../../src/remember/shared-commit.ts'
import type { Tables } from '../../src/remember/tables.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { mintToken } from '../../src/token.ts'
import { ADDRESS, type Answer, type Endpoint, NOW, ONE_CLICK, SECRET, askAt, openEndpoint } from './endpoint.ts'

let at: Endpoint
beforeEach(async () => {
  at = await openEndpoint()
})
afterEach(() => at.close())

function ask(path: string, init?: RequestInit): Promise<Answer> {
  return askAt(at.url, path, init)
}

/** Sends these octets to the server and gives the first line of what comes back. */
async function statusOf(request: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(at.url).port) })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.end(Buffer.from(request, 'latin1'))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1').split('\r\n')[0] ?? ''
}

async function everyRow(): Promise<unknown[]> {
  const tables = ['subscribers', 'ledger', 'secrets', 'settings', 'digests', 'runs'] as const
  return Promise.all(tables.map((table) => at.store.selectFrom(table).selectAll().execute()))
}

describe('GET u/TOKEN', () => {
  test('shows a page with one button that posts to where it came from', async () => {
    const { status, text } = await ask(`u/${at.token}`)
    expect(status).toBe(200)
    expect(text).toContain('<h1>Unsubscribe</h1>')
    expect(text.match(/<form method="post">/g)).toHaveLength(1)
    expect(text.match(/<button>Unsubscribe<\/button>/g)).toHaveLength(1)
    expect(text).not.toContain('action=')
  })

  test('changes nothing, ten times, and by HEAD neither', async () => {
    const before = await everyRow()
    for (let time = 0; time < 10; time++) {
      expect((await ask(`u/${at.token}`)).status).toBe(200)
      expect(await ask(`u/${at.token}`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
    }
    expect(await everyRow()).toEqual(before)
    expect(at.log).toEqual([])
  })

  test('is the same page for who is there, who left and who never came', async () => {
    const { text } = await ask(`u/${at.token}`)
    expect((await ask(`u/${mintToken(SECRET, 'unsubscribe', 99)}`)).text).toBe(text)
    await removeSubscriber(at.store, parseEmailAddress(ADDRESS), NOW)
    expect((await ask(`u/${at.token}`)).text).toBe(text)
  })

  test('has neither script nor address, loads nothing and names no token', async () => {
    const { text } = await ask(`u/${at.token}`)
    expect(text).not.toMatch(/<script|<img|<link|@import|url\(|reader@|\bon\w+=/i)
    expect(text).not.toContain(at.token)
  })

  test('says by its headers that nothing is kept, framed, indexed or told', async () => {
    for (const path of [`u/${at.token}`, 'u/1.broken', 'healthz']) {
      const { headers } = await ask(path)
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      )
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex',
      })
      expect(headers.has('set-cookie')).toBe(false)
    }
  })
})

describe('POST u/TOKEN', () => {
  test('takes the reader off, with no redirect and no cookie, however often', async () => {
    for (let time = 0; time < 3; time++) {
      const { status, headers, text } = await ask(`u/${at.token}`, ONE_CLICK)
      expect(status).toBe(200)
      expect(text).toContain('You will get no more letters.')
      expect(text).not.toContain('<form')
      expect([headers.has('location'), headers.has('set-cookie')]).toEqual([false, false])
      expect(await at.reader()).toBe('unsubscribed since 1000')
    }
    expect(at.log).toEqual(['{"event":"unsubscribed","subscriber":1}'])
  })

  test('takes multipart/form-data too', async () => {
    const body = new FormData()
    body.set('List-Unsubscribe', 'One-Click')
    expect((await ask(`u/${at.token}`, { method: 'POST', body })).status).toBe(200)
    expect(await at.reader()).toBe('unsubscribed since 1000')
  })

  test('takes a body of unknown length', async () => {
    const body = new Blob([ONE_CLICK.body]).stream()
    expect((await ask(`u/${at.token}`, { ...ONE_CLICK, body, duplex: 'half' })).status).toBe(200)
    expect(await at.reader()).toBe('unsubscribed since 1000')
  })

  test('takes a request from wherever', async () => {
    const headers = { ...ONE_CLICK.headers, origin: 'null', 'sec-fetch-site': 'cross-site', cookie: 'a=b' }
    expect((await ask(`u/${at.token}`, { ...ONE_CLICK, headers })).status).toBe(200)
    expect(await at.reader()).toBe('unsubscribed since 1000')
  })

  test('answers who never came as it answers who is there, and takes nobody else off', async () => {
    const other = await ask(`u/${mintToken(SECRET, 'unsubscribe', 99)}`, ONE_CLICK)
    expect(await at.reader()).toBe('active since 0')
    const own = await ask(`u/${at.token}`, ONE_CLICK)
    expect([other.status, other.text]).toEqual([own.status, own.text])
  })

  test('takes off the reader of the token alone', async () => {
    await addSubscriber(at.store, parseEmailAddress('other@example.net'), NOW)
    await ask(`u/${mintToken(SECRET, 'unsubscribe', 2)}`, ONE_CLICK)
    expect(await at.reader()).toBe('active since 0')
  })

  test('takes links of a former secret', async () => {
    await currentSecret(at.store, 'the secret that came after it', NOW)
    expect((await ask(`u/${at.token}`, ONE_CLICK)).status).toBe(200)
    expect(await at.reader()).toBe('unsubscribed since 1000')
  })

  for (const [says, init] of [
    ['no body', { method: 'POST' }],
    ['another value', { ...ONE_CLICK, body: 'List-Unsubscribe=No' }],
    ['another field', { ...ONE_CLICK, body: 'Unsubscribe=One-Click' }],
    ['octets that are no text', { ...ONE_CLICK, body: Buffer.from([0xff, 0xfe, 0x00]) }],
  ] as const)
    test(`answers 400 to ${says}, and changes nothing`, async () => {
      const { status, headers } = await ask(`u/${at.token}`, init)
      expect([status, headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8'])
      expect(await at.reader()).toBe('active since 0')
    })

  test('takes a body of 16 KB', async () => {
    const body = `${ONE_CLICK.body}&a=`.padEnd(16 * 1024, 'a')
    expect((await ask(`u/${at.token}`, { ...ONE_CLICK, body })).status).toBe(200)
  })

  for (const [says, size] of [
    ['one octet more', 16 * 1024 + 1],
    ['10 MB', 10_000_000],
  ] as const) {
    test(`answers 413 to a body of ${says}`, async () => {
      const body = `${ONE_CLICK.body}&a=`.padEnd(size, 'a')
      expect((await ask(`u/${at.token}`, { ...ONE_CLICK, body })).status).toBe(413)
      const stream = new Blob([body]).stream()
      expect((await ask(`u/${at.token}`, { ...ONE_CLICK, body: stream, duplex: 'half' })).status).toBe(413)
      expect(await at.reader()).toBe('active since 0')
      expect((await ask('healthz')).status).toBe(200)
    })
  }
})

describe('a link that is not whole', () => {
  for (const [says, path] of [
    ['a cut token', 'u/1.abc'],
    ['no token', 'u/'],
    ['the token of nobody', `u/${mintToken('guessed', 'unsubscribe', 1)}`],
    ['a token with a path behind it', `u/${mintToken(SECRET, 'unsubscribe', 1)}/more`],
    ['a broken escape', 'u/%E0%A4%A'],
    ['an octet that is no text', 'u/%ff'],
    ['a NUL', 'u/%00'],
  ] as const)
    test(`answers 404 to ${says}, by GET and POST alike`, async () => {
      const shown = await ask(path)
      const posted = await ask(path, ONE_CLICK)
      expect([shown.status, posted.status]).toEqual([404, 404])
      expect(shown.text).toContain('<h1>This link is not whole</h1>')
      expect(posted.text).toBe(shown.text)
      expect(await at.reader()).toBe('active since 0')
    })

  for (const path of ['', 'admin', 'pages/1'])
    test(`is no page like /${path}, which is not there`, async () => {
      const [shown, posted] = [await ask(path), await ask(path, ONE_CLICK)]
      expect([shown.status, posted.status]).toEqual([404, 404])
      for (const { text } of [shown, posted]) expect(text).toContain('<h1>There is no such page</h1>')
    })

  test('answers 404 whatever the token, and no request is an error', async () => {
    const token = fc.string({ unit: 'binary', maxLength: 200 })
    const property = fc.asyncProperty(token, async (text) => {
      // A path of dots alone is none below u/.
      const path = `u/${encodeURIComponent(Buffer.from(`~${text}`).toString())}`
      expect((await ask(path)).status).toBe(404)
      expect((await ask(path, ONE_CLICK)).status).toBe(404)
    })
    await fc.assert(property, { numRuns: 100 })
    expect(at.log).toEqual([])
  })

  for (const [says, line, status] of [
    // Node refuses them by itself from some version on.
    ['octets beyond ASCII', 'GET /u/\xff\xfe HTTP/1.1', '400 Bad Request or 404 Not Found'],
    ['a path too long', `GET /u/${'a'.repeat(20_000)} HTTP/1.1`, '431 Request Header Fields Too Large'],
    ['a backslash', 'GET /u\\x HTTP/1.1', '400 Bad Request'],
    ['no HTTP', 'hello', '400 Bad Request'],
    ['a path without a slash', 'GET u HTTP/1.1', '400 Bad Request'],
  ] as const)
    test(`answers ${status} to ${says}, and goes on`, async () => {
      const host = 'Host: news.example.org\r\nConnection: close\r\n\r\n'
      expect(await statusOf(`${line}\r\n${host}`)).toBeOneOf(status.split(' or ').map((one) => `HTTP/1.1 ${one}`))
      expect((await ask('healthz')).status).toBe(200)
    })
})

describe('other methods', () => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    test(`${method} is answered by 405 and what is allowed`, async () => {
      const link = await ask(`u/${at.token}`, { method })
      expect([link.status, link.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
      const health = await ask('healthz', { method })
      expect([health.status, health.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      expect(await at.reader()).toBe('active since 0')
    })
})

describe('healthz', () => {
  test('says ok as text while the store answers', async () => {
    const { status, headers, text } = await ask('healthz')
    expect([status, headers.get('content-type'), text]).toEqual([200, 'text/plain; charset=utf-8', 'ok'])
    expect(await ask('healthz', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })

  test('says 503 when it does not, and a link then says that it did not work', async () => {
    await at.store.destroy()
    expect((await ask('healthz')).status).toBe(503)
    const { status, text } = await ask(`u/${at.token}`, ONE_CLICK)
    expect(status).toBe(500)
    expect(text).toContain('<h1>That did not work</h1>')
    expect(at.log).toHaveLength(2)
    expect(at.log.join()).not.toContain(at.token)
  })

  test('and links say 503 and when to come again while the server of the store is away', async () => {
    const away = new Kysely<Tables>(onServer('postgres://127.0.0.1:1/feedwire', null))
    Object.assign(at.tools, { store: away, commits: new SharedCommit(away) })
    expect((await ask('healthz')).status).toBe(503)
    for (const init of [{}, ONE_CLICK]) {
      const { status, headers } = await ask(`u/${at.token}`, init)
      expect([status, headers.get('retry-after')]).toEqual([503, '60'])
    }
    await away.destroy()
  })

  test('and links say 503 once a newer program came to the store, and nobody is taken off', async () => {
    await sql`insert into kysely_migration values ('999-later', '')`.execute(at.store)
    expect((await ask('healthz')).status).toBe(503)
    expect((await ask(`u/${at.token}`, ONE_CLICK)).status).toBe(503)
    expect(await at.reader()).toBe('active since 0')
  })
})
