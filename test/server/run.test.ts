import { existsSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allAreGone, storePlace } from '../support/database.ts'
import { filesBelow, putFile, tempFolder } from '../support/folder.ts'
import { gaugeSettings, writeGauge } from '../support/gauges.ts'
import { type Running, runProgram, startProgram } from '../support/program.ts'
import { serverState } from '../support/server-state.ts'
import { type Answer, type SmtpSink, startSink } from '../support/smtp-sink.ts'

const READERS = ['ann@example.net', 'bob@example.net', 'cid@example.net']

let dir = ''
let place = ''
let sink: SmtpSink
const running: Running[] = []
beforeEach(async () => {
  sink = await startSink()
  dir = tempFolder()
  place = storePlace(dir)
  settings()
  writeGauge(dir, 'north', ['date: 2026-01-30'])
})
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.kill('SIGKILL')
    await one.ended
  }
  await sink.close()
  rmSync(dir, { recursive: true })
})

function settings(more: Record<string, unknown> = {}): void {
  const mail = { from: 'digest@example.org', smtp: sink.url.href, connections: 1 }
  gaugeSettings(dir, { mail, subscribers: READERS, digest: { first_run: 5 }, ...more })
}

function start(...words: string[]): Running {
  const program = startProgram(dir, ...words)
  running.push(program)
  return program
}

/** What a run says that goes well. */
async function report(run = start('run', '--json')): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run.ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Record<string, unknown>
}

/** Settings by which a run waits, once all is published, until it is let go. */
function waitingRun(): void {
  settings({ publish: { after: 'touch at-work; until [ -e go ]; do sleep 0.02; done' } })
}

async function isThere(file: string): Promise<void> {
  while (!existsSync(join(dir, file))) await setTimeout(10)
}

/** From now on the mail server keeps its answer to one letter to itself, until it is let go. */
function holdOneLetter(): { isHeld: Promise<void>; letGo: () => void } {
  let letGo: (answer: Answer) => void = () => undefined
  const answer = new Promise<Answer>((resolve) => {
    letGo = resolve
  })
  const isHeld = new Promise<void>((resolve) => {
    let letters = 0
    sink.script = (stage) => {
      if (stage !== 'dot' || ++letters > 1) return 'accept'
      resolve()
      return answer
    }
  })
  return {
    isHeld,
    letGo: () => {
      letGo('accept')
    },
  }
}

/** Letters by recipient, as often as they came. */
function recipients(): string[] {
  return sink.received.map(({ to }) => to.join()).sort()
}

describe('of two runs on one server', () => {
  test('one works, and the other says so', async () => {
    waitingRun()
    const first = start('run', '--json')
    await isThere('at-work')
    expect(await runProgram(dir, 'run')).toEqual({
      ...{ code: 0, signal: null, stderr: '' },
      stdout: 'Another run is at work on this store; this one leaves it alone.\n',
    })
    expect(await report()).toEqual({ busy: true })
    expect((await runProgram(dir, 'run', '--quiet')).stdout).toBe('')
    expect(JSON.parse((await runProgram(dir, 'status', '--json')).stdout)).toMatchObject({ isAtWork: true })
    expect((await runProgram(dir, 'doctor', '--offline')).stdout).toMatch(
      /^ok {4}store: .*; a run is at work, schema /m,
    )
    putFile(dir, 'go', '')
    expect(await report(first)).toMatchObject({ deliveries: { sent: 3 } })
  })

  test('the second helps with letters once the first has published', async () => {
    const { isHeld, letGo } = holdOneLetter()
    const first = start('run', '--json')
    await isHeld
    expect(await report()).toMatchObject({ gathered: { new: 0 }, digests: [], deliveries: { sent: 2 } })
    letGo()
    expect(await report(first)).toMatchObject({ digests: [{ recipients: 3 }], deliveries: { sent: 1, due: 0 } })
    expect(recipients()).toEqual(READERS)
  })
})

/** Kills a run that waits for a table which somebody else has locked. */
async function killedAt(table: string): Promise<void> {
  const client = new pg.Client({ connectionString: place })
  await client.connect()
  await client.query(`begin; lock table ${table}`)
  const run = start('run')
  const waiting = `
    select 1 from pg_locks where not granted and relation = cast('${table}' as regclass)
      and database = (select oid from pg_database where datname = current_database())`
  while ((await client.query(waiting)).rows.length === 0) await setTimeout(5)
  run.kill('SIGKILL')
  expect(await run.ended).toMatchObject({ signal: 'SIGKILL' })
  await client.query('rollback')
  await client.end()
  await allAreGone(dir)
}

describe('a run that is killed', () => {
  beforeEach(async () => {
    expect(await report()).toMatchObject({ deliveries: { sent: 3 } })
    sink.received.splice(0)
    writeGauge(dir, 'south', ['date: 2026-02-01'])
  })

  for (const [says, table, left] of [
    ['amid gathering', 'entries', { gathered: { new: 1 }, digests: [{ recipients: 3 }] }],
    ['after gathering', 'digests', { gathered: { new: 0 }, digests: [{ recipients: 3 }] }],
    ['after freezing', 'archives', { gathered: { new: 0 }, digests: [] }],
  ] as const)
    test(`${says} leaves the rest to the next`, async () => {
      await killedAt(table)
      expect(await report()).toMatchObject({ ...left, deliveries: { sent: 3, maybeTwice: 0 } })
      expect(recipients()).toEqual(READERS)
      expect(filesBelow(dir).filter((path) => /public\/digests\/\d.*html$/.test(path))).toHaveLength(2)
    })

  test('once all is published leaves the letters to the next', async () => {
    waitingRun()
    const run = start('run')
    await isThere('at-work')
    run.kill('SIGKILL')
    await run.ended
    // Its command outlives it, and would wait for ever.
    putFile(dir, 'go', '')
    await allAreGone(dir)
    settings()
    expect(await report()).toMatchObject({ gathered: { new: 0 }, digests: [], deliveries: { sent: 3, maybeTwice: 0 } })
    expect(recipients()).toEqual(READERS)
  })

  test('amid its letters doubles the one that is under way', async () => {
    const { isHeld, letGo } = holdOneLetter()
    const run = start('run')
    await isHeld
    run.kill('SIGKILL')
    await run.ended
    letGo()
    await allAreGone(dir)
    expect(await report()).toMatchObject({ digests: [], deliveries: { sent: 3, maybeTwice: 1 } })
    expect(recipients()).toHaveLength(4)
    expect([...new Set(recipients())]).toEqual(READERS)
  })
})

test('a run that is told to end finishes the letter under way, and leaves the others to the next', async () => {
  const { isHeld, letGo } = holdOneLetter()
  const run = start('run', '--json')
  await isHeld
  run.kill('SIGTERM')
  await setTimeout(100)
  letGo()
  expect(await report(run)).toMatchObject({ run: { stopped: true }, deliveries: { sent: 1, due: 2 } })
  expect(await report()).toMatchObject({ deliveries: { sent: 2, maybeTwice: 0 } })
  expect(recipients()).toEqual(READERS)
})

test('run --dry-run says what a run would do, and changes nothing', async () => {
  await report()
  writeGauge(dir, 'south', ['date: 2026-02-01'])
  const before = await serverState(place, dir)
  const { code, stdout, stderr } = await runProgram(dir, 'run', '--dry-run')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Nothing was changed\.[^]*^Gathered {3}1 new[^]*for 3 readers/m)
  expect(await serverState(place, dir)).toEqual(before)
  expect(sink.received).toHaveLength(3)
})

test('a run that finds nothing new writes nothing but that it was', async () => {
  // Younger ones are read anew.
  utimesSync(join(dir, 'articles/north.md'), 1_700_000_000, 1_700_000_000)
  await report()
  const { 'table runs': _, ...before } = await serverState(place, dir)
  expect(await report()).toMatchObject({ published: { written: [] } })
  const { 'table runs': runs, ...after } = await serverState(place, dir)
  expect(after).toEqual(before)
  expect(runs?.split('\n')).toHaveLength(2)
})
