import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FileWindow, axeFinds, chromiumMissing, launchChromium, overflow, worstContrast } from './support/chromium.ts'
import { KINDS, ROOT, type SampleSite, publishSample } from './support/sample-site.ts'

/** `npm run screenshots` keeps the pictures for README.md and docs/. */
const PICTURES = process.env.SCREENSHOTS === '1' ? join(ROOT, 'docs/images') : null

const SIZES = { desk: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }
/** What axe is asked to look for. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const LETTER_SIZES = { desk: { width: 800, height: 900 }, phone: { width: 360, height: 780 } }

describe.skipIf(chromiumMissing())('in a real browser', () => {
  let browser: Browser
  let window: FileWindow
  let sample: SampleSite

  beforeAll(async () => {
    sample = await publishSample()
    browser = await launchChromium()
    window = await FileWindow.open(browser, true)
  })

  afterAll(async () => {
    await browser.close()
  })

  /** Shows a file and fails on any error of the page and any request that leaves the folder. */
  async function open(path: string, size: typeof SIZES.desk, scheme: 'light' | 'dark'): Promise<Page> {
    const { page, asked, faults } = await window.show(path, { ...size, scheme })
    expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([])
    expect(faults).toEqual([])
    return page
  }

  async function keep(page: Page, name: string): Promise<void> {
    if (PICTURES === null) return
    mkdirSync(PICTURES, { recursive: true })
    await page.screenshot({ path: join(PICTURES, `${name}.png`) })
  }

  for (const device of ['desk', 'phone'] as const) {
    for (const scheme of ['light', 'dark'] as const) {
      test(`the page fits and reads on a ${device} in ${scheme}`, async () => {
        const page = await open(sample.pages.front, SIZES[device], scheme)
        expect(await page.locator('article').count()).toBe(11)
        expect(await page.getByRole('heading', { name: 'LATEST UPDATES' }).isVisible()).toBe(true)
        expect(await overflow(page)).toBe(0)
        expect((await worstContrast(page)).ratio).toBeGreaterThanOrEqual(4.5)
        await keep(page, `page-${device}-${scheme}`)
      })

      test(`the letter fits and reads on a ${device} in ${scheme}`, async () => {
        const page = await open(sample.letter, LETTER_SIZES[device], scheme)
        expect(await page.getByRole('heading', { level: 2 }).count()).toBe(5)
        expect(await page.getByRole('link', { name: /unsubscribe/i }).getAttribute('href')).toMatch(/^mailto:/)
        expect(await overflow(page)).toBe(0)
        expect((await worstContrast(page)).ratio).toBeGreaterThanOrEqual(4.5)
        await keep(page, `letter-${device}-${scheme}`)
      })
    }
  }

  // Every page in every view is in test/slow/browser.test.ts.
  for (const [kind, device, scheme] of [
    ['front', 'desk', 'light'],
    ['older', 'phone', 'dark'],
    ['tag', 'desk', 'light'],
    ['subscribe', 'phone', 'dark'],
    ['digests', 'desk', 'light'],
    ['digest', 'phone', 'dark'],
  ] as const)
    test(`axe finds nothing on the page "${kind}" on a ${device} in ${scheme}`, async () => {
      const page = await open(sample.pages[kind], SIZES[device], scheme)
      expect(await axeFinds(page, RULES, [])).toEqual([])
    })

  for (const kind of KINDS) {
    test(`the page "${kind}" fits a window of 320 pixels`, async () => {
      const page = await open(sample.pages[kind], { width: 320, height: 700 }, 'light')
      expect(await overflow(page)).toBe(0)
    })

    test(`every link of the page "${kind}" that stays on the site leads somewhere`, async () => {
      const page = await open(sample.pages[kind], SIZES.desk, 'light')
      const links = await page.evaluate<string[]>('Array.from(document.links, (link) => link.href)')
      const own = [...new Set(links.filter((link) => link.startsWith('file:')))]
      expect(own.length).toBeGreaterThan(4)
      for (const link of own) {
        const url = new URL(link)
        expect(existsSync(fileURLToPath(new URL(url.pathname, 'file:'))), link).toBe(true)
        if (url.hash === '' || url.hash === '#main') continue
        await page.goto(link)
        expect(await page.locator(`[id="${url.hash.slice(1)}"]`).count(), link).toBe(1)
      }
    })
  }

  test('without its style the page is read in order: title, heading, entries, ways', async () => {
    const page = await open(sample.pages.front, SIZES.desk, 'light')
    await page.evaluate('document.querySelector("style").remove()')
    const text = await page.evaluate<string>('document.body.innerText')
    const order = ['INCOMING TRANSMISSION', 'LATEST UPDATES', 'The cheapest request is a 304', 'Past digests']
    const places = order.map((words) => text.indexOf(words))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places[0]).toBeGreaterThanOrEqual(0)
  })

  test('the first key leads past the heading to the entries', async () => {
    const page = await open(sample.pages.front, SIZES.desk, 'light')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
  })

  for (const kind of ['tag', 'subscribe'] as const)
    test(`the page "${kind}" is kept as a picture`, async () => {
      const page = await open(sample.pages[kind], SIZES.desk, 'light')
      expect(await page.locator('h1').count()).toBe(1)
      await keep(page, `${kind}-desk-light`)
    })
})
