import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemLine } from '../src/problem.ts'
import { type Answer, BadServer, endless, headOf, replying, sending } from './support/bad-server.ts'
import { selfSigned } from './support/certificates.ts'
import { rss } from './support/feed-server.ts'
import { tempFolder } from './support/folder.ts'
import { HostileSite, type Told } from './support/hostile-site.ts'
import { runAt } from './support/run-at.ts'

const MB = 1_000_000
const CHUNKED = headOf(200, { 'transfer-encoding': 'chunked' })
const TIDES = '潮汐表每日更新'
const gzipped = gzipSync(Buffer.alloc(8 * MB))
const GZIP = { 'content-encoding': 'gzip' }

const feed = (title: string): string =>
  rss({ guid: `urn:${title}`, title, date: '2026-01-01', text: `${title} it is.` })
/** Half a gigabyte, in parts that make one whole. */
const bomb = Buffer.concat(Array.from({ length: 64 }, () => gzipped))
const entities = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, index, all) => {
  return `<!ENTITY ${name} "${index === 0 ? 'x'.repeat(100) : `&${all[index - 1]};`.repeat(10)}">`
})
const entityBomb = `<!DOCTYPE rss [${entities.join('')}]>${feed('Bomb').replace('it is', '&i;')}`

/** How a host answers, and what the report says of it. */
const HOSTILE: readonly (readonly [says: string, answer: Answer, code: string])[] = [
  ['a gzip bomb', replying(200, GZIP, bomb), 'fetch-too-big'],
  ['gzip without end', endless(headOf(200, GZIP), bomb), 'fetch-too-big'],
  ['a body without end', endless(headOf(200), Buffer.alloc(50_000, '<a>')), 'fetch-too-big'],
  ['chunks without end', endless(CHUNKED, Buffer.from(`1000\r\n${'x'.repeat(4096)}\r\n`)), 'fetch-too-big'],
  ['headers without end', endless('HTTP/1.1 200 OK\r\n', Buffer.from('x-y: z\r\n'.repeat(100))), 'fetch-too-big'],
  ['a header that is huge', replying(200, { 'x-y': 'z'.repeat(20_000) }, feed('Header')), 'fetch-too-big'],
  ['a length that is too short', sending(headOf(200, { 'content-length': '100' }), feed('Part')), 'feed-malformed'],
  ['a length that is too long', sending(headOf(200, { 'content-length': '9000' }), feed('Part')), 'fetch-truncated'],
  ['a chunk that is none', sending(CHUNKED, '5\r\n<rss>\r\nzzz\r\n'), 'fetch-truncated'],
  ['gzip that breaks off', replying(200, GZIP, gzipSync(feed('Part')).subarray(0, -9)), 'fetch-truncated'],
  ['gzip that is none', replying(200, GZIP, feed('Plain')), 'fetch-malformed'],
  ['another protocol', sending('220 mail.example.org ESMTP\r\n'), 'fetch-malformed'],
  ['a circle', replying(302, { location: '/feed?again' }), 'fetch-redirects'],
  ['no answer', sending(), 'fetch-unreachable'],
  ['its being busy', replying(429, { 'retry-after': '3600' }), 'fetch-later'],
  ['what is no feed', replying(200, {}, Buffer.alloc(9 * MB, '\0\xff')), 'feed-unreadable'],
]

/** What a run is no worse for. */
const WARNINGS = new Set(['fetch-later', 'feed-malformed'])

const site = new HostileSite()
let secret: BadServer
let told: Told
let again: Told
beforeAll(async () => {
  secret = await BadServer.start('127.0.0.1')
  const old = '<pubDate>Wed, 01 Jan 2020 00:00:00 GMT</pubDate>'
  const items = Array.from({ length: 60_000 }, (_, n) => `<item><guid>${n}</guid><title>Ebb ${n}</title>${old}<a>`)
  await site.follow('items without end', replying(200, {}, `<rss><channel>${items.join('')}`))
  await site.follow('first', replying(200, {}, feed('First')))
  for (const [says, answer] of HOSTILE) await site.follow(says, answer)
  for (const server of site.servers.values()) server.answers['/feed?again'] = replying(301, { location: '/feed' })
  await site.follow('no certificate', replying(200), selfSigned())
  await site.follow('a way inside', replying(302, { location: `${secret.origin}/` }))
  site.add('an address inside', `${secret.origin}/`)
  site.add('a name inside', `http://localhost:${secret.port}/`)
  await site.follow('entities', replying(200, {}, entityBomb))
  await site.follow('charset', replying(200, { 'content-type': 'text/xml; charset=gb2312' }, feed(TIDES)))
  await site.follow('last', replying(200, {}, feed('Last')))
  told = await site.run()
  again = await site.run()
})
afterAll(async () => {
  await site.close()
  await secret.stop()
})

const sourceOf = (told: Told, name: string): Told['sources'][number] | undefined =>
  told.sources.find((source) => source.name === name)

/** The problems of a source by their codes, of which the report has a line each. */
function codesOf(told: Told, name: string): string[] | undefined {
  return sourceOf(told, name)?.problems.map((problem) => {
    expect(problemLine(problem)).not.toMatch(/[\n\r\x1b]/)
    expect(problem.severity).toBe(WARNINGS.has(problem.code) ? 'warning' : 'error')
    return problem.code
  })
}

for (const [says, , code] of HOSTILE)
  test(`${says} costs one line, each time`, () => {
    expect(sourceOf(told, says)).toMatchObject({ new: 0 })
    expect([codesOf(told, says), codesOf(again, says)]).toEqual([[code], [code]])
  })

test('a certificate that nobody signed costs one line', () => {
  expect(codesOf(told, 'no certificate')).toEqual(['fetch-tls'])
})

test('nobody brings a run to an address inside', () => {
  for (const name of ['an address inside', 'a name inside', 'a way inside'])
    expect(codesOf(told, name), name).toEqual(['fetch-refused'])
  expect(secret.asked).toEqual([])
})

test('the others are read, and stay', () => {
  for (const name of ['first', 'entities', 'charset', 'last'])
    expect(sourceOf(told, name), name).toMatchObject({ new: 1, problems: [] })
  const feed = readFileSync(join(site.dir, 'public/feed.xml'), 'utf8')
  for (const title of ['First', 'Bomb', TIDES, 'Last']) expect(feed).toContain(`<title>${title}</title>`)
  expect(again.sources.filter((source) => source.new > 0)).toEqual([])
  expect([told.exitCode, again.exitCode]).toEqual([3, 3])
})

test('an entity that unfolds to a gigabyte stays folded', () => {
  expect(readFileSync(join(site.dir, 'public/feed.json'), 'utf8').length).toBeLessThan(20_000)
})

test('items without end are read as far as is laid down', () => {
  const { new: found, problems } = sourceOf(told, 'items without end') ?? { new: 0, problems: [] }
  expect(found).toBe(2000)
  expect(problems.map(({ severity }) => severity)).toEqual(problems.map(() => 'warning'))
  expect(problems.length).toBeLessThan(4)
})

test('each host is asked once in a run, and a busy one not in the next', () => {
  const asked = [...site.servers].map(([name, server]): [string, number] => {
    return [name, server.asked.filter(({ path }) => path === '/feed').length]
  })
  const once = { 'its being busy': 1, 'no certificate': 0 }
  const twice = [...site.servers.keys()].map((name): [string, number] => [name, 2])
  expect(Object.fromEntries(asked)).toEqual({ ...Object.fromEntries(twice), ...once })
})

test('of what has no end little is taken', async () => {
  expect(site.sent.length).toBeGreaterThan(HOSTILE.length)
  // The rest lies in the buffers of the two sockets.
  for (const { name, bytes } of site.sent) expect(await bytes, name).toBeLessThan(30 * MB)
})

test('a run holds little at a time, whatever it is sent', () => expect(told.peak).toBeLessThan(600))

test('a busy host is asked again at the time that it named', async () => {
  const server = await BadServer.start()
  server.answers['/feed'] = replying(429, { 'retry-after': '3600' })
  const settings = `
    site: { title: Tide Notes, url: "https://tides.example.org/" }
    sources: [{ kind: feed, name: busy, url: "${server.origin}/feed" }]
    fetch: { allow: [127.0.0.1] }`
  const dir = tempFolder({ 'feedwire.config.yaml': settings })
  const later = { new: 0, problems: [{ code: 'fetch-later', severity: 'warning' }] }
  expect(await runAt(dir, '2026-02-01T08:00:00Z')).toMatchObject({ exitCode: 0, sources: [later] })
  server.answers['/feed'] = replying(200, {}, feed('Ebb'))
  expect(await runAt(dir, '2026-02-01T08:59:00Z')).toMatchObject({ exitCode: 0, sources: [later] })
  expect(server.asked).toHaveLength(1)
  expect(await runAt(dir, '2026-02-01T09:01:00Z')).toMatchObject({ exitCode: 0, sources: [{ new: 1, problems: [] }] })
  await server.stop()
  rmSync(dir, { recursive: true })
})
