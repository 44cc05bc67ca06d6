import { rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Store, openStore } from '../../src/remember/open.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { randomFrom } from './crash-chance.ts'
import { tempFolder } from './folder.ts'
import { gaugeSettings, writeGauge } from './gauges.ts'
import { startPostgres } from './postgres.ts'
import { type Daemon, startDaemon } from './program.ts'
import { type SmtpSink, startSink } from './smtp-sink.ts'

/** How a cluster is to be tried. */
export interface ClusterPlan {
  machines: number
  recipients: number
  faults: number
  seed: number
}

/** What became of it. */
export interface ClusterEnd {
  kills: number
  restarts: number
  letters: number
  doubled: number
  maybeTwice: number
}

const CONNECTIONS = 3
/** Milliseconds that the mail server takes for a letter, and from one fault to the next at most. */
const LETTER = 15
const REST = 900
/** Milliseconds after which a cluster that does not get on is given up. */
const PATIENCE = 240_000

/**
 * Several daemons on one PostgreSQL deliver a digest while they are killed and the server is started anew; then checks
 * that nobody was forgotten, and that each letter which went twice was in flight at a fault and is known as such.
 */
export async function surviveCluster(plan: ClusterPlan): Promise<ClusterEnd> {
  const server = await startPostgres(['fsync=off'])
  const sink = await startSink()
  sink.script = async (stage): Promise<'accept'> => {
    if (stage === 'dot') await setTimeout(LETTER)
    return 'accept'
  }
  const database = `${server.url}/postgres`
  await enrol(database, plan.recipients)
  const dirs = Array.from({ length: plan.machines }, () => machine(database, sink))
  const daemons = dirs.map((dir) => startDaemon(dir))
  const random = randomFrom(plan.seed)
  const counts = { kills: 0, restarts: 0 }
  try {
    while (sink.received.length === 0) await setTimeout(50)
    for (let fault = 0; fault < plan.faults; fault++) {
      await setTimeout(random() * REST)
      const victim = Math.floor(random() * (plan.machines + 1))
      const dir = dirs[victim]
      if (dir === undefined) {
        server.restart()
        counts.restarts++
      } else {
        await killed(daemons[victim])
        daemons[victim] = startDaemon(dir)
        counts.kills++
      }
    }
    await settled(database)
    return { ...counts, ...(await count(database, sink, plan, counts)) }
  } finally {
    for (const daemon of daemons) await killed(daemon)
    await sink.close()
    server.stop()
    for (const dir of dirs) rmSync(dir, { recursive: true })
  }
}

function machine(database: string, sink: SmtpSink): string {
  const dir = tempFolder()
  const mail = { from: 'digest@example.org', smtp: sink.url.href, connections: CONNECTIONS }
  gaugeSettings(dir, { database, mail, digest: { first_run: 10 }, schedule: '0 0 1 1 *' })
  writeGauge(dir, 'north', ['date: 2026-01-30'])
  return dir
}

async function enrol(database: string, recipients: number): Promise<void> {
  await inStore(database, async (store) => {
    for (let n = 1; n <= recipients; n++)
      await addSubscriber(store, parseEmailAddress(`reader-${n}@example.net`), Date.now())
  })
}

async function killed(daemon: Daemon | undefined): Promise<void> {
  daemon?.kill()
  await daemon?.ended
}

async function settled(database: string): Promise<void> {
  for (const start = Date.now(); Date.now() - start < PATIENCE;) {
    const open = await inStore(database, (store) =>
      store.selectFrom('ledger').select('id').where('state', 'in', ['due', 'claimed', 'deferred']).limit(1).execute(),
    )
    if (open.length === 0) return
    await setTimeout(500)
  }
  throw new Error('the cluster does not get on')
}

async function count(
  database: string,
  sink: SmtpSink,
  { recipients }: ClusterPlan,
  { kills, restarts }: Pick<ClusterEnd, 'kills' | 'restarts'>,
): Promise<Omit<ClusterEnd, 'kills' | 'restarts'>> {
  const rows = await inStore(database, (store) => store.selectFrom('ledger').selectAll().execute())
  expect(rows.map(({ state }) => state)).toEqual(Array.from({ length: recipients }, () => 'sent'))
  const times = new Map<string, number>()
  for (const { messageId } of sink.received) times.set(messageId, (times.get(messageId) ?? 0) + 1)
  expect(times.size).toBe(recipients)
  const twice = [...times].filter(([, count]) => count > 1).map(([id]) => id.slice(1, id.indexOf('@')))
  const known = new Set(rows.filter((row) => row.maybe_twice === 1).map(({ id }) => id))
  expect(twice.filter((id) => !known.has(id))).toEqual([])
  expect(twice.length).toBeLessThanOrEqual(CONNECTIONS * (kills + 3 * restarts))
  return { letters: sink.received.length, doubled: twice.length, maybeTwice: known.size }
}

async function inStore<T>(database: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(database)
  try {
    return await work(store)
  } finally {
    await store.destroy()
  }
}
