import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findSubscriber } from '../../src/remember/subscribers.ts'
import { suppressionOf } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { type Answer, type SmtpSink, startSink } from '../support/smtp-sink.ts'
import { NOW, PostOffice } from './post.ts'

const DAY = 24 * 60 * 60 * 1000
const second = parseEmailAddress('reader-2@example.net')

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

/** The server answers so to the second reader's address or letter. */
function answer(reply: Answer, at: 'rcpt' | 'dot' = 'rcpt'): void {
  sink.script = (stage, about) => (stage === at && about === second ? reply : 'accept')
}

function recipients(): string[] {
  return sink.received.flatMap(({ to }) => to)
}

describe('deliver() suppresses an address of which the server says that it is no more:', () => {
  for (const [says, reply, at] of [
    ['no such mailbox', '550 5.1.1 no such user', 'rcpt'],
    ['no such domain', '550 5.1.2 host unknown', 'rcpt'],
    ['a domain without mail', '556 5.1.10 null MX', 'rcpt'],
    ['no such mailbox, told after the letter', '550 5.1.1 no such user', 'dot'],
  ] as const)
    test(says, async () => {
      answer(reply, at)
      const { problems, ...counts } = await office.send(sink.url, 1)
      expect(counts).toMatchObject({ sent: 2, refused: 1, suppressed: 0, due: 0 })
      expect(problems).toMatchObject([{ code: 'address-refused', where: second }])
      expect(recipients()).toEqual(['reader-1@example.net', 'reader-3@example.net'])
      expect(await suppressionOf(office.store, second)).toEqual({ reason: 'bounced', detail: reply, since: NOW })
      expect(await findSubscriber(office.store, second)).toMatchObject({ state: 'active', suppressed: 'bounced' })
      expect(await office.done()).toEqual([true])
    })
})

describe('deliver() suppresses nobody for', () => {
  for (const [says, reply, left] of [
    ['a full mailbox', '552 5.2.2 mailbox full', { sent: 2, refused: 1 }],
    ['a closed mailbox', '550 5.2.1 mailbox disabled', { sent: 2, refused: 1 }],
    ['a policy', '550 5.7.1 message looks like spam', { sent: 2, refused: 1 }],
    ['a policy that names an address of ours', '550 5.7.1 mail from [192.5.1.1] is blocked', { sent: 2, refused: 1 }],
    ['a sender without SPF', '550 5.7.23 SPF validation failed', { sent: 2, refused: 1 }],
    ['an answer without a status', '550 mailbox unavailable', { sent: 2, refused: 1 }],
    ['a mailbox that is not there for the moment', '450 4.1.1 greylisted', { sent: 2, deferred: 1 }],
    ['a sender that is malformed', '553 5.1.7 bad sender address', { sent: 1, refused: 0, due: 2 }],
    ['a sender that cannot be', '550 5.1.8 sender domain not found', { sent: 1, refused: 0, due: 2 }],
  ] as const)
    test(`${says}: ${reply}`, async () => {
      answer(reply)
      expect(await office.send(sink.url, 1)).toMatchObject(left)
      expect(await office.store.selectFrom('suppressions').selectAll().execute()).toEqual([])
      expect(await findSubscriber(office.store, second)).toMatchObject({ suppressed: null })
    })
})

test('deliver() sends nothing more to an address once it is dead: not what waited, and no later digest', async () => {
  await office.freeze('digest-2')
  answer('550 5.1.1 no such user')
  expect(await office.send(sink.url, 1)).toMatchObject({ sent: 4, refused: 1, due: 0 })
  expect(await office.states()).toEqual({ sent: 4, refused: 1, suppressed: 1 })
  expect(await office.done()).toEqual([true, true])
  sink.script = () => 'accept'
  await office.freeze('digest-3')
  await office.send(sink.url, 1, { now: NOW + DAY })
  expect(recipients()).not.toContain(second)
  expect(recipients()).toHaveLength(6)
})

test('deliver() does not begin each run with the letter for which the server breaks off', async () => {
  sink.script = (stage, about) => (stage === 'rcpt' && about === 'reader-1@example.net' ? '421 4.3.2 bye' : 'accept')
  expect(await office.send(sink.url, 1)).toMatchObject({ sent: 0, due: 3, problems: [{ code: 'smtp-busy' }] })
  expect(await office.send(sink.url, 1, { now: NOW + 1 })).toMatchObject({ sent: 2, due: 1 })
  expect(recipients()).toEqual(['reader-2@example.net', 'reader-3@example.net'])
  await office.freeze('digest-2')
  await office.send(sink.url, 1, { now: NOW + 2 })
  await office.send(sink.url, 1, { now: NOW + 3 })
  expect(recipients().slice(2).sort()).toEqual(['reader-2@example.net', 'reader-3@example.net'])
  sink.script = () => 'accept'
  expect(await office.send(sink.url, 1, { now: NOW + 4 })).toMatchObject({ sent: 2, due: 0, maybeTwice: 0 })
  expect(await office.done()).toEqual([true, true])
})
