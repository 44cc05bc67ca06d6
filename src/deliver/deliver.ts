import type { Instant } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { type Claim, type Settled, type Settlement, adoptClaims } from '../remember/ledger.ts'
import { type Lease, takeLease } from '../remember/lease.ts'
import { closeDigests, countDue } from '../remember/letters.ts'
import type { Store } from '../remember/open.ts'
import type { Rates } from '../remember/rates.ts'
import { Desk } from './desk.ts'
import { type Drain, drainOf } from './drain.ts'
import type { Connection, Letter, Mailer, Outcome } from './mailer.ts'

/** What became of the letters that this run tried. */
export interface Deliveries {
  sent: number
  deferred: number
  refused: number
  suppressed: number
  held: number
  expired: number
  /** Still to be sent, in the next run. */
  due: number
  /** Of those sent: an earlier try ended without an answer, so that the reader may have the letter twice. */
  maybeTwice: number
  problems: ProblemRecord[]
}

/** What delivering needs besides the store and the mailer. */
export interface DeliveryTools {
  runId: number
  /** That of the run, which outlives this; left out: it is taken, and given back. */
  lease?: Lease
  clock: () => Instant
  /** A number from 0 to 1, for the jitter of delays. */
  random: () => number
  /** Once it is aborted, no letter is begun; those in flight are finished, or cut off after some seconds. */
  signal: AbortSignal
  letterFor: (claim: Claim) => Promise<Letter>
  rates: Rates
  /** What becomes of a letter that may have gone or not: it goes again, or waits for the owner. */
  unknown: 'send' | 'hold'
  /** Told how many letters came to an end in this run. */
  onSettled?: (done: number) => void
}

/** Sends every letter that is due: claim, send, settle, on each connection of the mailer. In a file it needs the lock. */
export async function deliver(store: Store, mailer: Mailer, tools: DeliveryTools): Promise<Deliveries> {
  const fate = mailer.idempotent ? 'again' : tools.unknown === 'hold' ? 'held' : 'maybe twice'
  const adopted = await adoptClaims(store, fate, tools.clock())
  const tally = { maybeTwice: 0, problems: [] as ProblemRecord[] }
  const onExpired = (claim: Claim): void => {
    noteLost(claim, 'letter-expired', 'The letter was put off for three days and is given up', tally)
  }
  const lease = tools.lease ?? takeLease(store, tools.runId)
  const desk = new Desk(lease, { ...tools, connections: mailer.connections, onExpired })
  const letterFor: DeliveryTools['letterFor'] = (claim) => lease.use(() => tools.letterFor(claim))
  const drain = drainOf(mailer, tools.signal)
  const stop = (): void => {
    desk.close()
  }
  if (tools.signal.aborted) stop()
  tools.signal.addEventListener('abort', stop)
  try {
    const workers = Array.from({ length: mailer.connections }, () =>
      work(desk, mailer, { ...tools, letterFor }, { tally, drain }),
    )
    const ends = await Promise.allSettled(workers)
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  } finally {
    tools.signal.removeEventListener('abort', stop)
    drain.end()
    await mailer.close()
    if (tools.lease === undefined) await lease.end()
  }
  // Counting and marking are one: another machine may let letters of it go again meanwhile.
  await store.transaction().execute((tx) => closeDigests(tx, tools.clock()))
  const count = (end: Settled): number => desk.settled.get(end) ?? 0
  return {
    sent: count('sent'),
    deferred: count('deferred'),
    refused: count('refused'),
    suppressed: count('suppressed'),
    held: count('held') + (fate === 'held' ? adopted : 0),
    expired: count('expired'),
    due: await countDue(store),
    ...tally,
  }
}

interface Tally {
  maybeTwice: number
  problems: ProblemRecord[]
}

/** One connection: it is opened for its first letter, and ends when there is none left. */
async function work(
  desk: Desk,
  mailer: Mailer,
  tools: DeliveryTools,
  { tally, drain }: { tally: Tally; drain: Drain },
): Promise<void> {
  let connection: Connection | null = null
  try {
    let claim = await desk.exchange(null)
    while (claim !== null) {
      connection ??= mailer.open()
      const outcome = await tryLetter(connection, claim, tools)
      if (outcome.kind === 'stopped') desk.close()
      // A server that did not answer in time is not said to be out of reach.
      if (!drain.isCut() || outcome.kind !== 'stopped') note(outcome, claim, tally)
      claim = await desk.exchange(settlementOf(outcome, claim, tools, drain.isCut()))
    }
  } finally {
    await connection?.close()
  }
}

/** A letter that cannot be made is refused, so that it does not stand in the way of the others. */
async function tryLetter(connection: Connection, claim: Claim, tools: DeliveryTools): Promise<Outcome> {
  let letter: Letter
  try {
    letter = await tools.letterFor(claim)
  } catch (error) {
    // What befell the store is not the letter's fault.
    if (!(error instanceof Problem) || error.code.startsWith('store-')) throw error
    return { kind: 'refused', reason: error.message }
  }
  return connection.send(letter)
}

function note(outcome: Outcome, claim: Claim, tally: Tally): void {
  if (outcome.kind === 'sent' && claim.maybeTwice) tally.maybeTwice++
  if (outcome.kind === 'refused') noteLost(claim, 'address-refused', `The letter was refused: ${outcome.reason}`, tally)
  if (outcome.kind === 'stopped' && !tally.problems.some(({ code }) => code === outcome.problem.code)) {
    tally.problems.push(outcome.problem.toJSON())
  }
}

/** A reader who does not get this letter, for good. */
function noteLost(claim: Claim, code: string, message: string, tally: Tally): void {
  const mend = 'ask the reader for another address, or take this one off with "feedwire subscribers remove"'
  tally.problems.push(new Problem(code, message, { where: claim.address, mend }).toJSON())
}

/** A letter that was cut off need not wait for its next try. */
function settlementOf(outcome: Outcome, claim: Claim, tools: DeliveryTools, isCut: boolean): Settlement {
  switch (outcome.kind) {
    case 'sent':
      return { claim, state: 'sent', reply: outcome.reply }
    case 'refused':
      return { claim, state: 'refused', reply: outcome.reason, isDead: isDead(outcome.reason) }
    case 'deferred': {
      if (outcome.unknown && tools.unknown === 'hold') return { claim, state: 'held', reply: outcome.reason }
      const until = tools.clock() + (isCut ? 0 : backoff(claim.attempts, tools.random()))
      return { claim, state: 'deferred', until, reply: outcome.reason, unknown: outcome.unknown }
    }
    case 'stopped':
      return { claim, state: 'due' }
  }
}

/** RFC 3463, section 3.2: the status speaks of the recipient's address, not of the sender's (5.1.7, 5.1.8). */
export function isDead(reply: string): boolean {
  return /^\d{3}[ -]5\.1\.(?:[12346]|10)\b/.test(reply)
}

const MINUTE = 60_000

/** How long a letter waits after its n-th failure, in milliseconds: 5 minutes, then twice as long each time, at most 4 hours, a fifth more or less. */
export function backoff(attempts: number, random: number): number {
  const wait = Math.min(5 * 2 ** attempts, 240) * MINUTE
  return Math.round(wait * (0.8 + 0.4 * random))
}
