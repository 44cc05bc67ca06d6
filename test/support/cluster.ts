import { rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Store } from '../../src/remember/open.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { type ClusterCounts, type Faults, countCluster } from './cluster-count.ts'
import { CONNECTIONS, Machine } from './cluster-machine.ts'
import { Leavers } from './cluster-leavers.ts'
import { randomFrom } from './crash-chance.ts'
import { startPostgres } from './postgres.ts'
import { type SmtpSink, startSink } from './smtp-sink.ts'
import { inStore } from './in-store.ts'

/** How a cluster is to be tried. */
export interface ClusterPlan {
  machines: number
  recipients: number
  faults: number
  seed: number
  /** Milliseconds that the mail server takes for a letter. */
  letter: number
  /** Letters a second that all machines together may send. */
  rate?: number
  /** Whether readers leave meanwhile, by the pages that each machine serves. */
  web?: boolean
}

/** What became of it. */
export type ClusterEnd = Faults & ClusterCounts & { left: number }

/** Milliseconds from one fault to the next at most. */
const REST = 900
/** Milliseconds after which a cluster that does not get on is given up. */
const PATIENCE = 240_000

/**
 * Several daemons on one PostgreSQL deliver a digest while they are killed, their connections are ended and the server
 * is started anew; then checks that nobody was forgotten, that each letter which went twice was in flight at a fault
 * and is known as such, and that whoever was told to be off the list is.
 */
export async function surviveCluster(plan: ClusterPlan): Promise<ClusterEnd> {
  const server = await startPostgres(['fsync=off'])
  const sink = await startSink()
  const begun = slowed(sink, plan.letter)
  const database = `${server.url}/postgres`
  await enrol(database, plan.recipients)
  const machines = await Promise.all(
    Array.from({ length: plan.machines }, (_, n) => Machine.make(n, database, sink, plan)),
  )
  const random = randomFrom(plan.seed)
  const faults: Faults = { kills: 0, cuts: 0, restarts: 0 }
  const leavers = new Leavers(machines)
  try {
    for (const machine of machines) machine.start()
    await begun
    const started = performance.now()
    if (plan.web === true) leavers.begin()
    for (let n = 0; n < plan.faults; n++) {
      await setTimeout(random() * REST)
      await inflict(FAULTS[n % FAULTS.length] ?? 'kill', faults, { server, database, machines, random })
    }
    expect(await lettersOpen(database), 'letters were open until the last fault').toBeGreaterThan(0)
    const left = await leavers.end()
    await settled(database)
    if (plan.rate !== undefined) {
      const atLeast = (1000 * (plan.recipients - CONNECTIONS * plan.machines)) / plan.rate
      expect(performance.now() - started, 'letters kept to their rate').toBeGreaterThan(0.9 * atLeast)
    }
    const counts = await inStore(database, (store) => countCluster(store, sink, plan, { faults, left }))
    return { ...faults, ...counts, left: left.size }
  } finally {
    await leavers.end()
    for (const machine of machines) await machine.kill()
    await sink.close()
    server.stop()
    for (const { dir } of machines) rmSync(dir, { recursive: true })
  }
}

/** As often as they come: the server is started anew once in seven times. */
const FAULTS = ['kill', 'cut', 'kill', 'restart', 'cut', 'kill', 'cut'] as const

async function inflict(
  kind: (typeof FAULTS)[number],
  faults: Faults,
  {
    server,
    database,
    machines,
    random,
  }: {
    server: { restart(): void }
    database: string
    machines: readonly Machine[]
    random: () => number
  },
): Promise<void> {
  const machine = machines[Math.floor(random() * machines.length)]
  switch (kind) {
    case 'restart':
      server.restart()
      faults.restarts++
      return
    case 'cut':
      await inStore(database, (store) => cutOff(store, machine?.name ?? ''))
      faults.cuts++
      return
    case 'kill':
      await machine?.kill()
      machine?.start()
      faults.kills++
  }
}

/** Ends every connection of a machine. */
async function cutOff(store: Store, name: string): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`.execute(store)
}

/** Lets a mail server take its time. @returns once it has the first letter */
function slowed(sink: SmtpSink, letter: number): Promise<void> {
  return new Promise((resolve) => {
    sink.script = async (stage): Promise<'accept'> => {
      if (stage === 'dot') {
        resolve()
        await setTimeout(letter)
      }
      return 'accept'
    }
  })
}

async function enrol(database: string, recipients: number): Promise<void> {
  await inStore(database, async (store) => {
    for (let n = 1; n <= recipients; n++)
      await addSubscriber(store, parseEmailAddress(`reader-${n}@example.net`), Date.now())
  })
}

async function lettersOpen(database: string): Promise<number> {
  const { rows } = await inStore(database, (store) =>
    sql<{ open: number }>`select count(*) as open from ledger where state in ('due', 'deferred', 'claimed')`.execute(
      store,
    ),
  )
  return rows[0]?.open ?? 0
}

async function settled(database: string): Promise<void> {
  for (const start = Date.now(); Date.now() - start < PATIENCE;) {
    if ((await lettersOpen(database)) === 0) return
    await setTimeout(500)
  }
  throw new Error('the cluster does not get on')
}
