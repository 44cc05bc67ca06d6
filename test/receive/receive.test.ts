import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Received, receiveMail } from '../../src/receive/receive.ts'
import { bounceAddress, unsubscribeAddress } from '../../src/return-address.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { findSubscriber } from '../../src/remember/subscribers.ts'
import { suppressionOf } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { mintToken, unsubscribeUrl } from '../../src/token.ts'
import { NOW, PostOffice, SENDER } from '../deliver/post.ts'
import { sample } from './samples.ts'

const DAY = 24 * 60 * 60 * 1000
const RETURN = parseEmailAddress('bounces@example.org')
const READER_1 = parseEmailAddress('reader-1@example.net')
const READER_2 = parseEmailAddress('reader-2@example.net')
const FORMER = 'a former secret of the test'
const ABOUT_1 = bounceAddress(RETURN, 'digest-1.1', SENDER.secret)
const ABOUT_2 = bounceAddress(RETURN, 'digest-1.2', SENDER.secret)

let office: PostOffice
let kept: string[]
beforeEach(async () => {
  office = await PostOffice.open(2)
  await currentSecret(office.store, FORMER, NOW)
  await currentSecret(office.store, SENDER.secret, NOW)
  kept = []
})
afterEach(() => office.close())

function receive(mail: string | Buffer, to: string | null = null, now = NOW): Promise<Received> {
  const addresses = [RETURN, SENDER.from.address]
  const keep = (_bytes: Uint8Array, id: string): string => {
    kept.push(id)
    return `unread/${id}.eml`
  }
  const tools = { store: office.store, addresses, subscribeSubjects: () => Promise.resolve([]), keep }
  return receiveMail(tools, Buffer.from(mail), to, now)
}

/** What is known of both readers, such as `active` or `unsubscribed, bounced`. */
async function readers(): Promise<string[]> {
  const both = await Promise.all(
    [READER_1, READER_2].map(async (address) => {
      const [found, why] = [await findSubscriber(office.store, address), await suppressionOf(office.store, address)]
      return [found?.state, ...(why === null ? [] : [why.reason])].join(', ')
    }),
  )
  return both
}

/** A sample without anything that proves which letter it is about. */
function unproven(name: string): string {
  return sample(name).toString().replaceAll('digest-1.1@example.org', 'another@example.com')
}

describe('receiveMail() with a bounce', () => {
  for (const [says, name, to, done, after] of [
    [
      'suppresses the reader whom its address names',
      'postfix-user-unknown',
      ABOUT_1,
      'suppressed',
      ['active, bounced', 'active'],
    ],
    [
      'believes the address more than what came back',
      'postfix-user-unknown',
      ABOUT_2,
      'suppressed',
      ['active', 'active, bounced'],
    ],
    [
      'finds the reader by the letter that came back',
      'postfix-user-unknown',
      null,
      'suppressed',
      ['active, bounced', 'active'],
    ],
    [
      'finds the reader by the header that came back',
      'postfix-no-domain',
      null,
      'suppressed',
      ['active, bounced', 'active'],
    ],
    [
      'finds the reader by the letter that qmail quotes',
      'qmail-no-mailbox',
      null,
      'suppressed',
      ['active, bounced', 'active'],
    ],
    ['counts what may pass', 'postfix-mailbox-full', ABOUT_1, 'counted', ['active', 'active']],
    [
      'takes of two failures that of the reader',
      'two-recipients',
      ABOUT_1,
      'suppressed',
      ['active, bounced', 'active'],
    ],
    [
      'takes of two failures the milder for a reader who is in none',
      'two-recipients',
      ABOUT_2,
      'counted',
      ['active', 'active'],
    ],
    ['keeps what is held against the letter', 'gmail-dmarc', ABOUT_1, 'kept', ['active', 'active']],
    ['does nothing while a server is trying', 'postfix-delayed', ABOUT_1, 'nothing', ['active', 'active']],
    ['does nothing when the letter arrived', 'delivered', ABOUT_1, 'nothing', ['active', 'active']],
    ['does nothing when a reader is away', 'away-rfc3834', ABOUT_1, 'nothing', ['active', 'active']],
    ['keeps what it cannot understand', 'stray-spam', ABOUT_1, 'kept', ['active', 'active']],
    ['keeps what a person answers', 'human-reply', ABOUT_1, 'kept', ['active', 'active']],
  ] as const)
    test(says, async () => {
      const received = await receive(sample(name), to)
      expect([received.done, await readers()]).toEqual([done, after])
      expect(kept).toEqual(done === 'kept' ? [received.id] : [])
    })

  test('says which reader and letter, and what the server said', async () => {
    const { reader, detail } = await receive(sample('postfix-mailbox-full'), ABOUT_1)
    expect(reader).toEqual({ id: 1, address: READER_1, letterId: 'digest-1.1' })
    expect(detail).toBe('552 5.2.2 <reader-1@example.net>: Mailbox full')
    expect((await receive(sample('postfix-user-unknown'), ABOUT_1)).detail).toMatch(/^550 5\.1\.1 .*User unknown/)
    expect(await suppressionOf(office.store, READER_1)).toMatchObject({ detail: expect.stringMatching(/unknown/) })
  })

  test('reads its address from whichever field the server wrote it into', async () => {
    for (const field of ['Delivered-To', 'X-Original-To', 'Envelope-To', 'To']) {
      const mail = `${field}: ${ABOUT_2}\n${unproven('postfix-mailbox-full')}`
      expect((await receive(mail)).reader).toMatchObject({ id: 2 })
    }
  })

  test('takes the address that a former secret signed', async () => {
    const { reader } = await receive(sample('postfix-user-unknown'), bounceAddress(RETURN, 'digest-1.2', FORMER))
    expect(reader).toMatchObject({ id: 2 })
  })

  test('takes what we signed in the letter that came back', async () => {
    const leave = unsubscribeAddress(RETURN, 2, SENDER.secret)
    const page = unsubscribeUrl('https://news.example.org/', mintToken(SENDER.secret, 'unsubscribe', 2))
    for (const field of [
      `List-Unsubscribe: <mailto:${leave}?subject=unsubscribe>`,
      `List-Unsubscribe: <${page}>`,
      `Return-Path: <${ABOUT_2}>`,
    ]) {
      const mail = unproven('postfix-mailbox-full').replace('Message-ID:', `${field}\nMessage-ID:`)
      expect([field, (await receive(mail)).reader?.id]).toEqual([field, 2])
    }
  })

  test('counts the same mail once, and a letter once', async () => {
    for (const day of [0, 4, 8, 12, 16, 20]) await receive(sample('postfix-mailbox-full'), ABOUT_1, NOW + day * DAY)
    await receive(sample('gmail-over-quota'), ABOUT_1, NOW + 30 * DAY)
    expect(await readers()).toEqual(['active', 'active'])
  })

  test('suppresses after failures of five letters over weeks', async () => {
    for (const n of [1, 2, 3, 4]) {
      const { done } = await receive(
        sample('postfix-mailbox-full'),
        bounceAddress(RETURN, `digest-${n}.1`, SENDER.secret),
        NOW + n * 5 * DAY,
      )
      expect(done).toBe('counted')
    }
    const { done } = await receive(
      sample('postfix-mailbox-full'),
      bounceAddress(RETURN, 'digest-5.1', SENDER.secret),
      NOW + 25 * DAY,
    )
    expect([done, await readers()]).toEqual(['suppressed', ['active, bounced', 'active']])
  })

  test('does it again without harm', async () => {
    const first = await receive(sample('postfix-user-unknown'), ABOUT_1)
    const since = await suppressionOf(office.store, READER_1)
    expect(await receive(sample('postfix-user-unknown'), ABOUT_1, NOW + DAY)).toEqual(first)
    expect(await suppressionOf(office.store, READER_1)).toEqual(since)
  })
})

describe('receiveMail() keeps, and suppresses nobody by', () => {
  for (const [says, mail, to] of [
    ['a bounce that only names a reader', unproven('postfix-user-unknown'), null],
    [
      'a bounce that names a reader and our list',
      `${unproven('postfix-user-unknown')}\nList-Id: <digest.example.org>`,
      null,
    ],
    [
      'the id of a letter to somebody else',
      sample('postfix-user-unknown').toString().replaceAll('reader-1@', 'reader-2@'),
      null,
    ],
    [
      'the id of a letter that there never was',
      sample('postfix-user-unknown').toString().replaceAll('digest-1.1@', 'digest-9.1@'),
      null,
    ],
    [
      'the id of a letter of another domain',
      sample('postfix-user-unknown').toString().replaceAll('digest-1.1@example.org', 'digest-1.1@example.com'),
      null,
    ],
    ['a forged token', unproven('postfix-user-unknown'), 'bounces+b.digest-1.1.00000000000000@example.org'],
    [
      'the token of another letter',
      unproven('postfix-user-unknown'),
      ABOUT_1.replace('.1.1.', '.1.2.').replace('digest-1.1.', 'digest-1.2.'),
    ],
    [
      'the token of a reader who is not there',
      unproven('postfix-user-unknown'),
      bounceAddress(RETURN, 'digest-1.9', SENDER.secret),
    ],
    [
      'a token of another secret',
      unproven('postfix-user-unknown'),
      bounceAddress(RETURN, 'digest-1.1', 'a stolen guess'),
    ],
    ['a complaint that only names a reader', unproven('arf-abuse'), null],
    ['a feedback report of another kind', sample('arf-not-spam').toString(), ABOUT_1],
    ['a challenge', sample('challenge').toString(), ABOUT_1],
  ] as const)
    test(says, async () => {
      const { done, id } = await receive(mail, to)
      expect([done, kept, await readers()]).toEqual(['kept', [id], ['active', 'active']])
    })
})

describe('receiveMail() with a complaint', () => {
  for (const [says, name, after] of [
    ['suppresses and unsubscribes', 'arf-abuse', ['unsubscribed, complained', 'active']],
    ['finds the reader by the header that came back', 'arf-headers-only', ['unsubscribed, complained', 'active']],
    ['takes what Microsoft sends', 'arf-microsoft', ['unsubscribed, complained', 'active']],
    ['only unsubscribes who opted out', 'arf-opt-out', ['unsubscribed', 'active']],
  ] as const)
    test(says, async () => {
      await receive(sample(name))
      expect([await readers(), kept]).toEqual([after, []])
    })

  test('finds the reader by the return path, when all else is blacked out', async () => {
    const mail = unproven('arf-abuse').replace('<bounces@example.org>', `<${ABOUT_2}>`).replaceAll('reader-1@', 'xxx@')
    await receive(mail)
    expect(await readers()).toEqual(['active', 'unsubscribed, complained'])
  })
})

describe('receiveMail() with a wish to leave', () => {
  const leave = unsubscribeAddress(RETURN, 2, SENDER.secret)

  for (const [says, mail, to] of [
    ['lets the reader leave whom its address names', 'From: reader-2@example.net\nSubject: unsubscribe\n\n', leave],
    ['from another account and with another subject', 'From: somebody@example.com\nSubject: Hello\n\nbye', leave],
    ['with the address in the header alone', `From: somebody@example.com\nTo: <${leave}>\n\n`, null],
    [
      'from the account of the reader',
      'From: Reader <READER-2@example.net>\nTo: digest@example.org\nSubject: Re: unsubscribe\n\n',
      null,
    ],
    ['to the return address', 'From: reader-2@example.net\nTo: bounces@example.org\nSubject: 退订\n\n', null],
  ] as const)
    test(says, async () => {
      const { done, reader } = await receive(mail, to)
      expect([done, reader?.id, await readers()]).toEqual(['unsubscribed', 2, ['active', 'unsubscribed']])
    })

  for (const [says, mail, to] of [
    ['keeps one of nobody', 'From: somebody@example.com\nTo: digest@example.org\nSubject: unsubscribe\n\n', null],
    ['keeps one from no address', 'From: nobody\nTo: digest@example.org\nSubject: unsubscribe\n\n', null],
    ['keeps one to another list', 'From: reader-2@example.net\nTo: other@example.org\nSubject: unsubscribe\n\n', null],
    ['keeps one with a forged token', 'From: somebody@example.com\n\n', leave.replace('+u.2.', '+u.1.')],
    [
      'keeps one that only talks of it',
      'From: reader-2@example.net\nTo: digest@example.org\nSubject: Do not unsubscribe me\n\n',
      null,
    ],
  ] as const)
    test(says, async () => {
      const { done } = await receive(mail, to)
      expect([done, kept.length, await readers()]).toEqual(['kept', 1, ['active', 'active']])
    })

  for (const [says, from] of [
    ['another beside it', 'From: reader-2@example.net <somebody@example.com>'],
    ['a second one', 'From: <reader-2@example.net>, <somebody@example.com>'],
    ['a comment that holds it', 'From: somebody@example.com (<reader-2@example.net>)'],
    ['a name that holds it, encoded', 'From: =?utf-8?q?=3Creader-2=40example.net=3E?= <somebody@example.com>'],
    ['a second field', 'From: reader-2@example.net\nFrom: somebody@example.com'],
  ] as const)
    test(`keeps one from an address with ${says}`, async () => {
      const { done } = await receive(`${from}\nTo: digest@example.org\nSubject: unsubscribe\n\n`)
      expect([done, await readers()]).toEqual(['kept', ['active', 'active']])
    })

  test('says it when the reader had left already', async () => {
    await removeSubscriber(office.store, READER_2, NOW)
    const { done, detail } = await receive('Subject: unsubscribe\n\n', leave)
    expect([done, detail]).toEqual(['unsubscribed', 'the reader was not on the list'])
  })
})
