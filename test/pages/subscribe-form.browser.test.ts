import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { axeFinds, chromiumMissing, launchChromium, overflow } from '../support/chromium.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { SCRIPT, formContext, formPages } from './form-pages.ts'
import { type FormServers, openForms } from './form-servers.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const ADDRESS = 'ada@example.org'

interface Opening {
  language?: 'en' | 'zh'
  isOne?: boolean
  hasScript?: boolean
  width?: number
  scheme?: 'light' | 'dark'
}

describe.skipIf(chromiumMissing())('in a real browser', () => {
  let browser: Browser
  let forms: FormServers
  let page: Page
  let said: string[] = []
  /** A window with scripts and one without, for all tests: to open one takes longer than most of them. */
  const pages = new Map<boolean, Page>()

  beforeAll(async () => {
    browser = await launchChromium()
    for (const javaScriptEnabled of [true, false]) {
      const window = await browser.newPage({ reducedMotion: 'reduce', javaScriptEnabled })
      window.on('console', (message) => said.push(message.text()))
      window.on('pageerror', (error) => said.push(error.message))
      pages.set(javaScriptEnabled, window)
    }
  })
  afterAll(() => browser.close())
  afterEach(() => forms.close())

  /** Opens a page of a site, which no test before has seen; what the browser complains of is in `said`. */
  async function open(path: string, { language = 'en', isOne = false, hasScript = true, ...look }: Opening = {}) {
    forms = await openForms((endpoint) => formPages(formContext(endpoint, language)), { isOne })
    page = pages.get(hasScript) ?? (await browser.newPage())
    const { width = 1280, scheme = 'light' } = look
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme: scheme })
    said = []
    await page.goto(forms.pages + path)
  }

  async function send(address = ADDRESS): Promise<void> {
    await page.getByLabel('Your e-mail address').fill(address)
    await page.getByRole('button', { name: 'Subscribe' }).click()
  }

  const status = () => page.getByRole('status')
  const focused = () => page.evaluate<string | null>('document.activeElement.getAttribute("role")')

  for (const [says, isOne] of [
    ['of another server', false],
    ['of the same server', true],
  ] as const) {
    test(`an endpoint ${says} answers in the page`, async () => {
      await open('page/1.html', { isOne })
      await send()
      await status().getByText('Look at your mail').waitFor()
      expect(await status().innerText()).toContain('A mail is on its way.')
      expect(await focused()).toBe('status')
      expect(page.url()).toBe(`${forms.pages}page/1.html`)
      expect(forms.posted).toEqual([
        {
          ...{ path: '/subscribe?lang=en', isScript: true, cookie: null, origin: new URL(forms.pages).origin },
          fields: { address: ADDRESS, source: 'page/1.html', website: '' },
        },
      ])
      expect(await axeFinds(page, RULES, [])).toEqual([])
      expect(said).toEqual([])
    })

    test(`an endpoint ${says} answers by a page of its own where no script runs`, async () => {
      await open('page/1.html', { isOne, hasScript: false })
      await send()
      await page.getByRole('heading', { name: 'Look at your mail' }).waitFor()
      expect(page.url()).toMatch(/\/subscribe\?lang=en$/)
      expect(forms.posted).toEqual([
        {
          ...{ path: '/subscribe?lang=en', isScript: false, cookie: null, origin: new URL(forms.pages).origin },
          fields: { address: ADDRESS, source: 'page/1.html', website: '' },
        },
      ])
      expect(said).toEqual([])
    })
  }

  test('what is wrong is said in the page, and the form may be sent again', async () => {
    await open('index.html')
    forms.answer = 'no-address'
    await send()
    await status().getByText('That is not an e-mail address').waitFor()
    forms.answer = 'asked'
    await send('bob@example.org')
    await status().getByText('Look at your mail').waitFor()
    expect(await status().innerText()).not.toContain('That is not')
    expect(forms.posted.map(({ fields }) => fields['address'])).toEqual([ADDRESS, 'bob@example.org'])
  })

  for (const answer of ['broken', 'foreign'] as const)
    test(`where the script has no answer of ours (${answer}), the page of the endpoint follows`, async () => {
      await open('index.html')
      forms.answer = answer
      await send()
      await page.getByRole('heading', { name: 'Look at your mail' }).waitFor()
      expect(forms.posted.map(({ isScript, fields }) => [isScript, fields['address']])).toEqual([
        [true, ADDRESS],
        [false, ADDRESS],
      ])
    })

  test('the button waits for the answer', async () => {
    await open('index.html')
    let release = (): void => undefined
    forms.before = new Promise<void>((resolve) => (release = resolve))
    const button = page.getByRole('button', { name: 'Subscribe' })
    await send()
    expect(await button.isDisabled()).toBe(true)
    await page.getByLabel('Your e-mail address').press('Enter')
    release()
    await status().getByText('Look at your mail').waitFor()
    await page.locator('button:enabled').waitFor()
    expect(forms.posted).toHaveLength(1)
  })

  test('what is no address is not sent', async () => {
    await open('index.html')
    for (const address of ['', 'ada', 'ada@']) {
      await send(address)
      expect(await page.locator('input:invalid').getAttribute('name')).toBe('address')
    }
    expect(forms.posted).toEqual([])
  })

  for (const hasScript of [true, false])
    test(`keys alone subscribe once a week, ${hasScript ? 'with' : 'without'} script`, async () => {
      await open('subscribe.html', { hasScript })
      await page.getByRole('link', { name: 'See past digests' }).focus()
      await page.keyboard.press('Tab')
      await page.keyboard.type(ADDRESS)
      await page.keyboard.press('Tab')
      for (let times = 0; times < 3; times++) await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByText('Look at your mail').waitFor()
      expect(forms.posted.map(({ fields }) => fields)).toEqual([
        { address: ADDRESS, frequency: 'weekly', source: 'subscribe.html', website: '' },
      ])
    })

  test('what only programs fill in is neither seen nor reached', async () => {
    await open('index.html')
    expect(await page.locator('[name=website]').isVisible()).toBe(false)
    expect(await page.getByRole('textbox').count()).toBe(1)
  })

  for (const path of ['index.html', 'subscribe.html'])
    for (const [width, scheme, language] of [
      [360, 'light', 'en'],
      [1280, 'dark', 'zh'],
    ] as const)
      test(`the form on ${path} fits and reads at ${width} pixels, ${scheme}, ${language}`, async () => {
        await open(path, { language, scheme, width })
        expect(await axeFinds(page, RULES, [])).toEqual([])
        expect(await overflow(page)).toBe(0)
        expect(said).toEqual([])
      })

  test('a page opened from a disk shows the form, and the browser complains of nothing', async () => {
    await open('index.html')
    const documents = formPages(formContext(forms.pages))
    const dir = tempFolder(Object.fromEntries(documents.map(({ path, content }) => [path, content])))
    putFile(dir, 'subscribe.js', SCRIPT)
    await page.goto(`file://${join(dir, 'page/1.html')}`)
    expect(await page.getByLabel('Your e-mail address').isVisible()).toBe(true)
    expect(said).toEqual([])
  })
})
