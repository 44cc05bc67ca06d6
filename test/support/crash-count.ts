import { expect } from 'vitest'
import type { FaultySink, Taken } from './faulty-sink.ts'
import { isRefused } from './faulty-sink-faults.ts'

/** A letter as the ledger tells of it. */
export interface LedgerRow {
  id: string
  address: string
  state: string
  reply: string | null
  maybeTwice: number
}

/** What is there to count once a delivery is done. */
export interface CrashedDelivery {
  recipients: number
  seed: number
  kills: number
  unknown: 'send' | 'hold'
  connections: number
  sink: FaultySink
  rows: readonly LedgerRow[]
  /** Runs that were killed, as the sink numbers them. */
  killedRuns: readonly number[]
  /** Whether each digest is done. */
  done: readonly boolean[]
}

/** A letter with every copy of it that the server took. */
interface Letter extends LedgerRow {
  copies: readonly Taken[]
}

/** Compares what the ledger says with what the server took. @returns the counts */
export function expectNothingLost(delivery: CrashedDelivery): string {
  const { recipients, sink, rows, seed, killedRuns, kills } = delivery
  const letters = lettersOf(rows, sink.taken)
  expect(killedRuns.length, 'runs were killed').toBeGreaterThanOrEqual(kills)
  expect(rows.length, 'each recipient has a row').toBe(recipients)
  expect(delivery.done, 'the digest is done').toEqual([true])

  const ends = countsOf(rows.map(({ state }) => state))
  expect(sumOf(['sent', 'refused', 'held'].map((end) => ends.get(end) ?? 0)), 'the ledger sums').toBe(recipients)
  const mayBeRefused = rows.filter(({ address, state }) => isRefused(seed, address) && state !== 'held')
  const refused = rows.filter(({ state }) => state === 'refused')
  expect(refused, 'refused are those whom the server refused for good').toEqual(mayBeRefused)

  const taken = letters.filter(({ copies }) => copies.length > 0)
  const lost = letters.filter(({ state, copies }) => state === 'sent' && copies.length === 0)
  expect(lost, 'sent, but taken by nobody').toEqual([])
  const doubled = letters.filter(({ copies }) => copies.length > 1)
  for (const { id, copies, maybeTwice } of doubled) {
    expect(new Set(copies.map(({ hash }) => hash)).size, `each copy of ${id} is the same`).toBe(1)
    expect(maybeTwice, `${id} is counted as maybe doubled`).toBe(1)
  }
  const causes = expectDoublesExplained(delivery, doubled)
  const held = letters.filter(({ state }) => state === 'held')
  expectHeld(delivery, held)
  return [
    `seed ${seed}, unknown: ${delivery.unknown}: ${sink.run} runs, ${killedRuns.length} killed, ${recipients} recipients`,
    `ledger: ${listOf(ends)}; taken by the server: ${sink.taken.length} letters for ${taken.length} recipients`,
    `lost: ${lost.length}; doubled: ${doubled.length} (${causes})`,
    `maybe doubled, as the ledger says: ${rows.filter(({ maybeTwice }) => maybeTwice === 1).length}`,
    `held: ${held.length}, of which the server took ${held.filter(({ copies }) => copies.length > 0).length}`,
    `faults: ${listOf(sink.faults)}`,
  ].join('\n  ')
}

/** Each letter with its copies; one that is not in the ledger fails. */
function lettersOf(rows: readonly LedgerRow[], taken: readonly Taken[]): Letter[] {
  const letters = rows.map((row) => ({ ...row, copies: [] as Taken[] }))
  const byName = new Map(letters.map((letter) => [`<${letter.id}@example.org> to ${letter.address}`, letter]))
  for (const one of taken) {
    const name = `${one.messageId} to ${one.to}`
    expect(byName.has(name), `${name} is in the ledger`).toBe(true)
    byName.get(name)?.copies.push(one)
  }
  return letters
}

/** Every copy but the last of a letter was in flight when its run was killed, or the server did not say that it took it. */
function expectDoublesExplained(delivery: CrashedDelivery, doubled: readonly Letter[]): string {
  const { killedRuns, connections } = delivery
  const early = doubled.flatMap(({ copies }) => copies.slice(0, -1))
  const unanswered = early.filter(({ isAnswered }) => !isAnswered)
  const inFlight = early.filter(({ isAnswered }) => isAnswered)
  expect(
    inFlight.filter(({ run }) => !killedRuns.includes(run)),
    'doubled without a kill',
  ).toEqual([])
  const most = Math.max(0, ...countsOf(inFlight.map(({ run }) => run)).values())
  expect(most, 'doubled by one kill').toBeLessThanOrEqual(connections)
  if (delivery.unknown === 'hold') expect(early, 'doubled').toEqual([])
  const kills = `${inFlight.length} by kills, at most ${most} by one, with ${connections} connections`
  return `${kills}; ${unanswered.length} as the server took them and did not answer`
}

/** What waits for the owner had been begun, and was in flight at a kill or broken off by the server. */
function expectHeld({ unknown, sink, killedRuns, connections }: CrashedDelivery, held: readonly Letter[]): void {
  const known = held.filter(({ copies }) => copies.some((copy) => copy.isAnswered && !killedRuns.includes(copy.run)))
  expect(known, 'held, though the server said that it took them').toEqual([])
  const broken = sumOf([...sink.faults].filter(([name]) => /drop|reset/.test(name)).map(([, count]) => count))
  expect(held.length, 'held').toBeLessThanOrEqual(unknown === 'hold' ? broken + killedRuns.length * connections : 0)
}

function countsOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** `3 sent, 1 refused` */
function listOf(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([name, count]) => `${count} ${name}`)
    .sort()
    .join(', ')
}
