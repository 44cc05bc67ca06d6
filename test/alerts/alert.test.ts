import { describe, expect, test } from 'vitest'
import { failedRun, failingSources, lostLetters, stuckLetters } from '../../src/alerts/alert.ts'
import { newsLetter, newsText } from '../../src/alerts/letter.ts'
import type { ProblemRecord } from '../../src/problem.ts'
import { configOf } from '../support/run-at.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { tempFolder } from '../support/folder.ts'

const SINCE = '2026-03-01T08:00:00.000Z'
const AT = Date.parse(SINCE)
const UNREADABLE: ProblemRecord = {
  ...{ code: 'source-unreadable', severity: 'error', where: 'articles' },
  ...{ message: 'Cannot read the folder (ENOENT)', mend: 'see that it is there' },
}

describe('failingSources()', () => {
  const source = { name: 'articles', failing: { runs: 3, since: AT }, problems: [UNREADABLE] }
  for (const [says, runs, found] of [
    ['says nothing before so many runs', 2, []],
    ['names a source, why it fails, since when and what to do', 3, [{ key: 'source:articles', since: AT }]],
    ['goes on after that', 40, [{ message: /40 runs in a row/ }]],
  ] as const) {
    test(says, () => {
      const alerts = failingSources([{ ...source, failing: { runs, since: AT } }], { sourceFailures: 3 })
      expect(alerts).toMatchObject(
        found.map((one) => ('message' in one ? { message: expect.stringMatching(one.message) } : one)),
      )
    })
  }

  test('tells why it fails and what to do', () => {
    expect(failingSources([source], { sourceFailures: 3 })).toMatchObject([
      {
        message: 'The source "articles" could not be read in 3 runs in a row: Cannot read the folder (ENOENT)',
        mend: 'see that it is there',
      },
    ])
  })

  test('says nothing of a source that could be read, be its articles wrong', () => {
    expect(failingSources([{ ...source, failing: null }], { sourceFailures: 1 })).toEqual([])
  })
})

describe('stuckLetters()', () => {
  const digest = { id: 'd1', subject: 'Tides', createdAt: AT, letters: 1 }

  test('is one alert, of the oldest digest, for all that wait', () => {
    expect(stuckLetters([digest, { ...digest, id: 'd2', createdAt: AT + 1, letters: 4 }])).toMatchObject([
      { key: 'stuck', since: AT, message: '5 letters are still to be sent of the digest "Tides" and 1 more' },
    ])
  })

  test('is none when nothing waits', () => expect(stuckLetters([])).toEqual([]))
})

describe('lostLetters()', () => {
  const rate = { id: 'd1', subject: 'Tides', createdAt: AT, tried: 20, lost: 2 }
  for (const [says, rates, bounceRate, messages] of [
    ['tells of more than so many percent', [rate], 5, ['2 of 20 letters (10.0 percent) of the digest "Tides"']],
    ['tells nothing of exactly so many', [rate], 10, []],
    ['tells nothing of less than twenty letters', [{ ...rate, tried: 19, lost: 19 }], 5, []],
    [
      'tells of the worst',
      [rate, { ...rate, subject: 'Ebb', lost: 20 }],
      5,
      ['20 of 20 letters (100.0 percent) of the digest "Ebb"'],
    ],
  ] as const) {
    test(says, () => {
      const found = lostLetters(rates, { bounceRate }).map(({ message }) => message)
      expect(found).toEqual(messages.map((message) => `${message} were refused or came back`))
    })
  }
})

describe('a letter to the owner', () => {
  const SETTINGS = `
site: { title: "Tide\u202e Notes", url: "https://tides.example.org/", timezone: Europe/Berlin }
mail: { from: "Ada <ada@example.org>", smtp: "smtp://127.0.0.1" }
`
  const config = configOf(tempFolder({ 'feedwire.config.yaml': SETTINGS, 'articles/a.md': 'x' }))
  const to = parseEmailAddress('owner@example.net')
  const news = { ...failedRun({ message: 'Disk <full>\nBcc: eve@example.net', mend: 'make room' }, AT), isOver: false }

  test('says what, since when by the clock of the site, and what to do, on lines of its own', () => {
    expect(newsText(news, config)).toBe(`A run failed: Disk <full>\\nBcc: eve@example.net

Since: 2026-03-01 09:00 (Europe/Berlin)
What to do: make room

You are told of this once, and again when it is over.

-- 
Tide\\u202e Notes
https://tides.example.org/
`)
  })

  test('says when it is over', () => {
    expect(newsText({ ...news, isOver: true }, config)).toMatch(/^This is over: A run failed: .*\n\nIt began: 2026/)
  })

  test('has one id for the same news, and another once they are over', () => {
    const idOf = (more: object): string => newsLetter({ ...news, ...more }, config, to, AT).id
    expect(idOf({ message: 'in other words' })).toBe(idOf({}))
    expect(new Set([idOf({}), idOf({ isOver: true }), idOf({ since: 1 }), idOf({ key: 'stuck' })]).size).toBe(4)
    expect(idOf({})).toMatch(/^alert-[\da-f]{24}@example\.org$/)
  })

  test('goes to the owner, from the site, in text and HTML that says the same', () => {
    const letter = newsLetter(news, config, to, AT)
    expect(letter).toMatchObject({
      to,
      from: { address: 'ada@example.org' },
      listUnsubscribe: [],
      listId: 'alerts.tides.example.org',
    })
    expect(letter.subject).toMatch(/^\[Tide.* Notes\] A run failed: Disk <full>\\nBcc/)
    expect(letter.html.shared.join('')).toContain('Disk &lt;full&gt;')
  })
})
