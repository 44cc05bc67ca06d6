import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type Page, chromium } from 'playwright-core'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** How a file is looked at: CSS pixels of the window, and what the reader prefers. */
export interface View {
  width: number
  height: number
  scheme: 'light' | 'dark'
}

/** A file in a window. */
export interface Opened {
  page: Page
  /** Every URL that was asked for. */
  asked: string[]
  /** What the browser complained of. */
  faults: string[]
}

/** Whether to leave out the tests that need a browser. On CI they always run. */
export function chromiumMissing(): boolean {
  return process.env['CI'] === undefined && !existsSync(CHROMIUM)
}

/** Debian's Chromium, which asks nothing of the network on its own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  })
}

/** A window in which one file after another is looked at: to open another window takes four times as long. */
export class FileWindow {
  readonly #page: Page
  readonly #isLoose: boolean
  #shown: Opened

  private constructor(page: Page, isLoose: boolean) {
    this.#page = page
    this.#isLoose = isLoose
    this.#shown = { page, asked: [], faults: [] }
  }

  /** @param isLoose true: other files may be gone to from the one that is shown; else nothing but that can be loaded */
  static async open(browser: Browser, isLoose = false): Promise<FileWindow> {
    const page = await browser.newPage({ reducedMotion: 'reduce' })
    const window = new FileWindow(page, isLoose)
    page.on('console', (message) => window.#shown.faults.push(message.text()))
    page.on('pageerror', (error) => window.#shown.faults.push(error.message))
    await page.route('**/*', (route) => {
      const url = route.request().url()
      const isFirst = window.#shown.asked.push(url) === 1
      return isFirst || (window.#isLoose && url.startsWith('file:')) ? route.continue() : route.abort()
    })
    return window
  }

  async show(path: string, { width, height, scheme }: View): Promise<Opened> {
    await this.#page.setViewportSize({ width, height })
    await this.#page.emulateMedia({ colorScheme: scheme })
    this.#shown = { page: this.#page, asked: [], faults: [] }
    await this.#page.goto(pathToFileURL(path).href)
    return this.#shown
  }
}

/**
 * What axe finds, each as `rule: element`. It works out nothing of what is in order, and gathers its findings in the page
 * itself instead of in another one; both halve its time, and our pages hold no frames.
 */
export async function axeFinds(page: Page, tags: readonly string[], without: readonly string[]): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags([...tags])
    .disableRules([...without])
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${String(target)}`))
}

/** Pixels by which a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** The lowest contrast of visible text and its ground (WCAG 2.2, contrast ratio), with that text. */
export function worstContrast(page: Page): Promise<{ ratio: number; text: string }> {
  return page.evaluate(`(() => {
    const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number)
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
      return 0.2126 * x + 0.7152 * y + 0.0722 * z
    }
    const ground = (node) => {
      for (let at = node; at !== null; at = at.parentElement) {
        const colour = rgb(getComputedStyle(at).backgroundColor)
        if (colour.length === 3 || colour[3] > 0) return colour
      }
      return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    let worst = { ratio: 21, text: '' }
    while (walker.nextNode()) {
      const text = walker.currentNode.data.trim()
      const element = walker.currentNode.parentElement
      const box = element.getBoundingClientRect()
      if (text === '' || !element.checkVisibility() || box.width < 2 || box.height < 2) continue
      const [a, b] = [luminance(rgb(getComputedStyle(element).color)), luminance(ground(element))]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      if (ratio < worst.ratio) worst = { ratio, text }
    }
    return worst
  })()`)
}

/** The levels of the headings of a page, in its order. */
export function headingLevels(page: Page): Promise<number[]> {
  return page.evaluate(
    'Array.from(document.querySelectorAll("h1,h2,h3,h4,h5,h6"), ({ tagName }) => Number(tagName.slice(1)))',
  )
}

/** The families of the fonts in which Chromium draws the first element of a selector. */
export async function fontsOf(page: Page, selector: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument')
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector })
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId })
  await session.detach()
  return fonts.map(({ familyName }) => familyName)
}
