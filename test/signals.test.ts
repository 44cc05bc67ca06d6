import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { runOnce } from '../src/run.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { type Running, runProgram, startDaemon, startProgram } from './support/program.ts'
import { configOf, runAt } from './support/run-at.ts'
import { type Answer, type SmtpSink, startSink } from './support/smtp-sink.ts'

/** What "run --json" says of a run. */
const REPORT = z.object({
  run: z.object({ stopped: z.boolean() }),
  sources: z.array(z.object({ new: z.number() })),
  deliveries: z.object({ sent: z.number(), deferred: z.number(), due: z.number(), maybeTwice: z.number() }),
  announced: z.object({ command: z.string() }),
})

let dir = ''
let sink: SmtpSink
const running: Running[] = []
beforeEach(async () => {
  sink = await startSink()
  dir = tempFolder({ 'articles/gauge.md': '---\ntitle: The gauge\n---\nIt stands in the harbour.\n' })
  settings()
})
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.kill('SIGKILL')
    await one.ended
  }
  await sink.close()
  rmSync(dir, { recursive: true })
})

function settings(more = ''): void {
  const text = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
schedule: "0 0 1 1 *"
digest: { first_run: 5 }
subscribers: [ann@example.net]
mail: { from: ada@example.org, smtp: "${sink.url.href}" }
${more}`
  putFile(dir, 'feedwire.config.yaml', text)
}

function start(...words: string[]): Running {
  const program = startProgram(dir, ...words)
  running.push(program)
  return program
}

/** What became of a run that was told to stop. */
async function stopped(run: Running) {
  run.kill('SIGTERM')
  const { code, stdout, stderr } = await run.ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const report = REPORT.parse(JSON.parse(stdout))
  expect(report.run.stopped).toBe(true)
  return report
}

async function wholeRun() {
  const { code, stdout, stderr } = await runProgram(dir, 'run', '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const report = REPORT.parse(JSON.parse(stdout))
  expect(report.run.stopped).toBe(false)
  return report
}

/** From now on the server keeps its answers to letters to itself, until they are let go. */
function fallSilent(): { hasLetter: Promise<void>; letGo: () => Promise<void> } {
  let letGo: (answer: Answer) => void = () => undefined
  const answer = new Promise<Answer>((resolve) => {
    letGo = resolve
  })
  const hasLetter = new Promise<void>((resolve) => {
    sink.script = (stage) => {
      if (stage === 'dot') resolve()
      return stage === 'dot' ? answer : 'accept'
    }
  })
  return {
    hasLetter,
    letGo: async () => {
      sink.script = () => 'accept'
      letGo('accept')
      await answer
    },
  }
}

describe('a mail server that never answers for a letter holds up', () => {
  test('"run" for some seconds only, and the next run sends it under the same Message-ID', async () => {
    const silence = fallSilent()
    const run = start('run', '--json')
    await silence.hasLetter
    expect((await stopped(run)).deliveries).toMatchObject({ sent: 0, deferred: 1 })
    await silence.letGo()
    expect((await wholeRun()).deliveries).toMatchObject({ sent: 1, maybeTwice: 1 })
    const ids = sink.received.map(({ messageId }) => messageId)
    expect(ids).toEqual([ids[0], ids[0]])
  })

  test('"start" for some seconds only', async () => {
    const silence = fallSilent()
    const daemon = startDaemon(dir)
    await silence.hasLetter
    daemon.stop()
    expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
    expect((await daemon.event('run'))['deliveries']).toMatchObject({ sent: 0, deferred: 1 })
    expect(await daemon.event('stopped')).toBeDefined()
    await silence.letGo()
  })

  test('nobody who sends a second signal, and the next run sends it', async () => {
    const silence = fallSilent()
    const daemon = startDaemon(dir)
    await silence.hasLetter
    daemon.stop()
    await daemon.event('stopping')
    const impatience = setInterval(() => {
      daemon.stop()
    }, 100)
    expect(await daemon.ended).toEqual({ code: null, stderr: '' })
    clearInterval(impatience)
    expect(daemon.lines.join('\n')).not.toContain('"stopped"')
    await silence.letGo()
    expect((await wholeRun()).deliveries).toMatchObject({ sent: 1, maybeTwice: 1 })
  })
})

test('a signal that comes twice at once, as npm and timeout send it, counts once', async () => {
  const silence = fallSilent()
  const daemon = startDaemon(dir)
  await silence.hasLetter
  daemon.stop()
  await daemon.event('stopping')
  daemon.stop()
  await silence.letGo()
  expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
})

test('a mail server that does not even greet holds up nobody who is told to stop', async () => {
  const asked = new Promise<void>((resolve) => {
    sink.script = (stage) => {
      if (stage === 'connect') resolve()
      return stage === 'connect' ? new Promise<Answer>(() => undefined) : 'accept'
    }
  })
  const run = start('run', '--json')
  await asked
  expect((await stopped(run)).deliveries).toMatchObject({ sent: 0, deferred: 0, due: 1 })
  sink.script = () => 'accept'
  expect((await wholeRun()).deliveries).toMatchObject({ sent: 1, maybeTwice: 0 })
})

test('a run that is told to stop amid many articles leaves them to the next', async () => {
  const text = 'The gauge stands in the harbour since the year of the great flood. '.repeat(40)
  for (let n = 0; n < 2000; n++) {
    putFile(dir, `articles/note-${n}.md`, `---\ntitle: Note ${n}\ndate: 2026-01-01\n---\n${text}${n}\n`)
  }
  const run = start('run', '--json')
  await vi.waitUntil(() => existsSync(join(dir, 'feedwire.db-wal')), { timeout: 30_000, interval: 5 })
  expect((await stopped(run)).sources).toEqual([])
  expect(existsSync(join(dir, 'public/feed.xml'))).toBe(false)
  const whole = await wholeRun()
  expect(whole.sources).toMatchObject([{ new: 2001 }])
  expect(whole.deliveries).toMatchObject({ sent: 1 })
})

test('a command after publishing is ended with the run, and run again by the next', async () => {
  const command = '[ -e began ] || { touch began; exec tail -f /dev/null; }'
  settings(`publish: { after: "${command}" }`)
  const run = start('run', '--json')
  await vi.waitUntil(() => existsSync(join(dir, 'began')), { timeout: 30_000, interval: 5 })
  expect((await stopped(run)).announced.command).toBe('failed')
  expect((await wholeRun()).announced.command).toBe('done')
})

describe('a run in this process that is told to stop', () => {
  const NOW = Date.UTC(2026, 1, 1)
  beforeEach(() => {
    settings('sources: [{ kind: markdown, dir: articles }, { kind: markdown, dir: news }]')
    for (const [path, title] of [
      ['articles/ebb.md', 'Ebb'],
      ['articles/flow.md', 'Flow'],
      ['news/neap.md', 'Neap'],
    ] as const)
      putFile(dir, path, `---\ntitle: ${title}\n---\nThe water is at the ${title}.\n`)
  })

  /** Runs, and is told to stop when so many files are read; 0: before it begins. Gives the sources that it remembered. */
  async function stoppedAfter(files: number) {
    const stop = new AbortController()
    if (files === 0) stop.abort()
    const report = await runOnce(configOf(dir), {
      ...{ now: NOW, clock: () => NOW, random: () => 0.5, signal: stop.signal, acceptRemovals: false, digest: 'due' },
      progress: (_, done) => {
        if (done === files) stop.abort()
      },
    })
    expect(report).toMatchObject({ run: { stopped: true }, digests: [], published: { written: [] }, exitCode: 0 })
    return report?.sources.map((source) => `${source.name} ${source.new}`)
  }

  for (const [says, files, sources, left] of [
    ['before it begins leaves everything to the next', 0, [], 4],
    ['amid a source undoes what it read of it', 2, [], 4],
    ['between two sources keeps the first', 3, ['articles 3'], 1],
  ] as const)
    test(says, async () => {
      expect(await stoppedAfter(files)).toEqual(sources)
      expect(existsSync(join(dir, 'public'))).toBe(false)
      const next = await runAt(dir, '2026-02-01T01:00:00Z')
      expect(next).toMatchObject({ run: { stopped: false }, gathered: { new: left }, deliveries: { sent: 1 } })
      expect(next.digests).toMatchObject([{ entries: 4 }])
    })

  test('looks at no source any more, be it one that has no file', async () => {
    settings('sources: [{ kind: markdown, dir: gone }]')
    expect(await stoppedAfter(0)).toEqual([])
  })
})
