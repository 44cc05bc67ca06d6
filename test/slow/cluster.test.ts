import { rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { eventsOf } from '../support/cluster-events.ts'
import { surviveCluster } from '../support/cluster.ts'
import { inStore } from '../support/in-store.ts'
import { tempFolder } from '../support/folder.ts'
import { gaugeSettings, writeGauge } from '../support/gauges.ts'
import { startPostgres } from '../support/postgres.ts'
import { runProgram, startDaemon, startProgram } from '../support/program.ts'
import { startSink } from '../support/smtp-sink.ts'

const PLAN = { machines: 3, recipients: 5000, faults: 56 }
const SLOTS = 4
const READERS = Array.from({ length: 30 }, (_, n) => `reader-${n + 1}@example.net`)
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)

for (const [says, more] of [
  ['', { letter: 80 }],
  [' at a pace', { letter: 10, rate: 100 }],
  [' while readers leave', { letter: 80, web: true }],
] as const)
  test(`three daemons on one server lose no letter${says} in ${PLAN.faults} faults (CRASH_SEED=${SEED})`, async () => {
    const end = await surviveCluster({ ...PLAN, ...more, seed: SEED })
    console.log(JSON.stringify(end))
    expect(end).toMatchObject({ kills: 24, cuts: 24, restarts: 8 })
  })

test('each slot is won by one of three daemons', async () => {
  const server = await startPostgres()
  const sink = await startSink()
  const dir = tempFolder()
  const mail = { from: 'digest@example.org', smtp: sink.url.href, connections: 2 }
  const [database, schedule] = [`${server.url}/postgres`, '* * * * *']
  gaugeSettings(dir, { database, mail, schedule, digest: { schedule, first_run: 5 }, subscribers: READERS })
  writeGauge(dir, 'gauge-0', ['date: 2026-01-01'])
  const daemons = Array.from({ length: 3 }, () => startDaemon(dir))
  try {
    for (let slot = 1; slot <= SLOTS; slot++) {
      while (sink.received.length < slot * READERS.length) await setTimeout(100)
      writeGauge(dir, `gauge-${slot}`, [`date: 2026-01-0${slot + 1}`])
    }
    for (const daemon of daemons) daemon.stop()
    for (const daemon of daemons) expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
    const runs = daemons.flatMap((daemon) => eventsOf(daemon, 'run'))
    expect(runs.filter(({ digests }) => digests === 1)).toHaveLength(SLOTS)
    const minutes = runs.map(({ startedAt }) => String(startedAt).slice(0, 16))
    expect(new Set(minutes).size, 'one run in each minute').toBe(minutes.length)
    await inStore(database, async (store) => {
      const slots = await store.selectFrom('digests').select('slot').orderBy('slot').execute()
      expect(new Set(slots.map(({ slot }) => slot)).size).toBe(SLOTS)
    })
    expect(new Set(sink.received.map(({ messageId }) => messageId)).size).toBe(sink.received.length)
    expect(sink.received).toHaveLength(SLOTS * READERS.length)
  } finally {
    for (const daemon of daemons) daemon.kill()
    await sink.close()
    server.stop()
    rmSync(dir, { recursive: true })
  }
})

/** Longer than a statement waits for others. */
const LONG = 20_000

test('a run waits for what others hold, is over when that takes too long, and the next does its work', async () => {
  const server = await startPostgres()
  const sink = await startSink()
  const dir = tempFolder()
  const database = `${server.url}/postgres`
  const mail = { from: 'digest@example.org', smtp: sink.url.href, connections: 1 }
  gaugeSettings(dir, { database, mail, digest: { first_run: 5 }, subscribers: READERS })
  writeGauge(dir, 'north', ['date: 2026-01-30'])
  const rival = new pg.Client({ connectionString: database })
  await rival.connect()
  try {
    expect((await runProgram(dir, 'entries', 'list')).code).toBe(0)
    await rival.query('begin; lock table entries')
    const { code, stderr } = await runProgram(dir, 'run')
    await rival.query('rollback')
    const said = expect.stringContaining('Another process keeps writing to the store - try again when it is done')
    expect({ code, stderr }).toEqual({ code: 1, stderr: said })

    const run = startProgram(dir, 'run', '--json')
    while (sink.received.length < 3) await setTimeout(1)
    await rival.query('begin; lock table ledger')
    await setTimeout(LONG)
    await rival.query('rollback')
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' })
    expect(sink.received.flatMap(({ to }) => to).sort()).toEqual(READERS.toSorted())
  } finally {
    await rival.end()
    await sink.close()
    server.stop()
    rmSync(dir, { recursive: true })
  }
})
