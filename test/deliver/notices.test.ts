import { readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backoff } from '../../src/deliver/deliver.ts'
import type { Mailer } from '../../src/deliver/mailer.ts'
import { noticeLetter } from '../../src/deliver/notice-letter.ts'
import { type NoticeTools, type SentNotices, deliverNotices } from '../../src/deliver/notices.ts'
import { outboxMailer } from '../../src/deliver/outbox.ts'
import { smtpMailer } from '../../src/deliver/smtp.ts'
import { confirmConsent } from '../../src/remember/consents.ts'
import { type Notice, claimNotice } from '../../src/remember/notices.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { suppressionOf } from '../../src/remember/suppressions.ts'
import { NO_RATES } from '../../src/remember/rates.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { DAY, HOUR, MINUTE, NOW, ask, askToConfirm, noticesOf, stateOf } from '../remember/asking.ts'
import { tempFolder } from '../support/folder.ts'
import { type Answer, type Script, type SmtpSink, startSink } from '../support/smtp-sink.ts'
import { testStore } from '../support/store.ts'
import { SENDER } from './post.ts'

const ANN = 'ann@example.net'
const BO = 'bo@example.net'

let store: Store
let path: string
let sink: SmtpSink
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  const opened = await testStore()
  ;({ store, path } = opened)
  sink = await startSink()
  closing.push(opened.drop, () => sink.close())
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Changes extends Partial<NoticeTools> {
  now?: number
  store?: Store
  open?: () => Promise<Mailer>
}

/** Sends what is due at `now`, by SMTP. */
async function send(changes: Changes = {}): Promise<SentNotices> {
  const { now = NOW, open = bySmtp, store: from = store, ...tools } = changes
  return deliverNotices(from, open, {
    ...{ clock: () => now, random: () => 0.5, signal: new AbortController().signal, letterFor },
    rates: NO_RATES,
    ...tools,
  })
}

const bySmtp = (): Promise<Mailer> => Promise.resolve(smtpMailer(sink.url, { connections: 1 }))

function letterFor(notice: Notice) {
  const rendered = { subject: `Please confirm ${notice.id}`, html: '<p>Please</p>', text: 'Please\n' }
  return Promise.resolve(noticeLetter(notice, rendered, SENDER))
}

/** Of each notice its state, until when it waits, how often it was tried, and the last answer. */
async function rows(): Promise<unknown[]> {
  return store.selectFrom('notices').select(['state', 'until', 'attempts', 'reply']).orderBy('id').execute()
}

/** To whom each letter went that the server took. */
const mailed = (): string[] => sink.received.map(({ to }) => to.join())

const refusing =
  (address: string, answer: Answer): Script =>
  (stage, about) =>
    stage === 'rcpt' && about === address ? answer : 'accept'

describe('deliverNotices()', () => {
  test('sends each letter that is due once, over one connection', async () => {
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    expect(await send()).toEqual({ sent: 2, problems: [] })
    expect(await send()).toEqual({ sent: 0, problems: [] })
    expect(mailed()).toEqual([ANN, BO])
    expect(sink.received.map(({ messageId }) => messageId)).toEqual([
      '<notice-1.1@example.org>',
      '<notice-2.2@example.org>',
    ])
    expect(sink.received[0]?.from).toMatch(/^bounces\+b\.notice-1\.1\.[0-9a-f]{14}@example\.org$/)
    expect(sink.sessions).toBe(1)
    expect(await noticesOf(store)).toEqual(['confirm to 1: sent', 'confirm to 2: sent'])
  })

  test('keeps what the server said', async () => {
    await ask(store, ANN, NOW)
    await send()
    expect(await rows()).toMatchObject([{ state: 'sent', reply: expect.stringMatching(/^250 /) as unknown }])
  })

  test('opens nothing when there is nothing to send', async () => {
    const open = (): Promise<Mailer> => Promise.reject(new Error('it was opened'))
    expect(await send({ open })).toEqual({ sent: 0, problems: [] })
  })

  test('sends nothing that was answered before', async () => {
    const consent = await askToConfirm(store, ANN, NOW)
    await confirmConsent(store, consent, '', NOW)
    expect(await send()).toEqual({ sent: 0, problems: [] })
    expect(sink.sessions).toBe(0)
  })

  test('has settled a letter before it begins the next', async () => {
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    const settled: string[][] = []
    sink.script = async (stage): Promise<Answer> => {
      if (stage === 'mail') settled.push((await noticesOf(store)).filter((notice) => notice.endsWith('sent')))
      return 'accept'
    }
    await send()
    expect(settled).toEqual([[], ['confirm to 1: sent']])
  })

  test('sends each letter once when two processes send at the same time', async () => {
    const addresses = Array.from({ length: 12 }, (_, n) => `reader-${n}@example.net`)
    for (const address of addresses) await ask(store, address, NOW)
    const other = await openStore(path)
    closing.push(() => other.destroy())
    const ends = await Promise.all([send(), send({ store: other })])
    expect(ends.reduce((sum, { sent }) => sum + sent, 0)).toBe(12)
    expect(mailed().sort()).toEqual(addresses.sort())
  })

  test('leaves one file for each letter in an outbox, also after a process that died', async () => {
    const dir = join(tempFolder(), 'outbox')
    closing.push(() => rm(dirname(dir), { recursive: true }))
    const open = (): Promise<Mailer> => Promise.resolve(outboxMailer(dir))
    await ask(store, ANN, NOW)
    const claim = await claimNotice(store, NOW)
    if (claim === null) throw new Error('nothing was claimed')
    await outboxMailer(dir)
      .open()
      .send(await letterFor(claim))
    await ask(store, BO, NOW)
    expect(await send({ open, now: NOW + 10 * MINUTE })).toEqual({ sent: 2, problems: [] })
    expect(readdirSync(dir).sort()).toEqual(['notice-1.1.eml', 'notice-2.2.eml'])
  })
})

describe('deliverNotices() after a passing refusal', () => {
  const later = refusing(ANN, '451 4.3.0 later')

  test('puts that letter off, sends the others, and sends it as the same when its time has come', async () => {
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    sink.script = later
    expect(await send()).toEqual({ sent: 1, problems: [] })
    expect(mailed()).toEqual([BO])
    const until = NOW + backoff(0, 0.5)
    expect((await rows())[0]).toEqual({ state: 'due', until, attempts: 1, reply: '451 4.3.0 later' })
    sink.script = () => 'accept'
    expect(await send({ now: until - 1 })).toMatchObject({ sent: 0 })
    expect(await send({ now: until })).toMatchObject({ sent: 1 })
    expect(sink.received[1]).toMatchObject({ to: [ANN], messageId: '<notice-1.1@example.org>' })
    expect(await suppressionOf(store, parseEmailAddress(ANN))).toBeNull()
  })

  test('waits longer each time, and gives up after two days', async () => {
    await ask(store, ANN, NOW)
    sink.script = later
    const waits: number[] = []
    for (let now = NOW; (await noticesOf(store))[0] === 'confirm to 1: due';) {
      await send({ now })
      const { until } = await store.selectFrom('notices').select('until').executeTakeFirstOrThrow()
      waits.push((until - now) / MINUTE)
      now = until
    }
    expect(waits.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 240, 240])
    expect(waits.reduce((sum, wait) => sum + wait, 0) * MINUTE).toBeGreaterThanOrEqual(2 * DAY)
    expect(await noticesOf(store)).toEqual(['confirm to 1: expired'])
    const { sessions } = sink
    await send({ now: NOW + 9 * DAY })
    expect(sink.sessions).toBe(sessions)
  })

  test('sends no letter later that was answered meanwhile', async () => {
    const consent = await askToConfirm(store, ANN, NOW)
    sink.script = later
    await send()
    await confirmConsent(store, consent, '', NOW + MINUTE)
    sink.script = () => 'accept'
    expect(await send({ now: NOW + DAY })).toMatchObject({ sent: 0 })
    expect(await noticesOf(store)).toEqual(['confirm to 1: dropped'])
  })

  test('sends it again as the same letter when no answer came after its end', async () => {
    await ask(store, ANN, NOW)
    sink.script = (stage) => (stage === 'dot' ? 'take and drop' : 'accept')
    expect(await send()).toMatchObject({ sent: 0 })
    sink.script = () => 'accept'
    expect(await send({ now: NOW + HOUR })).toMatchObject({ sent: 1 })
    const [first, second] = sink.received
    expect(second).toMatchObject({ messageId: first?.messageId, raw: first?.raw })
  })
})

describe('deliverNotices() after a final refusal', () => {
  for (const [says, reply, suppressed] of [
    ['suppresses an address that is no more', '550 5.1.1 no such mailbox', 'pending, bounced'],
    ['blames no address for what the letter looked like', '550 5.7.1 looks like spam', 'pending'],
    ['blames no address when the server does not say why', '554 no', 'pending'],
  ] as const)
    test(`${says}, and sends the others`, async () => {
      for (const address of [ANN, BO]) await ask(store, address, NOW)
      sink.script = refusing(ANN, reply)
      expect(await send()).toMatchObject({ sent: 1, problems: [{ code: 'notice-refused', where: ANN }] })
      expect(await rows()).toMatchObject([{ state: 'refused', reply }, { state: 'sent' }])
      expect([await stateOf(store, ANN), await stateOf(store, BO)]).toEqual([suppressed, 'pending'])
      expect(await send({ now: NOW + DAY })).toMatchObject({ sent: 0 })
    })

  test('sends to a suppressed address again once somebody asks again, and its owner can confirm', async () => {
    await ask(store, ANN, NOW)
    sink.script = refusing(ANN, '550 5.1.1 no such mailbox')
    await send()
    sink.script = () => 'accept'
    const consent = await askToConfirm(store, ANN, NOW + HOUR)
    expect(await send({ now: NOW + HOUR })).toMatchObject({ sent: 1 })
    await confirmConsent(store, consent, '', NOW + HOUR)
    expect(await stateOf(store, ANN)).toBe('active')
  })
})

describe('deliverNotices() when the server takes nobody’s letters', () => {
  test('because it is not there tells so, blames nobody, and tries again five minutes later', async () => {
    await ask(store, ANN, NOW)
    const gone = await startSink()
    await gone.close()
    const open = (): Promise<Mailer> => Promise.resolve(smtpMailer(gone.url, { connections: 1 }))
    expect(await send({ open })).toMatchObject({ sent: 0, problems: [{ code: 'smtp-unreachable' }] })
    expect(await rows()).toMatchObject([{ state: 'due', until: NOW + 5 * MINUTE }])
    expect(await stateOf(store, ANN)).toBe('pending')
    expect(await send({ now: NOW + 5 * MINUTE - 1 })).toMatchObject({ sent: 0 })
    expect(await send({ now: NOW + 5 * MINUTE })).toMatchObject({ sent: 1 })
  })

  test('any more after some of them puts the rest off untried, and sends each once in the end', async () => {
    const addresses = [ANN, BO, 'cy@example.net']
    for (const address of addresses) await ask(store, address, NOW)
    sink.script = refusing(BO, '421 4.3.2 going down')
    expect(await send()).toMatchObject({ sent: 1, problems: [{ code: 'smtp-busy', severity: 'warning' }] })
    expect(await rows()).toMatchObject([
      { state: 'sent' },
      { state: 'due', until: NOW + 5 * MINUTE, attempts: 1 },
      { state: 'due', until: NOW + 5 * MINUTE, attempts: 0 },
    ])
    sink.script = () => 'accept'
    expect(await send({ now: NOW + 5 * MINUTE })).toEqual({ sent: 2, problems: [] })
    expect(mailed().sort()).toEqual(addresses)
  })

  test('gives up after two days', async () => {
    await ask(store, ANN, NOW)
    sink.script = (stage) => (stage === 'mail' ? '421 4.3.2 going down' : 'accept')
    await send()
    await send({ now: NOW + 2 * DAY })
    expect(await noticesOf(store)).toEqual(['confirm to 1: expired'])
  })

  test('does not ask it again within five minutes for another letter', async () => {
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    sink.script = (stage) => (stage === 'mail' ? '421 4.3.2 going down' : 'accept')
    await send()
    await send({ now: NOW + 1000 })
    expect(sink.sessions).toBe(1)
  })
})

describe('deliverNotices() after a process that died', () => {
  test('sends its letter again after ten minutes, not before, with the same Message-ID and the same words', async () => {
    await ask(store, ANN, NOW)
    const claim = await claimNotice(store, NOW)
    if (claim === null) throw new Error('nothing was claimed')
    const mailer = await bySmtp()
    await mailer.open().send(await letterFor(claim))
    await mailer.close()
    expect(await send({ now: NOW + 10 * MINUTE - 1 })).toMatchObject({ sent: 0 })
    expect(await send({ now: NOW + 10 * MINUTE })).toMatchObject({ sent: 1 })
    const [first, second] = sink.received
    expect(second).toMatchObject({ messageId: '<notice-1.1@example.org>', raw: first?.raw })
  })
})

describe('deliverNotices() with a letter that cannot be made', () => {
  test('refuses it, and sends the others', async () => {
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    await sql`update subscribers set address = 'no address' where id = 1`.execute(store)
    expect(await send()).toMatchObject({ sent: 1, problems: [{ code: 'notice-refused' }] })
    expect(await noticesOf(store)).toEqual(['confirm to 1: refused', 'confirm to 2: sent'])
  })

  test('because of a bug lets the bug rise, closes the connection, and tries the letter again later', async () => {
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    const broken: typeof letterFor = (notice) =>
      notice.id === 2 ? Promise.reject(new Error('a bug')) : letterFor(notice)
    const closed: string[] = []
    const open = async (): Promise<Mailer> => {
      const mailer = await bySmtp()
      return { ...mailer, close: () => mailer.close().then(() => void closed.push('mailer')) }
    }
    await expect(send({ letterFor: broken, open })).rejects.toThrow('a bug')
    expect(closed).toEqual(['mailer'])
    expect(mailed()).toEqual([ANN])
    expect(await send({ now: NOW + 10 * MINUTE })).toMatchObject({ sent: 1 })
    expect(mailed()).toEqual([ANN, BO])
  })
})

describe('deliverNotices() that is told to stop', () => {
  test('settles the letter on its way and begins no other', async () => {
    for (const address of [ANN, BO]) await ask(store, address, NOW)
    const stop = new AbortController()
    sink.script = (stage) => {
      if (stage === 'dot') stop.abort()
      return 'accept'
    }
    expect(await send({ signal: stop.signal })).toEqual({ sent: 1, problems: [] })
    expect(await noticesOf(store)).toEqual(['confirm to 1: sent', 'confirm to 2: due'])
    expect(await send()).toMatchObject({ sent: 1 })
  })

  test('before it begins, claims nothing', async () => {
    await ask(store, ANN, NOW)
    expect(await send({ signal: AbortSignal.abort() })).toEqual({ sent: 0, problems: [] })
    expect(sink.sessions).toBe(0)
    expect(await rows()).toMatchObject([{ state: 'due', until: 0 }])
  })
})
