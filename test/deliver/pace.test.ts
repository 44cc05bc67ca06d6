import { afterEach, beforeEach, expect, test } from 'vitest'
import { Desk } from '../../src/deliver/desk.ts'
import { takeLease } from '../../src/remember/lease.ts'
import { directDigest } from '../../src/remember/direct.ts'
import type { Rates } from '../../src/remember/rates.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { type Answer, type SmtpSink, startSink } from '../support/smtp-sink.ts'
import { NOW, PostOffice } from './post.ts'

// A run that waited for a turn of this length would outlast the test.
const DAY = 24 * 60 * 60 * 1000
const DAILY: Rates = { all: DAY, domains: new Map() }
const SLOW: Rates = { all: null, domains: new Map([['slow.example', DAY]]) }

let office: PostOffice
let sink: SmtpSink
beforeEach(async () => {
  office = await PostOffice.open(3)
  sink = await startSink()
})
afterEach(async () => {
  await sink.close()
  await office.close()
})

function recipients(): string[] {
  return sink.received.flatMap(({ to }) => to)
}

/** The signal of a run that is told to stop as soon as the server has taken so many letters. */
function stopAfter(letters: number): AbortSignal {
  const stop = new AbortController()
  sink.script = (stage): Answer => {
    if (stage === 'dot' && sink.received.length === letters - 1) stop.abort()
    return 'accept'
  }
  return stop.signal
}

/** When the letters to a domain, or to all, came to the server by a clock. */
function arrivals(clock: () => number, domain = ''): () => number[] {
  const times: number[] = []
  sink.script = (stage, about): Answer => {
    if (stage === 'dot' && about.endsWith(domain)) times.push(clock())
    return 'accept'
  }
  return () => times
}

/** Readers at a domain that takes one letter a day; they stand before all others in a digest of their own. */
async function slowReaders(count: number): Promise<string[]> {
  const addresses = Array.from({ length: count }, (_, index) => `slow-${index + 1}@slow.example`)
  for (const address of addresses) await addSubscriber(office.store, parseEmailAddress(address), NOW)
  await office.freeze('a-digest')
  return addresses
}

/** When the next letter may go, as the store has it. */
async function next(scope: string): Promise<number | undefined> {
  const row = office.store.selectFrom('rates').select('next_at').where('scope', '=', scope)
  return (await row.executeTakeFirst())?.next_at
}

for (const connections of [1, 3])
  test(`deliver() sends no faster than the rate of all, over ${connections} connections`, async () => {
    const begun = Date.now()
    const arrived = arrivals(Date.now)
    const rates = { all: 40, domains: new Map<string, number>() }
    expect(await office.send(sink.url, connections, { rates, clock: Date.now })).toMatchObject({ sent: 3, due: 0 })
    expect(recipients().sort()).toEqual([1, 2, 3].map((n) => `reader-${n}@example.net`))
    for (const [index, at] of arrived().entries()) expect(at).toBeGreaterThanOrEqual(begun + index * 40)
    expect(await next('')).toBeGreaterThanOrEqual(begun + 3 * 40)
    expect(await office.done()).toEqual([true])
  })

test('deliver() sleeps until a turn has come, and does not keep asking for it', async () => {
  let asked = 0
  const clock = (): number => {
    asked += 1
    return Date.now()
  }
  await office.send(sink.url, 1, { rates: { all: 150, domains: new Map() }, clock })
  // Once for each letter and the end, once more where a timer was early, and what a run asks besides.
  expect(asked).toBeLessThan(15)
  expect(recipients()).toHaveLength(3)
})

test('deliver() sends no faster to a domain than its rate, and all goes in the end', async () => {
  const slow = await slowReaders(3)
  // The clock stands until nothing but the slow domain is left, however long a machine takes for that.
  let begun = Date.now()
  const clock = (): number => {
    if (recipients().length < 7) begun = Date.now()
    return NOW + Date.now() - begun
  }
  const arrived = arrivals(clock, '@slow.example')
  const rates = { all: null, domains: new Map([['slow.example', 60]]) }
  expect(await office.send(sink.url, 2, { rates, clock })).toMatchObject({ sent: 9, due: 0 })
  expect(recipients().slice(0, 7)).toContain(slow[0])
  expect(recipients().slice(7).sort()).toEqual(slow.slice(1))
  for (const [index, at] of arrived().entries()) expect(at).toBeGreaterThanOrEqual(NOW + index * 60)
  expect(await next('slow.example')).toBeGreaterThanOrEqual(NOW + 3 * 60)
})

for (const connections of [1, 4])
  test(`deliver() lets a slow domain hold up nobody else, over ${connections} connections`, async () => {
    const slow = await slowReaders(3)
    const signal = stopAfter(7)
    expect(await office.send(sink.url, connections, { rates: SLOW, signal })).toMatchObject({ sent: 7, due: 2 })
    expect(recipients().filter((address) => slow.includes(address))).toHaveLength(1)
    expect(await office.states()).toEqual({ sent: 7, due: 2 })
  })

test('deliver() keeps to the rates of a run before it', async () => {
  const slow = await slowReaders(2)
  await office.send(sink.url, 1, { rates: SLOW, signal: stopAfter(7) })
  await office.freeze('b-digest')
  const { length } = recipients()
  await office.send(sink.url, 2, { rates: SLOW, signal: stopAfter(length + 3), now: NOW + DAY - 1 })
  expect(recipients().slice(length).sort()).toEqual([1, 2, 3].map((n) => `reader-${n}@example.net`))
  await office.send(sink.url, 2, { rates: SLOW, signal: stopAfter(length + 4), now: NOW + DAY })
  expect(recipients().slice(length + 3)).toEqual([expect.stringMatching(/@slow\.example$/)])
  expect(slow).toContain(recipients().at(-1))
})

test('deliver() ends at once when it is told to stop while connections wait for a turn, and loses nothing', async () => {
  const stopped = await office.send(sink.url, 3, { rates: DAILY, signal: stopAfter(1) })
  expect(stopped).toMatchObject({ sent: 1, due: 2, problems: [] })
  expect(await office.states()).toEqual({ sent: 1, due: 2 })
  expect(await office.done()).toEqual([false])
  sink.script = () => 'accept'
  expect(await office.send(sink.url, 3)).toMatchObject({ sent: 2, due: 0, maybeTwice: 0 })
  expect(recipients().sort()).toEqual([1, 2, 3].map((n) => `reader-${n}@example.net`))
})

test('deliver() ends at once when it is told to stop while all of it waits, with nothing claimed', async () => {
  const stop = new AbortController()
  const run = office.send(sink.url, 1, { rates: DAILY, signal: stop.signal })
  while ((await office.states())['sent'] !== 1) await new Promise(setImmediate)
  expect(await office.states()).toEqual({ sent: 1, due: 2 })
  stop.abort()
  expect(await run).toMatchObject({ sent: 1, due: 2 })
  expect(await office.states()).toEqual({ sent: 1, due: 2 })
})

test('deliver() does not wait for the turn of a letter that there is not', async () => {
  await directDigest(office.store, 'digest-1', 'cancel', NOW)
  await addSubscriber(office.store, parseEmailAddress('one@slow.example'), NOW)
  await office.freeze('a-digest')
  await office.store.deleteFrom('ledger').where('subscriber_id', 'in', [1, 2, 3]).execute()
  for (const rates of [SLOW, DAILY]) {
    await office.store.updateTable('ledger').set({ state: 'due' }).execute()
    await office.store.deleteFrom('rates').execute()
    expect(await office.send(sink.url, 3, { rates })).toMatchObject({ sent: 1, due: 0 })
  }
})

for (const [says, rates] of [
  ['all', DAILY],
  ['a domain', { all: null, domains: new Map([['example.net', DAY]]) }],
] as const)
  test(`deliver() does not wait for a digest that is paused while the rate of ${says} holds it up`, async () => {
    await office.send(sink.url, 2, { rates, signal: stopAfter(1) })
    await directDigest(office.store, 'digest-1', 'pause', NOW)
    expect(await office.send(sink.url, 2, { rates })).toMatchObject({ sent: 0, due: 0 })
    await directDigest(office.store, 'digest-1', 'resume', NOW)
    const resumed = await office.send(sink.url, 2, { rates, now: NOW + DAY, signal: stopAfter(2) })
    expect(resumed).toMatchObject({ sent: 1, due: 1 })
  })

test('Desk that is closed amid a commit lets nobody wait for a turn', async () => {
  const run = { runId: await beginRun(office.store, NOW), rates: DAILY }
  let act = (): void => undefined
  const clock = (): number => {
    act()
    return NOW
  }
  const lease = takeLease(office.store, run.runId)
  const desk = new Desk(lease, { ...run, clock, connections: 1, onExpired: () => undefined })
  expect(await desk.exchange(null)).toMatchObject({ id: 'digest-1.1' })
  act = () => {
    desk.close()
  }
  expect(await desk.exchange(null)).toBeNull()
  await lease.end()
})
