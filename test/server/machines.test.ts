import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunOptions } from '../../src/job.ts'
import { openStore } from '../../src/remember/open.ts'
import { takeLock } from '../../src/remember/lock.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { holdUntilPublished, unpublishedDigests } from '../../src/remember/unpublished.ts'
import { publishHere } from '../../src/sharing.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { storePlace } from '../support/database.ts'
import { filesBelow, stampsBelow, tempFolder } from '../support/folder.ts'
import { gaugeSettings, writeGauge } from '../support/gauges.ts'
import { startDaemon } from '../support/program.ts'
import { configOf, runAt } from '../support/run-at.ts'
import { startSink } from '../support/smtp-sink.ts'

/** Two machines, each with a folder of its own. */
let one = ''
let other = ''
let database = ''
beforeEach(() => {
  one = tempFolder()
  other = tempFolder()
  database = storePlace(one)
  for (const dir of [one, other]) gaugeSettings(dir, { database, schedule: '0 0 1 1 *', digest: { first_run: 5 } })
  writeGauge(one, 'north', ['date: 2026-01-30'])
})
afterEach(() => {
  for (const dir of [one, other]) rmSync(dir, { recursive: true })
})

const now = Date.parse('2026-01-31T09:00:00Z')
const options: RunOptions = {
  ...{ now, clock: () => now, random: () => 0.5, signal: new AbortController().signal },
  ...{ acceptRemovals: false, digest: 'due' },
}
const publishOther = () => publishHere(configOf(other), options)
const site = (dir: string): string[] => filesBelow(join(dir, 'public'))
const digests = (dir: string): string[] => site(dir).filter((path) => /^digests\/2.*\.html$/.test(path))

async function enrol(): Promise<void> {
  const store = await openStore(database)
  await addSubscriber(store, parseEmailAddress('ann@example.net'), now)
  await store.destroy()
}

describe('publishHere()', () => {
  test('publishes what another machine gathered, and once', async () => {
    await enrol()
    await runAt(one, '2026-01-31T08:00:00Z')
    expect((await publishOther())?.written.length).toBeGreaterThan(3)
    expect(site(other)).toEqual(site(one))
    expect(digests(other)).toHaveLength(1)
    const before = stampsBelow(join(other, 'public'))
    expect(await publishOther()).toBeNull()
    expect(stampsBelow(join(other, 'public'))).toEqual(before)
  })

  test('follows what changes, step by step', async () => {
    for (const name of ['east', 'south', 'west']) {
      writeGauge(one, name)
      await runAt(one, '2026-01-31T08:00:00Z')
      expect(await publishOther()).not.toBeNull()
      expect(site(other)).toEqual(site(one))
    }
    const before = stampsBelow(join(one, 'public'))
    await runAt(one, '2026-01-31T08:00:00Z')
    expect(stampsBelow(join(one, 'public'))).toEqual(before)
  })

  test('has nothing to do again where machines publish something else each', async () => {
    const settings = { database, schedule: '0 0 1 1 *', digest: { first_run: 5 } }
    gaugeSettings(other, { ...settings, publish: { compress: false } })
    const publishOne = () => publishHere(configOf(one), options)
    for (const name of ['east', 'south']) {
      writeGauge(one, name)
      await runAt(one, '2026-01-31T08:00:00Z')
      expect(await publishOther()).not.toBeNull()
      expect(await publishOne()).toBeNull()
      expect(await publishOther()).toBeNull()
    }
    const store = await openStore(database)
    const kept = await store.selectFrom('settings').select('key').where('key', 'like', 'published:%').execute()
    await store.destroy()
    // What stands in each, and what stood there before.
    expect(kept).toHaveLength(4)
  })

  test('leaves it to a run that is at work', async () => {
    await runAt(one, '2026-01-31T08:00:00Z')
    const lock = await takeLock(database)
    expect(await publishOther()).toBeNull()
    expect(site(other)).toEqual([])
    await lock?.release()
  })
})

test('letters whose pages never came to stand go once a daemon has published them', async () => {
  const sink = await startSink()
  const mail = { from: 'digest@example.org', smtp: sink.url.href }
  for (const dir of [one, other]) {
    gaugeSettings(dir, { database, mail, schedule: '0 0 1 1 *', digest: { first_run: 5 } })
  }
  await enrol()
  // As a machine leaves it that dies after freezing.
  const stop = new AbortController()
  stop.abort()
  await runAt(one, '2026-01-31T08:00:00Z', stop.signal)
  await runAt(one, '2026-01-31T08:00:00Z')
  const store = await openStore(database)
  const { id } = await store.selectFrom('digests').select('id').executeTakeFirstOrThrow()
  await store.updateTable('ledger').set({ state: 'due', settled_at: null, reply: null }).execute()
  await store.updateTable('digests').set({ done_at: null }).execute()
  await store.transaction().execute((tx) => holdUntilPublished(tx, [id]))
  await store.destroy()
  const sent = sink.received.length
  const daemon = startDaemon(other)
  while (sink.received.length === sent) await new Promise((resolve) => setTimeout(resolve, 50))
  daemon.stop()
  await daemon.ended
  const after = await openStore(database)
  expect(await unpublishedDigests(after)).toEqual([])
  await after.destroy()
  expect(digests(other)).toHaveLength(1)
  await sink.close()
})
