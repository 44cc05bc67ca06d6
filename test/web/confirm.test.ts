import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { consentsOf } from '../../src/remember/consents.ts'
import { deleteSubscriber, pauseSubscriber, removeSubscriber } from '../../src/remember/leave.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { addSubscriber, findSubscriber } from '../../src/remember/subscribers.ts'
import { suppressionOf, suppress } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { mintToken, readToken } from '../../src/token.ts'
import { proxiesOf } from '../../src/web/client.ts'
import { ADDRESS, type Answer, type Endpoint, NOW, SECRET, askAt, everyRow, openEndpoint } from './endpoint.ts'
import { askToJoin } from './join.ts'

const NEW = 'new@example.net'
const HOUR = 60 * 60_000
const DAY = 24 * HOUR
const POST = { method: 'POST', headers: { 'x-forwarded-for': '192.0.2.9' } } as const

let at: Endpoint
let link: string
beforeEach(async () => {
  at = await openEndpoint({ tools: { proxies: proxiesOf(['127.0.0.1']) } })
  link = `c/${await askToJoin(at, NEW, { frequency: 'daily' })}`
})
afterEach(() => at.close())

function ask(path: string, init?: RequestInit): Promise<Answer> {
  return askAt(at.url, path, init)
}
function headingOf({ status, text }: Answer): string {
  return `${status} ${/<h1>(.*)<\/h1>/.exec(text)?.[1] ?? ''}`
}
async function stateOf(address: string): Promise<string> {
  const reader = await findSubscriber(at.store, parseEmailAddress(address))
  return reader === null ? 'unknown' : `${reader.state}, ${reader.preferences.frequency}`
}

const PAUSED = '200 Your settings'
const OPEN = '200 Confirm your subscription'
const DONE = '200 You are subscribed'
const EXPIRED = '410 This link has expired'
const BROKEN = '404 This link is not whole'

describe('GET c/TOKEN', () => {
  test('shows for which address, and one button that posts to where it came from', async () => {
    const answer = await ask(link)
    expect(headingOf(answer)).toBe(OPEN)
    expect(answer.text).toContain('Press the button to get the digest of Tide Notes at new@example.net.')
    expect(answer.text.match(/<form method="post">/g)).toHaveLength(1)
    expect(answer.text.match(/<button>Yes, subscribe me<\/button>/g)).toHaveLength(1)
    expect(answer.text).not.toMatch(/action=|<script|<img|<link/)
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'$/)
  })

  test('changes no row in any state, ten times, and by HEAD neither', async () => {
    const look = async (): Promise<void> => {
      const before = await everyRow(at.store)
      for (let time = 0; time < 10; time++) {
        await ask(link)
        await ask(link, { method: 'HEAD' })
      }
      expect(await everyRow(at.store)).toEqual(before)
    }
    await look()
    await ask(link, POST)
    await look()
    at.time.now += 4 * DAY
    await look()
    expect(at.log).toEqual(['{"event":"confirmed","consent":2}'])
  })

  test('comes in the language that was asked for', async () => {
    const token = (await askToJoin(at, 'zh@example.net', { language: 'zh' })) ?? ''
    expect(headingOf(await ask(`c/${token}`, { headers: { 'accept-language': 'en' } }))).toBe('200 确认订阅')
    expect(headingOf(await ask(`c/${token}`, POST))).toBe('200 订阅成功')
  })
})

describe('POST c/TOKEN', () => {
  test('subscribes once, however often, and leads to the settings', async () => {
    for (let time = 0; time < 3; time++) {
      const answer = await ask(link, POST)
      expect(headingOf(answer)).toBe(DONE)
      expect(answer.text).not.toContain('<form')
      const [, token = ''] = /href="\.\.\/p\/([^"]+)"/.exec(answer.text) ?? []
      expect(readToken([SECRET], 'preferences', token)).toBe(2)
      expect(await stateOf(NEW)).toBe('active, daily')
      at.time.now += DAY
    }
    expect(await consentsOf(at.store, 2)).toMatchObject([{ confirmedAt: NOW + 1000, client: '192.0.2.9' }])
    expect(at.log).toEqual(['{"event":"confirmed","consent":2}'])
  })

  test('subscribes the address of the token alone', async () => {
    await askToJoin(at, 'other@example.net')
    await ask(link, POST)
    expect(await stateOf('other@example.net')).toBe('pending, site')
  })

  test('brings back who had left, and lifts a suppression', async () => {
    const address = parseEmailAddress(ADDRESS)
    await removeSubscriber(at.store, address, NOW)
    await suppress(at.store, { address }, 'bounced', '', NOW)
    const token = (await askToJoin(at, ADDRESS, { frequency: 'weekly' })) ?? ''
    expect(await stateOf(ADDRESS)).toBe('unsubscribed, site')
    expect(headingOf(await ask(`c/${token}`, POST))).toBe(DONE)
    expect([await stateOf(ADDRESS), await suppressionOf(at.store, address)]).toEqual(['active, weekly', null])
  })

  test('takes links of a former secret', async () => {
    await currentSecret(at.store, 'the secret that came after it', NOW)
    expect(headingOf(await ask(link, POST))).toBe(DONE)
  })

  for (const [says, wait, end] of [
    ['a moment before three days are over', 3 * DAY - 1, DONE],
    ['after three days', 3 * DAY, EXPIRED],
    ['after a year', 365 * DAY, EXPIRED],
  ] as const)
    test(`shows "${end}" ${says}`, async () => {
      at.time.now += wait
      const answer = await ask(link, POST)
      expect(headingOf(answer)).toBe(end)
      expect(await stateOf(NEW)).toBe(end === DONE ? 'active, daily' : 'pending, daily')
      if (end === EXPIRED) expect(answer.text).toContain('<a href="../subscribe">Ask again</a>')
    })

  test('is void once its reader has left, whether it was used or not', async () => {
    await removeSubscriber(at.store, parseEmailAddress(NEW), NOW)
    expect(headingOf(await ask(link, POST))).toBe(EXPIRED)
    expect(await stateOf(NEW)).toBe('pending, daily')

    const other = `c/${await askToJoin(at, 'other@example.net')}`
    await ask(other, POST)
    await removeSubscriber(at.store, parseEmailAddress('other@example.net'), NOW)
    for (const init of [{}, POST]) expect(headingOf(await ask(other, init))).toBe(EXPIRED)
    expect(await stateOf('other@example.net')).toBe('unsubscribed, site')
  })

  test('says of one who has paused since that they have, and leads to the settings', async () => {
    await ask(link, POST)
    await pauseSubscriber(at.store, 2, NOW)
    for (const init of [{}, POST]) {
      const answer = await ask(link, init)
      expect(headingOf(answer)).toBe(PAUSED)
      expect(answer.text).toMatch(/<p>Your subscription is paused\.<\/p>\n<p><a href="\.\.\/p\/2\./)
      expect(answer.text).not.toContain('is your first')
    }
    expect(await stateOf(NEW)).toBe('paused, daily')
  })

  test('promises no digest to one whose mail came back since', async () => {
    await ask(link, POST)
    await suppress(at.store, { subscriberId: 2 }, 'bounced', '', NOW)
    for (const init of [{}, POST]) {
      const answer = await ask(link, init)
      expect(headingOf(answer)).toBe(EXPIRED)
      expect(answer.text).toContain('<a href="../subscribe">Ask again</a>')
    }
    expect(await suppressionOf(at.store, parseEmailAddress(NEW))).toMatchObject({ reason: 'bounced' })
  })

  test('shows one who came by another way that they are subscribed', async () => {
    await removeSubscriber(at.store, parseEmailAddress(NEW), NOW)
    await addSubscriber(at.store, parseEmailAddress(NEW), NOW)
    for (const init of [{}, POST]) {
      const answer = await ask(link, init)
      expect(headingOf(answer)).toBe(DONE)
      expect(answer.text).toContain('<a href="../p/2.')
    }
    expect(await stateOf(NEW)).toBe('active, site')
  })

  test('asks again in the language of the page', async () => {
    const token = (await askToJoin(at, 'zh@example.net', { language: 'zh' })) ?? ''
    at.time.now += 4 * DAY
    expect((await ask(`c/${token}`)).text).toContain('<a href="../subscribe?lang=zh">')
  })

  test('is void once what was known of its reader is deleted', async () => {
    await ask(link, POST)
    await deleteSubscriber(at.store, 2, NOW)
    const before = await everyRow(at.store)
    for (const init of [{}, POST]) {
      const answer = await ask(link, init)
      expect(headingOf(answer)).toBe(EXPIRED)
      expect(answer.text).not.toContain(NEW)
    }
    expect(await everyRow(at.store)).toEqual(before)
  })

  test('answers 413 to a body of 10 MB, and changes nothing', async () => {
    expect((await ask(link, { ...POST, body: 'a'.repeat(10_000_000) })).status).toBe(413)
    expect(await stateOf(NEW)).toBe('pending, daily')
  })
})

describe('a link that is none', () => {
  const forged: (readonly [string, (token: string) => string])[] = [
    ['is cut', (token) => token.slice(0, -1)],
    ['goes on', (token) => `${token}A`],
    ['names another id', (token) => token.replace(/^./, '9')],
    ['is signed by somebody else', () => mintToken('guessed', 'confirm', 2)],
    ['was signed to leave', () => mintToken(SECRET, 'unsubscribe', 2)],
    ['was signed for the settings', () => mintToken(SECRET, 'preferences', 2)],
    ['is empty', () => ''],
    ['is another path', (token) => `${token}/more`],
    ['has a broken escape', () => '%E0%A4%A'],
    ['is HTML', () => '%3Cscript%3E'],
  ]
  for (const [says, forge] of forged)
    test(`since it ${says}, changes nothing`, async () => {
      const path = `c/${forge(link.slice(2))}`
      for (const init of [{}, POST]) {
        const answer = await ask(path, init)
        expect(headingOf(answer)).toBe(BROKEN)
        expect(answer.text).not.toMatch(/<script|new@/)
      }
      expect(await stateOf(NEW)).toBe('pending, daily')
      expect(at.log).toEqual([])
    })
})

for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
  test(`${method} c/TOKEN is answered by 405`, async () => {
    const { status, headers } = await ask(link, { method })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    expect(await stateOf(NEW)).toBe('pending, daily')
  })
