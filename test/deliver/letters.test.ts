import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sender, letterMaker } from '../../src/deliver/letters.ts'
import { bodyText } from '../../src/deliver/mailer.ts'
import type { Claim } from '../../src/remember/ledger.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { readToken } from '../../src/token.ts'
import { NOW, PostOffice, SENDER } from './post.ts'

let office: PostOffice
beforeEach(async () => {
  office = await PostOffice.open(2)
})
afterEach(() => office.close())

async function claims(): Promise<[Claim, Claim]> {
  const [first, second] = await office.claimAndDie(2)
  if (first === undefined || second === undefined) throw new Error('two letters are due')
  return [first, second]
}

const TOKEN = '[0-9a-f]{14}'

describe('letterMaker()', () => {
  test('makes the letter of a claim from the frozen digest', async () => {
    const [claim] = await claims()
    expect(await letterMaker(office.store, SENDER)(claim)).toMatchObject({
      id: 'digest-1.1@example.org',
      from: SENDER.from,
      to: 'reader-1@example.net',
      subject: 'Tides digest-1',
      date: NOW,
      listId: 'digest.example.org',
      listHelp: 'https://example.org/feeds/subscribe.html',
      listArchive: 'https://example.org/feeds/digests/',
      archivedAt: 'https://example.org/feeds/digests/digest-1.html',
      hasOneClick: false,
    })
  })

  test('gives each reader addresses of their own behind mail.return, in header and letter alike', async () => {
    const make = letterMaker(office.store, SENDER)
    const letters = await Promise.all((await claims()).map(make))
    for (const [index, letter] of letters.entries()) {
      const n = index + 1
      expect(letter.envelopeFrom).toMatch(new RegExp(`^bounces\\+b\\.digest-1\\.${n}\\.${TOKEN}@example\\.org$`))
      const [leave = ''] = letter.listUnsubscribe
      expect(leave).toMatch(new RegExp(`^mailto:bounces\\+u\\.${n}\\.${TOKEN}@example\\.org\\?subject=unsubscribe$`))
      expect(bodyText(letter.html)).toBe(`<p>reader-${n}@example.net <a href="${leave}">leave</a></p>`)
      expect(bodyText(letter.text)).toBe(`${leave}\n`)
    }
    expect(new Set(letters.map(({ listUnsubscribe }) => listUnsubscribe[0])).size).toBe(2)
  })

  test('signs these addresses with the secret', async () => {
    const [claim] = await claims()
    const letter = await letterMaker(office.store, SENDER)(claim)
    const other = await letterMaker(office.store, { ...SENDER, secret: 'another secret of the test' })(claim)
    expect(other.envelopeFrom).not.toBe(letter.envelopeFrom)
    expect(other.listUnsubscribe).not.toEqual(letter.listUnsubscribe)
  })

  test('gives the address of the sender when there is no mail.return', async () => {
    const sender: Sender = { ...SENDER, returnTo: null }
    const [claim] = await claims()
    const { envelopeFrom, listUnsubscribe } = await letterMaker(office.store, sender)(claim)
    expect([envelopeFrom, listUnsubscribe]).toEqual([
      'digest@example.org',
      ['mailto:digest@example.org?subject=unsubscribe'],
    ])
  })

  test('gives each reader a page of their own to leave by, which takes a POST, when somebody answers there', async () => {
    const sender: Sender = { ...SENDER, webUrl: 'https://news.example.org/' }
    const [claim] = await claims()
    const { listUnsubscribe, hasOneClick, html } = await letterMaker(office.store, sender)(claim)
    const [byWeb = '', byMail = ''] = listUnsubscribe
    const token = byWeb.replace('https://news.example.org/u/', '')
    expect(readToken([SENDER.secret], 'unsubscribe', token)).toBe(claim.subscriberId)
    expect(byMail).toMatch(/^mailto:/)
    expect(hasOneClick).toBe(true)
    expect(bodyText(html)).toContain(`<a href="${byWeb}">`)
  })

  test('escapes what an address may hold', async () => {
    const [claim] = await claims()
    const address = parseEmailAddress("o'brien&co/{x}@example.net")
    const { html, to } = await letterMaker(office.store, SENDER)({ ...claim, address })
    expect(to).toBe(address)
    expect(bodyText(html)).toContain('<p>o&#39;brien&amp;co/{x}@example.net <a ')
  })

  test('keeps the letters of two digests apart, whichever is read first', async () => {
    await office.freeze('digest-2')
    const all = await office.claimAndDie(4)
    const letters = await Promise.all(all.map(letterMaker(office.store, SENDER)))
    expect(letters.map(({ id, subject }) => [id, subject]).sort()).toEqual([
      ['digest-1.1@example.org', 'Tides digest-1'],
      ['digest-1.2@example.org', 'Tides digest-1'],
      ['digest-2.1@example.org', 'Tides digest-2'],
      ['digest-2.2@example.org', 'Tides digest-2'],
    ])
  })
})
