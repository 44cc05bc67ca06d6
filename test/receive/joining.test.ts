import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_PREFERENCES } from '../../src/preferences.ts'
import { asksToJoin } from '../../src/receive/joining.ts'
import { type Received, receiveMail } from '../../src/receive/receive.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { noteRequest, takeRequests } from '../../src/remember/requests.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { findSubscriber } from '../../src/remember/subscribers.ts'
import { suppressionOf } from '../../src/remember/suppressions.ts'
import { bounceAddress, confirmAddress } from '../../src/return-address.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice, SENDER } from '../deliver/post.ts'
import { SAMPLES, sample } from './samples.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const RETURN = parseEmailAddress('bounces@example.org')
const ADA = parseEmailAddress('ada@example.com')
const SUBJECTS = ['Subscribe to Tides & Moons!', '订阅 Tides & Moons!']

let office: PostOffice
let kept: string[]
beforeEach(async () => {
  office = await PostOffice.open(1)
  await currentSecret(office.store, SENDER.secret, NOW)
  kept = []
})
afterEach(() => office.close())

function receive(mail: string | Buffer, to: string | null = null, now = NOW): Promise<Received> {
  const keep = (_bytes: Uint8Array, id: string): string => {
    kept.push(id)
    return `unread/${id}.eml`
  }
  const subscribeSubjects = () => Promise.resolve(SUBJECTS)
  const addresses = [RETURN, SENDER.from.address]
  return receiveMail({ store: office.store, addresses, subscribeSubjects, keep }, Buffer.from(mail), to, now)
}

const requests = () => office.store.selectFrom('requests').selectAll().execute()

/** A mail that asks for the digest. */
function asking(changes: { from?: string; to?: string; subject?: string; more?: string } = {}): string {
  const { from = 'Ada <ada@example.com>', to = 'digest@example.org', subject = SUBJECTS[0] ?? '', more = '' } = changes
  return `From: ${from}\nTo: ${to}\nSubject: ${subject}\nMessage-ID: <1@example.com>\n${more}\n`
}

describe('receiveMail() with a wish to join', () => {
  test('notes it, with the words and the mail in which they stand', async () => {
    expect(await receive(asking())).toMatchObject({
      understood: { kind: 'subscribe' },
      ...{ reader: null, done: 'asked', detail: 'ada@example.com asks for the digest', kept: null },
    })
    expect(await requests()).toMatchObject([
      { address: ADA, asked_at: NOW, source: 'mail', place: '<1@example.com>', client: '', text: SUBJECTS[0] },
    ])
  })

  for (const [says, mail, to] of [
    ['in another of our languages', asking({ subject: '=?utf-8?B?6K6i6ZiFIFRpZGVzICYgTW9vbnMh?=' }), null],
    ['in one word', asking({ subject: 'Subscribe' }), null],
    ['to the return address', asking({ to: 'Bounces@Example.org' }), null],
    ['to the envelope alone', asking({ to: 'undisclosed-recipients:;' }), 'digest@example.org'],
    ['that says that no program wrote it', asking({ more: 'Auto-Submitted: no (a person)\n' }), null],
    ['from an address without a name', asking({ from: 'ada@example.com (Ada)' }), null],
    ['from an address that is the name as well', asking({ from: '"Ada@example.com" <ada@example.com>' }), null],
  ] as const)
    test(`takes one ${says}`, async () => {
      expect((await receive(mail, to)).done).toBe('asked')
      expect(await requests()).toMatchObject([{ address: ADA }])
    })

  test('puts nobody on the list by it', async () => {
    await receive(asking())
    expect(await takeRequests(office.store, NOW)).toBe(1)
    expect(await findSubscriber(office.store, ADA)).toMatchObject({ state: 'pending' })
  })

  test('answers the same for an address that is on the list', async () => {
    const { done, reader } = await receive(asking({ from: 'reader-1@example.net' }))
    expect([done, reader]).toEqual(['asked', null])
  })

  test('notes three of an address at once, then one an hour, and more of others', async () => {
    const dones: string[] = []
    for (const now of [NOW, NOW, NOW, NOW, NOW + 59 * MINUTE, NOW + HOUR, NOW + HOUR]) {
      dones.push((await receive(asking({ from: 'ADA@example.com' }), null, now)).done)
    }
    expect(dones).toEqual(['asked', 'asked', 'asked', 'nothing', 'nothing', 'asked', 'nothing'])
    expect((await receive(asking({ from: 'eve@example.com' }))).done).toBe('asked')
    expect([(await requests()).length, kept]).toEqual([5, []])
  })

  for (const [says, mail, to] of [
    ['an answer to one', asking({ subject: `Re: ${SUBJECTS[0] ?? ''}` }), null],
    ['what only talks of it', asking({ subject: 'How do I subscribe?' }), null],
    ['one to another list', asking({ to: 'other@example.org' }), null],
    ['one to an address with a plus', asking({ to: 'bounces+x@example.org' }), null],
    ['one to the address of a letter', asking({ to: '' }), bounceAddress(RETURN, 'digest-1.1', SENDER.secret)],
    ['one of a program', asking({ more: 'Auto-Submitted: auto-generated\n' }), null],
    ['one of a list', asking({ more: 'List-Id: <tides.example.com>\n' }), null],
    ['one to many', asking({ more: 'Precedence: Bulk\n' }), null],
    ['one that takes no answers', asking({ more: 'Return-Path: <>\n' }), null],
    ['one of a mail server', asking({ from: 'MAILER-DAEMON@example.com' }), null],
    ['one from no address', asking({ from: 'Ada' }), null],
    ['one from two addresses', asking({ from: 'ada@example.com, eve@example.com' }), null],
    ['one from an address behind another', asking({ from: '"ada@example.com" <eve@example.com>' }), null],
    ['one from an address that we cannot read whole', asking({ from: 'ada ada@example.com' }), null],
  ] as const)
    test(`keeps ${says}, and notes nothing`, async () => {
      const { done, id } = await receive(mail, to)
      expect([done, kept, await requests()]).toEqual(['kept', [id], []])
    })
})

/** Ada asks for the digest, and is asked to confirm it. */
async function askedAda(): Promise<{ id: number; answerTo: string; noticeId: string }> {
  const origin = { source: 'mail', place: '', client: '', text: '' } as const
  await noteRequest(office.store, { address: ADA, wishes: NO_PREFERENCES, ...origin }, NOW)
  await takeRequests(office.store, NOW)
  const { id, consent_id, subscriber_id } = await office.store
    .selectFrom('notices')
    .selectAll()
    .executeTakeFirstOrThrow()
  const answerTo = confirmAddress(RETURN, consent_id ?? 0, SENDER.secret)
  return { id: subscriber_id, answerTo, noticeId: `notice-${id}.${subscriber_id}` }
}

const stateOfAda = async () => (await findSubscriber(office.store, ADA))?.state

describe('receiveMail() with an answer to a letter that asks to confirm', () => {
  for (const [says, mail] of [
    ['empty', 'From: ada@example.com\n\n'],
    ['from another account', 'From: somebody@example.net\nSubject: Hello\n\nyes'],
    [
      'with the letter below it',
      'From: ada@example.com\nSubject: Re: Please confirm: Tides\n\n> Somebody, we hope it was you, asked for the\n> digest of Tides to be sent to ada@example.com.\n> To confirm, just answer this mail; the answer may be empty.\n',
    ],
    [
      'in Chinese',
      'From: ada@example.com\nSubject: 回复：请确认订阅：Tides\n\n> 有人（希望就是你）请求把 Tides 的摘要寄到 ada@example.com。\n> 直接回复此邮件即可确认，内容可以为空。\n',
    ],
    ['that asks to join once more', 'From: ada@example.com\nSubject: subscribe\n\n'],
  ] as const)
    test(`subscribes by one ${says}`, async () => {
      const { id, answerTo } = await askedAda()
      expect(await receive(mail, answerTo)).toMatchObject({
        understood: { kind: 'confirm' },
        reader: { id, address: ADA, letterId: null },
        done: 'subscribed',
      })
      expect([await stateOfAda(), await requests(), kept]).toEqual(['active', [], []])
    })

  test('reads the address from the header as well', async () => {
    const { answerTo } = await askedAda()
    expect((await receive(`From: ada@example.com\nTo: <${answerTo}>\n\n`)).done).toBe('subscribed')
  })

  test('changes nothing by the same answer again, also when the reader has left since', async () => {
    const { answerTo } = await askedAda()
    await receive('From: ada@example.com\n\n', answerTo)
    expect(await receive('From: ada@example.com\n\n', answerTo)).toMatchObject({
      done: 'nothing',
      detail: 'it was confirmed before',
    })
    await removeSubscriber(office.store, ADA, NOW)
    expect((await receive('From: ada@example.com\n\n', answerTo)).done).toBe('nothing')
    expect(await stateOfAda()).toBe('unsubscribed')
  })

  test('says that it comes too late', async () => {
    const { answerTo } = await askedAda()
    expect(await receive('From: ada@example.com\n\n', answerTo, NOW + 3 * DAY)).toMatchObject({
      done: 'expired',
      detail: 'it could be confirmed for 3 days, and only until the reader left',
    })
    expect([await stateOfAda(), kept]).toEqual(['pending', []])
  })

  test('says that its reader has left since', async () => {
    const { answerTo } = await askedAda()
    await removeSubscriber(office.store, ADA, NOW)
    expect(await receive('From: ada@example.com\n\n', answerTo)).toMatchObject({ done: 'expired' })
  })

  for (const [says, words, done] of [
    ['takes it back when it begins so', 'Unsubscribe!\n\n> Please confirm', 'unsubscribed'],
    ['takes it back in Chinese', '退订\n', 'unsubscribed'],
    ['keeps a no for the owner', 'No, I did not ask for this.\n', 'kept'],
    ['keeps a stop for the owner', 'stop\n', 'kept'],
    ['keeps a no in German for the owner', 'Nein danke\n', 'kept'],
    ['keeps a no in Chinese for the owner', '不是我申请的\n', 'kept'],
    ['takes a yes', 'Yes please\n', 'subscribed'],
    ['takes a name that begins like a no', 'Norbert here, yes\n', 'subscribed'],
    ['takes an answer of quotes alone', '> Please confirm\n> no, if it was not you\n', 'subscribed'],
    ['takes an empty answer', '\n', 'subscribed'],
  ] as const)
    test(`${says}, whatever its subject`, async () => {
      const { answerTo } = await askedAda()
      const mail = `From: ada@example.com\nSubject: Re: Please confirm\nContent-Type: text/plain; charset=utf-8\n\n${words}`
      expect((await receive(mail, answerTo)).done).toBe(done)
    })

  test('takes it back when it is to unsubscribe', async () => {
    const { answerTo } = await askedAda()
    const mail = 'From: somebody@example.net\nSubject: Re: unsubscribe\n\n'
    expect((await receive(mail, answerTo)).done).toBe('unsubscribed')
    expect((await receive('From: ada@example.com\n\n', answerTo)).done).toBe('expired')
    expect(await stateOfAda()).toBe('pending')
  })

  for (const [says, more] of [
    ['a program that says so', 'Auto-Submitted: auto-generated\n'],
    ['a program that answers', 'Auto-Submitted: auto-replied\n'],
    ['a program of another kind', 'Auto-Submitted: x-ticket\n'],
    ['a list', 'List-Id: <tides.example.com>\n'],
    ['a list without a name', 'Precedence: list\n'],
    ['a program for many', 'Precedence: junk\n'],
    ['a program that takes no answers', 'Return-Path: <>\n'],
    ['a program that wants none', 'X-Auto-Response-Suppress: All\n'],
    ['a program of old', 'X-Autoreply: yes\n'],
    ['a reader who is away', 'Subject: Out of office: Please confirm\n'],
    ['a mail server', 'Sender: MAILER-DAEMON@example.com\n'],
  ] as const)
    test(`does not subscribe by the answer of ${says}`, async () => {
      const { answerTo } = await askedAda()
      const { done } = await receive(`From: ada@example.com\n${more}\nI confirm\n`, answerTo)
      expect([['kept', 'nothing'].includes(done), await stateOfAda()]).toEqual([true, 'pending'])
    })

  test('confirms by no bounce, complaint or answer of a program that we know of', async () => {
    const { answerTo } = await askedAda()
    const confirming: string[] = []
    for (const name of SAMPLES) {
      const { understood } = await receive(sample(name), answerTo)
      if (understood.kind === 'confirm') confirming.push(name)
    }
    expect(confirming).toEqual(['human-forwards-a-bounce', 'human-reply', 'stray-spam'])
  })

  test('keeps one with a forged token', async () => {
    const { answerTo } = await askedAda()
    const { done } = await receive('From: ada@example.com\n\n', answerTo.replace(/\+c\.\d+/, '+c.1'))
    expect([done, await stateOfAda()]).toEqual(['kept', 'pending'])
  })
})

describe('receiveMail() with a bounce of a letter that asks to confirm', () => {
  /** A letter that came back, with nothing of ours in it but what is given. */
  const bounced = (messageId: string): string =>
    sample('postfix-user-unknown')
      .toString()
      .replaceAll('digest-1.1@example.org', messageId)
      .replaceAll('reader-1@example.net', ADA)

  for (const [says, mailOf, toOf] of [
    [
      'the address to which it was sent',
      () => bounced('another@example.com'),
      (noticeId: string) => bounceAddress(RETURN, noticeId, SENDER.secret),
    ],
    ['its Message-ID and address', (noticeId: string) => bounced(`${noticeId}@example.org`), () => null],
    [
      'the address to answer to in what came back',
      (_noticeId: string, answerTo: string) =>
        bounced('another@example.com').replace(/^(Message-ID: <another)/m, `Reply-To: Ada <${answerTo}>\n$1`),
      () => null,
    ],
    [
      'the address to answer to, to which a server sent it',
      () => bounced('another@example.com'),
      (_noticeId: string, answerTo: string) => answerTo,
    ],
  ] as const)
    test(`finds the reader by ${says}`, async () => {
      const { id, noticeId, answerTo } = await askedAda()
      const { done, reader } = await receive(mailOf(noticeId, answerTo), toOf(noticeId, answerTo))
      expect([done, reader?.id]).toEqual(['suppressed', id])
      expect([await suppressionOf(office.store, ADA), await stateOfAda()]).toMatchObject([
        { reason: 'bounced' },
        'pending',
      ])
    })

  for (const [says, messageId] of [
    ['a letter to another reader', (noticeId: string) => `${noticeId.replace(/\d+$/, '1')}@example.org`],
    ['a letter that there never was', (noticeId: string) => `${noticeId.replace('-1.', '-9.')}@example.org`],
    ['a letter of another domain', (noticeId: string) => `${noticeId}@example.com`],
  ] as const)
    test(`keeps one of ${says}`, async () => {
      const { noticeId } = await askedAda()
      expect([(await receive(bounced(messageId(noticeId)))).done, await suppressionOf(office.store, ADA)]).toEqual([
        'kept',
        null,
      ])
    })

  test('keeps one with the id of a letter to somebody else', async () => {
    const { noticeId } = await askedAda()
    const mail = bounced(`${noticeId}@example.org`).replaceAll(ADA, 'reader-1@example.net')
    expect((await receive(mail)).done).toBe('kept')
  })
})

describe('asksToJoin()', () => {
  for (const [subject, does] of [
    ['Subscribe to Tides & Moons!', true],
    ['  subscribe  TO tides & moons ', true],
    ['"Subscribe to Tides & Moons!"', true],
    ['SUBSCRIBE', true],
    ['订阅。', true],
    ['訂閱', true],
    ['', false],
    ['...', false],
    ['unsubscribe', false],
    ['退订', false],
    ['取消订阅', false],
    ['Re: subscribe', false],
    ['Fwd: Subscribe to Tides & Moons!', false],
    ['Subscribe to Suns', false],
    ['Subscribe to Tides & Moons! or not', false],
    ['Please confirm: Tides & Moons!', false],
  ] as const)
    test(`takes "${subject}" for ${does ? 'one' : 'none'}`, () => expect(asksToJoin(subject, SUBJECTS)).toBe(does))

  test('takes an empty subject for none, whatever our texts are', () => expect(asksToJoin('', [''])).toBe(false))
})
