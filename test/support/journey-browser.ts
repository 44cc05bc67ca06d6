import type { Browser, Locator, Page } from 'playwright-core'
import { axeFinds, overflow } from './chromium.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** More stops than any page of ours has. */
const MOST_STOPS = 200

/** How a reader acts on a page. */
export interface Hand {
  /** A button, a link or what opens a part of a page. */
  press(target: Locator): Promise<void>
  write(target: Locator, text: string): Promise<void>
  /** A box or one of several choices. */
  choose(target: Locator): Promise<void>
}

/** Acts by touch. */
export const touch: Hand = {
  press: (target) => target.click(),
  write: (target, text) => target.fill(text),
  choose: (target) => target.check(),
}

/** Acts by the keyboard alone: what cannot be reached by it is not acted on. */
export const keyboard: Hand = {
  press: async (target) => {
    await tabTo(target)
    await target.page().keyboard.press('Enter')
  },
  write: async (target, text) => {
    await tabTo(target)
    await target.page().keyboard.type(text)
  },
  choose: async (target) => {
    const isRadio = (await target.getAttribute('type')) === 'radio'
    const name = (await target.getAttribute('name')) ?? ''
    await tabTo(isRadio ? target.page().locator(`[name="${name}"]:checked`) : target)
    const keys = target.page().keyboard
    for (let step = 0; step < MOST_STOPS && !(await target.isChecked()); step++) {
      await keys.press(isRadio ? 'ArrowDown' : 'Space')
    }
  },
}

async function tabTo(target: Locator): Promise<void> {
  const page = target.page()
  const focused = target.and(page.locator(':focus'))
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if ((await focused.count()) === 1) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not reach ${target.toString()}`)
}

/** A window and who sits before it. */
export class JourneyBrowser {
  readonly page: Page
  readonly hand: Hand
  /** What is wrong with the pages that were met, and what the browser complained of. */
  readonly faults: string[] = []
  /** Origins that were asked for anything. */
  readonly origins = new Set<string>()

  /** Where axe looks at what is shown: it cannot run in a page without scripts. */
  readonly #lens: Page

  private constructor(page: Page, lens: Page, hand: Hand) {
    this.page = page
    this.#lens = lens
    this.hand = hand
    page.on('console', (message) => this.faults.push(message.text()))
    page.on('pageerror', (error) => this.faults.push(error.message))
    page.on('request', (request) => this.origins.add(new URL(request.url()).origin))
  }

  static async open(browser: Browser, hand: Hand, options: Parameters<Browser['newContext']>[0]) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
    const page = await context.newPage()
    if (options?.javaScriptEnabled !== false) return new JourneyBrowser(page, page, hand)
    const withScripts = await browser.newContext({ reducedMotion: 'reduce', ...options, javaScriptEnabled: true })
    return new JourneyBrowser(page, await withScripts.newPage(), hand)
  }

  /** Goes to an address, and looks at the page. */
  async go(url: string): Promise<void> {
    await this.page.goto(url)
    await this.look()
  }

  /** Waits for words to be shown, and looks at the page. */
  async reads(words: string): Promise<void> {
    await this.page.getByText(words).first().waitFor()
    await this.look()
  }

  async write(label: string, text: string): Promise<void> {
    await this.hand.write(this.page.getByLabel(label), text)
  }

  async press(name: string): Promise<void> {
    await this.hand.press(this.page.getByRole('button', { name, exact: true }))
  }

  async open(part: string): Promise<void> {
    await this.hand.press(this.page.locator('summary', { hasText: part }))
  }

  async choose(label: string): Promise<void> {
    await this.hand.choose(this.page.getByLabel(label))
  }

  /** Labels of what is chosen. */
  async chosen(): Promise<string[]> {
    return this.page.locator('label:has(:checked)').allInnerTexts()
  }

  async cookies(): Promise<unknown[]> {
    return this.page.context().cookies()
  }

  async close(): Promise<void> {
    await this.page.context().close()
    await this.#lens.context().close()
  }

  /** Notes what axe finds, and whether a page is wider than its window. */
  async look(): Promise<void> {
    const path = new URL(this.page.url()).pathname
    if (this.#lens !== this.page) await this.#lens.setContent(await this.page.content())
    const found = await axeFinds(this.#lens, RULES, [])
    this.faults.push(...found.map((fault) => `${path}: ${fault}`))
    const wide = await overflow(this.page)
    if (wide > 0) this.faults.push(`${path}: wider than the window by ${wide}`)
  }
}
