import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FileWindow, type View, axeFinds, chromiumMissing, launchChromium } from '../support/chromium.ts'
import { KINDS, type SampleSite, publishSample } from '../support/sample-site.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
]
const VIEWS: View[] = SIZES.flatMap((size) => (['light', 'dark'] as const).map((scheme) => ({ ...size, scheme })))

describe.skipIf(chromiumMissing())('axe finds nothing', () => {
  let browser: Browser
  let window: FileWindow
  let sample: SampleSite
  beforeAll(async () => {
    sample = await publishSample()
    browser = await launchChromium()
    window = await FileWindow.open(browser, true)
  }, 60_000)
  afterAll(() => browser.close())

  for (const kind of KINDS)
    for (const view of VIEWS)
      test(`on the page "${kind}" at ${view.width} pixels in ${view.scheme}`, async () => {
        const { page } = await window.show(sample.pages[kind], view)
        expect(await axeFinds(page, RULES, [])).toEqual([])
      })
})
