import type { ChildProcess } from 'node:child_process'
import { rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fetched, Validators } from '../../../src/gather/http/fetched.ts'
import { get } from '../../../src/gather/http/get.ts'
import { putFile, tempFolder } from '../../support/folder.ts'
import { freePort } from '../../support/journey-port.ts'
import {
  type Place,
  type Server,
  missing,
  nginxCommand,
  startServer,
  stopServer,
  untilReady,
} from '../../support/web-servers.ts'
import { toolsWith } from './tools.ts'

const FEED = `<rss version="2.0"><channel>${'<item><title>Ebb</title></item>'.repeat(200)}</channel></rss>`

const NGINX: Server = {
  name: 'nginx',
  needs: [['/usr/sbin/nginx', 'nginx-light']],
  encodings: ['gzip'],
  command: ({ dir, port }) => {
    const moved = 'location = /old.xml { return 301 /feed.xml; } location = /busy.xml { return 503; }'
    const server = `listen 127.0.0.1:${port}; root ${dir}/public; gzip_types text/xml; gzip_proxied any; ${moved}`
    return nginxCommand(dir, { http: `server { ${server} }` })
  },
  ready: 'using the "epoll" event method',
}
const lacking = missing(NGINX)

let place: Place
let nginx: ChildProcess | null = null
beforeAll(async () => {
  if (lacking !== null) return
  place = { dir: tempFolder({ 'public/feed.xml': FEED }), port: await freePort() }
  nginx = startServer(NGINX, place)
  await untilReady(NGINX, nginx, place)
})
afterAll(async () => {
  if (nginx === null) return
  await stopServer(nginx)
  rmSync(place.dir, { recursive: true })
})

function asked(path: string, validators: Validators | null): Promise<Fetched> {
  return get(`http://127.0.0.1:${place.port}/${path}`, validators, toolsWith())
}

function validatorsOf(fetched: Fetched): Validators {
  if (fetched.kind !== 'fresh') throw new Error(`it is ${fetched.kind}`)
  return fetched.validators
}

test.skipIf(lacking !== null)(`a feed on nginx comes compressed, and again only when it changed`, async () => {
  const first = await asked('feed.xml', null)
  expect(first).toMatchObject({ kind: 'fresh', movedTo: null, body: Buffer.from(FEED), contentType: 'text/xml' })
  const { etag, lastModified, url } = validatorsOf(first)
  expect(etag).toMatch(/^W\/"/)
  for (const validators of [
    { etag, lastModified, url },
    { etag, lastModified: null, url },
    { etag: null, lastModified, url },
  ]) {
    expect(await asked('feed.xml', validators)).toEqual({ kind: 'unchanged', movedTo: null })
  }
  expect(await asked('old.xml', { etag, lastModified, url })).toEqual({ kind: 'unchanged', movedTo: url })
  putFile(place.dir, 'public/feed.xml', `${FEED}<!-- flood -->`)
  utimesSync(join(place.dir, 'public/feed.xml'), 1_000_000_000, 1_000_000_000)
  const second = await asked('feed.xml', { etag, lastModified, url })
  expect(second).toMatchObject({ kind: 'fresh', body: Buffer.from(`${FEED}<!-- flood -->`) })
  expect(validatorsOf(second).lastModified).toBe('Sun, 09 Sep 2001 01:46:40 GMT')
})

test.skipIf(lacking !== null)('what nginx has not, or has no time for', async () => {
  expect(await asked('other.xml', null)).toMatchObject({ kind: 'failed', problem: { code: 'fetch-status' } })
  expect(await asked('busy.xml', null)).toMatchObject({ kind: 'later' })
})
