import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Endpoint, openEndpoint } from './endpoint.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

// On the machines that check each change the browser is always there.
describe.skipIf(!existsSync(CHROMIUM) && process.env['CI'] === undefined)('in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update'],
      ],
    })
  })
  afterAll(() => browser.close())

  async function faultsOf(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    const found = violations.map(({ id, nodes }) => `${id}: ${String(nodes[0]?.target)}`)
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
      const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: scheme })
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
})
