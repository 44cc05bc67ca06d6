import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { takeRequests } from '../../src/remember/requests.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { suppress } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { proxiesOf } from '../../src/web/client.ts'
import { ADDRESS, type Answer, type Endpoint, NOW, askAt, everyRow, openEndpoint, posted } from './endpoint.ts'

let at: Endpoint
beforeEach(async () => {
  at = await openEndpoint({ tools: { proxies: proxiesOf(['127.0.0.1']) } })
})
afterEach(() => at.close())

function ask(path: string, init?: RequestInit): Promise<Answer> {
  return askAt(at.url, path, init)
}
function subscribe(fields: Parameters<typeof posted>[0], headers: Record<string, string> = {}): Promise<Answer> {
  return ask('subscribe', posted(fields, headers))
}
function requests() {
  return at.store.selectFrom('requests').selectAll().execute()
}
function headingOf({ text }: Answer): string {
  return /<h1>(.*)<\/h1>/.exec(text)?.[1] ?? ''
}
const SITE = 'https://tides.example.org'
const MINUTE = 60_000

describe('GET subscribe', () => {
  test('shows a form that posts to where it came from', async () => {
    const { status, text } = await ask('subscribe')
    expect(status).toBe(200)
    expect(text).toContain('<html lang="en" dir="ltr">')
    expect(text.match(/<form method="post"/g)).toHaveLength(1)
    expect(text).not.toContain('action=')
    expect(text).not.toMatch(/<script|<img|<link|@import|url\(|\bon\w+=/i)
    expect([...text.matchAll(/ name="(\w+)"/g)].map(([, name]) => name)).toEqual([
      ...['viewport', 'address', 'frequency', 'frequency', 'frequency', 'frequency', 'language', 'zone', 'website'],
    ])
  })

  test('may be framed by pages of the site and by our own alone, and sets no cookie', async () => {
    const { headers } = await ask('subscribe')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors https:\/\/tides\.example\.org https:\/\/news\.example\.org http:\/\/127\.0\.0\.1:\d+$/,
    )
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual(['same-origin', 'no-store'])
    expect(headers.has('set-cookie')).toBe(false)
  })

  for (const [says, path, accepted, lang, chosen] of [
    ['of the site when nothing is said', 'subscribe', '*', 'en', []],
    ['that the browser accepts', 'subscribe', 'zh-CN,en;q=0.9', 'zh', ['zh']],
    ['that the address names', 'subscribe?lang=zh', 'en', 'zh', ['zh']],
    ['of the site when the address names none of ours', 'subscribe?lang=%22%3E', 'fr', 'en', []],
  ] as const)
    test(`comes in the language ${says}`, async () => {
      const { text } = await ask(path, { headers: { 'accept-language': accepted } })
      expect(text).toContain(`<html lang="${lang}" dir="ltr">`)
      expect([...text.matchAll(/<option value="(\w+)"[^>]* selected>/g)].map(([, tag]) => tag)).toEqual(chosen)
      expect(text).toMatch(lang === 'en' ? /<a href="\?lang=zh"/ : /<a href="\?lang=en"/)
    })

  for (const [says, privacy, link] of [
    [
      'leads beside the words that are agreed to, out of a frame',
      'https://tides.example.org/privacy?a&b',
      ' <a href="https://tides.example.org/privacy?a&amp;b" target="_top">Privacy</a>',
    ],
    ['is not there where the site has none', null, ''],
  ] as const)
    test(`the link to what the site says about data ${says}`, async () => {
      const other = await openEndpoint({ site: { privacy } })
      expect((await askAt(other.url, 'subscribe')).text).toContain(`each digest tells how to leave.${link}</p>`)
      await other.close()
    })

  test('offers zones under their names of today, each once', async () => {
    const { text } = await ask('subscribe')
    const zones = [...text.matchAll(/<option>([^<]*)<\/option>/g)].map(([, zone]) => zone)
    expect(zones).toEqual(expect.arrayContaining(['Asia/Kolkata', 'Europe/Kyiv', 'Asia/Shanghai', 'UTC']))
    for (const old of ['Asia/Calcutta', 'Europe/Kiev']) expect(zones).not.toContain(old)
    expect(zones).toEqual([...new Set(zones)].sort())
  })

  test('names no language where there is one alone', async () => {
    const alone = await openEndpoint({ tools: { languages: ['en'] } })
    expect((await askAt(alone.url, 'subscribe')).text).not.toMatch(/name="language"|\?lang=/)
    await alone.close()
  })

  test('changes no row, ten times, and by HEAD neither', async () => {
    const before = await everyRow(at.store)
    for (let time = 0; time < 10; time++) {
      await ask('subscribe?address=new@example.net')
      await ask('subscribe', { method: 'HEAD' })
    }
    expect(await everyRow(at.store)).toEqual(before)
  })
})

describe('POST subscribe', () => {
  test('notes all that was asked for, by whom, where and in which words', async () => {
    const headers = { referer: `${SITE}/about?x=1`, origin: SITE, 'x-forwarded-for': '192.0.2.7' }
    const fields = { frequency: 'weekly', zone: 'Asia/Shanghai', language: 'zh', source: '/entry' }
    const answer = await subscribe({ address: ' New@Example.NET ', ...fields }, headers)
    expect([answer.status, headingOf(answer)]).toEqual([200, 'Look at your mail'])
    expect([answer.headers.has('location'), answer.headers.has('set-cookie')]).toEqual([false, false])
    expect(await requests()).toMatchObject([
      {
        ...{ address: 'New@example.net', asked_at: NOW + 1000, source: 'form', client: '192.0.2.7' },
        ...{ place: 'https://tides.example.org/about /entry', topics: '[]' },
        ...{ frequency: 'weekly', zone: 'Asia/Shanghai', language: 'zh' },
        text: 'I ask for the digest of Tide Notes by mail. One mail comes first, to confirm this; each digest tells how to leave.',
      },
    ])
    expect(at.woken()).toBe(1)
    expect(at.log).toEqual([])
  })

  test('keeps the words in the language in which they were shown', async () => {
    const answer = await ask('subscribe?lang=zh', posted({ address: 'new@example.net' }))
    expect(headingOf(answer)).toBe('请查看邮箱')
    expect(await requests()).toMatchObject([{ text: expect.stringMatching(/^我希望用邮件接收 Tide Notes/) }])
  })

  test('keeps a zone under a name that the form may not list', async () => {
    await subscribe({ address: 'new@example.net', zone: 'Asia/Kolkata' })
    await subscribe({ address: 'other@example.net', zone: 'Asia/Calcutta' })
    expect(await requests()).toMatchObject([{ zone: 'Asia/Kolkata' }, { zone: 'Asia/Calcutta' }])
  })

  for (const [lang, link] of [
    ['zh', '<a href="subscribe?lang=zh">'],
    ['en', '<a href="subscribe">'],
  ] as const)
    test(`leads back to the form in ${lang} from a page that refuses`, async () => {
      const answer = await ask(`subscribe?lang=${lang}`, posted({}, { origin: 'https://evil.example' }))
      expect([answer.status, answer.text.includes(link)]).toEqual([403, true])
    })

  test('takes multipart/form-data too', async () => {
    const body = new FormData()
    for (const [name, value] of [
      ['address', 'new@example.net'],
      ['frequency', 'daily'],
    ] as const)
      body.set(name, value)
    body.set('file', new Blob(['x']), 'address')
    expect((await ask('subscribe', { method: 'POST', body })).status).toBe(200)
    expect(await requests()).toMatchObject([{ address: 'new@example.net', frequency: 'daily' }])
  })

  for (const [says, fields] of [
    ['nothing', {}],
    ['unknown values', { frequency: 'hourly', zone: 'Moon/Base', language: 'tlh', topics: ['tag:none', 'x', ''] }],
    ['an offset within another text', { zone: 'x+08:00' }],
    ['values with line ends', { frequency: 'daily\r\n', zone: 'Asia/Shanghai\r\nBcc: x', language: 'zh\n' }],
    ['values with HTML', { frequency: '<b>', zone: '"><script>', language: '<i>', topics: '<script>' }],
  ] as const)
    test(`takes ${says} for what the site does`, async () => {
      expect((await subscribe({ address: 'new@example.net', ...fields })).status).toBe(200)
      expect(await requests()).toMatchObject([{ frequency: 'site', zone: '', language: '', topics: '[]' }])
    })

  for (const [says, address] of [
    ['no address', undefined],
    ['an empty address', ''],
    ['a name', 'Ada'],
    ['two addresses', 'a@example.net, b@example.net'],
    ['a header behind the address', 'a@example.net\r\nBcc: b@example.net'],
    ['HTML', '"><script>alert(1)</script>@example.net'],
    ['an address too long', `${'a'.repeat(300)}@example.net`],
  ] as const)
    test(`shows the form again, with the fault at its field, for ${says}`, async () => {
      const before = await everyRow(at.store)
      const answer = await subscribe({ ...(address === undefined ? {} : { address }), frequency: 'daily' })
      expect(answer.status).toBe(422)
      expect(answer.text).toMatch(
        / aria-invalid="true" aria-describedby="fault"[\s\S]*id="fault" role="alert">That is not/,
      )
      expect(answer.text).toContain('value="daily" checked')
      expect(answer.text).not.toContain('<script>')
      expect(await everyRow(at.store)).toEqual(before)
      expect(at.woken()).toBe(0)
    })

  test('answers who fills in the trap as everybody, and does nothing', async () => {
    const before = await everyRow(at.store)
    const caught = await subscribe({ address: 'new@example.net', website: 'https://spam.example/' })
    expect(await everyRow(at.store)).toEqual(before)
    expect(at.woken()).toBe(0)
    expect(caught.text).toBe((await subscribe({ address: 'new@example.net', website: '' })).text)
  })

  for (const [says, origin, status] of [
    ['our own', 'https://news.example.org', 200],
    ['that of the site', SITE, 200],
    ['a foreign one', 'https://evil.example', 403],
    ['a hidden one', 'null', 403],
    ['one that begins like ours', 'https://tides.example.org.evil.example', 403],
  ] as const)
    test(`answers ${status} to a form whose origin is ${says}`, async () => {
      expect((await subscribe({ address: 'new@example.net' }, { origin })).status).toBe(status)
      expect(await requests()).toHaveLength(status === 200 ? 1 : 0)
    })

  for (const [says, size, status] of [
    ['16 KB', 16 * 1024, 200],
    ['one octet more', 16 * 1024 + 1, 413],
    ['10 MB', 10_000_000, 413],
  ] as const)
    test(`answers ${status} to a body of ${says}, however it comes`, async () => {
      const body = 'address=new@example.net&a='.padEnd(size, 'a')
      const stream = new Blob([body]).stream()
      expect((await ask('subscribe', { method: 'POST', body })).status).toBe(status)
      expect((await ask('subscribe', { method: 'POST', body: stream, duplex: 'half' })).status).toBe(status)
      expect(await requests()).toHaveLength(status === 200 ? 2 : 0)
    })

  for (const [says, type, body] of [
    ['parts without a boundary', 'multipart/form-data', 'x'],
    [
      'parts that do not end',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="address"\r\n\r\na',
    ],
    ['octets that are no text', 'application/x-www-form-urlencoded', Buffer.from([0xff, 0xfe, 0x00])],
    ['JSON', 'application/json', '{"address":"new@example.net"}'],
    ['an escape that is none', 'application/x-www-form-urlencoded', 'address=%E0%A4%A'],
  ] as const)
    test(`answers 422 to ${says}`, async () => {
      const answer = await ask('subscribe', { method: 'POST', headers: { 'content-type': type }, body })
      expect(answer.status).toBe(422)
      expect(at.log).toEqual([])
    })
})

describe('a script of the site', () => {
  const JSON_WANTED = { accept: 'application/json', origin: SITE }

  for (const [says, fields, headers, status, told] of [
    ['success', { address: 'new@example.net' }, {}, 200, { ok: true, heading: 'Look at your mail' }],
    ['the trap', { address: 'new@example.net', website: 'x' }, {}, 200, { ok: true, heading: 'Look at your mail' }],
    ['a fault', { address: 'x' }, {}, 422, { ok: false, heading: 'That is not an e-mail address' }],
    ['a body too long', { address: 'a'.repeat(20_000) }, {}, 413, { ok: false, heading: 'That is too much' }],
    ['a foreign page', {}, { origin: 'https://evil.example' }, 403, { ok: false, heading: 'This form is not ours' }],
  ] as const)
    test(`is told of ${says} as JSON`, async () => {
      const answer = await subscribe(fields, { ...JSON_WANTED, ...headers })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/json; charset=utf-8'])
      expect(JSON.parse(answer.text)).toEqual({ ...told, text: expect.stringMatching(/./) })
      const allowed = 'origin' in headers ? null : SITE
      expect([answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([
        allowed,
        'Origin',
      ])
    })

  for (const [accept, type] of [
    ['application/json;q=0', 'text/html; charset=utf-8'],
    ['text/html, application/json; q=0.000', 'text/html; charset=utf-8'],
    ['text/x-application/json', 'text/html; charset=utf-8'],
    ['*/*', 'text/html; charset=utf-8'],
    ['text/plain, Application/JSON;q=0.5', 'application/json; charset=utf-8'],
  ] as const)
    test(`that accepts ${accept} is answered by ${type}`, async () => {
      const { headers } = await subscribe({ address: 'new@example.net' }, { accept })
      expect(headers.get('content-type')).toBe(type)
    })

  for (const [origin, allowed] of [
    [SITE, SITE],
    ['https://evil.example', null],
    ['null', null],
  ] as const)
    test(`of ${origin} may ${allowed === null ? 'not ' : ''}post, says OPTIONS`, async () => {
      const { status, headers } = await ask('subscribe', { method: 'OPTIONS', headers: { origin } })
      expect([status, headers.get('access-control-allow-origin')]).toEqual([204, allowed])
      expect(headers.get('access-control-allow-methods')).toBe('POST')
      expect(headers.has('access-control-allow-credentials')).toBe(false)
    })
})

describe('limits of POST subscribe', () => {
  test('let ten requests of a client pass, and then one each six minutes', async () => {
    const from = { 'x-forwarded-for': '192.0.2.7' }
    for (let time = 0; time < 10; time++) {
      expect((await subscribe({ address: `a${time}@example.net` }, from)).status).toBe(200)
    }
    const before = await everyRow(at.store)
    const late = await subscribe({ address: 'late@example.net' }, from)
    expect([late.status, late.headers.get('retry-after'), headingOf(late)]).toEqual([
      ...[429, '360', 'Too many requests at once'],
    ])
    expect(late.text).toContain('Please try again in 6 minutes.')
    expect(await everyRow(at.store)).toEqual(before)
    expect((await subscribe({ address: 'other@example.net' }, { 'x-forwarded-for': '192.0.2.8' })).status).toBe(200)
    at.time.now += 6 * MINUTE
    expect((await subscribe({ address: 'late@example.net' }, from)).status).toBe(200)
    expect((await subscribe({ address: 'later@example.net' }, from)).status).toBe(429)
  })

  test('count all of an IPv6 subnet as one client, and keep no network address', async () => {
    for (let time = 0; time < 10; time++) {
      await subscribe({ address: `a${time}@example.net` }, { 'x-forwarded-for': `2001:db8:1:2::${time + 1}` })
    }
    const late = await subscribe({ address: 'late@example.net' }, { 'x-forwarded-for': '2001:db8:1:2:ffff::1' })
    expect(late.status).toBe(429)
    const keys = (await at.store.selectFrom('throttles').select('key').execute()).map(({ key }) => key)
    // Ten addresses, the subnet, and the network that it is in.
    expect(keys).toHaveLength(12)
    expect(keys.join()).not.toMatch(/2001|db8|@|example/)
  })

  test('pass an address over that is asked for too often, and answer as before', async () => {
    const answers: Answer[] = []
    for (let time = 0; time < 5; time++) {
      const address = time % 2 === 0 ? 'new@example.net' : 'New@example.net'
      answers.push(await subscribe({ address }, { 'x-forwarded-for': `192.0.2.${time}` }))
    }
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(await requests()).toHaveLength(3)
    at.time.now += 60 * MINUTE
    await subscribe({ address: 'new@example.net' })
    expect(await requests()).toHaveLength(4)
  })

  test('outlive a restart', async () => {
    for (let time = 0; time < 10; time++) await subscribe({ address: `a${time}@example.net` })
    await at.stop()
    const again = await openEndpoint({ tools: { store: at.store, proxies: proxiesOf(['127.0.0.1']) } })
    expect((await askAt(again.url, 'subscribe', posted({ address: 'late@example.net' }))).status).toBe(429)
    await again.stop()
  })

  test('leave one request of two within the hour one letter', async () => {
    for (let time = 0; time < 2; time++) {
      await subscribe({ address: 'new@example.net' })
      await takeRequests(at.store, at.time.now)
      at.time.now += 10 * MINUTE
    }
    expect(await at.store.selectFrom('notices').select('kind').execute()).toEqual([{ kind: 'confirm' }])
  })
})

test('nothing that somebody sees, and no change, tells whether an address is known', async () => {
  for (const address of ['left@example.net', 'bounced@example.net']) {
    await addSubscriber(at.store, parseEmailAddress(address), NOW)
  }
  await removeSubscriber(at.store, parseEmailAddress('left@example.net'), NOW)
  await suppress(at.store, { address: parseEmailAddress('bounced@example.net') }, 'bounced', '', NOW)
  const seen: unknown[] = []
  for (const address of [ADDRESS, 'left@example.net', 'bounced@example.net', 'new@example.net']) {
    const before = await everyRow(at.store)
    const { status, headers, text } = await subscribe({ address })
    const after = await everyRow(at.store)
    const changed = Object.keys(after).map((table) => [table, difference(before[table], after[table])])
    seen.push({ status, text, headers: [...headers].filter(([name]) => name !== 'date'), changed })
    for (const table of ['requests', 'throttles'] as const) await at.store.deleteFrom(table).execute()
  }
  expect(seen[0]).toMatchObject({ status: 200 })
  expect(JSON.stringify(seen[0])).toContain('["requests",1],')
  for (const one of seen) expect(one).toEqual(seen[0])
})

/** How many rows are there that were not. */
function difference(before: readonly unknown[] = [], after: readonly unknown[] = []): number {
  const known = new Set(before.map((row) => JSON.stringify(row)))
  return after.filter((row) => !known.has(JSON.stringify(row))).length
}
