import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import type { Sender } from '../../src/deliver/letters.ts'
import { type Letter, bodyText } from '../../src/deliver/mailer.ts'
import { composeMime } from '../../src/deliver/mime.ts'
import { noticeLetter, wishOf } from '../../src/deliver/notice-letter.ts'
import type { Notice } from '../../src/remember/notices.ts'
import { readReturnAddress } from '../../src/return-address.ts'
import { parseEmailAddress, parseMailbox } from '../../src/subscriber.ts'
import { readToken } from '../../src/token.ts'
import { NOW, SENDER } from './post.ts'

const BY_MAIL: Sender = SENDER
const BY_WEB: Sender = { ...SENDER, webUrl: 'https://news.example.org/' }
const RENDERED = { subject: 'Please confirm: Tides', html: '<p>潮</p>', text: '潮\n' }

const CONFIRM: Notice = {
  ...{ id: 7, kind: 'confirm', subscriberId: 42, consentId: 9, address: 'ann@example.net' },
  ...{ language: null, createdAt: NOW, attempts: 0 },
}
const KNOWN: Notice = { ...CONFIRM, kind: 'known', consentId: null }

const letterOf = (notice: Notice, sender: Sender): Letter => noticeLetter(notice, RENDERED, sender)

describe('wishOf()', () => {
  test('leads by a link of their own to the page that confirms, which no other page takes', () => {
    const { kind, url } = wishOf(CONFIRM, BY_WEB)
    expect(kind).toBe('confirm')
    const token = url?.replace('https://news.example.org/c/', '') ?? ''
    expect(readToken([SENDER.secret], 'confirm', token)).toBe(9)
    expect(readToken([SENDER.secret], 'preferences', token)).toBeNull()
    expect(readToken([SENDER.secret], 'unsubscribe', token)).toBeNull()
    expect(readToken(['another secret of the test'], 'confirm', token)).toBeNull()
  })

  test('leads to no page where there is none: the answer confirms', () =>
    expect(wishOf(CONFIRM, BY_MAIL)).toEqual({ kind: 'confirm', url: null, days: 3 }))

  test('leads who gets the digest to their settings', () => {
    const { kind, url } = wishOf(KNOWN, BY_WEB)
    expect(kind).toBe('known')
    const token = url?.replace('https://news.example.org/p/', '') ?? ''
    expect(readToken([SENDER.secret], 'preferences', token)).toBe(42)
    expect(readToken([SENDER.secret], 'confirm', token)).toBeNull()
  })

  test('leads who gets the digest to a mail by which they leave, where there is no page', () => {
    const { url } = wishOf(KNOWN, BY_MAIL)
    expect(url).toMatch(/^mailto:bounces\+u\.42\.[0-9a-f]{14}@example\.org\?subject=unsubscribe$/)
    const meant = { kind: 'unsubscribe', subscriberId: 42 }
    expect(readReturnAddress([SENDER.secret], url ?? '')).toEqual(meant)
  })
})

describe('noticeLetter()', () => {
  test('is a letter to the reader alone, dated when it was asked for', () =>
    expect(letterOf(CONFIRM, BY_WEB)).toMatchObject({
      ...{ id: 'notice-7.42@example.org', from: SENDER.from, to: 'ann@example.net', date: NOW },
      ...{ subject: RENDERED.subject, listId: 'digest.example.org', archivedAt: null },
      listHelp: 'https://example.org/feeds/subscribe.html',
      listArchive: 'https://example.org/feeds/digests/',
    }))

  test('is the same letter whenever and however often it is tried', () =>
    expect(letterOf({ ...CONFIRM, attempts: 5 }, BY_WEB)).toEqual(letterOf(CONFIRM, BY_WEB)))

  test('is another than that of any other notice', () => {
    const others = [
      { ...CONFIRM, id: 8 },
      { ...CONFIRM, subscriberId: 43 },
      { ...CONFIRM, id: 74, subscriberId: 2 },
    ]
    expect(new Set([CONFIRM, ...others].map((notice) => letterOf(notice, BY_WEB).id)).size).toBe(4)
  })

  test('names no way to leave: who is asked is on no list', () => {
    for (const sender of [BY_WEB, BY_MAIL])
      expect(letterOf(CONFIRM, sender)).toMatchObject({ listUnsubscribe: [], hasOneClick: false })
  })

  test('says what was rendered, as it is', () => {
    const { html, text } = letterOf(CONFIRM, BY_WEB)
    expect([bodyText(html), bodyText(text)]).toEqual([RENDERED.html, RENDERED.text])
  })

  test('comes back to an address that names it and its reader', () => {
    const { envelopeFrom } = letterOf(CONFIRM, BY_WEB)
    expect(envelopeFrom).toMatch(/^bounces\+b\.notice-7\.42\.[0-9a-f]{14}@example\.org$/)
    expect(readReturnAddress([SENDER.secret], envelopeFrom)).toEqual({ kind: 'bounce', letterId: 'notice-7.42' })
  })

  test('comes back to the sender when there is no mail.return', () =>
    expect(letterOf(CONFIRM, { ...BY_WEB, returnTo: null }).envelopeFrom).toBe('digest@example.org'))
})

describe('an answer to the letter of a notice', () => {
  const owner = parseMailbox('Ada <ada@example.org>')

  test('confirms, where no page does', () => {
    const { replyTo } = letterOf(CONFIRM, { ...BY_MAIL, replyTo: owner })
    expect(replyTo?.name).toBe('Ada')
    expect(replyTo?.address).toMatch(/^bounces\+c\.9\.[0-9a-f]{14}@example\.org$/)
    expect(readReturnAddress([SENDER.secret], replyTo?.address ?? '')).toEqual({ kind: 'confirm', consentId: 9 })
  })

  for (const [says, notice, sender] of [
    ['where a page confirms', CONFIRM, BY_WEB],
    ['from who gets the digest already', KNOWN, BY_MAIL],
    ['from who gets it already and has a page', KNOWN, BY_WEB],
    ['where no mail is read', CONFIRM, { ...BY_MAIL, returnTo: null }],
  ] as const) {
    test(`goes to the owner ${says}`, () =>
      expect(letterOf(notice, { ...sender, replyTo: owner }).replyTo).toEqual(owner))
    test(`goes to the sender ${says}, when the owner named no address`, () =>
      expect(letterOf(notice, { ...sender, replyTo: null }).replyTo).toBeNull())
  }
})

describe('the mail of a notice', () => {
  for (const [says, sender] of [
    ['with an endpoint', BY_WEB],
    ['without an endpoint', BY_MAIL],
  ] as const)
    test(`${says} has no List-Unsubscribe, is marked as automatic, and reads as it was written`, async () => {
      const letter = letterOf(CONFIRM, sender)
      const mail = await simpleParser(await composeMime(letter))
      for (const name of ['list-unsubscribe', 'list-unsubscribe-post', 'archived-at'])
        expect(mail.headerLines.map(({ key }) => key)).not.toContain(name)
      expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
      expect(mail.messageId).toBe('<notice-7.42@example.org>')
      expect(mail.replyTo?.value[0]?.address).toBe(letter.replyTo?.address)
      expect([mail.subject, mail.text?.trim(), mail.html]).toEqual(['Please confirm: Tides', '潮', '<p>潮</p>'])
    })
})

test('noticeLetter() refuses what is no address', () =>
  expect(() => letterOf({ ...CONFIRM, address: 'no address' }, BY_WEB)).toThrow(
    expect.objectContaining({ code: 'email-malformed' }),
  ))

test('noticeLetter() takes an address as it is spelled', () => {
  const address = parseEmailAddress("Ann.O'Hara@Example.net")
  expect(letterOf({ ...CONFIRM, address }, BY_WEB).to).toBe(address)
})
