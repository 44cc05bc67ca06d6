import { afterEach, beforeEach, expect, test } from 'vitest'
import { Desk } from '../../src/deliver/desk.ts'
import { type Lease, takeLease } from '../../src/remember/lease.ts'
import type { Claim } from '../../src/remember/ledger.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { NOW, PostOffice } from './post.ts'

const READERS = 9
const CONNECTIONS = 3

let office: PostOffice
let desk: Desk
let lease: Lease
/** The clock is asked once for each commit. */
let commits = 0
beforeEach(async () => {
  office = await PostOffice.open(READERS)
  commits = 0
  const clock = (): number => {
    commits++
    return NOW
  }
  const run = { runId: await beginRun(office.store, NOW), rates: { all: null, domains: new Map<string, number>() } }
  lease = takeLease(office.store, run.runId)
  desk = new Desk(lease, { ...run, clock, connections: CONNECTIONS, onExpired: () => undefined })
})
afterEach(async () => {
  await lease.end()
  await office.close()
})

/** The next letter of each connection; each asks a moment after the one before. */
async function exchangeAll(claims: readonly (Claim | null)[]): Promise<(Claim | null)[]> {
  const asked: Promise<Claim | null>[] = []
  for (const claim of claims) {
    asked.push(desk.exchange(claim === null ? null : { claim, state: 'sent', reply: '250 ok' }))
    await Promise.resolve()
  }
  return Promise.all(asked)
}

test('Desk settles letters that come back one after another in one commit, and gives out the next in it', async () => {
  const first = await exchangeAll(Array.from({ length: CONNECTIONS }, () => null))
  const before = commits
  const second = await exchangeAll(first)
  expect(commits - before).toBe(1)
  expect(new Set([...first, ...second].map((claim) => claim?.id)).size).toBe(2 * CONNECTIONS)
  expect(await office.states()).toEqual({ sent: CONNECTIONS, claimed: CONNECTIONS, due: READERS - 2 * CONNECTIONS })
})

test('Desk settles a letter while others stay away', async () => {
  const [back = null] = await exchangeAll(Array.from({ length: CONNECTIONS }, () => null))
  expect(await exchangeAll([back])).toMatchObject([{ id: 'digest-1.4' }])
  expect(await office.states()).toEqual({ sent: 1, claimed: CONNECTIONS, due: READERS - CONNECTIONS - 1 })
})
