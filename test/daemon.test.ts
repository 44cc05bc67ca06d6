import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { daemon } from '../src/daemon.ts'
import { openLog } from '../src/log.ts'
import { takeLock } from '../src/remember/lock.ts'
import { openStore } from '../src/remember/open.ts'
import { Hook } from './alerts/hook.ts'
import { onServer, storePlace } from './support/database.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { type Daemon, startDaemon } from './support/program.ts'
import { configOf } from './support/run-at.ts'
import { startSink } from './support/smtp-sink.ts'

/** Its slot comes once a year, so that none comes in the middle of a test. */
const YEARLY = '0 0 1 1 *'

let dir = ''
const running: Daemon[] = []
beforeEach(() => {
  const text = 'The gauge stands in the harbour since the year of the great flood, and is read at noon.'
  dir = tempFolder({ 'articles/gauge.md': `---\ntitle: The gauge\n---\n${text}\n` })
  settings(YEARLY)
})
afterEach(async () => {
  for (const daemon of running.splice(0)) {
    daemon.stop()
    await daemon.ended
  }
  rmSync(dir, { recursive: true })
})

function settings(schedule: string, readers = ['ann@example.net'], more = '', digest = 'instant'): void {
  const text = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
schedule: "${schedule}"
digest: { first_run: 5, schedule: "${digest}" }
subscribers: [${readers.join(', ')}]
${more}`
  putFile(dir, 'feedwire.config.yaml', text)
}

function start(): Daemon {
  const daemon = startDaemon(dir)
  running.push(daemon)
  return daemon
}

/** Starts, waits until there is nothing more to do, and stops; gives the events in their order. */
async function onceThrough(): Promise<string[]> {
  const daemon = start()
  await daemon.event('waiting')
  daemon.stop()
  expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
  return eventsOf(daemon)
}

function eventsOf({ lines }: Daemon): string[] {
  return lines
    .map((line) => String((JSON.parse(line) as { event: unknown }).event))
    .filter((name) => name !== 'problem')
}

test('start runs at once, logs lines of JSON, and ends with 0 on SIGTERM', async () => {
  const daemon = start()
  expect(await daemon.event('run')).toMatchObject({
    ...{ level: 'info', exitCode: 0, digests: 1, published: { removed: 0 } },
    ...{ gathered: { new: 1 }, deliveries: { sent: 1, due: 0 } },
  })
  expect((await daemon.event('waiting'))['next']).toMatch(/^\d{4}-01-01T00:00$/)
  expect(filesBelow(join(dir, 'public'))).toContain('feed.xml')
  daemon.stop()
  expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
  expect(eventsOf(daemon)).toEqual(['started', 'run', 'waiting', 'stopping', 'stopped'])
})

test('start does not run again within the same slot, but runs when one has come', async () => {
  await onceThrough()
  expect(await onceThrough()).toEqual(['started', 'waiting', 'stopping', 'stopped'])
  settings('* * * * *')
  expect(await onceThrough()).toEqual(['started', 'run', 'waiting', 'stopping', 'stopped'])
})

/** Stays in this process from a moment on, until there is nothing more to do; gives the events in their order. */
async function onceThroughAt(moment: string): Promise<string[]> {
  const stop = new AbortController()
  const events: string[] = []
  const log = openLog((line) => {
    const { event } = JSON.parse(line) as { event: string }
    events.push(event)
    if (event === 'waiting') stop.abort()
  })
  const now = Date.parse(moment)
  await daemon(configOf(dir), { clock: () => now, random: () => 0.5, signal: stop.signal }, log)
  return events
}

const AROUND = {
  with: ['started', 'run', 'waiting', 'stopping', 'stopped'],
  without: ['started', 'waiting', 'stopping', 'stopped'],
}

test('start makes up once what it slept through, be it ever so much', async () => {
  settings('0 6 * * *')
  expect(await onceThroughAt('2026-03-01T06:00:00Z')).toEqual(AROUND.with)
  expect(await onceThroughAt('2026-03-02T05:59:00Z')).toEqual(AROUND.without)
  expect(await onceThroughAt('2026-03-06T04:00:00Z')).toEqual(AROUND.with)
  expect(await onceThroughAt('2026-03-06T05:59:00Z')).toEqual(AROUND.without)
  expect(await onceThroughAt('2026-03-06T06:00:00Z')).toEqual(AROUND.with)
})

const lettersTo = (): number => filesBelow(join(dir, 'outbox')).length

test('start gathers on one schedule and mails on another', async () => {
  settings('0 6 * * *', ['ann@example.net'], '', '0 18 * * 6')
  expect(await onceThroughAt('2026-03-01T06:00:00Z')).toEqual(AROUND.with)
  const before = lettersTo()
  putFile(dir, 'articles/ebb.md', '---\ntitle: Ebb\ndate: 2026-03-01\n---\nThe water leaves.\n')
  expect(await onceThroughAt('2026-03-02T06:00:00Z')).toEqual(AROUND.with)
  expect(readFileSync(join(dir, 'public/feed.xml'), 'utf8')).toContain('Ebb')
  expect(lettersTo()).toBe(before)
  // Saturday evening: no gathering is due, but the digest.
  for (const day of ['03', '04', '05', '06', '07']) await onceThroughAt(`2026-03-${day}T06:00:00Z`)
  expect(await onceThroughAt('2026-03-07T17:59:00Z')).toEqual(AROUND.without)
  expect(await onceThroughAt('2026-03-07T18:00:00Z')).toEqual(AROUND.with)
  expect(lettersTo()).toBe(before + 1)
})

test('start leaves a store alone on which another run is at work, and its slot is still to be done', async () => {
  const lock = await takeLock(storePlace(dir))
  expect(await onceThroughAt('2026-03-01T06:00:00Z')).toEqual(['started', 'busy', 'waiting', 'stopping', 'stopped'])
  await lock?.release()
  expect(await onceThroughAt('2026-03-01T06:00:00Z')).toEqual(AROUND.with)
})

test.skipIf(onServer())('start tells the owner when the store cannot be opened', async () => {
  const hook = await Hook.start()
  try {
    settings(YEARLY, [], `alerts: { url: "${hook.url}" }`)
    putFile(dir, 'feedwire.db', 'this is no database, and never was one')
    expect(await onceThroughAt('2026-03-01T06:00:00Z')).toEqual(['started', 'failed', 'waiting', 'stopping', 'stopped'])
    expect(hook.take()).toMatchObject([{ body: expect.stringContaining('Cannot open the store') }])
    await onceThroughAt('2026-03-01T06:01:00Z')
    expect(hook.take()).toEqual([])
  } finally {
    await hook.stop()
  }
})

test('start outlives a run that fails, tells of it, and its slot is still to be done', async () => {
  putFile(dir, 'public/index.html', 'not ours')
  const daemon = start()
  expect(await daemon.event('failed')).toMatchObject({ level: 'error', code: 'publish-foreign' })
  await daemon.event('waiting')
  daemon.stop()
  expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
  rmSync(join(dir, 'public/index.html'))
  expect(await onceThrough()).toEqual(['started', 'run', 'waiting', 'stopping', 'stopped'])
})

test('start tries a letter again whose time has come, though no slot has', async () => {
  const sink = await startSink()
  try {
    settings(YEARLY, ['ann@example.net'], `mail: { from: ada@example.org, smtp: "${sink.url.href}" }`)
    sink.script = (stage) => (stage === 'rcpt' ? '451 4.3.0 later' : 'accept')
    expect(await onceThrough()).toContain('run')
    sink.script = () => 'accept'
    expect(await onceThrough()).not.toContain('run')

    const store = await openStore(storePlace(dir))
    await store.updateTable('ledger').set({ until: 1 }).execute()
    await store.destroy()
    expect(await onceThrough()).toContain('run')
    expect(sink.received.flatMap(({ to }) => to)).toEqual(['ann@example.net'])
  } finally {
    await sink.close()
  }
})

test('start that is stopped amid sending settles the letters in flight, and the next run sends the rest', async () => {
  const readers = Array.from({ length: 20 }, (_, index) => `reader-${index + 1}@example.net`)
  const sink = await startSink()
  try {
    settings(YEARLY, readers, `mail: { from: ada@example.org, smtp: "${sink.url.href}", connections: 2 }`)
    const daemon = start()
    sink.script = (stage) => {
      if (stage !== 'dot') return 'accept'
      // A second signal would end the process at once.
      sink.script = () => 'accept'
      daemon.stop()
      return 'accept'
    }
    const { deliveries } = await daemon.event('run')
    expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
    const sent = sink.received.length
    expect(sent).toBeLessThan(20)
    expect(deliveries).toMatchObject({ sent, due: 20 - sent, maybeTwice: 0 })

    // Its slot is still to be done.
    await onceThrough()
    expect(sink.received.flatMap(({ to }) => to).sort()).toEqual(readers.sort())
  } finally {
    await sink.close()
  }
})

test('start masks addresses in what it logs', async () => {
  const sink = await startSink()
  try {
    settings(YEARLY, ['ann@example.net'], `mail: { from: ada@example.org, smtp: "${sink.url.href}" }`)
    sink.script = (stage, about) => (stage === 'rcpt' ? `550 5.1.1 <${about}> is unknown` : 'accept')
    const daemon = start()
    await daemon.event('waiting')
    daemon.stop()
    await daemon.ended
    const refused = daemon.lines.find((line) => line.includes('address-refused'))
    expect(refused).toContain('<a***@example.net> is unknown')
    for (const line of daemon.lines) expect(line).not.toContain('ann@')
  } finally {
    await sink.close()
  }
})

test('start finishes what a killed run has left', async () => {
  const daemon = start()
  await daemon.event('run')
  daemon.stop()
  await daemon.ended
  const store = await openStore(storePlace(dir))
  await store.updateTable('ledger').set({ state: 'claimed', settled_at: null, reply: null }).execute()
  await store.updateTable('digests').set({ done_at: null }).execute()
  await store.destroy()
  settings('* * * * *')
  expect(await onceThrough()).toEqual(['started', 'run', 'waiting', 'stopping', 'stopped'])
  expect(filesBelow(join(dir, 'outbox'))).toHaveLength(1)
})

test('start logs no secret, whatever goes wrong', async () => {
  const hook = await Hook.start()
  const login = { user: 'ada', pass: 'pass-of-the-mail-server' }
  const sink = await startSink({ login })
  try {
    hook.answer = (response) => void response.writeHead(500).end()
    sink.script = (stage) => (stage === 'auth' ? `535 5.7.8 wrong password ${login.pass}` : 'accept')
    sink.url.username = login.user
    sink.url.password = login.pass
    const more = `
mail: { from: ada@example.org, smtp: "${sink.url.href}" }
secret: the-secret-of-the-site
feeds: { hub: "${hook.url}" }
alerts: { url: "${hook.url}", mail: owner@example.net, source_failures: 1, bounce_rate: 1 }
heartbeat: "${hook.url}"
sources: [{ kind: markdown, dir: articles }, { kind: markdown, dir: gone }]
`
    settings(YEARLY, ['ann@example.net'], more)
    const daemon = start()
    await daemon.event('waiting')
    daemon.stop()
    expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
    const text = daemon.lines.join('\n')
    for (const code of ['smtp-auth', 'alert-undelivered', 'heartbeat-unreachable', 'hub-refused'])
      expect(text).toContain(code)
    for (const secret of [login.pass, 's3cret-of-the-hook', 'the-secret-of-the-site'])
      expect(text).not.toContain(secret)
  } finally {
    await sink.close()
    await hook.stop()
  }
})
