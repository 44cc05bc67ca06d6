import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { type Answer, BadServer, dripping, headOf, replying, stalling } from '../support/bad-server.ts'
import { rss } from '../support/feed-server.ts'
import { HostileSite } from '../support/hostile-site.ts'

const feed = (title: string): string =>
  rss({ guid: `urn:${title}`, title, date: '2026-01-01', text: `${title} it is.` })

const SLOW: readonly (readonly [says: string, answer: Answer])[] = [
  ['silence', stalling()],
  ['silence within the headers', stalling('HTTP/1.1 200 OK\r\nx-y:')],
  ['silence within the body', stalling(headOf(200), '<rss>')],
  ['headers drop by drop', dripping('HTTP/1.1 200 OK\r\n', 'x')],
  ['hints without end', dripping('', 'HTTP/1.1 103 Early Hints\r\n\r\n')],
  ['a body drop by drop', dripping(headOf(200), '<a>')],
  ['gzip drop by drop', dripping(headOf(200, { 'content-encoding': 'gzip' }), gzipSync(''))],
  ['a redirect drop by drop', dripping('HTTP/1.1 302 Found\r\nLocation: ', '/')],
]

const site = new HostileSite()
afterAll(() => site.close())

test('who is too slow is given up by the limits of the program, and left alone in the next run', async () => {
  await site.follow('first', replying(200, {}, feed('First')))
  for (const [says, answer] of SLOW) await site.follow(says, answer)
  const mute = await BadServer.start('127.0.1.99')
  site.add('no TLS', mute.origin.replace('http:', 'https:'))
  await site.follow('last', replying(200, {}, feed('Last')))
  const slow = [...SLOW.map(([says]) => says), 'no TLS']
  const found = (name: string, code: string): [string, string[]] => [name, slow.includes(name) ? [code] : []]

  const told = await site.run()
  const names = told.sources.map(({ name }) => name)
  expect(told.sources.map(({ name, problems }) => [name, problems.map(({ code }) => code)])).toEqual(
    names.map((name) => found(name, 'fetch-timeout')),
  )
  expect(told.sources.filter((source) => source.new === 1).map(({ name }) => name)).toEqual(['first', 'last'])
  expect(told.exitCode).toBe(3)
  expect(told.peak).toBeLessThan(300)
  for (const { name, bytes } of site.sent) expect(await bytes, name).toBeLessThan(1_000_000)

  const again = await site.run()
  expect(again.sources.map(({ name, problems }) => [name, problems.map(({ code }) => code)])).toEqual(
    names.map((name) => found(name, 'fetch-later')),
  )
  for (const [name, { asked }] of site.servers) expect(asked, name).toHaveLength(slow.includes(name) ? 1 : 2)
  const published = readFileSync(join(site.dir, 'public/feed.xml'), 'utf8')
  for (const title of ['First', 'Last']) expect(published).toContain(`<title>${title}</title>`)
  await mute.stop()
})
