import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SentNotices } from '../src/deliver/notices.ts'
import { type NoticeClock, type NoticeSender, noticeSender, sendNotices } from '../src/notices.ts'
import { NO_PREFERENCES } from '../src/preferences.ts'
import { confirmConsent } from '../src/remember/consents.ts'
import { noteRequest } from '../src/remember/requests.ts'
import { addSubscriber } from '../src/remember/subscribers.ts'
import { throttle } from '../src/remember/throttle.ts'
import { readReturnAddress } from '../src/return-address.ts'
import { parseEmailAddress } from '../src/subscriber.ts'
import { readTemplates } from '../src/templates.ts'
import { readToken } from '../src/token.ts'
import { type World, openWorld } from '../src/world.ts'
import { DAY, HOUR, MINUTE, NOW, noticesOf, requestOf, stateOf } from './remember/asking.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { configOf, lettersIn } from './support/run-at.ts'
import { type Answer, type SmtpSink, startSink } from './support/smtp-sink.ts'

const ANN = 'ann@example.net'
const BO = 'bo@example.net'

let dir = ''
let sink: SmtpSink
let time = { now: NOW }
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  dir = tempFolder()
  time = { now: NOW }
  sink = await startSink()
})
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closing.splice(0).reverse()) await close()
  await sink.close()
  rmSync(dir, { recursive: true })
})

const BY_WEB = 'web: { url: "https://news.example.org/" }'

/** The outside of a site that sends by SMTP, or into the outbox. */
async function openSite(by: 'smtp' | 'outbox' = 'smtp', more = BY_WEB): Promise<World> {
  const smtp = by === 'smtp' ? `, smtp: "${sink.url.href}"` : ''
  mkdirSync(join(dir, 'articles'), { recursive: true })
  putFile(
    dir,
    'feedwire.config.yaml',
    `site: { title: Tide Notes, url: "https://tides.example.org/" }
sources: [{ kind: markdown, dir: articles, link: "https://tides.example.org/{slug}/" }]
mail: { from: "Ada <digest@example.org>", return: bounces@example.org${smtp} }
secret: the secret of the tests
${more}
`,
  )
  const config = configOf(dir)
  const world = await openWorld(config, readTemplates(config), NOW)
  closing.push(world.close)
  return world
}

const outside = (): NoticeClock => ({
  ...{ clock: () => time.now, random: () => 0.5, signal: new AbortController().signal },
})

const request = ({ store }: World, address: string, language: string | null = null): Promise<void> =>
  noteRequest(store, requestOf(address, { wishes: { ...NO_PREFERENCES, language } }), time.now)

describe('sendNotices()', () => {
  test('mails who asked, by a server, a letter whose link puts them on the list', async () => {
    const world = await openSite()
    await request(world, ANN)
    expect(await sendNotices(world, outside())).toEqual({ sent: 1, problems: [] })
    const mail = await simpleParser(sink.received[0]?.raw ?? '')
    expect(sink.received[0]?.to).toEqual([ANN])
    expect(mail.subject).toBe('Please confirm: Tide Notes')
    const [, token = ''] = /https:\/\/news\.example\.org\/c\/(\S+)/.exec(mail.text ?? '') ?? []
    expect(mail.html).toContain(`href="https://news.example.org/c/${token}"`)
    const consent = readToken(['the secret of the tests'], 'confirm', token)
    expect(await confirmConsent(world.store, consent ?? 0, '', NOW)).toBe('confirmed')
    expect(await stateOf(world.store, ANN)).toBe('active')
  })

  test('mails who asked a letter whose answer puts them on the list, where there is no endpoint', async () => {
    const world = await openSite('smtp', '')
    await request(world, ANN)
    await sendNotices(world, outside())
    const mail = await simpleParser(sink.received[0]?.raw ?? '')
    const answerTo = readReturnAddress(['the secret of the tests'], mail.replyTo?.text ?? '')
    expect(answerTo).toEqual({ kind: 'confirm', consentId: 1 })
    expect(mail.text).toContain('just answer this mail')
    expect(mail.text).not.toContain('/c/')
  })

  test('leaves the letters in the outbox where there is no server, each once', async () => {
    const world = await openSite('outbox')
    for (const address of [ANN, BO]) await request(world, address)
    expect(await sendNotices(world, outside())).toEqual({ sent: 2, problems: [] })
    expect(await sendNotices(world, outside())).toEqual({ sent: 0, problems: [] })
    expect((await lettersIn(dir)).map(({ to, subject }) => [to, subject])).toEqual([
      [ANN, 'Please confirm: Tide Notes'],
      [BO, 'Please confirm: Tide Notes'],
    ])
  })

  test('tells who gets the digest already, with the way to their settings', async () => {
    const world = await openSite('outbox')
    await addSubscriber(world.store, parseEmailAddress(ANN), NOW)
    await request(world, ANN)
    await sendNotices(world, outside())
    const [letter] = await lettersIn(dir)
    expect(letter?.subject).toBe('You already get Tide Notes')
    const [, token = ''] = /https:\/\/news\.example\.org\/p\/(\S+)/.exec(letter?.text ?? '') ?? []
    expect(readToken(['the secret of the tests'], 'preferences', token)).toBe(1)
  })

  for (const [says, language, subject] of [
    ['in which they asked', 'zh', '请确认订阅：Tide Notes'],
    ['of the site, when they chose none', null, 'Please confirm: Tide Notes'],
  ] as const)
    test(`writes to a reader in the language ${says}`, async () => {
      const world = await openSite('outbox')
      await request(world, ANN, language)
      await sendNotices(world, outside())
      expect((await lettersIn(dir))[0]?.subject).toBe(subject)
    })

  test('tells what is wrong with the server, and sends later what waits', async () => {
    const world = await openSite()
    await request(world, ANN)
    sink.script = (stage) => (stage === 'mail' ? '421 4.3.2 going down' : 'accept')
    expect(await sendNotices(world, outside())).toMatchObject({ sent: 0, problems: [{ code: 'smtp-busy' }] })
    sink.script = () => 'accept'
    time.now += 5 * MINUTE
    expect(await sendNotices(world, outside())).toEqual({ sent: 1, problems: [] })
  })

  test('forgets who never confirmed, and whoever may ask again', async () => {
    const world = await openSite('outbox')
    await request(world, ANN)
    await throttle(world.store, 'k', { burst: 1, interval: HOUR }, NOW)
    await sendNotices(world, outside())
    time.now += 31 * DAY
    await sendNotices(world, outside())
    expect(await stateOf(world.store, ANN)).toBe('nobody')
    expect(await world.store.selectFrom('throttles').selectAll().execute()).toEqual([])
  })

  test('sends no letter once it is told to stop, but has looked at who asked', async () => {
    const world = await openSite()
    await request(world, ANN)
    expect(await sendNotices(world, { ...outside(), signal: AbortSignal.abort() })).toEqual({ sent: 0, problems: [] })
    expect(await noticesOf(world.store)).toEqual(['confirm to 1: due'])
    expect(sink.sessions).toBe(0)
  })
})

type End = SentNotices | { error: unknown }

/** A sender of which each pass can be waited for. */
function senderOf(world: World) {
  const ends: End[] = []
  const waiting: ((end: End) => void)[] = []
  let seen = 0
  const sender: NoticeSender = noticeSender(world, outside(), (end) => {
    ends.push(end)
    waiting.shift()?.(end)
  })
  closing.push(sender.close)
  return {
    ...sender,
    ends,
    /** How the next pass ends that was not waited for yet. */
    next: async (): Promise<End> => {
      const end = ends[seen] ?? (await new Promise<End>((resolve) => waiting.push(resolve)))
      seen++
      return end
    },
  }
}

/** Makes the server hold each letter back until it is let go. */
function holdLetters(): { isHeld: Promise<void>; letGo: () => void } {
  let letGo = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const isHeld = new Promise<void>((resolve) => {
    sink.script = async (stage): Promise<Answer> => {
      if (stage !== 'dot') return 'accept'
      resolve()
      await gate
      return 'accept'
    }
  })
  return { isHeld, letGo }
}

describe('noticeSender()', () => {
  test('sends what was asked for when it is woken, and nothing before', async () => {
    const world = await openSite()
    await request(world, ANN)
    const sender = senderOf(world)
    expect(sink.sessions).toBe(0)
    sender.wake()
    expect(await sender.next()).toEqual({ sent: 1, problems: [] })
    await request(world, BO)
    sender.wake()
    expect(await sender.next()).toEqual({ sent: 1, problems: [] })
    expect(sink.received.flatMap(({ to }) => to)).toEqual([ANN, BO])
  })

  test('makes one more pass, however often it is woken during one', async () => {
    const world = await openSite()
    await request(world, ANN)
    const { isHeld, letGo } = holdLetters()
    const sender = senderOf(world)
    sender.wake()
    await isHeld
    await request(world, BO)
    for (let n = 0; n < 5; n++) sender.wake()
    letGo()
    expect([await sender.next(), await sender.next()]).toEqual([
      { sent: 1, problems: [] },
      { sent: 1, problems: [] },
    ])
    await sender.close()
    expect(sender.ends).toHaveLength(2)
    expect(sink.received.flatMap(({ to }) => to)).toEqual([ANN, BO])
  })

  test('ends the pass under way when it is closed, and begins none after it', async () => {
    const world = await openSite()
    await request(world, ANN)
    const { isHeld, letGo } = holdLetters()
    const sender = senderOf(world)
    sender.wake()
    await isHeld
    await request(world, BO)
    sender.wake()
    let isClosed = false
    const closed = sender.close().then(() => {
      isClosed = true
    })
    await setImmediate()
    expect(isClosed).toBe(false)
    letGo()
    await closed
    expect(await noticesOf(world.store)).toEqual(['confirm to 1: sent'])
    sender.wake()
    await setImmediate()
    expect(sender.ends).toEqual([{ sent: 1, problems: [] }])
    expect(sink.received.flatMap(({ to }) => to)).toEqual([ANN])
  })

  test('tells of a bug, and goes on when it is woken again', async () => {
    const world = await openSite()
    await request(world, ANN)
    const bug = new Error('a bug')
    let isBroken = true
    const mailer: World['mailer'] = () => (isBroken ? Promise.reject(bug) : world.mailer())
    const sender = senderOf({ ...world, mailer })
    sender.wake()
    expect(await sender.next()).toEqual({ error: bug })
    isBroken = false
    time.now += 10 * MINUTE
    sender.wake()
    expect(await sender.next()).toEqual({ sent: 1, problems: [] })
  })
})

/** Lets everything that needs no timer run to its end. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await setImmediate()
}

describe('noticeSender() by itself', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })

  /** A site whose outbox cannot be written as long as a file is in its place. */
  async function openFullSite(): Promise<World> {
    const world = await openSite('outbox')
    putFile(dir, 'outbox', 'in the way')
    return world
  }

  test('tries what was put off when its time has come, and looks after it each minute', async () => {
    const world = await openFullSite()
    await request(world, ANN)
    const sender = senderOf(world)
    sender.wake()
    expect(await sender.next()).toMatchObject({ sent: 0, problems: [{ code: 'outbox-unwritable' }] })
    await turns()
    rmSync(join(dir, 'outbox'))
    for (let minute = 1; minute <= 4; minute++) {
      time.now += MINUTE
      await vi.advanceTimersByTimeAsync(MINUTE)
      expect(await sender.next()).toEqual({ sent: 0, problems: [] })
      await turns()
    }
    time.now += MINUTE
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(await sender.next()).toEqual({ sent: 1, problems: [] })
    await turns()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('rests when there is nothing to send', async () => {
    const sender = senderOf(await openSite('outbox'))
    sender.wake()
    await sender.next()
    await turns()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('wakes no more once it is closed', async () => {
    const world = await openFullSite()
    await request(world, ANN)
    const sender = senderOf(world)
    sender.wake()
    await sender.next()
    await turns()
    expect(vi.getTimerCount()).toBe(1)
    await sender.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('wakes no more either when it is closed just after a pass', async () => {
    const world = await openFullSite()
    await request(world, ANN)
    const sender = senderOf(world)
    sender.wake()
    await sender.next()
    await sender.close()
    await turns()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('tries again after a minute what the disk did not let it do', async () => {
    const world = await openSite('outbox')
    await request(world, ANN)
    await sql`pragma query_only = 1`.execute(world.store)
    const sender = senderOf(world)
    sender.wake()
    expect(await sender.next()).toMatchObject({ error: { code: 'store-unreadable' } })
    await turns()
    expect(vi.getTimerCount()).toBe(1)
  })
})
