import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Said, feedwireAt } from './support/command.ts'
import { BEFORE, NOW, begun, expectUnchanged } from './support/digest-site.ts'
import { tempFolder } from './support/folder.ts'
import { writeGauge } from './support/gauges.ts'
import { type Answer, type SmtpSink, startSink } from './support/smtp-sink.ts'

const NEXT_DAY = '2026-02-01T12:15:00Z'
const LATER = '2026-02-02T12:15:00Z'
const READERS = ['ann@example.net', 'bob@example.net', 'cid@example.net']

let dir = ''
let sink: SmtpSink
beforeEach(async () => {
  dir = tempFolder()
  sink = await startSink()
})
afterEach(async () => {
  await sink.close()
  rmSync(dir, { recursive: true })
})

async function site(mail: Record<string, unknown> = {}, readers = READERS): Promise<void> {
  const smtp = { from: 'digest@example.org', smtp: sink.url.href, connections: 1, ...mail }
  await begun(dir, { subscribers: readers, mail: smtp })
}

/** Runs with a new article at a moment, so that a digest is frozen, and mails what is due. */
function digestAt(moment: string, name: string): Promise<Said> {
  writeGauge(dir, name)
  return feedwireAt(dir, moment, 'run')
}

/** The server answers so to some addresses. */
function answer(answers: Record<string, Answer>): void {
  sink.script = (stage, about) => (stage === 'rcpt' ? (answers[about] ?? 'accept') : 'accept')
}

/** A digest of which no letter went, as the server took none. */
async function waitingDigest(mail: Record<string, unknown> = {}): Promise<void> {
  await site(mail)
  sink.script = (stage) => (stage === 'connect' ? '421 4.3.2 closed for today' : 'accept')
  await digestAt(NOW, 'north')
  sink.script = () => 'accept'
}

const DIGEST = z.object({
  id: z.string(),
  recipients: z.number(),
  letters: z.record(z.string(), z.number()),
  doneAt: z.string().nullable(),
})

/** The digest whose id begins so. */
async function digest(name: string): Promise<z.infer<typeof DIGEST>> {
  return DIGEST.parse(JSON.parse((await feedwireAt(dir, LATER, 'digests', 'show', name, '--json')).out))
}

/** Who got which article, in the order in which the letters came. */
function arrived(): string[] {
  return sink.received.map(({ to, raw }) => {
    const [, gauge = ''] = /^Subject: .*The (\w+) gauge/m.exec(raw.toString('latin1')) ?? []
    return `${gauge} ${to.join()}`
  })
}

describe('feedwire digests pause', () => {
  test('holds back the letters of one digest until resume, while those of others go', async () => {
    await waitingDigest()
    const { id } = await digest('20260131')
    expect(await feedwireAt(dir, NOW, 'digests', 'pause', '20260131')).toMatchObject({
      ...{ code: 0, err: '', out: `${id}: 3 letters held back until "feedwire digests resume"\n` },
    })
    await digestAt(NEXT_DAY, 'south')
    expect(arrived()).toEqual(READERS.map((address) => `south ${address}`))
    expect(await digest('20260131')).toMatchObject({ letters: { due: 3 }, doneAt: null })
    expect((await digest('20260201')).doneAt).not.toBeNull()

    expect(await feedwireAt(dir, NEXT_DAY, 'digests', 'resume', '20260131')).toMatchObject({
      ...{ code: 0, out: `${id}: 3 letters to be sent by the next run\n` },
    })
    await feedwireAt(dir, LATER, 'run')
    expect(arrived().slice(3).sort()).toEqual(READERS.map((address) => `north ${address}`))
    expect(await digest('20260131')).toMatchObject({
      ...{ recipients: 3, letters: { sent: 3 }, doneAt: '2026-02-02T12:15:00.000Z' },
    })
  })

  test('does not hang a run with rates', async () => {
    await waitingDigest({ rate: '1/d', rates: { 'example.net': '1/d' } })
    await feedwireAt(dir, NOW, 'digests', 'pause', '20260131')
    expect((await feedwireAt(dir, NEXT_DAY, 'run')).code).toBe(0)
    expect(arrived()).toEqual([])
  })
})

describe('feedwire digests cancel', () => {
  test('gives up what is not sent, for good; the digest is done', async () => {
    await site()
    answer({ 'bob@example.net': '451 4.3.0 later' })
    await digestAt(NOW, 'north')
    expect(await digest('20260131')).toMatchObject({ letters: { deferred: 1, sent: 2 }, doneAt: null })
    const { code, out } = await feedwireAt(dir, NOW, 'digests', 'cancel', '20260131')
    expect([code, out.slice(17)]).toEqual([0, ': 1 letter given up\n'])
    answer({})
    await feedwireAt(dir, LATER, 'run')
    expect(arrived()).toEqual(['north ann@example.net', 'north cid@example.net'])
    const done = await digest('20260131')
    expect(done).toMatchObject({ recipients: 3, letters: { cancelled: 1, sent: 2 } })
    expect(done.doneAt).not.toBeNull()
    expect((await feedwireAt(dir, LATER, 'digests', 'retry', '20260131')).out).toMatch(/: 0 letters due again/)
  })

  test('gives up a digest that is paused', async () => {
    await waitingDigest()
    await feedwireAt(dir, NOW, 'digests', 'pause', '20260131')
    await feedwireAt(dir, NOW, 'digests', 'cancel', '20260131')
    await feedwireAt(dir, NEXT_DAY, 'run')
    const done = await digest('20260131')
    expect([done.letters, done.doneAt === null, arrived()]).toEqual([{ cancelled: 3 }, false, []])
  })
})

describe('feedwire digests retry', () => {
  test('sends again what failed, not to who has left or is suppressed, and not what was sent', async () => {
    await site({}, [...READERS, 'dan@example.net'])
    answer({
      'ann@example.net': '554 5.3.0 no room',
      'bob@example.net': '554 5.3.0 no room',
      'cid@example.net': '550 5.1.1 gone',
    })
    expect((await digestAt(NOW, 'north')).code).toBe(3)
    await feedwireAt(dir, NOW, 'subscribers', 'remove', 'bob@example.net')
    const before = await digest('20260131')
    expect(before).toMatchObject({ recipients: 4, letters: { refused: 3, sent: 1 } })
    expect(before.doneAt).not.toBeNull()

    answer({})
    expect(await feedwireAt(dir, NOW, 'digests', 'retry', '20260131')).toMatchObject({
      ...{ code: 0, out: `${before.id}: 1 letter due again; the next run sends them\n` },
    })
    expect(await digest('20260131')).toMatchObject({ letters: { due: 1, refused: 2, sent: 1 }, doneAt: null })
    await feedwireAt(dir, NEXT_DAY, 'run')
    expect(arrived()).toEqual(['north dan@example.net', 'north ann@example.net'])
    const after = await digest('20260131')
    expect(after).toMatchObject({ letters: { refused: 2, sent: 2 }, doneAt: '2026-02-01T12:15:00.000Z' })
  })

  test('sends what was held as it may have gone, which nothing else does', async () => {
    await site({ unknown: 'hold' })
    sink.script = (stage, about) => (stage === 'dot' && about === READERS[0] ? 'take and drop' : 'accept')
    writeGauge(dir, 'north')
    const report: unknown = JSON.parse((await feedwireAt(dir, NOW, 'run', '--json')).out)
    expect(report).toMatchObject({ deliveries: { sent: 2, held: 1, deferred: 0, maybeTwice: 0 } })
    sink.script = () => 'accept'
    await feedwireAt(dir, NEXT_DAY, 'run')
    expect(arrived()).toEqual(READERS.map((address) => `north ${address}`))
    expect(await digest('20260131')).toMatchObject({ letters: { held: 1, sent: 2 } })

    await feedwireAt(dir, NEXT_DAY, 'digests', 'retry', '20260131')
    const again: unknown = JSON.parse((await feedwireAt(dir, NEXT_DAY, 'run', '--json')).out)
    expect(again).toMatchObject({ deliveries: { sent: 1, held: 0, maybeTwice: 1 } })
    expect(arrived().slice(3)).toEqual(['north ann@example.net'])
    expect(sink.received[3]?.messageId).toBe(sink.received[0]?.messageId)
  })
})

for (const direction of ['pause', 'resume', 'cancel', 'retry'])
  describe(`feedwire digests ${direction}`, () => {
    for (const [says, name] of [
      ['no digest has', '2027'],
      ['two digests begin with', '20260'],
      ['is a pattern of SQL', '20260131%'],
    ] as const)
      test(`ends with 2 and changes nothing for what ${says}`, async () => {
        await waitingDigest()
        await digestAt(NEXT_DAY, 'south')
        const said = await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'digests', direction, name))
        expect(said).toMatchObject({ code: 2, out: '' })
        expect(said.err).toContain(`There is no one digest "${name}"`)
      })

    test('prints for programs what it is about', async () => {
      await waitingDigest()
      const { id } = await digest('20260131')
      const { code, out } = await feedwireAt(dir, NOW, 'digests', direction, id, '--json')
      const letters = direction === 'retry' ? 0 : 3
      expect([code, JSON.parse(out)]).toEqual([0, { id, direction, letters }])
    })
  })

test('feedwire digests show names each reason for which letters did not go, with how many', async () => {
  await site()
  const full = '552 5.2.2 mailbox full'
  answer({ 'ann@example.net': full, 'bob@example.net': full, 'cid@example.net': '451 4.3.0 later' })
  await digestAt(NOW, 'north')
  const { out } = await feedwireAt(dir, NOW, 'digests', 'show', '20260131')
  expect(out.trimEnd().split('\n').slice(-2)).toEqual([
    'refused    2: 552 5.2.2 mailbox full (such as ann@example.net)',
    'deferred   1: 451 4.3.0 later (cid@example.net)',
  ])
  const json: unknown = JSON.parse((await feedwireAt(dir, NOW, 'digests', 'show', '20260131', '--json')).out)
  expect(json).toMatchObject({
    failures: [
      { state: 'refused', reply: full, letters: 2, example: 'ann@example.net' },
      { state: 'deferred', reply: '451 4.3.0 later', letters: 1, example: 'cid@example.net' },
    ],
  })
})

describe('feedwire subscribers', () => {
  /** Two digests to three readers; the address of the second is dead since the first of them. */
  async function bounced(): Promise<void> {
    await site()
    answer({ 'bob@example.net': '550 5.1.1 gone' })
    await digestAt(NOW, 'north')
    await digestAt(NEXT_DAY, 'south')
  }

  test('show tells what a reader gets, and of each letter when it went and what was answered; newest first', async () => {
    await bounced()
    const { code, out } = await feedwireAt(dir, LATER, 'subscribers', 'show', 'ANN@example.net')
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toEqual([
      'Reader     ann@example.net, active',
      'Since      2026-01-31 12:00',
      "Gets       on the site's schedule, everything",
      'Consent    2026-01-31 12:00 by settings',
      expect.stringMatching(/^Letter {5}20260201-[0-9a-f]{8} {2}2026-02-01 12:15 {2}sent: 250 /),
      expect.stringMatching(/^Letter {5}20260131-[0-9a-f]{8} {2}2026-01-31 12:15 {2}sent: 250 /),
    ])
  })

  test('show tells since when and why an address is suppressed, and that nothing went to it since', async () => {
    await bounced()
    const { out } = await feedwireAt(dir, LATER, 'subscribers', 'show', 'bob@example.net')
    expect(out.trimEnd().split('\n').slice(3)).toEqual([
      'Suppressed 2026-01-31 12:15: bounced, 550 5.1.1 gone',
      'Consent    2026-01-31 12:00 by settings',
      expect.stringMatching(/^Letter {5}20260131-[0-9a-f]{8} {2}2026-01-31 12:15 {2}refused: 550 5\.1\.1 gone$/),
    ])
    const json: unknown = JSON.parse(
      (await feedwireAt(dir, LATER, 'subscribers', 'show', READERS[1] ?? '', '--json')).out,
    )
    expect(json).toMatchObject({
      ...{ address: 'bob@example.net', state: 'active', suppressed: 'bounced', addedAt: '2026-01-31T12:00:00.000Z' },
      suppression: { reason: 'bounced', detail: '550 5.1.1 gone' },
      letters: [{ state: 'refused', settledAt: '2026-01-31T12:15:00.000Z', reply: '550 5.1.1 gone' }],
    })
  })

  test('show tells of an address that is suppressed and no longer on the list', async () => {
    await begun(dir)
    await feedwireAt(dir, BEFORE, 'subscribers', 'remove', '--forget', READERS[0] ?? '')
    const { code, out } = await feedwireAt(dir, LATER, 'subscribers', 'show', READERS[0] ?? '')
    expect({ code, lines: out.trimEnd().split('\n') }).toEqual({
      code: 0,
      lines: [
        'Reader     ann@example.net is not on the list',
        expect.stringMatching(/^Suppressed 2026-01-31 1\d:00: deleted, deleted by the owner$/),
      ],
    })
  })

  test('show ends with 2 for who was never on the list', async () => {
    await begun(dir)
    const { code, out, err } = await feedwireAt(dir, BEFORE, 'subscribers', 'show', 'eve@example.net')
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('eve@example.net was never on the list')
  })

  test('list marks a suppressed address, and add says that it stays so', async () => {
    await bounced()
    const { out } = await feedwireAt(dir, LATER, 'subscribers', 'list')
    expect(out.split('\n').filter((line) => line.includes('suppressed'))).toEqual([
      'active       since 2026-01-31  bob@example.net  (suppressed: bounced)',
    ])
    const { code, err } = await feedwireAt(dir, LATER, 'subscribers', 'add', 'Bob@example.net')
    expect(code).toBe(3)
    expect(err).toMatch(
      /on the list, but suppressed since 2026-01-31, as it bounced: 550 5\.1\.1 gone; .*subscribers lift/,
    )
  })

  test('lift mails to the address again, with what comes from then on', async () => {
    await bounced()
    answer({})
    expect(await feedwireAt(dir, NEXT_DAY, 'subscribers', 'lift', 'BOB@example.net')).toMatchObject({
      ...{ code: 0, err: '', out: expect.stringMatching(/^bob@example\.net is mailed to again/i) },
    })
    await digestAt(LATER, 'east')
    expect(arrived().filter((letter) => letter.includes('bob'))).toEqual(['east bob@example.net'])
  })

  test('lift ends with 3 for an address that is not suppressed, and lifts the others', async () => {
    await bounced()
    const { code, out, err } = await feedwireAt(dir, LATER, 'subscribers', 'lift', READERS[0] ?? '', READERS[1] ?? '')
    expect([code, err]).toEqual([3, 'ann@example.net is not suppressed\n'])
    expect(out).toMatch(/^bob@example\.net is mailed to again/)
  })
})
