import { type ChildProcess, execFile } from 'node:child_process'
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, get } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MANIFEST, publishedPaths } from '../src/publish/manifest.ts'
import { readersMissing } from './support/feed-readers.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { freePort } from './support/journey-port.ts'
import { runAt } from './support/run-at.ts'
import {
  type Place,
  type Server,
  caddyCommand,
  missing,
  nginxCommand,
  startServer,
  stopServer,
  untilReady,
} from './support/web-servers.ts'

const snippet = (name: string): string => fileURLToPath(new URL(`../docs/servers/${name}`, import.meta.url))
const FEEDS = ['feed.xml', 'atom.xml', 'feed.json', 'feeds.opml']
const BROTLI_MODULE = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so'
const APACHE_MODULES = ['mpm_event', 'authz_core', 'deflate', 'dir', 'filter', 'headers', 'mime', 'rewrite']

const NGINX: Server = {
  name: 'nginx',
  needs: [['/usr/sbin/nginx', 'nginx-light']],
  encodings: ['gzip'],
  command: (where) => nginx(where, { modules: '', feedwire: readFileSync(snippet('nginx.conf'), 'utf8') }),
  ready: 'using the "epoll" event method',
}
const APACHE: Server = {
  name: 'Apache',
  needs: [['/usr/sbin/apache2', 'apache2-bin']],
  encodings: ['br', 'gzip'],
  command: (where) => apache(where, `Include "${snippet('apache.conf')}"`),
  ready: 'resuming normal operations',
}
const SERVERS: readonly Server[] = [
  NGINX,
  {
    ...NGINX,
    name: 'nginx with brotli_static',
    needs: [...NGINX.needs, [BROTLI_MODULE, 'libnginx-mod-http-brotli-static']],
    encodings: ['br', 'gzip'],
    command: (where) => {
      const feedwire = readFileSync(snippet('nginx.conf'), 'utf8').replace('# brotli_static on;', 'brotli_static on;')
      return nginx(where, { modules: `load_module ${BROTLI_MODULE};`, feedwire })
    },
  },
  {
    name: 'Caddy',
    needs: [['/usr/bin/caddy', 'caddy']],
    encodings: ['br', 'gzip'],
    command: caddy,
    ready: 'serving initial configuration',
  },
  APACHE,
  {
    ...APACHE,
    name: 'Apache with .htaccess',
    command: (where) => {
      putFile(where.dir, 'public/.htaccess', readFileSync(snippet('apache.conf')))
      return apache(where, 'AllowOverride FileInfo')
    },
  },
]

function nginx({ dir, port }: Place, { modules, feedwire }: { modules: string; feedwire: string }): string[] {
  putFile(dir, 'feedwire.conf', feedwire)
  const server = `listen 127.0.0.1:${port}; root ${dir}/public; include ${dir}/feedwire.conf;`
  return nginxCommand(dir, { modules, http: `server { ${server} }` })
}

function caddy({ dir, port }: Place): string[] {
  const site = `http://127.0.0.1:${port} {\n  root * ${dir}/public\n  import ${snippet('Caddyfile')}\n}\n`
  return caddyCommand(dir, `{\n  admin off\n  auto_https off\n}\n${site}`)
}

/** The settings that Debian's Apache has besides would spoil types and languages of the compressed copies. */
function apache({ dir, port }: Place, inDirectory: string): string[] {
  const modules = APACHE_MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  const config = `${modules.join('\n')}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${dir}/apache.pid
DefaultRuntimeDir ${dir}
ErrorLog /dev/stderr
User nobody
Group nogroup
TypesConfig /etc/mime.types
AddType application/x-gzip .gz
AddLanguage br .br
AddOutputFilterByType DEFLATE text/html text/xml application/rss+xml
DocumentRoot ${dir}/public
<Directory ${dir}/public>
Require all granted
${inDirectory}
</Directory>
`
  putFile(dir, 'apache.conf', config)
  return ['/usr/sbin/apache2', '-DFOREGROUND', '-f', join(dir, 'apache.conf')]
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Asks for a path as it stands in the publish directory. */
async function ask(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const asked = get({ host: '127.0.0.1', port, path: `/${encodeURI(path)}`, headers, agent: false })
  const response = await answered(asked)
  return { status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response) }
}

function answered(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve).once('error', reject)
  })
}

function decoded({ headers, body }: Answer): Buffer {
  const encoding = headers['content-encoding']
  if (encoding === 'br') return brotliDecompressSync(body)
  return encoding === 'gzip' ? gunzipSync(body) : body
}

const SETTINGS = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
feeds: { entries: 10 }
digest: { first_run: 5 }
subscribers: [ann@example.net]
`

/** A site with older pages, archives, a digest, and tags whose names are not ASCII or those of our folders. */
async function publishSite(dir: string): Promise<void> {
  putFile(dir, 'feedwire.config.yaml', SETTINGS)
  for (let n = 1; n <= 120; n++) putArticle(dir, n, `Gauge ${n}`)
  await runAt(dir, '2026-01-31T08:00:00Z')
}

function putArticle(dir: string, n: number, title: string): void {
  const date = `2025-10-${String((n % 28) + 1).padStart(2, '0')}`
  const head = `---\ntitle: ${title}\ndate: ${date}\ntags: [潮汐, archive]\n---\n`
  putFile(dir, `articles/gauge-${n}.md`, `${head}Gauge number ${n} is read at every noon of the year.\n`)
}

/** The media type that a file must have. */
function typeOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const type = { 'feed.xml': 'rss+xml', 'atom.xml': 'atom+xml', 'feed.json': 'feed+json' }[name]
  if (type !== undefined) return `application/${type}; charset=utf-8`
  return `text/${name.endsWith('.opml') ? 'x-opml' : 'html'}; charset=utf-8`
}

/** Whether a file hardly ever changes. */
const isLasting = (path: string): boolean => /^(archive|page)\/|^digests\/(?!index)/.test(path)
const isPage = (path: string): boolean => path.endsWith('.html')

/** Apache calls the tag of a file weak for its first second. */
const strong = (etag: string | undefined): string | undefined => etag?.replace(/^W\//, '')

/** What a client says that it takes, and what it gets where the server can send both copies. */
const ACCEPTED = [
  [undefined, undefined],
  ['identity', undefined],
  ['gzip', 'gzip'],
  ['br', 'br'],
  ['gzip, deflate, br', 'br'],
  ['gzip;q=1.0, br;q=0', 'gzip'],
  ['gzip;q=0', undefined],
] as const

/** The encoding that is expected of a server. */
function expectedOf(encodings: readonly string[], accepted: string | undefined, best: string | undefined) {
  if (best === undefined || encodings.includes(best)) return best
  return accepted?.includes('gzip') === true ? 'gzip' : undefined
}

/** Hidden files of the owner's. */
const HIDDEN = ['tags/.hidden', '.git/config']
/** Milliseconds that a busy machine may take to publish, or to start a server. */
const SLOW = 60_000

let dir = ''
let files: string[] = []
beforeAll(async () => {
  dir = tempFolder()
  await publishSite(dir)
  files = publishedPaths(join(dir, 'public'))
  for (const path of HIDDEN) putFile(dir, `public/${path}`, 'not for readers')
  // A server may read as another user.
  for (const folder of [dir, join(dir, 'public')]) chmodSync(folder, 0o755)
}, SLOW)
afterAll(() => {
  rmSync(dir, { recursive: true })
})

for (const server of SERVERS)
  describe(server.name, () => {
    const fault = missing(server)
    let child: ChildProcess | null = null
    let port = 0
    beforeAll(async () => {
      if (fault !== null) return
      port = await freePort()
      child = startServer(server, { dir, port })
      await untilReady(server, child, { dir, port })
    }, SLOW)
    afterAll(async () => {
      if (child !== null) await stopServer(child)
      for (const file of ['public/.htaccess', 'server.log']) rmSync(join(dir, file), { force: true })
    })
    beforeEach(({ skip }) => {
      skip(fault !== null, fault ?? '')
    })

    test('sends the types, caching and headers of each file', async () => {
      expect(files.filter(isLasting).length).toBeGreaterThan(6)
      for (const path of files) {
        const { status, headers } = await ask(port, path)
        expect([path, status, headers['content-type']]).toEqual([path, 200, typeOf(path)])
        const age = isLasting(path) ? 86400 : 300
        expect([path, headers['cache-control']]).toEqual([path, `public, max-age=${age}, must-revalidate`])
        expect(headers['access-control-allow-origin'], path).toBe(isPage(path) ? undefined : '*')
        expect(headers).toMatchObject({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'strict-origin-when-cross-origin',
        })
      }
    })

    test.each(ACCEPTED)('sends whoever accepts %s the copy that is for it', async (accepted, best) => {
      const encoding = expectedOf(server.encodings, accepted, best)
      for (const path of files) {
        const answer = await ask(port, path, accepted === undefined ? {} : { 'accept-encoding': accepted })
        const { headers } = answer
        expect([path, answer.status, headers['content-encoding']]).toEqual([path, 200, encoding])
        expect(decoded(answer).equals(readFileSync(join(dir, 'public', path))), path).toBe(true)
        expect([path, headers['content-type'], headers['content-language']]).toEqual([path, typeOf(path), undefined])
        expect(headers.vary?.toLowerCase(), path).toBe('accept-encoding')
        expect(headers['access-control-allow-origin'], path).toBe(isPage(path) ? undefined : '*')
      }
    })

    test.each(ACCEPTED)('answers 304 to whoever accepts %s and has it already', async (accepted) => {
      const accepts = accepted === undefined ? {} : { 'accept-encoding': accepted }
      for (const path of [...FEEDS, 'index.html', 'archive/1/atom.xml', 'tags/潮汐/feed.xml']) {
        const { headers } = await ask(port, path, accepts)
        const etag = String(headers.etag)
        const modified = String(headers['last-modified'])
        for (const validators of [
          { 'if-none-match': etag },
          { 'if-modified-since': modified },
          { 'if-none-match': etag, 'if-modified-since': modified },
        ]) {
          const again = await ask(port, path, { ...accepts, ...validators })
          expect([path, again.status, again.body.length]).toEqual([path, 304, 0])
          const { vary, 'cache-control': caching } = again.headers
          expect([path, strong(again.headers.etag), vary?.toLowerCase()]).toEqual([
            path,
            strong(etag),
            'accept-encoding',
          ])
          expect(caching).toBe(headers['cache-control'])
        }
        expect((await ask(port, path, { ...accepts, 'if-none-match': '"other"' })).status).toBe(200)
      }
    })

    test('sends a feed that changed to whoever has the old one', async () => {
      const accepts = { 'accept-encoding': 'gzip' }
      const { etag } = (await ask(port, 'feed.xml', accepts)).headers
      putArticle(dir, 120, `Gauge of ${server.name}`)
      await runAt(dir, '2026-02-01T08:00:00Z')
      const answer = await ask(port, 'feed.xml', { ...accepts, 'if-none-match': String(etag) })
      expect(answer.status).toBe(200)
      expect(decoded(answer).toString()).toContain(`Gauge of ${server.name}`)
    })

    test('tells the copies of a file apart by their tags', async () => {
      const tags = await Promise.all(
        ['identity', ...server.encodings].map(async (accepted) => {
          return (await ask(port, 'feed.xml', { 'accept-encoding': accepted })).headers.etag
        }),
      )
      expect(new Set(tags).size).toBe(1 + server.encodings.length)
    })

    test('sends the page of a folder, be its name not ASCII, and brings to it who leaves the slash away', async () => {
      for (const folder of ['', 'digests/', 'tags/潮汐/', 'tags/archive/']) {
        for (const accepted of ['identity', 'br', 'gzip']) {
          const answer = await ask(port, folder, { 'accept-encoding': accepted })
          const { headers } = answer
          expect([folder, answer.status, headers['content-type']]).toEqual([folder, 200, typeOf('index.html')])
          expect(headers['content-encoding']).toBe(server.encodings.includes(accepted) ? accepted : undefined)
          expect(headers['cache-control']).toContain('max-age=300,')
          expect(decoded(answer).equals(readFileSync(join(dir, 'public', folder, 'index.html'))), folder).toBe(true)
        }
      }
      const { status, headers } = await ask(port, 'tags/潮汐')
      expect([301, 302, 307, 308]).toContain(status)
      const { pathname } = new URL(headers.location ?? '', `http://127.0.0.1:${port}/tags/`)
      expect(decodeURI(pathname)).toBe('/tags/潮汐/')
    })

    test.each([
      ...[MANIFEST, `tags/../${MANIFEST}`, '.htaccess', ...HIDDEN],
      ...['feed.xml.gz', 'feed.xml.br', 'index.html.gz', 'tags/潮汐/feed.json.br', 'feeds.opml.gz'],
      ...['none.html', 'none/feed.xml', 'tags/none/'],
    ])('says of %s that it is not there', async (path) => {
      for (const accepted of ['identity', 'gzip, br']) {
        expect((await ask(port, path, { 'accept-encoding': accepted })).status).toBe(404)
      }
    })

    test('keeps a hidden file hidden when its dot is escaped', async () => {
      const url = `http://127.0.0.1:${port}/${MANIFEST.replace('.', '%2e')}`
      expect((await fetch(url)).status).toBe(404)
    })

    test.for(['feed.xml', 'atom.xml'])('tells feedparser that nothing changed in %s', async (path, { skip }) => {
      skip(readersMissing(), 'feedparser is not installed')
      const { stdout } = await promisify(execFile)(
        '/usr/bin/python3',
        ['-c', TWICE, `http://127.0.0.1:${port}/${path}`],
        {
          env: { no_proxy: '*' },
        },
      )
      expect(JSON.parse(stdout)).toEqual([200, 304, 304, 304])
    })
  })

/** Fetches a feed, and again with either of its validators and with both. */
const TWICE = `
import feedparser, json, sys
url = sys.argv[1]
seen = feedparser.parse(url)
if seen.bozo: raise seen.bozo_exception
assert seen.entries
again = [{"etag": seen.etag}, {"modified": seen.modified}, {"etag": seen.etag, "modified": seen.modified}]
print(json.dumps([seen.status] + [feedparser.parse(url, **known).status for known in again]))
`

/** How hosts understand a path of `_headers`: both send a file the headers of every rule that fits. */
const HOSTS = {
  'Cloudflare Pages': (path: string) => path.replaceAll('*', '(.*)'),
  Netlify: (path: string) => path.replace(/\/\*/g, '/?(.*)').replace(/$/, '/?'),
}

for (const [host, pattern] of Object.entries(HOSTS))
  test(`${host} finds in _headers, once, the headers of each file`, () => {
    const rules = readRules(readFileSync(snippet('_headers'), 'utf8'))
    for (const path of files) {
      const url = encodeURI(`/${path}`)
      const lines = rules
        .filter((rule) => new RegExp(`^${pattern(rule.path).replace(/:[a-z]+/g, '([^/]+)')}$`).test(url))
        .flatMap(({ headers }) => headers)
      const headers = Object.fromEntries(lines)
      expect(Object.keys(headers), `${path} has a header twice`).toHaveLength(lines.length)
      expect(headers).toEqual({
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'strict-origin-when-cross-origin',
        ...(!isPage(path) && { 'Content-Type': typeOf(path), 'Access-Control-Allow-Origin': '*' }),
        ...(/^(archive|page)\//.test(path) && { 'Cache-Control': 'public, max-age=86400, must-revalidate' }),
      })
    }
  })

interface Rule {
  path: string
  headers: [name: string, value: string][]
}

function readRules(text: string): Rule[] {
  const rules: Rule[] = []
  for (const line of text.split('\n').filter((each) => !/^\s*(#|$)/.test(each))) {
    const [, name, value] = /^ {2}([A-Za-z-]+): (.+)$/.exec(line) ?? []
    if (name === undefined || value === undefined) rules.push({ path: line, headers: [] })
    else rules.at(-1)?.headers.push([name, value])
  }
  return rules
}
