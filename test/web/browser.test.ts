import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeFinds, chromiumMissing, launchChromium, overflow } from '../support/chromium.ts'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { findSubscriber, readSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { type Endpoint, openEndpoint } from './endpoint.ts'
import { askToJoin, linkToConfirm, settingsOf } from './join.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describe.skipIf(chromiumMissing())('in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  async function faultsOf(page: Page): Promise<string[]> {
    const found = await axeFinds(page, RULES, [])
    const wide = await overflow(page)
    return wide === 0 ? found : [...found, `wider than the window by ${wide}`]
  }

  /** Every rule of ours applies: the page is not shown in the colours of the browser. */
  async function ground(page: Page): Promise<string> {
    return page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
  }

  for (const [language, scheme, button, heading, paper] of [
    ['en', 'light', 'Unsubscribe', 'You are unsubscribed', 'rgb(243, 244, 242)'],
    ['en', 'dark', 'Unsubscribe', 'You are unsubscribed', 'rgb(17, 20, 22)'],
    ['zh-CN', 'light', '退订', '你已退订', 'rgb(243, 244, 242)'],
  ] as const)
    test(`a reader leaves by the button, at 360 pixels, in ${language}, ${scheme}`, async () => {
      const title = 'A title of many words, and one of them is Donaudampfschifffahrtsgesellschaftskapitän'
      const at: Endpoint = await openEndpoint({ site: { language, title } })
      const viewport = { width: 360, height: 740 }
      const context = await browser.newContext({ viewport, colorScheme: scheme, locale: language })
      const page = await context.newPage()
      const said: string[] = []
      page.on('console', (message) => said.push(message.text()))
      const asked: string[] = []
      page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))

      await page.goto(`${at.url}u/${at.token}`)
      expect(await faultsOf(page)).toEqual([])
      expect(await ground(page)).toBe(paper)
      expect(await at.reader()).toBe('active since 0')
      await page.getByRole('button', { name: button }).click()
      await page.getByRole('heading', { name: heading }).waitFor()
      expect(await at.reader()).toBe('unsubscribed since 1000')
      expect(await faultsOf(page)).toEqual([])
      expect(await page.getByRole('button').count()).toBe(0)

      expect(asked.filter((line) => !line.endsWith('/favicon.ico'))).toEqual([
        `GET /u/${at.token}`,
        `POST /u/${at.token}`,
      ])
      expect(said).toEqual([])
      expect(await context.cookies()).toEqual([])
      await context.close()
      await at.close()
    })

  test('a reader leaves by the keyboard alone', async () => {
    const at = await openEndpoint()
    const page = await browser.newPage()
    await page.goto(`${at.url}u/${at.token}`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor()
    expect(await at.reader()).toBe('unsubscribed since 1000')
    await page.close()
    await at.close()
  })

  test('axe finds nothing on the page for a link that is not whole', async () => {
    const at = await openEndpoint()
    const context = await browser.newContext({ viewport: { width: 320, height: 700 } })
    const page = await context.newPage()
    await page.goto(`${at.url}u/1.abc`)
    expect(await faultsOf(page)).toEqual([])
    await context.close()
    await at.close()
  })

  for (const [width, scheme, locale, words] of [
    [360, 'light', 'en', ['Subscribe', 'Look at your mail', 'Yes, subscribe me', 'Your settings', 'Save']],
    [1280, 'dark', 'en', ['Subscribe', 'Look at your mail', 'Yes, subscribe me', 'Your settings', 'Save']],
    [320, 'dark', 'zh-CN', ['订阅', '请查看邮箱', '是的，我要订阅', '你的设置', '保存']],
  ] as const)
    test(`a reader joins, confirms and chooses, at ${width} pixels, in ${locale}, ${scheme}`, async () => {
      const at = await openEndpoint({ tools: { zones: ['Asia/Shanghai', 'Europe/Berlin'] } })
      const context = await browser.newContext({ viewport: { width, height: 740 }, colorScheme: scheme, locale })
      const page = await context.newPage()
      const said: string[] = []
      page.on('console', (message) => said.push(message.text()))
      const [subscribe, asked, confirm, settings, save] = words

      await page.goto(`${at.url}subscribe`)
      expect(await faultsOf(page)).toEqual([])
      await page.locator('input[type=email]').fill('new@example.net')
      await page.locator('input[value=weekly]').check()
      await page.locator('summary').click()
      await page.locator('select[name=zone]').selectOption('Asia/Shanghai')
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('button', { name: subscribe, exact: true }).click()
      await page.getByRole('heading', { name: asked }).waitFor()
      expect(await faultsOf(page)).toEqual([])

      await page.goto(`${at.url}${await linkToConfirm(at)}`)
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('button', { name: confirm }).click()
      await page.getByRole('link', { name: settings }).click()
      await page.getByRole('heading', { name: settings }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      const address = parseEmailAddress('new@example.net')
      const reader = { state: 'active', preferences: { frequency: 'weekly', zone: 'Asia/Shanghai' } }
      expect(await findSubscriber(at.store, address)).toMatchObject(reader)

      await page.locator('input[value=daily]').check()
      await page.getByRole('button', { name: save }).click()
      await page.getByRole('status').waitFor()
      expect(await findSubscriber(at.store, address)).toMatchObject({ preferences: { frequency: 'daily' } })
      expect(await faultsOf(page)).toEqual([])
      expect(said).toEqual([])
      expect(await context.cookies()).toEqual([])
      await context.close()
      await at.close()
    })

  test('a reader joins by the keyboard alone, and is led to what is wrong', async () => {
    const at = await openEndpoint({ tools: { languages: ['en'] } })
    const page = await browser.newPage()
    await page.goto(`${at.url}subscribe`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('new at example.net')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await faultsOf(page)).toEqual([])
    expect(await page.evaluate<string>('document.activeElement.name')).toBe('address')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('new@example.net')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'Look at your mail' }).waitFor()
    expect(await at.store.selectFrom('requests').select(['address', 'frequency']).execute()).toEqual([
      { address: 'new@example.net', frequency: 'instant' },
    ])
    await page.close()
    await at.close()
  })

  test('axe finds nothing on what follows a button, nor on links that are over', async () => {
    const at = await openEndpoint()
    const page = await browser.newPage({ viewport: { width: 320, height: 740 } })
    const press = async (action: string): Promise<void> => {
      await page.locator(`button[value=${action}]`).click()
      expect([action, await faultsOf(page)]).toEqual([action, []])
    }
    await page.goto(`${at.url}${settingsOf(1)}`)
    for (const action of ['pause', 'resume', 'leave']) await press(action)
    await page.goto(`${at.url}${settingsOf(1)}`)
    for (const action of ['delete', 'delete-sure']) await press(action)
    expect(await readSubscriber(at.store, 1)).toBe(null)
    const token = (await askToJoin(at, 'new@example.net')) ?? ''
    at.time.now += 4 * 24 * 60 * 60_000
    await page.goto(`${at.url}c/${token}`)
    await page.getByRole('heading', { name: 'This link has expired' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.close()
    await at.close()
  })

  for (const [says, isOurs] of [
    ['a page of the site holds the form, and its scripts may send it', true],
    ['no other page holds the form, nor may its scripts send it', false],
  ] as const)
    test(says, async () => {
      const at = await openEndpoint()
      const holder = createServer((_, answer) => {
        answer.setHeader('content-type', 'text/html')
        answer.end(`<!doctype html><title>x</title><iframe src="${at.url}subscribe"></iframe>`)
      }).listen(0, '127.0.0.1')
      await once(holder, 'listening')
      const bound = holder.address()
      const url = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`
      if (isOurs) at.origins.push(url)

      const page = await browser.newPage()
      await page.goto(url, { waitUntil: 'networkidle' })
      expect(await page.frameLocator('iframe').locator('#address').count()).toBe(isOurs ? 1 : 0)
      if (isOurs) {
        await page.frameLocator('iframe').locator('#address').fill('framed@example.net')
        await page.frameLocator('iframe').getByRole('button', { name: 'Subscribe' }).click()
        await page.frameLocator('iframe').getByRole('heading', { name: 'Look at your mail' }).waitFor()
      }
      const told = await page.evaluate<unknown>(`fetch(${JSON.stringify(`${at.url}subscribe`)}, {
        method: 'POST', headers: { accept: 'application/json' },
        body: new URLSearchParams({ address: 'script@example.net' }),
      }).then((answer) => answer.json(), () => 'refused')`)
      expect(told).toEqual(isOurs ? expect.objectContaining({ ok: true }) : 'refused')
      const asked = await at.store.selectFrom('requests').select('address').orderBy('id').execute()
      expect(asked.map(({ address }) => address)).toEqual(isOurs ? ['framed@example.net', 'script@example.net'] : [])
      await page.close()
      holder.closeAllConnections()
      holder.close()
      await at.close()
    })
})
