import { afterEach, describe, expect, test } from 'vitest'
import { type Answer, type Endpoint, type EndpointOptions, ONE_CLICK, askAt, openEndpoint } from './endpoint.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server with these settings, and how to ask it. */
async function open(
  options: EndpointOptions,
): Promise<Endpoint & { ask: (path: string, init?: RequestInit) => Promise<Answer> }> {
  const at = await openEndpoint(options)
  closing.push(() => at.close())
  return { ...at, ask: (path, init) => askAt(at.url, path, init) }
}

describe('the path of web.url', () => {
  for (const [says, url, path] of [
    ['as it stands', 'https://news.example.org/mail/', 'mail/'],
    ['taken away by a proxy', 'https://news.example.org/mail/', ''],
    ['with signs of a pattern', 'https://news.example.org/a:b*/{c}/(d+)/', 'a:b*/{c}/(d+)/'],
    ['in other letters', 'https://news.example.org/信/', '信/'],
    ['in other letters, taken away', 'https://news.example.org/信/', ''],
    ['like that of a link', 'https://news.example.org/u/', 'u/'],
    ['like that of a link, taken away', 'https://news.example.org/u/', ''],
    ['below that of a link', 'https://news.example.org/u/x/', 'u/x/'],
  ] as const)
    test(`is understood ${says}`, async () => {
      const { ask, token, reader } = await open({ url })
      expect((await ask(`${path}u/${token}`)).status).toBe(200)
      expect((await ask(`${path}u/${token}`, ONE_CLICK)).status).toBe(200)
      expect(await reader()).toBe('unsubscribed since 1000')
    })

  test('is no other', async () => {
    const { ask, token } = await open({ url: 'https://news.example.org/mail/' })
    for (const path of ['other/', 'mail/mail/', 'mailbox/', 'x/mail/']) {
      expect((await ask(`${path}u/${token}`, ONE_CLICK)).status, path).toBe(404)
    }
    expect((await ask('mail/healthz')).status).toBe(200)
  })
})

describe('what a page says', () => {
  for (const [language, lang, words] of [
    ['en-GB', 'en', ['Unsubscribe', 'You are unsubscribed', 'This link is not whole']],
    ['zh-CN', 'zh', ['退订', '你已退订', '链接不完整']],
    ['zh-Hant-TW', 'zh', ['退订', '你已退订', '链接不完整']],
    ['fr', 'en', ['Unsubscribe', 'You are unsubscribed', 'This link is not whole']],
  ] as const)
    test(`comes in the language of a site in ${language}`, async () => {
      const { ask, token } = await open({ site: { language } })
      const pages = [await ask(`u/${token}`), await ask(`u/${token}`, ONE_CLICK), await ask('u/1.abc')]
      expect(pages.map(({ text }) => /<h1>(.*)<\/h1>/.exec(text)?.[1])).toEqual(words)
      for (const { text } of pages) expect(text).toContain(`<html lang="${lang}" dir="ltr">`)
    })

  test('holds the title and address of the site as plain text', async () => {
    const site = { title: '<script>alert("a&b")</script>', url: 'https://tides.example.org/"><b>' }
    const { ask, token } = await open({ site })
    const { text } = await ask(`u/${token}`)
    expect(text).toContain('&lt;script&gt;alert(&quot;a&amp;b&quot;)&lt;/script&gt;</a>')
    expect(text).toContain('href="https://tides.example.org/&quot;&gt;&lt;b&gt;"')
    expect(text).not.toMatch(/<script|<b>/)
  })
})
