import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { placesOf, stateOf } from './remember/asking.ts'
import { gaugesIn } from './support/gauges.ts'
import { chromiumMissing, launchChromium } from './support/chromium.ts'
import { JourneyBrowser, keyboard, touch } from './support/journey-browser.ts'
import { leavingWays, linkTo, onlyLetter } from './support/journey-letter.ts'
import { JourneySite } from './support/journey-site.ts'

const ADA = 'ada@example.net'
const PATIENCE = 300_000

let site: JourneySite

/** How a reader stands in the store. */
const standing = (): Promise<string> => site.inStore((store) => stateOf(store, ADA))

describe.skipIf(chromiumMissing())('in a real browser, a reader', () => {
  let browser: Browser
  let reader: JourneyBrowser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    site = await JourneySite.open()
  })
  afterEach(async () => {
    await reader.close()
    await site.close()
  })

  /** Joins from the front page, and confirms by the button of the page to which the letter leads. */
  async function join(): Promise<void> {
    await reader.go(site.url)
    await reader.write('Your e-mail address', ADA)
    await reader.press('Subscribe')
    await reader.reads('Look at your mail')
    const letter = await site.asked()
    expect([letter.to, letter.subject]).toEqual([ADA, 'Please confirm: Tide Notes'])
    await reader.go(linkTo('c', letter))
    expect(await standing()).toBe('pending')
    await reader.press('Yes, subscribe me')
    await reader.reads('You are subscribed')
    expect(await standing()).toBe('active')
  }

  /** Chooses a topic and how often, by the link of a letter. */
  async function choose(link: string, often: string): Promise<void> {
    await reader.go(link)
    await reader.choose(often)
    await reader.open('About what')
    await reader.choose('tides')
    await reader.press('Save')
    await reader.reads('Your settings are saved.')
    expect((await reader.chosen()).map((label) => label.trim().split(/\s+\d+$/)[0])).toEqual([often, 'tides'])
  }

  function expectNothingWrong(): void {
    expect(reader.faults).toEqual([])
    expect([...reader.origins].map((origin) => `${origin}/`)).toEqual([site.url])
    expect(site.errors).toEqual([])
  }

  test(
    'goes all the way by the keyboard alone, at 1280 pixels: joins, chooses, pauses, leaves, is forgotten',
    async () => {
      reader = await JourneyBrowser.open(browser, keyboard, { viewport: { width: 1280, height: 900 } })
      await join()

      site.write('north', 'tides')
      const first = onlyLetter(await site.runAt('2026-01-31T13:00:00Z'))
      expect([first.to, gaugesIn(first.text)]).toEqual([ADA, ['north']])
      const settings = linkTo('p', first)
      await choose(settings, 'Once a week')

      site.write('east', 'tides')
      site.write('west', 'ebb')
      expect(await site.mailedAt('2026-01-31T14:00:00Z')).toEqual([])
      expect(await site.mailedAt('2026-02-02T08:00:00Z')).toEqual([`${ADA}: east`])

      await reader.press('Pause')
      await reader.reads('Your subscription is paused.')
      site.write('south', 'tides')
      expect(await site.mailedAt('2026-02-09T08:00:00Z')).toEqual([])
      await reader.press('Go on')
      await reader.reads('You are getting the digest again')
      expect(await site.mailedAt('2026-02-09T08:15:00Z')).toEqual([])
      site.write('delta', 'tides')
      const last = onlyLetter(await site.runAt('2026-02-16T08:00:00Z'))
      expect(gaugesIn(last.text)).toEqual(['delta'])

      const coming = reader.page.waitForEvent('download')
      await reader.press('Download my data')
      const download = await coming
      expect(download.suggestedFilename()).toBe('feedwire-data.json')
      expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toMatchObject({
        ...{ address: ADA, state: 'active', preferences: { frequency: 'weekly', topics: ['tag:tides'] } },
        ...{ letters: [{}, {}, {}], otherLetters: [{ kind: 'confirm', state: 'sent' }] },
        consents: [{ source: 'form', place: expect.stringContaining(site.url), client: '127.0.0.1' }],
      })

      await reader.go(linkTo('u', last))
      expect(await standing()).toBe('active')
      await reader.press('Unsubscribe')
      await reader.reads('You are unsubscribed')
      site.write('mole', 'tides')
      expect(await site.mailedAt('2026-02-23T08:00:00Z')).toEqual([])

      await reader.go(settings)
      await reader.reads('This address does not get the digest.')
      await reader.press('Delete my data')
      await reader.reads('This cannot be undone.')
      expect(await site.inStore((store) => placesOf(store, ADA))).not.toEqual([])
      await reader.press('Yes, delete all of it')
      await reader.reads('Your data is deleted')
      expect(await site.inStore((store) => placesOf(store, ADA))).toEqual([])
      expect(await reader.cookies()).toEqual([])
      expectNothingWrong()
    },
    PATIENCE,
  )

  test(
    'goes all the way without JavaScript, at 390 pixels, and leaves by one click of the mail program',
    async () => {
      const viewport = { width: 390, height: 844 }
      reader = await JourneyBrowser.open(browser, touch, { viewport, javaScriptEnabled: false, hasTouch: true })
      await join()

      site.write('north', 'tides')
      const first = onlyLetter(await site.runAt('2026-01-31T13:00:00Z'))
      await choose(linkTo('p', first), 'Once a day')

      site.write('east', 'tides')
      site.write('west', 'ebb')
      expect(await site.mailedAt('2026-01-31T14:00:00Z')).toEqual([])
      const letter = onlyLetter(await site.runAt('2026-02-01T08:00:00Z'))
      expect(gaugesIn(letter.text)).toEqual(['east'])

      expect(letter.fields.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
      const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
      const answer = await fetch(leavingWays(letter)[0] ?? '', { method: 'POST', body, redirect: 'error' })
      expect(answer.status).toBe(200)
      expect(await standing()).toBe('unsubscribed')
      site.write('south', 'tides')
      expect(await site.mailedAt('2026-02-02T08:00:00Z')).toEqual([])
      await reader.page.reload()
      await reader.reads('This address does not get the digest.')
      expect(await reader.cookies()).toEqual([])
      expectNothingWrong()
    },
    PATIENCE,
  )
})

/** A mail as Ada's program writes it. */
function mailTo(to: string, subject: string, from = ADA): string {
  return `From: Ada <${from}>\nTo: <${to}>\nSubject: ${subject}\nMessage-ID: <${subject.length}@example.net>\n\n`
}

/** To whom a link to write a mail leads, and with what subject. */
function writtenBy(link: string): { to: string; subject: string } {
  const { pathname, searchParams } = new URL(link)
  return { to: decodeURIComponent(pathname), subject: searchParams.get('subject') ?? '' }
}

describe('by mail alone, a reader', () => {
  afterEach(() => site.close())

  for (const [says, way] of [
    ['which the mail server pipes', (to: string) => ({ recipient: to })],
    ['of which only the header tells', () => ({})],
  ] as const)
    test(`joins, confirms and leaves, by mails ${says}`, async () => {
      site = await JourneySite.open({ hasEndpoint: false })
      const ask = mailTo('digest@example.org', 'Subscribe to Tide Notes')
      expect(await site.receive(ask, way('digest@example.org'))).toMatch(/ asks for the digest\nended with 0$/)
      const letter = onlyLetter(await site.unread())
      expect([letter.to, letter.subject]).toEqual([ADA, 'Please confirm: Tide Notes'])
      site.write('north', 'tides')
      expect(await site.mailedAt('2026-01-31T13:00:00Z')).toEqual([])

      const answerTo =
        /<([^>]*)>|(\S+@\S+)/
          .exec(letter.fields.get('reply-to') ?? '')
          ?.slice(1)
          .join('') ?? ''
      await site.receive(mailTo(answerTo, 'Re: Please confirm: Tide Notes'), way(answerTo))
      expect(await standing()).toBe('active')
      site.write('east', 'tides')
      const digest = onlyLetter(await site.runAt('2026-01-31T14:00:00Z'))
      expect([digest.to, gaugesIn(digest.text)]).toEqual([ADA, ['east']])

      const [link = '', ...others] = leavingWays(digest)
      expect(others).toEqual([])
      const { to, subject } = writtenBy(link)
      await site.receive(mailTo(to, subject), way(to))
      expect(await standing()).toBe('unsubscribed')
      site.write('west', 'tides')
      expect(await site.mailedAt('2026-01-31T15:00:00Z')).toEqual([])
    })

  test('leaves a site with an endpoint by the address of the letter too, from another account', async () => {
    site = await JourneySite.open({ subscribers: [ADA] })
    site.write('north', 'tides')
    const digest = onlyLetter(await site.runAt('2026-01-31T13:00:00Z'))
    const [, link = ''] = leavingWays(digest)
    const { to, subject } = writtenBy(link)
    await site.receive(mailTo(to, subject, 'lovelace@example.com'), { recipient: to })
    expect(await standing()).toBe('unsubscribed')
    site.write('east', 'tides')
    expect(await site.mailedAt('2026-01-31T14:00:00Z')).toEqual([])
  })
})
