import type { ChildProcess } from 'node:child_process'
import { readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fetched, Validators } from '../../../src/gather/http/fetched.ts'
import { get } from '../../../src/gather/http/get.ts'
import { rss } from '../../support/feed-server.ts'
import { putFile, tempFolder } from '../../support/folder.ts'
import { freePort } from '../../support/journey-port.ts'
import { runAt } from '../../support/run-at.ts'
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

const LOCATIONS = [
  'location = /old.xml { return 301 /feed.xml; }',
  'location = /moved.xml { return 301 /plain.xml; }',
  'location = /busy.xml { return 503; }',
  'location = /zipped.xml { gzip_static on; }',
  'location = /untagged.xml { etag off; }',
  'location = /undated.xml { add_header Last-Modified ""; }',
].join(' ')

const NGINX: Server = {
  name: 'nginx',
  needs: [['/usr/sbin/nginx', 'nginx-light']],
  encodings: ['gzip'],
  command: ({ dir, port }) => {
    const told = '$request_uri $status [$sent_http_content_encoding] [$sent_http_etag] $http_user_agent'
    const log = `access_log ${dir}/access.log told;`
    const server = `listen 127.0.0.1:${port}; root ${dir}/public; gzip_types text/xml; gzip_proxied any; ${LOCATIONS}`
    return nginxCommand(dir, { http: `log_format told escape=none '${told}'; server { ${log} ${server} }` })
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

const addressOf = (path: string): string => `http://127.0.0.1:${place.port}/${path}`

function asked(path: string, validators: Validators | null): Promise<Fetched> {
  return get(addressOf(path), validators, toolsWith())
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

describe.skipIf(lacking !== null)('a run asks nginx for', () => {
  // Its path, the file that is served there, and the tag that it has: one that is made for another copy is weak.
  for (const [says, path, file, tag] of [
    ['a feed that is compressed as it is sent', 'plain.xml', 'plain.xml', 'W/""'],
    ['a feed that was compressed before', 'zipped.xml', 'zipped.xml', '""'],
    ['a feed without tag', 'untagged.xml', 'untagged.xml', ''],
    ['a feed without date', 'undated.xml', 'undated.xml', 'W/""'],
    ['a feed that moved for good', 'moved.xml', 'plain.xml', 'W/""'],
  ] as const)
    test(`${says}: whole, then only whether it changed, then whole`, async () => {
      const site = follower(path)
      const ways = path === file ? [] : [`/${path} 301 [] []`]
      write(file, 1, 'Ebb')
      expect(await runAndTell(site, 1)).toEqual({
        new: 1,
        updated: 0,
        asked: [...ways, `/${file} 200 [gzip] [${tag}]`],
      })
      const unchanged = { new: 0, updated: 0, asked: [expect.stringMatching(`^/${file} 304 \\[\\] `)] }
      expect(await runAndTell(site, 2)).toEqual(unchanged)
      write(file, 3, 'Ebb', 'Flow')
      expect(await runAndTell(site, 3)).toEqual({ new: 1, updated: 0, asked: [`/${file} 200 [gzip] [${tag}]`] })
      expect(await runAndTell(site, 4)).toEqual(unchanged)
      expect(readFileSync(join(site, 'public/feed.xml'), 'utf8')).toContain('Flow')
      rmSync(site, { recursive: true })
    })
})

/** Serves a feed of these articles, written on a day of 2026. */
function write(file: string, day: number, ...titles: string[]): void {
  const text = 'The harbour master reads the gauge at noon and writes the level into a book. '.repeat(20)
  const feed = rss(...titles.map((title) => ({ guid: `${file} ${title}`, title, date: '2026-01-01', text })))
  const time = Date.UTC(2026, 0, day) / 1000
  for (const [name, bytes] of [
    [file, feed],
    [`${file}.gz`, gzipSync(feed)],
  ] as const) {
    putFile(place.dir, `public/${name}`, bytes)
    utimesSync(join(place.dir, 'public', name), time, time)
  }
}

/** A site that follows a feed. */
function follower(path: string): string {
  const settings = {
    site: { title: 'Tide Notes', url: 'https://tides.example.org/' },
    sources: [{ kind: 'feed', url: addressOf(path) }],
    fetch: { allow: ['127.0.0.1'] },
  }
  return tempFolder({ 'feedwire.config.yaml': JSON.stringify(settings) })
}

/** What a run on a day found, and what nginx was asked for by who it says it is. */
async function runAndTell(site: string, day: number): Promise<{ new: number; updated: number; asked: string[] }> {
  const before = (await accesses()).length
  const { gathered } = await runAt(site, `2026-02-0${day}T08:00:00Z`)
  const asked = (await accesses()).slice(before).map((line) => {
    const [, what = '', agent] = /^((?:\S+ ){3}\S+) (.*)$/.exec(line) ?? []
    expect(agent).toMatch(/^Feedwire\/\d\S* \(\+https:\/\/tides\.example\.org\/\)$/)
    return what.replace(/[\da-f]+-[\da-f]+/, '')
  })
  return { new: gathered.new, updated: gathered.updated, asked }
}

/** What nginx was asked for until now: it notes a request before it answers the next. */
async function accesses(): Promise<string[]> {
  await (await fetch(addressOf('none'))).text()
  const lines = readFileSync(join(place.dir, 'access.log'), 'utf8').split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('/none '))
}
