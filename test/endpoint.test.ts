import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { Server, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { onServer } from './support/database.ts'
import { type Staying, feedwireAt, stayIn } from './support/command.ts'
import { tempFolder } from './support/folder.ts'
import { gaugeSettings, writeGauge } from './support/gauges.ts'
import { type Daemon, runProgram, startDaemon } from './support/program.ts'
import { type Answer, type SmtpSink, startSink } from './support/smtp-sink.ts'

/** Its slot comes once a year, so that none comes in the middle of a test. */
const YEARLY = '0 0 1 1 *'
const WEB_URL = 'https://news.example.org/mail/'

let dir = ''
let port = 0
let sink: SmtpSink
const daemons: Daemon[] = []
const commands: Staying[] = []
beforeEach(async () => {
  dir = tempFolder()
  sink = await startSink()
  port = await freePort()
  settings({ web: { url: WEB_URL, port } })
  writeGauge(dir, 'old')
})
afterEach(async () => {
  for (const daemon of daemons.splice(0)) {
    daemon.stop()
    await daemon.ended
  }
  await Promise.all(commands.splice(0).map((command) => command.stop()))
  await sink.close()
  rmSync(dir, { recursive: true })
})

function settings(more: Record<string, unknown>): void {
  const mail = { from: 'digest@example.org', smtp: sink.url.href }
  const subscribers = ['ann@example.net', 'bob@example.net']
  gaugeSettings(dir, { schedule: YEARLY, digest: { first_run: 5 }, mail, subscribers, ...more })
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Starts the built program as a daemon. */
function start(): Daemon {
  const daemon = startDaemon(dir)
  daemons.push(daemon)
  return daemon
}

function stay(command: 'start' | 'serve'): Staying {
  const staying = stayIn(dir, command)
  commands.push(staying)
  return staying
}

/** Who got a letter since the last look. */
function recipients(): string[] {
  return sink.received
    .splice(0)
    .flatMap(({ to }) => to)
    .sort()
}

/** Where the letter to a reader says that one click leaves, as the proxy before the program passes it on. */
async function oneClickLink(reader: string): Promise<string> {
  const letter = sink.received.find(({ to }) => to.includes(reader))
  const { headerLines } = await simpleParser(letter?.raw ?? '')
  const field = (name: string): string => headerLines.find(({ key }) => key === name)?.line.replace(/\r?\n/g, '') ?? ''
  expect(field('list-unsubscribe-post')).toBe('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  const [, link = ''] = /<(https:[^>]*)>/.exec(field('list-unsubscribe')) ?? []
  expect(link.startsWith(`${WEB_URL}u/`)).toBe(true)
  return link.replace('https://news.example.org/', `http://127.0.0.1:${port}/`)
}

/** Leaves as a mail program does (RFC 8058, section 3.2). */
function leave(link: string): Promise<Response> {
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  return fetch(link, { method: 'POST', body, redirect: 'manual' })
}

describe('feedwire start with web', () => {
  test('takes a reader off by the link of a letter that it sent, and the next digest goes to the others', async () => {
    const daemon = start()
    expect(await daemon.event('serving')).toMatchObject({ url: WEB_URL, at: `http://127.0.0.1:${port}/` })
    await daemon.event('waiting')
    const link = await oneClickLink('ann@example.net')
    expect(recipients()).toEqual(['ann@example.net', 'bob@example.net'])

    expect((await leave(link)).status).toBe(200)
    expect(await daemon.event('unsubscribed')).toMatchObject({ level: 'info', subscriber: 1 })
    writeGauge(dir, 'north')
    expect(await runProgram(dir, 'run')).toMatchObject({ code: 0, stderr: '' })
    // On a server the daemon may have the letter in hand, and the run be over.
    while (sink.received.length === 0) await setTimeout(20)
    expect(recipients()).toEqual(['bob@example.net'])

    daemon.stop()
    expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
    await expect(fetch(link)).rejects.toThrow('fetch failed')
    expect(daemon.lines.join('\n')).not.toContain('@example.net')
  })

  // On a server the daemon sends the other letter at once, beside the run.
  test.skipIf(onServer())(
    'answers while a run is at work, and the letter of who leaves meanwhile is not sent',
    async () => {
      settings({
        web: { url: WEB_URL, port },
        mail: { from: 'digest@example.org', smtp: sink.url.href, connections: 1 },
      })
      const daemon = start()
      await daemon.event('waiting')
      const links = { ann: await oneClickLink('ann@example.net'), bob: await oneClickLink('bob@example.net') }
      recipients()
      writeGauge(dir, 'north')
      const left: string[] = []
      sink.script = async (stage, about): Promise<Answer> => {
        if (stage !== 'dot' || left.length > 0) return 'accept'
        // The first letter is held back until the other reader has left.
        left.push(about.startsWith('ann') ? 'bob@example.net' : 'ann@example.net')
        await leave(about.startsWith('ann') ? links.bob : links.ann)
        return 'accept'
      }
      await runProgram(dir, 'run')
      const { out } = await feedwireAt(dir, '2026-01-31T12:00:00Z', 'digests', 'list', '--limit', '1')
      expect(out).toContain('2 letters: 1 sent, 1 suppressed')
      expect([...recipients(), ...left].sort()).toEqual(['ann@example.net', 'bob@example.net'])
    },
  )

  test('asks before it takes anybody off: looking at the link changes nothing', async () => {
    const daemon = start()
    await daemon.event('waiting')
    const link = await oneClickLink('ann@example.net')
    expect(await (await fetch(link)).text()).toContain('<form')
    expect((await fetch(`${link}x`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })).status).toBe(404)
    expect((await feedwireAt(dir, '2026-01-31T12:00:00Z', 'subscribers', 'list')).out).not.toContain('unsubscribed')
  })

  test('ends with the mend when its port is taken, before a run', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const { code, stdout, stderr } = await runProgram(dir, 'start')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/EADDRINUSE.* - give web\.host and web\.port/),
    })
    expect(stdout).not.toContain('"run"')
    expect(sink.sessions).toBe(0)
    other.close()
    await once(other, 'close')
  })
})

test('feedwire serve answers the link of a letter that cron sent, gathers nothing and mails nothing', async () => {
  await runProgram(dir, 'run')
  const link = await oneClickLink('ann@example.net')
  recipients()
  const serving = stay('serve')
  await serving.event('serving')
  writeGauge(dir, 'north')
  expect((await leave(link)).status).toBe(200)
  await serving.event('unsubscribed')
  expect(serving.events()).toEqual(['serving', 'unsubscribed'])
  expect(recipients()).toEqual([])

  await runProgram(dir, 'run')
  expect(recipients()).toEqual(['bob@example.net'])
  expect(await serving.stop()).toBe(0)
})

for (const [says, web, listens] of [
  ['listens once with web', true, 1],
  ['listens nowhere without web', false, 0],
] as const)
  test(`feedwire start ${says}`, async () => {
    settings(web ? { web: { url: WEB_URL, port } } : {})
    const listen = vi.spyOn(Server.prototype, 'listen')
    const daemon = stay('start')
    await daemon.event('waiting')
    expect(listen).toHaveBeenCalledTimes(listens)
    listen.mockRestore()
    expect(daemon.events().includes('serving')).toBe(web)
    expect(await daemon.stop()).toBe(0)
  })

test('letters of a site without web name no address that nobody answers', async () => {
  settings({})
  await runProgram(dir, 'run')
  const { headerLines } = await simpleParser(sink.received[0]?.raw ?? '')
  const fields = headerLines.filter(({ key }) => key.startsWith('list-unsubscribe')).map(({ line }) => line)
  expect(fields).toEqual(['List-Unsubscribe: <mailto:digest@example.org?subject=unsubscribe>'])
})
