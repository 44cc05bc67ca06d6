import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../src/remember/open.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { type Daemon, startDaemon } from './support/program.ts'
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

function settings(schedule: string, readers = ['ann@example.net'], more = ''): void {
  const text = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
schedule: "${schedule}"
digest: { first_run: 5 }
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

    const store = await openStore(join(dir, 'feedwire.db'))
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

    settings('* * * * *', readers, `mail: { from: ada@example.org, smtp: "${sink.url.href}", connections: 2 }`)
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
  const store = await openStore(join(dir, 'feedwire.db'))
  await store.updateTable('ledger').set({ state: 'claimed', settled_at: null, reply: null }).execute()
  await store.updateTable('digests').set({ done_at: null }).execute()
  await store.destroy()
  settings('* * * * *')
  expect(await onceThrough()).toEqual(['started', 'run', 'waiting', 'stopping', 'stopped'])
  expect(filesBelow(join(dir, 'outbox'))).toHaveLength(1)
})
