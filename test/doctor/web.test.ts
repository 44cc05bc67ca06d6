import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PublishConfig, WebConfig } from '../../src/config-types.ts'
import { endpointFindings } from '../../src/doctor/endpoint.ts'
import { siteFindings } from '../../src/doctor/site.ts'
import { writeManifest } from '../../src/publish/manifest.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { serveFolder } from '../support/static-server.ts'
import { closeLater, networkWith, told } from './asking.ts'
import { EXPIRED } from './expired.ts'

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => rmSync(dir, { recursive: true }))

interface Reply {
  status: number
  text: string
  location?: string
}

/** A web server that answers a path, and no other. */
async function answering(replies: Record<string, Reply | 'silent'>): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    const reply = replies[url] ?? { status: 404, text: '' }
    if (reply === 'silent') return
    const { status, text, location } = reply
    response.writeHead(status, location === undefined ? {} : { location }).end(text)
  })
  return `http://127.0.0.1:${await listening(server)}/`
}

/** Has a server listen until the test is over. @returns its port */
async function listening(
  server: Pick<Server, 'listen' | 'address' | 'close' | 'closeAllConnections'> & NodeJS.EventEmitter,
): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeLater({
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

function publishedAs(text: string, url: string): PublishConfig {
  putFile(dir, 'feed.xml', text)
  writeManifest(dir, new Map([['feed.xml', { bytes: text.length, sha256: '' }]]))
  return { dir, url, compress: false, after: null }
}

async function siteSays(publish: PublishConfig, patience?: number): Promise<string[]> {
  return told(await siteFindings(publish, await networkWith({}, patience)))
}

test('a feed that is served as it was published is well', async () => {
  const { url } = closeLater(await serveFolder(dir))
  expect(await siteSays(publishedAs('<rss/>', url))).toEqual([`ok: ${url}feed.xml is served as it was published`])
})

for (const [says, served] of [
  ['an older one', '<old/>'],
  ['a longer one', '<rss/>\n'],
  ['a shorter one', '<rss'],
] as const)
  test(`a feed of which ${says} is served is a note`, async () => {
    const url = await answering({ '/feed.xml': { status: 200, text: served } })
    expect(await siteSays(publishedAs('<rss/>', url))).toEqual([`note: ${url}feed.xml is not what was published last`])
  })

test('a feed that is not there is a fault', async () => {
  const url = await answering({})
  expect(await siteSays(publishedAs('<rss/>', url))).toEqual([`fault: ${url}feed.xml answers 404`])
})

test('a feed that has moved is told of', async () => {
  const to = await answering({ '/new.xml': { status: 200, text: '<rss/>' } })
  const url = await answering({ '/feed.xml': { status: 301, text: '', location: `${to}new.xml` } })
  expect(await siteSays(publishedAs('<rss/>', url))).toEqual([
    `ok: ${url}feed.xml is served as it was published`,
    `note: ${url}feed.xml has moved to ${to}new.xml`,
  ])
})

test('a web server that says nothing is waited for no longer than patience has it', async () => {
  const url = await answering({ '/feed.xml': 'silent' })
  expect(await siteSays(publishedAs('<rss/>', url), 20)).toEqual([
    `fault: ${url}feed.xml cannot be reached: no answer in time`,
  ])
})

test('nobody is asked for a feed before there is one', async () => {
  expect(await siteSays({ dir, url: 'http://127.0.0.1:1/', compress: false, after: null })).toEqual([
    'skipped: Nothing is published yet',
  ])
})

function webAt(url: string): WebConfig {
  return { url, host: '127.0.0.1', port: 8080, proxies: [], metrics: [] }
}

for (const [says, replies, expected] of [
  ['is well', { '/news/healthz': { status: 200, text: 'ok\n' } }, 'ok: URL is well'],
  ['is not passed on', {}, 'fault: URL answers 404'],
  [
    'is somebody else',
    { '/news/healthz': { status: 200, text: '<html>' } },
    'fault: What answers at URL is not Feedwire',
  ],
  [
    'has no store',
    { '/news/healthz': { status: 503, text: 'The store does not\u001b answer.' } },
    'fault: URL is not well: The store does not\\x1b answer.',
  ],
] satisfies [string, Record<string, Reply>, string][])
  test(`an endpoint that ${says} is told so`, async () => {
    const url = await answering(replies)
    const found = await endpointFindings(webAt(`${url}news/`), await networkWith({}))
    expect(told(found)).toEqual([expected.replace('URL', `${url}news/healthz`)])
  })

test('an endpoint whose certificate has expired is a fault', async () => {
  const url = `https://127.0.0.1:${await listening(createSecureServer(EXPIRED, (_, response) => response.end('ok')))}/`
  expect(told(await endpointFindings(webAt(url), await networkWith({})))).toEqual([
    expect.stringMatching(/^fault: .*healthz cannot be reached: .*certificate/),
  ])
})

test('an endpoint that is not up is a fault, and none at all is nothing', async () => {
  const network = await networkWith({})
  const gone = await serveFolder(dir)
  await gone.close()
  expect(told(await endpointFindings(webAt(gone.url), network))).toEqual([
    expect.stringMatching(/^fault: .*healthz cannot be reached: connect ECONNREFUSED/),
  ])
  expect(told(await endpointFindings(null, network))).toEqual(['skipped: There is no endpoint (web is not set)'])
})
