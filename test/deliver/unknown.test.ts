import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { outboxMailer } from '../../src/deliver/outbox.ts'
import { directDigest } from '../../src/remember/direct.ts'
import { type SmtpSink, startSink } from '../support/smtp-sink.ts'
import { NOW, PostOffice } from './post.ts'

const DAY = 24 * 60 * 60 * 1000
const FIRST_ID = '<digest-1.1@example.org>'

let office: PostOffice
let sink: SmtpSink
beforeEach(async () => {
  office = await PostOffice.open(2)
  sink = await startSink()
})
afterEach(async () => {
  await sink.close()
  await office.close()
})

/** The server takes the letter to the first reader whole, and is gone before it says so. */
function loseFirstAnswer(): void {
  sink.script = (stage, about) => (stage === 'dot' && about === 'reader-1@example.net' ? 'take and drop' : 'accept')
}

function idsOf(address: string): string[] {
  return sink.received.filter(({ to }) => to.includes(address)).map(({ messageId }) => messageId)
}

describe('deliver() that is to hold what may have gone', () => {
  const unknown = 'hold'

  test('holds a letter without an answer, tells of it, and sends the others', async () => {
    loseFirstAnswer()
    const deliveries = await office.send(sink.url, 1, { unknown })
    expect(deliveries).toMatchObject({ sent: 1, held: 1, deferred: 0, refused: 0, due: 0, maybeTwice: 0 })
    const [row] = await office.rows()
    expect(row).toMatchObject({ state: 'held', reply: expect.stringMatching(/./) })
    expect(await office.done()).toEqual([true])
  })

  test('does not send it again by itself, whatever time goes by', async () => {
    loseFirstAnswer()
    await office.send(sink.url, 1, { unknown })
    sink.script = () => 'accept'
    for (const days of [1, 10]) {
      expect(await office.send(sink.url, 1, { unknown, now: NOW + days * DAY })).toMatchObject({ sent: 0, held: 0 })
    }
    expect(idsOf('reader-1@example.net')).toEqual([FIRST_ID])
  })

  test('sends it when the owner says so, as the same letter, and counts that it may be there twice', async () => {
    loseFirstAnswer()
    await office.send(sink.url, 1, { unknown })
    sink.script = () => 'accept'
    expect(await directDigest(office.store, 'digest-1', 'retry', NOW)).toBe(1)
    expect(await office.send(sink.url, 1, { unknown })).toMatchObject({ sent: 1, held: 0, maybeTwice: 1 })
    expect(idsOf('reader-1@example.net')).toEqual([FIRST_ID, FIRST_ID])
    expect(idsOf('reader-2@example.net')).toHaveLength(1)
    expect(await office.done()).toEqual([true])
  })

  test('only puts off a letter that cannot have gone', async () => {
    sink.script = (stage) => (stage === 'rcpt' ? 'drop' : 'accept')
    expect(await office.send(sink.url, 1, { unknown })).toMatchObject({ held: 0, deferred: 2 })
    expect(await office.states()).toEqual({ deferred: 2 })
  })

  test('holds the letters that a dead run had claimed, tells of them, and sends the others', async () => {
    await office.claimAndDie(1)
    expect(await office.send(sink.url, 1, { unknown })).toMatchObject({ sent: 1, held: 1, due: 0, maybeTwice: 0 })
    expect(sink.received.flatMap(({ to }) => to)).toEqual(['reader-2@example.net'])
    expect((await office.rows())[0]).toMatchObject({
      ...{ state: 'held', reply: 'the run died before the server answered' },
    })
    expect(await office.done()).toEqual([true])
    await directDigest(office.store, 'digest-1', 'retry', NOW)
    expect(await office.send(sink.url, 1, { unknown })).toMatchObject({ sent: 1, held: 0, maybeTwice: 1 })
    expect(idsOf('reader-1@example.net')).toEqual([FIRST_ID])
  })

  test('puts what a dead run had claimed into an outbox all the same, where no letter is there twice', async () => {
    await office.claimAndDie(1)
    const outbox = outboxMailer(join(office.dir, 'outbox'))
    expect(await office.sendWith(outbox, { unknown })).toMatchObject({ sent: 2, held: 0, maybeTwice: 0 })
  })
})

describe('deliver() that is to send again what may have gone', () => {
  test('sends a letter without an answer later, as the same letter, and counts it', async () => {
    loseFirstAnswer()
    expect(await office.send(sink.url, 1)).toMatchObject({ sent: 1, deferred: 1, held: 0, maybeTwice: 0 })
    sink.script = () => 'accept'
    expect(await office.send(sink.url, 1, { now: NOW + DAY })).toMatchObject({ sent: 1, held: 0, maybeTwice: 1 })
    const [before, again] = sink.received.filter(({ to }) => to.includes('reader-1@example.net'))
    expect([before?.messageId, again?.raw]).toEqual([FIRST_ID, before?.raw])
  })

  test('sends what a dead run had claimed, and counts it', async () => {
    await office.claimAndDie(1)
    expect(await office.send(sink.url, 1)).toMatchObject({ sent: 2, held: 0, maybeTwice: 1 })
    expect(await office.done()).toEqual([true])
  })
})
