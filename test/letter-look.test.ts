import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DigestEntry, fillReader, renderLetter } from '../src/digest/letter.ts'
import type { Site } from '../src/site.ts'
import type { Texts } from '../src/texts.ts'
import { CHINESE, ENGLISH, TEMPLATES, TOKENS, inputWith } from './digest/samples.ts'
import {
  FileWindow,
  type Opened,
  type View,
  axeFinds,
  chromiumMissing,
  fontsOf,
  headingLevels,
  launchChromium,
  overflow,
  worstContrast,
} from './support/chromium.ts'
import { tempFolder } from './support/folder.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** A mail program shows a letter within a page of its own, which has the landmarks. */
const RULES_OF_PAGES = ['region', 'landmark-one-main']

const REQUEST: DigestEntry = {
  title: 'The cheapest request is a 304',
  link: 'https://example.org/conditional-get/',
  date: Date.UTC(2026, 2, 1, 22),
  tags: ['http', 'politeness'],
  categories: ['Feeds'],
  snippet: 'A feed of fifty entries weighs about a hundred kilobytes, and on most days it changes once.',
}
const GATE: DigestEntry = {
  title: '闸门为什么在涨潮前关',
  link: 'https://example.org/gate/',
  date: Date.UTC(2026, 1, 27, 22),
  tags: ['闸门', '潮汐'],
  categories: ['水利'],
  snippet: '闸门落下需要十一分钟，水位上涨一掌宽只要九分钟。闸门不是等水来了才关，而是在涨潮前一刻钟就放下。',
}
const BARE: DigestEntry = { ...REQUEST, title: 'Slack water', categories: [], tags: [], snippet: '' }

/** What an author may write, and no layout may break on. */
const HARD: readonly Partial<DigestEntry>[] = [
  { title: 'x'.repeat(300), snippet: 'y'.repeat(300) },
  { title: 'A title of many words that goes on and on. '.repeat(8) },
  { title: '潮汐随月亮而来'.repeat(30), snippet: '潮汐随月亮而来'.repeat(50) },
  {
    title: 'المد والجزر على الساحل',
    snippet: 'يرتفع الماء مرتين في اليوم، ثم يعود.',
    tags: ['بحر'],
    categories: ['علوم'],
  },
  { title: '👩‍🚀'.repeat(80), snippet: '🌊🌙'.repeat(80), tags: ['🌊'] },
  { categories: ['c'.repeat(120)], tags: Array.from({ length: 12 }, (_, n) => `${'t'.repeat(60)}${n}`) },
  { title: `https://example.org/${'path/'.repeat(50)}` },
]
const LONG_NAMES = { title: 'T'.repeat(60), postalAddress: 'p'.repeat(200) }

/** The letters by what tells them apart, with the languages that they are marked as. */
const LETTERS = {
  English: { html: letterOf({ language: 'en' }, ENGLISH, [REQUEST, GATE, BARE]), words: 'en', entries: 'en' },
  Chinese: { html: letterOf({ language: 'zh-CN' }, CHINESE, [GATE, REQUEST, BARE]), words: 'zh-CN', entries: 'zh-CN' },
  mixed: { html: letterOf({ language: 'en' }, CHINESE, [REQUEST, GATE, BARE]), words: 'zh', entries: 'en' },
}
const TWENTY = Array.from({ length: 20 }, (_, n) => ({ ...REQUEST, ...HARD[n % HARD.length] }))
const LAID_OUT = {
  ...LETTERS,
  crowded: { html: letterOf({ language: 'en', ...LONG_NAMES }, ENGLISH, TWENTY) },
}

/** The language of each heading and link, by its text. */
const LANGUAGES = `Object.fromEntries(Array.from(document.querySelectorAll("h1, h2, a"), (element) =>
  [element.textContent, element.closest("[lang]").lang]))`

const PHONE: View = { width: 360, height: 780, scheme: 'light' }
const DESK: View = { width: 800, height: 900, scheme: 'light' }
const VIEWS = [PHONE, DESK].flatMap((size) => (['light', 'dark'] as const).map((scheme) => ({ ...size, scheme })))

describe.skipIf(chromiumMissing())('in Chromium', () => {
  let browser: Browser
  let shared: FileWindow
  beforeAll(async () => {
    browser = await launchChromium()
    shared = await FileWindow.open(browser)
  })
  afterAll(() => browser.close())

  type Look = (page: Page, opened: Opened) => Promise<void>

  async function open(html: string, view: View, window = shared): Promise<Opened> {
    return window.show(join(tempFolder({ 'letter.html': html }), 'letter.html'), view)
  }

  /** Shows a letter and lets it be looked at. */
  async function look(html: string, view: View, at: Look): Promise<void> {
    const opened = await open(html, view)
    await at(opened.page, opened)
  }

  const onPhone = new Map<string, Promise<Opened>>()
  /** Lets a letter on a phone be looked at that stays open: nobody may change it. */
  async function read(html: string, at: Look): Promise<void> {
    const opened = onPhone.get(html) ?? open(html, PHONE, await FileWindow.open(browser))
    onPhone.set(html, opened)
    const { page } = await opened
    await at(page, await opened)
  }

  for (const [name, { html }] of Object.entries(LAID_OUT)) {
    test(`the ${name} letter fits and reads at any width, in light and dark`, () =>
      look(html, PHONE, async (page) => {
        for (const { width, height, scheme } of VIEWS) {
          const says = `${width} pixels, ${scheme}`
          await page.setViewportSize({ width, height })
          await page.emulateMedia({ colorScheme: scheme })
          expect(await overflow(page), says).toBe(0)
          expect(await page.evaluate('document.querySelector(".sheet").offsetWidth'), says).toBe(Math.min(width, 600))
          const { ratio, text } = await worstContrast(page)
          expect(ratio, `${says}: ${text}`).toBeGreaterThanOrEqual(4.5)
        }
      }))

    for (const view of [{ ...PHONE, scheme: 'dark' } as const, DESK])
      test(`axe finds nothing in the ${name} letter at ${view.width} pixels in ${view.scheme}`, () =>
        look(html, view, async (page) => expect(await axeFinds(page, RULES, RULES_OF_PAGES)).toEqual([])))

    test(`the ${name} letter loads nothing, so that nothing is missing with images off`, () =>
      read(html, async (page, { asked, faults }) => {
        expect(asked).toEqual([page.url()])
        expect(faults).toEqual([])
        expect(await page.locator('img, svg, picture, video, iframe, link, script, [background]').count()).toBe(0)
        expect(html).not.toMatch(/url\(|@import/)
      }))
  }

  for (const [name, { html, words, entries }] of Object.entries(LETTERS)) {
    const texts = name === 'English' ? ENGLISH : CHINESE

    test(`the ${name} letter is read aloud in order, by headings, with nothing twice and no tables`, () =>
      read(html, async (page) => {
        expect(await headingLevels(page)).toEqual([1, 2, 2, 2])
        const heard = await page.locator('body').ariaSnapshot()
        expect(heard).not.toMatch(/^\s*- (?:table|row|cell)/m)
        for (const { snippet } of [REQUEST, GATE]) expect(heard.split(snippet)).toHaveLength(2)
        const links = await page.getByRole('link').allInnerTexts()
        expect(links).toHaveLength(10)
        expect(links.filter((link) => link.trim() === '')).toEqual([])
      }))

    test(`the ${name} letter hides its preheader`, () =>
      read(html, async (page) => {
        const preheader = page.locator('body > div')
        expect(await preheader.textContent()).toBe(name === 'Chinese' ? GATE.snippet : REQUEST.snippet)
        expect(await preheader.isVisible()).toBe(false)
      }))

    test(`the ${name} letter marks its languages`, () =>
      read(html, async (page) => {
        const marked = await page.evaluate<Record<string, string>>(LANGUAGES)
        const ours = [texts.say('latest_updates'), texts.say('more_on_web', { count: 3 }), texts.say('unsubscribe')]
        expect(ours.map((text) => marked[text])).toEqual([words, words, words])
        expect([REQUEST, GATE].map(({ title }) => marked[title])).toEqual([entries, entries])
      }))

    test(`without its style the ${name} letter is read in order`, () =>
      look(html, DESK, async (page) => {
        await page.evaluate('document.querySelector("style").remove()')
        await page.evaluate(
          'for (const styled of document.querySelectorAll("[style]")) styled.removeAttribute("style")',
        )
        const text = await page.evaluate<string>('document.body.innerText')
        const titles = name === 'Chinese' ? [GATE.title, REQUEST.title] : [REQUEST.title, GATE.title]
        const said = [texts.say('more_on_web', { count: 3 }), 'reader@example.net', texts.say('unsubscribe')]
        const order = ['INCOMING', texts.say('latest_updates'), ...titles, BARE.title, ...said, 'Northport']
        const places = order.map((words) => text.indexOf(words))
        expect(places).not.toContain(-1)
        expect(places).toEqual(places.toSorted((a, b) => a - b))
      }))

    test(`the ${name} letter breaks no link at its end, and its button is as large as it looks`, () =>
      read(html, async (page) => {
        const lines = 'Array.from(document.querySelectorAll("div.rule a"), (link) => link.getClientRects().length)'
        expect(await page.evaluate(lines)).toEqual([1, 1, 1, 1, 1])
        const button = page.getByRole('link', { name: texts.say('more_on_web', { count: 3 }) })
        const ground = page.locator('td', { has: button }).last()
        expect((await button.boundingBox())?.height).toBe((await ground.boundingBox())?.height)
      }))
  }

  // The same characters have another shape in each.
  for (const [language, family] of [
    ['en', 'Noto Sans CJK SC'],
    ['zh', 'Noto Sans CJK SC'],
    ['zh-CN', 'Noto Sans CJK SC'],
    ['zh-TW', 'Noto Sans CJK TC'],
    ['zh-Hant', 'Noto Sans CJK TC'],
    ['zh-HK', 'Noto Sans CJK HK'],
    ['ja', 'Noto Sans CJK JP'],
    ['ko-KR', 'Noto Sans CJK KR'],
  ] as const)
    test(`a letter of a site in ${language} shows 直 in ${family}`, () =>
      look(letterOf({ language }, ENGLISH, [{ ...GATE, title: '直', categories: ['直'] }]), PHONE, async (page) => {
        expect(await fontsOf(page, 'h2')).toEqual([family])
        expect(await fontsOf(page, 'bdi')).toEqual([family])
      }))

  test('an Arabic title begins at the right, and the date above it at the left', () =>
    look(letterOf({ language: 'en' }, ENGLISH, [{ ...REQUEST, ...HARD[3] }]), PHONE, async (page) => {
      const alignment = 'getComputedStyle(document.querySelector("h2")).direction'
      expect(await page.evaluate(alignment)).toBe('rtl')
      const [title, date] = [await page.locator('h2 a').boundingBox(), await page.locator('bdi').first().boundingBox()]
      expect((title?.x ?? 0) + (title?.width ?? 0)).toBeCloseTo(342)
      expect(date?.x).toBeLessThan(180)
    }))
})

/** A letter to one reader, with three more entries on the web and all that its end may hold. */
function letterOf(site: Partial<Site>, texts: Texts, entries: readonly DigestEntry[]): string {
  const ours = {
    title: 'INCOMING TRANSMISSION',
    postalAddress: 'Ada\nNorthport',
    privacy: 'https://example.org/privacy/',
  }
  const { html } = renderLetter(TEMPLATES, { ...inputWith({ ...ours, ...site }, { entries, more: 3 }), texts })
  const values = {
    unsubscribe_url: 'https://news.example.org/u/16.abcdefghijkl',
    preferences_url: 'https://news.example.org/p/16.abcdefghijkl',
    address: 'reader@example.net',
  }
  return fillReader(html, TOKENS, values, 'html')
}
