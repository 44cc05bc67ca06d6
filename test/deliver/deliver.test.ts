import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { backoff } from '../../src/deliver/deliver.ts'
import { letterMaker } from '../../src/deliver/letters.ts'
import { outboxMailer } from '../../src/deliver/outbox.ts'
import { smtpMailer } from '../../src/deliver/smtp.ts'
import { Problem } from '../../src/problem.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { hasOpenLetters } from '../../src/remember/letters.ts'
import { openStore } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { type Answer, type Script, type SmtpSink, startSink } from '../support/smtp-sink.ts'
import { NOW, PostOffice, SENDER } from './post.ts'
import { storePlace } from '../support/database.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function openOffice(readers: number): Promise<PostOffice> {
  const office = await PostOffice.open(readers)
  closing.push(() => office.close())
  return office
}

async function openSink(script: Script = () => 'accept', login?: { user: string; pass: string }): Promise<SmtpSink> {
  const sink = await startSink(login === undefined ? {} : { login })
  closing.push(() => sink.close())
  sink.script = script
  return sink
}

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `reader-${index + 1}@example.net`).sort()
}

/** Holds callers until `count` have come, does something, and lets them all go. */
function gate(count: number, act: () => void | Promise<void>): () => Promise<void> {
  let waiting: (() => void)[] = []
  return async () => {
    if (waiting.length + 1 < count) {
      await new Promise<void>((resolve) => waiting.push(resolve))
      return
    }
    const held = waiting
    waiting = []
    await act()
    for (const release of held) release()
  }
}

describe('deliver()', () => {
  test('sends every letter that is due once, of each digest, and closes the digests', async () => {
    const office = await openOffice(25)
    await office.freeze('digest-2')
    const sink = await openSink()
    const deliveries = await office.send(sink.url, 4)
    expect(deliveries).toEqual({
      ...{ sent: 50, deferred: 0, refused: 0, suppressed: 0, held: 0, expired: 0, due: 0, maybeTwice: 0 },
      problems: [],
    })
    expect(sink.received.flatMap(({ to }) => to).sort()).toEqual([...addresses(25), ...addresses(25)].sort())
    expect(new Set(sink.received.map(({ messageId }) => messageId)).size).toBe(50)
    expect(await office.states()).toEqual({ sent: 50 })
    expect(await office.done()).toEqual([true, true])
  })

  test('sends nothing a second time', async () => {
    const office = await openOffice(3)
    const sink = await openSink()
    await office.send(sink.url, 2)
    expect(await office.send(sink.url, 2)).toMatchObject({ sent: 0, due: 0 })
    expect([sink.received.length, sink.sessions]).toEqual([3, 2])
  })

  test('opens no more connections than there are letters', async () => {
    const office = await openOffice(2)
    const sink = await openSink()
    await office.send(sink.url, 10)
    expect([sink.received.length, sink.sessions]).toEqual([2, 2])
  })

  test('claims only what is in flight: never more letters than connections', async () => {
    const office = await openOffice(30)
    const second = await openStore(storePlace(office.dir))
    closing.push(() => second.destroy())
    const claimed: number[] = []
    const meet = gate(3, async () => {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from ledger where state = 'claimed'`.execute(second)
      claimed.push(...rows.map(({ count }) => count))
    })
    const sink = await openSink(async (stage): Promise<Answer> => {
      if (stage === 'dot') await meet()
      return 'accept'
    })
    await office.send(sink.url, 3)
    expect(claimed).toEqual(Array.from({ length: 10 }, () => 3))
    expect([sink.received.length, sink.sessions]).toEqual([30, 3])
  })

  test('has settled a letter before its connection takes the next', async () => {
    const office = await openOffice(4)
    const settled: number[] = []
    const sink = await openSink(async (stage): Promise<Answer> => {
      if (stage === 'dot') settled.push((await office.states())['sent'] ?? 0)
      return 'accept'
    })
    await office.send(sink.url, 1)
    expect(settled).toEqual([0, 1, 2, 3])
  })

  test('does not send to a reader who left after the digest was frozen', async () => {
    const office = await openOffice(3)
    const sink = await openSink()
    await removeSubscriber(office.store, parseEmailAddress('reader-2@example.net'), NOW)
    expect(await office.send(sink.url, 1)).toMatchObject({ sent: 2, suppressed: 0, due: 0 })
    expect(sink.received.flatMap(({ to }) => to)).toEqual(['reader-1@example.net', 'reader-3@example.net'])
    expect((await office.rows()).map(({ state }) => state)).toEqual(['sent', 'suppressed', 'sent'])
    expect(await office.done()).toEqual([true])
  })

  test('refuses one address for good, tells of it, and sends the rest', async () => {
    const office = await openOffice(3)
    const refusing: Script = (stage, about) =>
      stage === 'rcpt' && about === 'reader-2@example.net' ? '550 5.1.1 no such mailbox' : 'accept'
    const sink = await openSink(refusing)
    const { problems, ...counts } = await office.send(sink.url, 1)
    expect(counts).toMatchObject({ sent: 2, refused: 1, due: 0 })
    expect(problems).toMatchObject([{ code: 'address-refused', severity: 'error', where: 'reader-2@example.net' }])
    expect(problems[0]?.message).toContain('550 5.1.1 no such mailbox')
    expect((await office.rows())[1]).toMatchObject({ state: 'refused', reply: '550 5.1.1 no such mailbox' })
    expect(await office.done()).toEqual([true])
    sink.script = () => 'accept'
    await office.send(sink.url, 1, { now: NOW + 10 * DAY })
    expect(sink.received).toHaveLength(2)
  })
})

test('deliver() refuses a letter that cannot be made, and sends the others', async () => {
  const office = await openOffice(3)
  await sql`update subscribers set address = 'no address' where id = 2`.execute(office.store)
  const sink = await openSink()
  const { problems, ...counts } = await office.send(sink.url, 1)
  expect(counts).toMatchObject({ sent: 2, refused: 1, due: 0 })
  expect(problems).toMatchObject([{ code: 'address-refused', where: 'no address' }])
  expect(sink.received.flatMap(({ to }) => to)).toEqual(['reader-1@example.net', 'reader-3@example.net'])
  expect(await office.done()).toEqual([true])
})

test('deliver() refuses no letter for what befell the store', async () => {
  const office = await openOffice(2)
  const sink = await openSink()
  const letterFor = () => Promise.reject(new Problem('store-unreadable', 'The disk refused to be read', { mend: '' }))
  await expect(office.send(sink.url, 1, { letterFor })).rejects.toMatchObject({ code: 'store-unreadable' })
  expect(await office.states()).toEqual({ claimed: 1, due: 1 })
})

describe('deliver() puts a letter off', () => {
  const later: Script = (stage, about) =>
    stage === 'rcpt' && about === 'reader-1@example.net' ? '451 4.3.0 later' : 'accept'

  test('after a passing refusal, and sends it once the time has come, not before', async () => {
    const office = await openOffice(2)
    const sink = await openSink(later)
    expect(await office.send(sink.url, 1)).toMatchObject({ sent: 1, deferred: 1, due: 0, problems: [] })
    const until = NOW + backoff(0, 0.5)
    expect((await office.rows())[0]).toMatchObject({ state: 'deferred', attempts: 1, until, reply: '451 4.3.0 later' })
    expect(await office.done()).toEqual([false])

    sink.script = () => 'accept'
    expect(await office.send(sink.url, 1, { now: until - 1 })).toMatchObject({ sent: 0, deferred: 0 })
    expect(sink.sessions).toBe(1)
    expect(await office.send(sink.url, 1, { now: until })).toMatchObject({ sent: 1, maybeTwice: 0 })
    expect(sink.received.map(({ to }) => to)).toEqual([['reader-2@example.net'], ['reader-1@example.net']])
    expect(await office.done()).toEqual([true])
  })

  test('longer each time, and gives it up after three days', async () => {
    const office = await openOffice(1)
    const sink = await openSink(later)
    let now = NOW
    const waits: number[] = []
    let last = await office.send(sink.url, 1, { now })
    while (last.deferred === 1) {
      const until = (await office.rows())[0]?.until ?? 0
      waits.push((until - now) / MINUTE)
      now = until
      last = await office.send(sink.url, 1, { now })
    }
    const told = [{ code: 'letter-expired', severity: 'error', where: 'reader-1@example.net' }]
    expect(last).toMatchObject({ expired: 1, problems: told })
    expect(waits.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 240, 240])
    expect(now).toBe(NOW + 3 * DAY)
    expect(await office.states()).toEqual({ expired: 1 })
    expect(await office.done()).toEqual([true])
    const { sessions } = sink
    await office.send(sink.url, 1, { now: now + DAY })
    expect(sink.sessions).toBe(sessions)
  })

  test('when the connection was lost before it was written, and counts no double', async () => {
    const office = await openOffice(1)
    const sink = await openSink((stage) => (stage === 'rcpt' ? 'drop' : 'accept'))
    expect(await office.send(sink.url, 1)).toMatchObject({ sent: 0, deferred: 1, maybeTwice: 0 })
    sink.script = () => 'accept'
    expect(await office.send(sink.url, 1, { now: NOW + DAY })).toMatchObject({ sent: 1, maybeTwice: 0 })
    expect(sink.received).toHaveLength(1)
  })

  test('when no answer came after its end, and sends it with the same Message-ID, counted as maybe doubled', async () => {
    const office = await openOffice(1)
    const sink = await openSink((stage) => (stage === 'dot' ? 'take and drop' : 'accept'))
    expect(await office.send(sink.url, 1)).toMatchObject({ sent: 0, deferred: 1, maybeTwice: 0 })
    sink.script = () => 'accept'
    expect(await office.send(sink.url, 1, { now: NOW + DAY })).toMatchObject({ sent: 1, maybeTwice: 1 })
    expect(sink.received.map(({ messageId }) => messageId)).toEqual([
      '<digest-1.1@example.org>',
      '<digest-1.1@example.org>',
    ])
  })

  test('and does not send it to a reader who has left since', async () => {
    const office = await openOffice(1)
    const sink = await openSink(later)
    await office.send(sink.url, 1)
    await removeSubscriber(office.store, parseEmailAddress('reader-1@example.net'), NOW)
    expect(await office.send(sink.url, 1, { now: NOW + DAY })).toMatchObject({ sent: 0, suppressed: 0 })
    expect((await office.rows()).map(({ state }) => state)).toEqual(['suppressed'])
    expect(await office.done()).toEqual([true])
  })
})

describe('deliver() stops the batch and blames no address', () => {
  test('when the login is refused', async () => {
    const office = await openOffice(12)
    const sink = await openSink(() => 'accept', { user: 'ada', pass: 'right' })
    const withPassword = (pass: string): URL => Object.assign(new URL(sink.url), { username: 'ada', password: pass })
    const { problems, ...counts } = await office.send(withPassword('wrong'), 5)
    expect(counts).toMatchObject({ sent: 0, deferred: 0, refused: 0, due: 12 })
    expect(problems).toMatchObject([{ code: 'smtp-auth', severity: 'error' }])
    expect(sink.sessions).toBeLessThanOrEqual(5)
    expect(sink.received).toEqual([])
    for (const row of await office.rows()) expect(row).toMatchObject({ state: 'due', attempts: 0 })
    expect(await office.done()).toEqual([false])
    expect(await office.send(withPassword('right'), 5)).toMatchObject({ sent: 12, maybeTwice: 0, problems: [] })
  })

  for (const [says, reply] of [
    ['when the server goes away', '421 4.3.2 going down'],
    ['when it has too many connections', '421 4.7.0 too many connections'],
    ['when it throttles', '454 4.7.0 throttling failure'],
  ] as const)
    test(says, async () => {
      const office = await openOffice(6)
      let letters = 0
      const sink = await openSink((stage) => (stage === 'rcpt' && ++letters > 2 ? reply : 'accept'))
      const { problems, ...counts } = await office.send(sink.url, 1)
      expect(counts).toMatchObject({ sent: 2, deferred: 0, refused: 0, due: 4 })
      expect(problems).toMatchObject([{ code: 'smtp-busy', severity: 'warning' }])
      const rest = (await office.rows()).slice(2)
      for (const row of rest) expect(row).toMatchObject({ state: 'due', attempts: 0 })
      sink.script = () => 'accept'
      expect(await office.send(sink.url, 1)).toMatchObject({ sent: 4, due: 0, maybeTwice: 0 })
      expect(sink.received.flatMap(({ to }) => to).sort()).toEqual(addresses(6))
    })

  test('when nobody answers', async () => {
    const office = await openOffice(3)
    const sink = await openSink()
    const { url } = sink
    await sink.close()
    expect(await office.send(url, 2)).toMatchObject({ due: 3, problems: [{ code: 'smtp-unreachable' }] })
    expect(await office.states()).toEqual({ due: 3 })
  })
})

describe('deliver() after a run that died', () => {
  test('sends its letters again with the same Message-ID, and counts each as maybe doubled', async () => {
    const office = await openOffice(6)
    const sink = await openSink()
    const claims = await office.claimAndDie(2)
    const letterFor = letterMaker(office.store, SENDER)
    const mailer = smtpMailer(sink.url, { connections: 1 })
    const connection = mailer.open()
    for (const claim of claims) await connection.send(await letterFor(claim))
    await mailer.close()
    const first = sink.received.splice(0)

    expect(await office.send(sink.url, 2)).toMatchObject({ sent: 6, maybeTwice: 2, due: 0 })
    expect(sink.received.flatMap(({ to }) => to).sort()).toEqual(addresses(6))
    for (const { to, messageId, raw } of first) {
      const again = sink.received.find((letter) => letter.to.join() === to.join())
      expect(again).toMatchObject({ messageId, raw })
    }
    expect(await office.done()).toEqual([true])
  })

  test('keeps to one file for each letter in an outbox, and counts none', async () => {
    const office = await openOffice(3)
    const outbox = join(office.dir, 'outbox')
    const letterFor = letterMaker(office.store, SENDER)
    for (const claim of await office.claimAndDie(2))
      await outboxMailer(outbox)
        .open()
        .send(await letterFor(claim))
    expect(await office.sendWith(outboxMailer(outbox))).toMatchObject({ sent: 3, maybeTwice: 0, due: 0 })
    expect(readdirSync(outbox).sort()).toEqual(['digest-1.1.eml', 'digest-1.2.eml', 'digest-1.3.eml'])
  })

  test('closes a digest of which that run had settled the last letter', async () => {
    const office = await openOffice(1)
    const runId = await beginRun(office.store, NOW)
    const [claim] = (await settleAndClaim(office.store, { runId }, [], 1, NOW)).claims
    if (claim === undefined) throw new Error('nothing was claimed')
    await settleAndClaim(office.store, { runId }, [{ claim, state: 'sent', reply: '250 ok' }], 1, NOW)
    expect(await hasOpenLetters(office.store)).toBe(true)
    await office.sendWith(outboxMailer(join(office.dir, 'outbox')))
    expect(await office.done()).toEqual([true])
    expect(await hasOpenLetters(office.store)).toBe(false)
  })
})

describe('deliver() that is told to stop', () => {
  test('settles the letters in flight and begins no other', async () => {
    const office = await openOffice(10)
    const stop = new AbortController()
    const meet = gate(2, () => stop.abort())
    const sink = await openSink(async (stage): Promise<Answer> => {
      if (stage === 'dot') await meet()
      return 'accept'
    })
    expect(await office.send(sink.url, 2, { signal: stop.signal })).toMatchObject({ sent: 2, due: 8, problems: [] })
    expect(sink.received).toHaveLength(2)
    expect(await office.states()).toEqual({ sent: 2, due: 8 })
    expect(await office.done()).toEqual([false])
    sink.script = () => 'accept'
    expect(await office.send(sink.url, 2)).toMatchObject({ sent: 8, maybeTwice: 0 })
    expect(sink.received.flatMap(({ to }) => to).sort()).toEqual(addresses(10))
    expect(await office.done()).toEqual([true])
  })

  test('before it begins, sends nothing', async () => {
    const office = await openOffice(2)
    const sink = await openSink()
    expect(await office.send(sink.url, 2, { signal: AbortSignal.abort() })).toMatchObject({ sent: 0, due: 2 })
    expect(sink.sessions).toBe(0)
  })
})

test('a letter that cannot be made stops the run, after the letters in flight are settled', async () => {
  const office = await openOffice(4)
  const sink = await openSink()
  const make = letterMaker(office.store, SENDER)
  const letterFor: typeof make = (claim) =>
    claim.subscriberId === 2 ? Promise.reject(new Error('a bug')) : make(claim)
  await expect(office.send(sink.url, 2, { letterFor })).rejects.toThrow('a bug')
  expect((await office.rows()).map(({ state }) => state)).toEqual(['sent', 'claimed', 'sent', 'sent'])
})

describe('backoff() is, in minutes,', () => {
  for (const [attempts, random, minutes] of [
    [0, 0.5, 5],
    [1, 0.5, 10],
    [2, 0.5, 20],
    [5, 0.5, 160],
    [6, 0.5, 240],
    [2000, 0.5, 240],
    [0, 0, 4],
    [0, 1, 6],
    [6, 0, 192],
    [6, 1, 288],
  ] as const)
    test(`${minutes} after ${attempts} failures, by chance ${random}`, () =>
      expect(backoff(attempts, random)).toBe(minutes * MINUTE))
})
