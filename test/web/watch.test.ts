import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { proxiesOf } from '../../src/web/client.ts'
import { staticFiles } from '../../src/web/static.ts'
import { tempFolder } from '../support/folder.ts'
import { type Answer, type Endpoint, type EndpointOptions, ONE_CLICK, askAt, openEndpoint } from './endpoint.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(
  options: EndpointOptions,
): Promise<Endpoint & { ask: (path: string, init?: RequestInit) => Promise<Answer> }> {
  const at = await openEndpoint(options)
  closing.push(() => at.close())
  return { ...at, ask: (path, init) => askAt(at.url, path, init) }
}

describe('metrics', () => {
  const LOCAL = proxiesOf(['127.0.0.1'])

  test('count requests by route and status, with no token among them', async () => {
    const { ask, token } = await open({ tools: { metricsFor: LOCAL } })
    await ask(`u/${token}`)
    await ask(`u/${token}`, ONE_CLICK)
    await ask(`u/${token}`, { method: 'PUT' })
    await ask('nothing/here')
    const { status, headers, text } = await ask('metrics')
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(text.split('\n').filter((line) => line.startsWith('feedwire_http_requests_total'))).toEqual([
      'feedwire_http_requests_total{route="/*",status="404"} 1',
      'feedwire_http_requests_total{route="/u/:token",status="200"} 2',
      'feedwire_http_requests_total{route="/u/:token",status="405"} 1',
    ])
    expect(text).toContain('feedwire_subscribers{state="unsubscribed",suppressed="none"} 1')
    expect(text).not.toContain(token)
  })

  test('are not there for anybody else, nor for whom a proxy asks', async () => {
    const stranger = await open({})
    const there = await stranger.ask('metrics')
    expect([there.status, there.text]).toEqual([404, (await stranger.ask('nothing')).text])
    const { ask } = await open({ tools: { metricsFor: LOCAL, proxies: LOCAL } })
    expect((await ask('metrics')).status).toBe(200)
    expect((await ask('metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(404)
    const forged = { headers: { 'x-forwarded-for': '127.0.0.1, 192.0.2.1' } }
    expect((await ask('metrics', forged)).status).toBe(404)
  })

  test('are not there for a stranger who says to be another, where no proxy is believed', async () => {
    const { ask } = await open({ tools: { metricsFor: proxiesOf(['192.0.2.1']) } })
    expect((await ask('metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(404)
  })
})

describe('what is published', () => {
  function published(): string {
    const dir = tempFolder({ 'index.html': 'the page', 'feed.xml': '<rss/>', subscribe: 'a file of that name' })
    mkdirSync(join(dir, 'tags'))
    writeFileSync(join(dir, 'tags', 'index.html'), 'the tags')
    closing.push(() => Promise.resolve(rmSync(dir, { recursive: true })))
    return dir
  }

  for (const [says, url, base] of [
    ['at the root', 'https://news.example.org/', ''],
    ['below a path', 'https://news.example.org/mail/', 'mail/'],
    ['below a path that a proxy takes away', 'https://news.example.org/mail/', ''],
  ] as const)
    test(`is served ${says}, beside the pages of subscribers`, async () => {
      const { ask, token } = await open({ url, tools: { files: staticFiles(published()) } })
      for (const [path, status, words] of [
        ['', 200, 'the page'],
        ['feed.xml', 200, '<rss/>'],
        ['tags/', 200, 'the tags'],
        ['tags', 308, ''],
        ['subscribe', 200, '<h1>New entries by mail</h1>'],
        [`u/${token}`, 200, '<h1>Unsubscribe</h1>'],
        ['nothing', 404, '<h1>There is no such page</h1>'],
        ['u/x', 404, '<h1>This link is not whole</h1>'],
        ['..%2f..%2fetc/passwd', 404, '<h1>There is no such page</h1>'],
      ] as const) {
        const answer = await ask(`${base}${path}`)
        expect([path, answer.status]).toEqual([path, status])
        expect(answer.text).toContain(words)
      }
    })

  test('is answered by 304 to who has it', async () => {
    const { ask } = await open({ tools: { files: staticFiles(published()) } })
    const { headers } = await ask('feed.xml')
    const again = await ask('feed.xml', { headers: { 'if-none-match': headers.get('etag') ?? '' } })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  test('that cannot be read is a fault that says so', async () => {
    const { ask, log } = await open({ tools: { files: () => Promise.reject(new Error('the disk is gone')) } })
    const { status, text } = await ask('feed.xml')
    expect([status, log]).toEqual([500, ['{"event":"web","message":"the disk is gone"}']])
    expect(text).toContain('<h1>That did not work</h1>')
  })
})

test('pages of subscribers link to each other below the path at which a proxy serves them', async () => {
  const { ask, token } = await open({ url: 'https://news.example.org/mail/' })
  const { text } = await ask(`mail/u/${token}`, ONE_CLICK)
  expect(text).toContain('<a href="../subscribe">Subscribe page</a>')
})

test('a page in a language that is written from the right says so', async () => {
  const { ask, token } = await open({
    site: { language: 'ar' },
    tools: { texts: (language) => ({ language, say: (name) => name, plain: {} }), languages: ['ar'] },
  })
  expect((await ask(`u/${token}`)).text).toContain('<html lang="ar" dir="rtl">')
})
