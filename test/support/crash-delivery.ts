import { rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { type Store, openStore } from '../../src/remember/open.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { randomFrom } from './crash-chance.ts'
import { type CrashedDelivery, type LedgerRow, expectNothingLost } from './crash-count.ts'
import { allAreGone, storePlace } from './database.ts'
import { type FaultySink, startFaultySink } from './faulty-sink.ts'
import { tempFolder } from './folder.ts'
import { gaugeSettings, writeGauge } from './gauges.ts'
import { startProgram } from './program.ts'

/** How the delivery of one digest is to be tried. */
export interface DeliveryPlan {
  recipients: number
  kills: number
  /** Decides the faults and where each kill falls. */
  seed: number
  /** What becomes of a letter that may have gone or not. */
  unknown: 'send' | 'hold'
}

const CONNECTIONS = 5
/** More runs than these would mean that the delivery does not get on. */
const RUNS_PER_KILL = 4

/**
 * Freezes a digest for many readers and delivers it to a server that fails in many ways, by runs that are killed and
 * started again until the ledger is done; then checks that nothing is lost and each doubled letter is accounted for.
 * @returns what happened, as lines of counts
 */
export async function surviveDelivery(plan: DeliveryPlan): Promise<string> {
  const sink = await startFaultySink(plan.seed)
  const dir = tempFolder()
  try {
    await freezeOneDigest(dir, sink, plan)
    const killedRuns = await killUntilDone(dir, sink, plan)
    const rows = await inStore(dir, ledgerRows)
    const done = await inStore(dir, digestsDone)
    const delivery: CrashedDelivery = { ...plan, sink, rows, killedRuns, connections: CONNECTIONS, done }
    return expectNothingLost(delivery)
  } finally {
    await sink.close()
    rmSync(dir, { recursive: true })
  }
}

/** The server turns everybody away while the digest is frozen. */
async function freezeOneDigest(dir: string, sink: FaultySink, { recipients, unknown }: DeliveryPlan): Promise<void> {
  const mail = { from: 'digest@example.org', smtp: sink.url.href, connections: CONNECTIONS, unknown }
  gaugeSettings(dir, { mail, digest: { first_run: 10 } })
  for (const name of ['north', 'east', 'south']) writeGauge(dir, name)
  await inStore(dir, async (store) => {
    for (let n = 1; n <= recipients; n++) {
      await addSubscriber(store, parseEmailAddress(`reader-${n}@example.net`), Date.now())
    }
  })
  sink.isShut = true
  const { stdout } = await startProgram(dir, 'run', '--json').ended
  sink.isShut = false
  expect(JSON.parse(stdout)).toMatchObject({ digests: [{ recipients }], deliveries: { sent: 0, due: recipients } })
}

/** Runs the program until the ledger is done. @returns the runs that were killed, as the sink numbers them */
async function killUntilDone(dir: string, sink: FaultySink, plan: DeliveryPlan): Promise<number[]> {
  const killed: number[] = []
  const random = randomFrom(plan.seed)
  for (let open = plan.recipients; open > 0; open = await inStore(dir, lettersOpen)) {
    sink.run += 1
    expect(sink.run, 'the delivery gets on').toBeLessThan(RUNS_PER_KILL * plan.kills + 40)
    const left = plan.kills - killed.length
    await inStore(dir, letTimePass)
    const stop = left > 0 ? stopAt(open / (left + 1), random) : null
    if (await isKilled(dir, sink, stop)) killed.push(sink.run)
  }
  return killed
}

/** Where a run is to be killed: so many milliseconds after the n-th time that a letter has come to this step. */
interface Stop {
  step: 'start' | 'rcpt' | 'body' | 'dot' | 'taken'
  at: number
  delay: number
}

const STEPS = ['start', 'rcpt', 'body', 'dot', 'taken', 'taken'] as const
/** Milliseconds in which a run has started, and in which some letters go through. */
const START = 600
const SOME_LETTERS = 12

function stopAt(letters: number, random: () => number): Stop {
  const step = STEPS[Math.floor(random() * STEPS.length)] ?? 'start'
  const at = step === 'start' ? 0 : 1 + Math.floor(1.5 * letters * random())
  const isAtOnce = random() < 0.5
  const delay = random() * (step === 'start' ? START : SOME_LETTERS)
  return { step, at, delay: step !== 'start' && isAtOnce ? 0 : Math.round(delay) }
}

/** Starts a run, and waits until it has ended and the server has read what it had sent. */
async function isKilled(dir: string, sink: FaultySink, stop: Stop | null): Promise<boolean> {
  const running = startProgram(dir, 'run')
  const kill = async (delay: number): Promise<void> => {
    if (delay > 0) await setTimeout(delay)
    running.kill('SIGKILL')
  }
  let steps = 0
  sink.onStep = (step) => {
    if (step === stop?.step && ++steps === stop.at) void kill(stop.delay)
  }
  if (stop?.step === 'start') void kill(stop.delay)
  const { code, signal, stderr } = await running.ended
  await sink.idle()
  await allAreGone(dir)
  if (signal !== 'SIGKILL') expect([0, 3], stderr).toContain(code)
  return signal === 'SIGKILL'
}

/** Letters that were put off wait for minutes and hours; here they may go at once. No run is at work meanwhile. */
async function letTimePass(store: Store): Promise<void> {
  await sql`update ledger set until = ${Date.now()} where state = 'deferred'`.execute(store)
}

async function lettersOpen(store: Store): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from ledger where state in ('due', 'deferred', 'claimed')`.execute(store)
  return Number(rows[0]?.open)
}

async function ledgerRows(store: Store): Promise<LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`
    select ledger.id, address, ledger.state, reply, maybe_twice as "maybeTwice"
    from ledger join subscribers on subscribers.id = subscriber_id`.execute(store)
  return rows
}

async function digestsDone(store: Store): Promise<boolean[]> {
  const rows = await store.selectFrom('digests').select('done_at').execute()
  return rows.map(({ done_at }) => done_at !== null)
}

async function inStore<T>(dir: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(storePlace(dir))
  try {
    return await work(store)
  } finally {
    await store.destroy()
  }
}
