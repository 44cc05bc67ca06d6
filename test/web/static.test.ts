import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { getPath } from 'hono/utils/url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeFileAtomic } from '../../src/files.ts'
import { copiesOf } from '../../src/publish/compress.ts'
import { MANIFEST } from '../../src/publish/manifest.ts'
import { startWeb } from '../../src/web/serve.ts'
import { staticFiles } from '../../src/web/static.ts'
import { putFile, tempFolder } from '../support/folder.ts'

const MODIFIED = 'Sat, 31 Jan 2026 08:00:00 GMT'
/** In the middle of that second. */
const MTIME = Date.parse(MODIFIED) / 1000 + 0.5
const SECRET = 'not for readers'
/** Less than is read whole. */
const LONG = 'Tides come and go. '.repeat(8_000)
/** More than is read whole. */
const LONGEST = LONG.repeat(20)

/** The files of a site, each with its copies, by the ending. */
const FILES = await Promise.all(
  ['feed.xml', 'index.html', 'tags/潮汐/index.html'].map(async (path) => {
    const text = Buffer.from(path === 'feed.xml' ? LONG : path)
    const { gz, br } = await copiesOf(text)
    return { path, bytes: { '': text, '.gz': gz, '.br': br } }
  }),
)

let outer: string
let dir: string
beforeEach(() => {
  outer = tempFolder({ 'secret.txt': SECRET, 'public-too/secret.txt': SECRET })
  dir = join(outer, 'public')
  for (const { path, bytes } of FILES) {
    for (const [ending, content] of Object.entries(bytes)) putAt(`${path}${ending}`, content)
  }
  for (const path of [MANIFEST, '.feed.xml.123.tmp', 'tags/.hidden', '.git/config']) putFile(dir, path, SECRET)
})
afterEach(() => {
  rmSync(outer, { recursive: true })
})

/** Writes a file with this time, in seconds since 1970. */
function putAt(path: string, content: string | Uint8Array, mtime = MTIME): void {
  putFile(dir, path, content)
  utimesSync(join(dir, path), mtime, mtime)
}

interface Asking {
  method?: string
  headers?: Record<string, string>
}

/** What is answered to a path below `/feeds/`, which a proxy took away. */
function find(path: string, init: Asking = {}): Promise<Response | null> {
  return staticFiles(dir)(new Request('https://news.example.org/feeds/', init), path)
}

async function ask(path: string, init: Asking = {}): Promise<Response> {
  const response = await find(path, init)
  if (response === null) throw new Error(`${path} is not there`)
  return response
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

/** The files of the directory that this process has open. */
function openFiles(): string[] {
  const below = realpathSync(dir)
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`)
      return path.startsWith(below) ? [path] : []
    } catch {
      // It was that of the listing itself.
      return []
    }
  })
}

describe('a file', () => {
  test('is sent whole, with how long it is and how old', async () => {
    const response = await ask('/feed.xml')
    const file = readFileSync(join(dir, 'feed.xml'))
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(file.length)])
    expect(response.headers.get('last-modified')).toBe(MODIFIED)
    expect(response.headers.has('content-encoding')).toBe(false)
    expect((await bytesOf(response)).equals(file)).toBe(true)
  })

  test('may be empty', async () => {
    putFile(dir, 'empty.txt', '')
    const response = await ask('/empty.txt')
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '0', ''])
  })

  for (const [says, path] of [
    ['by its path', '/tags/潮汐/index.html'],
    ['with its name escaped', '/tags/%E6%BD%AE%E6%B1%90/index.html'],
    ['without the first slash', 'tags/潮汐/index.html'],
    ['as that of its folder', '/tags/潮汐/'],
    ['with dots in its name', '/a..b/c...d'],
    ['with a percent sign in its name', '/100%25.txt'],
    ['through a link that stays inside', '/newest.xml'],
    ['at a well-known place (RFC 8615)', '/.well-known/security.txt'],
  ] as const)
    test(`is found ${says}`, async () => {
      putFile(dir, 'a..b/c...d', 'dots')
      putFile(dir, '100%.txt', 'all')
      putFile(dir, '.well-known/security.txt', 'Contact: mailto:ada@example.org')
      symlinkSync('feed.xml', join(dir, 'newest.xml'))
      expect((await ask(path)).status).toBe(200)
      const byHono = getPath(new Request(`https://news.example.org/${path.replace(/^\//, '')}`))
      expect((await ask(byHono)).status).toBe(200)
    })

  test('is found in a directory that is itself a link', async () => {
    symlinkSync(dir, join(outer, 'current'))
    const response = await staticFiles(join(outer, 'current'))(new Request('https://news.example.org/'), '/')
    expect(response?.status).toBe(200)
  })

  test('of a directory that is not there yet is not there, and is once it is', async () => {
    const files = staticFiles(join(outer, 'later'))
    const request = new Request('https://news.example.org/')
    expect(await files(request, '/')).toBeNull()
    putFile(outer, 'later/index.html', 'now')
    expect(await (await files(request, '/'))?.text()).toBe('now')
  })

  for (const [name, type] of [
    ['feed.xml', 'application/rss+xml; charset=utf-8'],
    ['atom.xml', 'application/atom+xml; charset=utf-8'],
    ['feed.json', 'application/feed+json; charset=utf-8'],
    ['feeds.opml', 'text/x-opml; charset=utf-8'],
    ['blogroll.opml', 'text/x-opml; charset=utf-8'],
    ['sitemap.xml', 'application/xml; charset=utf-8'],
    ['data.json', 'application/json'],
    ['page.html', 'text/html; charset=utf-8'],
    ['style.css', 'text/css; charset=utf-8'],
    ['script.js', 'text/javascript; charset=utf-8'],
    ['robots.txt', 'text/plain; charset=utf-8'],
    ['logo.svg', 'image/svg+xml; charset=utf-8'],
    ['logo.PNG', 'image/png'],
    ['style.xsl', 'application/xslt+xml; charset=utf-8'],
    ['backup.tar.gz', 'application/gzip'],
    ['name.constructor', 'application/octet-stream'],
    ['CNAME', 'application/octet-stream'],
  ] as const)
    test(`named ${name} is ${type}`, async () => {
      putFile(dir, `deep/${name}`, 'text')
      const { headers } = await ask(`/deep/${name}`)
      expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([type, 'nosniff'])
    })

  for (const [path, age, origin] of [
    ['feed.xml', 300, '*'],
    ['tags/tides/feed.json', 300, '*'],
    ['feeds.opml', 300, '*'],
    ['index.html', 300, null],
    ['digests/index.html', 300, null],
    ['tags/archive/index.html', 300, null],
    ['archive/1/atom.xml', 86_400, '*'],
    ['page/2.html', 86_400, null],
    ['digests/2026-01-31.html', 86_400, null],
  ] as const)
    test(`at ${path} may be kept for ${age} seconds, and fetched by ${origin ?? 'no other'} page`, async () => {
      putFile(dir, path, 'text')
      const { headers } = await ask(`/${path}`)
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': `public, max-age=${age}, must-revalidate`,
        'referrer-policy': 'strict-origin-when-cross-origin',
        vary: 'Accept-Encoding',
      })
      expect(headers.get('access-control-allow-origin')).toBe(origin)
    })
})

describe('HEAD', () => {
  for (const headers of [{}, { 'accept-encoding': 'br' }])
    test(`has the headers of GET and no body, with ${JSON.stringify(headers)}`, async () => {
      const got = await ask('/feed.xml', { headers })
      const head = await ask('/feed.xml', { headers, method: 'HEAD' })
      expect([head.status, head.body]).toEqual([200, null])
      expect([...head.headers]).toEqual([...got.headers])
    })
})

describe('another method', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
    test(`${method} is answered by 405 where a file is, and by nothing elsewhere`, async () => {
      const { status, headers } = await ask('/feed.xml', { method })
      expect([status, headers.get('allow'), headers.get('cache-control')]).toEqual([405, 'GET, HEAD', 'no-store'])
      expect(await find('/none.xml', { method })).toBeNull()
    })
})

describe('a folder', () => {
  for (const [path, location] of [
    ['/tags/潮汐', './%E6%BD%AE%E6%B1%90/'],
    ['/tags', './tags/'],
    ['/a%20b', './a%20b/'],
    ['/%22%0d%0ax', './%22%0D%0Ax/'],
  ] as const)
    test(`${path} without its slash moves to ${location}`, async () => {
      for (const folder of ['a b', '"\r\nx']) mkdirSync(join(dir, folder))
      const { status, headers } = await ask(path)
      expect([status, headers.get('location')]).toEqual([308, location])
    })

  test('keeps the query of who is moved', async () => {
    const request = new Request('https://news.example.org/feeds/tags?from=mail')
    const response = await staticFiles(dir)(request, '/tags')
    expect(response?.headers.get('location')).toBe('./tags/?from=mail')
  })

  test('without an index is not there, nor is a file with a slash behind it', async () => {
    mkdirSync(join(dir, 'strange/index.html'), { recursive: true })
    for (const path of ['/tags/', '/feed.xml/', '/strange/']) expect(await find(path)).toBeNull()
  })

  for (const path of ['//evil.example', '//evil.example/', '//tags', '/\\tags', '///', '/%2ftags', '/tags//'])
    test(`moves nobody elsewhere by ${path}`, async () => expect(await find(path)).toBeNull())
})

describe('nothing is at', () => {
  for (const path of [
    ...['/none.xml', '/none/', '/tags/none', '/feed.xml/more', `/${'a'.repeat(5000)}`, '/a/'.repeat(3000)],
    ...['/../secret.txt', '/tags/../../secret.txt', '/..', '/.', '/./feed.xml', '/tags/../feed.xml'],
    ...['/%2e%2e/secret.txt', '/%2E%2E%2fsecret.txt', '/..%2fsecret.txt', '/tags%2f..%2f..%2fsecret.txt'],
    ...['/%252e%252e/secret.txt', '/%252e%252e%252fsecret.txt', '/..%252fsecret.txt', '/%c0%ae%c0%ae/secret.txt'],
    ...['/..\\secret.txt', '/..%5csecret.txt', '/%5c..%5csecret.txt', '/../public-too/secret.txt'],
    ...['/feed.xml%00', '/feed.xml\0.html', '/%00', '/%E0%A4%A', '/%', '/%zz', '/%ff'],
    ...['/C:/secret.txt', '/C%3a%5csecret.txt', '/feed.xml::$DATA', '/file:///etc/passwd', '//etc/passwd'],
    ...[`/${MANIFEST}`, `/%2e${MANIFEST.slice(1)}`, '/.feed.xml.123.tmp', '/tags/.hidden', '/.git/config', '/.git'],
    ...['/feed.xml.gz', '/feed.xml.br', '/index.html.GZ', '/tags/潮汐/index.html.br', '/.well-known/.hidden'],
    ...['/out.txt', '/out/secret.txt', '/hidden.json', '/round', '/pipe', '/tags/.well-known/x'],
  ])
    test(JSON.stringify(path.slice(0, 60)), async () => {
      symlinkSync(join(outer, 'secret.txt'), join(dir, 'out.txt'))
      symlinkSync(join(outer, 'public-too'), join(dir, 'out'))
      symlinkSync(MANIFEST, join(dir, 'hidden.json'))
      symlinkSync('round', join(dir, 'round'))
      if (path === '/pipe') execFileSync('mkfifo', [join(dir, 'pipe')])
      for (const hidden of ['.well-known/.hidden', 'tags/.well-known/x']) putFile(dir, hidden, SECRET)
      for (const accepted of ['identity', 'gzip, br']) {
        expect(await find(path, { headers: { 'accept-encoding': accepted } })).toBeNull()
      }
    })

  test('the place of a copy that leads out, and the file itself is sent', async () => {
    rmSync(join(dir, 'feed.xml.br'))
    symlinkSync(join(outer, 'secret.txt'), join(dir, 'feed.xml.br'))
    const response = await ask('/feed.xml', { headers: { 'accept-encoding': 'br' } })
    expect(await response.text()).toBe(readFileSync(join(dir, 'feed.xml'), 'utf8'))
  })

  test('no path of any kind gives what is not for readers', async () => {
    symlinkSync(outer, join(dir, 'out'))
    const part = fc.constantFrom(
      ...['/', '..', '.', '%2e', '%2f', '%5c', '\\', '%00', '%25', '%', 'out', 'public', 'public-too', 'tags'],
      ...['secret.txt', 'C:', MANIFEST, '.git', 'config', '.hidden', 'feed.xml', '潮汐'],
    )
    const path = fc.array(fc.oneof(part, fc.string({ unit: 'binary-ascii', maxLength: 3 })), { maxLength: 8 })
    const property = fc.asyncProperty(path, async (parts) => {
      const text = `/${parts.join('')}`
      for (const one of [text, getPath(new Request(`https://news.example.org${text}`))]) {
        const response = await find(one)
        if (response !== null) expect(await response.text()).not.toContain(SECRET)
      }
    })
    await fc.assert(property, { numRuns: 300 })
  })
})

describe('Accept-Encoding', () => {
  for (const [accepted, coding] of [
    [null, null],
    ['', null],
    ['identity', null],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['BR', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br; q=0.8 , gzip; q=0.8', 'br'],
    ['gzip;q=0', null],
    ['gzip;q=0.000, br;Q=0', null],
    ['*', 'br'],
    ['*, br;q=0', 'gzip'],
    ['*;q=0', null],
    ['gzip, *;q=0', 'gzip'],
    ['gzip;q=0.5, identity', null],
    ['gzip;q=0.5, identity;q=0.1', 'gzip'],
    ['deflate, compress', null],
    ['gzipped, xbr', null],
    [';;,,;q=1', null],
  ] as const)
    test(`"${accepted ?? '(none)'}" gets ${coding ?? 'the file itself'}`, async () => {
      const response = await ask('/feed.xml', { headers: accepted === null ? {} : { 'accept-encoding': accepted } })
      const bytes = await bytesOf(response)
      const decode = { br: brotliDecompressSync, gzip: gunzipSync, none: (same: Buffer) => same }[coding ?? 'none']
      expect(response.headers.get('content-encoding')).toBe(coding)
      expect(response.headers.get('content-length')).toBe(String(bytes.length))
      expect(response.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
      expect(response.headers.get('vary')).toBe('Accept-Encoding')
      expect(decode(bytes).equals(readFileSync(join(dir, 'feed.xml')))).toBe(true)
    })

  test('gets the copy that is there, or else the file', async () => {
    const accepted = { headers: { 'accept-encoding': 'br, gzip' } }
    rmSync(join(dir, 'feed.xml.br'))
    expect((await ask('/feed.xml', accepted)).headers.get('content-encoding')).toBe('gzip')
    rmSync(join(dir, 'feed.xml.gz'))
    expect((await ask('/feed.xml', accepted)).headers.get('content-encoding')).toBeNull()
  })

  test('gets no copy of a file that is gone', async () => {
    rmSync(join(dir, 'feed.xml'))
    expect(await find('/feed.xml', { headers: { 'accept-encoding': 'br' } })).toBeNull()
  })
})

describe('who asks again', () => {
  const CODINGS = ['identity', 'gzip', 'br']
  const BEFORE = 'Sat, 31 Jan 2026 07:59:59 GMT'
  const AFTER = 'Sat, 31 Jan 2026 08:00:01 GMT'

  /** `TAG` stands for the tag that came first, without its `W/`. */
  for (const [says, validators, status] of [
    ['the tag', { 'if-none-match': 'W/TAG' }, 304],
    ['the tag as a strong one', { 'if-none-match': 'TAG' }, 304],
    ['the tag among others', { 'if-none-match': '"a,b", W/"", W/TAG,"c"' }, 304],
    ['any tag', { 'if-none-match': '*' }, 304],
    ['another tag', { 'if-none-match': '"other"' }, 200],
    ['the tag without quotes', { 'if-none-match': 'TAG'.toLowerCase() }, 200],
    ['what is no tag', { 'if-none-match': 'W/"' }, 200],
    ['an empty tag', { 'if-none-match': '""' }, 200],
    ['the date', { 'if-modified-since': MODIFIED }, 304],
    ['a later date', { 'if-modified-since': AFTER }, 304],
    ['an earlier date', { 'if-modified-since': BEFORE }, 200],
    ['the date as RFC 850 has it', { 'if-modified-since': 'Saturday, 31-Jan-26 08:00:00 GMT' }, 304],
    ['an earlier date as RFC 850 has it', { 'if-modified-since': 'Saturday, 31-Jan-26 07:59:59 GMT' }, 200],
    ['the date as asctime() has it', { 'if-modified-since': 'Sat Jan 31 08:00:00 2026' }, 304],
    ['an earlier date as asctime() has it', { 'if-modified-since': 'Sat Jan 31 07:59:59 2026' }, 200],
    ['no date', { 'if-modified-since': 'yesterday' }, 200],
    ['a bare year', { 'if-modified-since': '2030' }, 200],
    ['another form of date', { 'if-modified-since': '2026-01-31T08:00:00Z' }, 200],
    ['a day that is none', { 'if-modified-since': 'Sat, 99 Jan 2026 08:00:00 GMT' }, 200],
    ['the tag and an earlier date', { 'if-none-match': 'W/TAG', 'if-modified-since': BEFORE }, 304],
    ['another tag and the date', { 'if-none-match': '"other"', 'if-modified-since': MODIFIED }, 200],
    ['what is no tag and the date', { 'if-none-match': 'x', 'if-modified-since': MODIFIED }, 200],
  ] as const)
    test(`with ${says} gets ${status}, by GET and HEAD, whatever is accepted`, async () => {
      for (const coding of CODINGS) {
        const accepts = { 'accept-encoding': coding }
        const first = await ask('/feed.xml', { headers: accepts })
        const tag = first.headers.get('etag')?.replace('W/', '') ?? ''
        const sent = Object.fromEntries(
          Object.entries(validators).map(([name, text]) => [name, text.replace('TAG', tag)]),
        )
        for (const method of ['GET', 'HEAD']) {
          const { status: again } = await ask('/feed.xml', { method, headers: { ...accepts, ...sent } })
          expect([coding, method, again]).toEqual([coding, method, status])
        }
      }
    })

  test('gets a 304 that says all that guides a cache, and nothing of the body (RFC 9110, section 15.4.5)', async () => {
    const { headers } = await ask('/feed.xml')
    const again = await ask('/feed.xml', { headers: { 'if-none-match': headers.get('etag') ?? '' } })
    expect([again.status, again.body]).toEqual([304, null])
    const kept = [
      'access-control-allow-origin',
      'cache-control',
      'etag',
      'referrer-policy',
      'vary',
      'x-content-type-options',
    ]
    expect([...again.headers]).toEqual([...headers].filter(([name]) => kept.includes(name)))
    expect([...again.headers.keys()]).toEqual(kept)
  })

  test('has a tag for each coding, and one of another coding is not known', async () => {
    // Also when the copies happen to have the size of the file.
    for (const ending of ['', '.gz', '.br']) putAt(`same.xml${ending}`, 'x')
    const tags = await Promise.all(
      CODINGS.map(async (coding) =>
        (await ask('/same.xml', { headers: { 'accept-encoding': coding } })).headers.get('etag'),
      ),
    )
    expect(new Set(tags).size).toBe(3)
    const headers = { 'accept-encoding': 'br', 'if-none-match': tags.slice(0, 2).join(', ') }
    expect((await ask('/same.xml', { headers })).status).toBe(200)
  })

  for (const [says, change] of [
    ['has another size', () => putAt('feed.xml', `${LONG}!`)],
    ['is newer by a millisecond', () => putAt('feed.xml', LONG, MTIME + 0.001)],
    ['is older', () => putAt('feed.xml', LONG, MTIME - 3600)],
  ] as const)
    test(`gets the file when it ${says}`, async () => {
      putAt('feed.xml', LONG)
      const headers = { 'if-none-match': (await ask('/feed.xml')).headers.get('etag') ?? '' }
      expect((await ask('/feed.xml', { headers })).status).toBe(304)
      change()
      expect((await ask('/feed.xml', { headers })).status).toBe(200)
    })
})

describe('a file that changes while it is read', () => {
  test('is sent as it was, whole, when another took its place', async () => {
    const path = join(dir, 'feed.xml')
    const old = readFileSync(path)
    const response = await ask('/feed.xml')
    writeFileAtomic(path, 'short')
    expect((await bytesOf(response)).equals(old)).toBe(true)
    expect(await (await ask('/feed.xml')).text()).toBe('short')
  })

  test('is sent as it was when it is removed', async () => {
    const response = await ask('/feed.xml')
    rmSync(join(dir, 'feed.xml'))
    expect((await bytesOf(response)).length).toBe(Number(response.headers.get('content-length')))
  })

  test('breaks the answer off, never short without a word, when it is cut', async () => {
    putFile(dir, 'longest.txt', LONGEST)
    const response = await ask('/longest.txt')
    truncateSync(join(dir, 'longest.txt'), 10)
    await expect(response.arrayBuffer()).rejects.toThrow('the file was cut while it was read')
  })
})

describe.skipIf(!existsSync('/proc/self/fd'))('no file stays open', () => {
  for (const [says, act] of [
    ['of 256 KB though nobody reads it', async () => ask('/whole.txt')],
    ['once it is sent', async () => bytesOf(await ask('/longest.txt'))],
    ['after HEAD', async () => ask('/feed.xml', { method: 'HEAD' })],
    ['after 304', async () => ask('/feed.xml', { headers: { 'if-none-match': '*' } })],
    ['when nobody reads on', async () => (await ask('/longest.txt')).body?.cancel()],
    [
      'when it was cut',
      async () => {
        const response = await ask('/longest.txt')
        truncateSync(join(dir, 'longest.txt'), 10)
        await response.arrayBuffer().catch(() => undefined)
      },
    ],
    ['when several requests come at once, and their client goes', () => askTenAndGo('/longest.txt')],
  ] as const)
    test(says, async () => {
      putFile(dir, 'longest.txt', LONGEST)
      putFile(dir, 'whole.txt', 'x'.repeat(256 * 1024))
      await act()
      await vi.waitFor(() => expect(openFiles()).toEqual([]))
    })

  async function askTenAndGo(path: string): Promise<void> {
    const files = staticFiles(dir)
    const app = async (request: Request): Promise<Response> => (await files(request, path)) ?? new Response('none')
    const server = await startWeb(app, { host: '127.0.0.1', port: 0, log: { error: () => undefined } })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: news.example.org\r\n\r\n`.repeat(10))
    await once(socket, 'data')
    socket.destroy()
    await server.close()
  }
})

test('by HTTP, all of this comes to the client', async () => {
  const files = staticFiles(dir)
  const app = async (request: Request): Promise<Response> =>
    (await files(request, getPath(request))) ?? new Response('none', { status: 404 })
  const server = await startWeb(app, { host: '127.0.0.1', port: 0, log: { error: () => undefined } })
  try {
    const get = (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${server.url}${path}`, { redirect: 'manual', ...init })
    const got = await get('tags/潮汐/', { headers: { 'accept-encoding': 'br' } })
    expect([got.status, got.headers.get('content-encoding')]).toEqual([200, 'br'])
    expect(await got.text()).toBe(readFileSync(join(dir, 'tags/潮汐/index.html'), 'utf8'))
    const headers = { 'accept-encoding': 'br', 'if-none-match': got.headers.get('etag') ?? '' }
    expect((await get('tags/潮汐/', { headers })).status).toBe(304)
    const head = await get('tags/潮汐/', { method: 'HEAD', headers: { 'accept-encoding': 'br' } })
    expect(head.headers.get('content-length')).toBe(got.headers.get('content-length'))
    const moved = await get('tags/潮汐')
    expect(new URL(moved.headers.get('location') ?? '', moved.url).href).toBe(encodeURI(`${server.url}tags/潮汐/`))
    expect((await get(MANIFEST)).status).toBe(404)
  } finally {
    await server.close()
  }
})
