import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { describe, expect, test } from 'vitest'
import type { History } from '../../src/status/facts.ts'
import { needsOf } from '../../src/status/needs.ts'
import { statusPage } from '../../src/status/page.ts'
import { plotFigure } from '../../src/status/plot.ts'
import { plotsOf } from '../../src/status/plots.ts'
import { tablesOf } from '../../src/status/tables.ts'
import { NOW, digest, facts, run, source } from './sample.ts'

const DAY = 86_400_000
const NOTHING: History = {
  ...{ now: NOW, zone: 'Asia/Shanghai', entries: [], joined: [], left: [], digests: [], runs: [] },
}
const SOME: History = {
  ...{ now: NOW, zone: 'Asia/Shanghai' },
  entries: [
    { at: NOW - 7 * DAY, count: 3 },
    { at: NOW, count: 1 },
  ],
  joined: [{ at: NOW - 60 * DAY, count: 40 }],
  left: [{ at: NOW - 30 * DAY, count: 10 }],
  digests: [
    { id: 'a', date: NOW - DAY, subject: 'Tides', letters: { sent: 30, refused: 2, expired: 1, suppressed: 4 } },
    { id: 'b', date: NOW, subject: 'More tides', letters: { sent: 10, due: 20 } },
  ],
  runs: [run(3), run(2, { exitCode: 3 }), run(1, { endedAt: null, exitCode: null })],
}
const EVIL = '</script><script>alert(1)</script>"\'&<b>\u001b[31m\u0000\u202e\ufffe'

function page(history: History, given = facts()): string {
  const made = { text: 'now', datetime: '2026-01-31T16:00:00+08:00' }
  const parts = { needs: needsOf(given), tables: tablesOf(given), plots: plotsOf(history) }
  return statusPage({ title: given.title, made, ...parts })
}

/** Every element of a page that is free of errors. */
function elementsOf(html: string): DefaultTreeAdapterTypes.Element[] {
  const errors: string[] = []
  const document = parse(html, { onParseError: ({ code }) => void errors.push(code) })
  expect(errors).toEqual([])
  const below = (node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Element[] => [
    ...('tagName' in node ? [node] : []),
    ...('childNodes' in node ? node.childNodes.flatMap(below) : []),
  ]
  return below(document)
}

const named = (html: string, name: string): DefaultTreeAdapterTypes.Element[] =>
  elementsOf(html).filter(({ tagName }) => tagName === name)

const attribute = (element: DefaultTreeAdapterTypes.Element | undefined, name: string): string =>
  element?.attrs.find((one) => one.name === name)?.value ?? ''

/** The plot with this title as HTML. */
function plot(history: History, title: string): string {
  const found = plotsOf(history).find((one) => one.title === title)
  if (found === undefined) throw new Error(`there is no plot "${title}"`)
  return plotFigure(found).text
}

/** Kinds and heights of the bars of a plot. */
const bars = (html: string): [string, number][] =>
  [...html.matchAll(/<g><title>.*<\/g>/g)].flatMap(([group]) =>
    [...group.matchAll(/class="(\w+)"[^>]* height="([\d.]+)"/g)].map(([, kind = '', height]): [string, number] => [
      kind,
      Number(height),
    ]),
  )

describe('the page', () => {
  for (const [says, html] of [
    ['of a site with data', page(SOME)],
    ['of a site without any', page(NOTHING, facts({ runs: [], sources: [], readers: {}, letters: {} }))],
    [
      'of a site with hostile texts',
      page({ ...SOME, digests: [{ id: EVIL, date: NOW, subject: EVIL, letters: { sent: 1 } }] }, hostile()),
    ],
  ] as const) {
    test(`${says} is HTML without errors, and needs nothing else`, () => {
      const elements = elementsOf(html)
      expect(elements.filter(({ tagName }) => ['script', 'link', 'img', 'iframe', 'b'].includes(tagName))).toEqual([])
      expect(
        elements.flatMap(({ attrs }) => attrs.map(({ name }) => name)).filter((name) => /^on|^href$|^src$/.test(name)),
      ).toEqual([])
      expect(html).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
    })

    test(`${says} has four plots that are named and described`, () => {
      const ids = new Set(elementsOf(html).map((element) => attribute(element, 'id')))
      const plots = named(html, 'svg').filter((svg) => attribute(svg, 'role') === 'img')
      expect(plots).toHaveLength(4)
      for (const svg of plots)
        expect(
          attribute(svg, 'aria-labelledby')
            .split(' ')
            .every((id) => ids.has(id)),
        ).toBe(true)
    })
  }

  test('begins with the verdict', () => {
    expect(page(NOTHING)).toContain('<h1>All is well.</h1>')
    expect(page(NOTHING)).toContain('<title>All is well. - Tide Notes</title>')
    const given = facts({ runs: [] })
    expect(page(NOTHING, given)).toContain('<h1>One thing needs you:</h1>')
    expect(page(NOTHING, given)).toContain(
      '<li><strong>There was no run yet</strong><span>run &quot;feedwire run&quot;',
    )
  })

  test('is the same each time for the same data', () => expect(page(SOME)).toBe(page(SOME)))
})

function hostile(): ReturnType<typeof facts> {
  const problem = { code: 'x', severity: 'error' as const, where: EVIL, message: EVIL, mend: EVIL }
  return facts({
    title: EVIL,
    sources: [source({ name: EVIL, kind: EVIL, problems: [problem] })],
    reasons: [{ state: 'refused', reply: EVIL, letters: 1 }],
    digests: [digest(1, { id: EVIL, subject: EVIL, held: 1 })],
    alerts: [{ key: EVIL, since: NOW, toldAt: null, detail: EVIL }],
    unread: { mails: 1, folder: EVIL },
  })
}

describe('the plot', () => {
  test('of entries has a bar for each week that has some, as high as there are', () => {
    const html = plot(SOME, 'Entries per week')
    expect(bars(html)).toEqual([
      ['plain', 154],
      ['plain', 51.33],
    ])
    expect(html).toContain('<title>Week of 2026-01-19: 3 entries</title>')
    expect(html).toContain('4 entries in the last 26 weeks; 3 in the week with the most.')
    expect(html).toContain('<td dir="auto">2026-01-19</td><td class="number">3</td>')
  })

  test('of letters puts the outcomes of each digest on one another', () => {
    const html = plot(SOME, 'Letters per digest')
    expect(bars(html)).toEqual([
      ['sent', 115.5],
      ['failed', 11.55],
      ['dropped', 15.4],
      ['sent', 38.5],
      ['waiting', 77],
    ])
    const tops = [...html.matchAll(/class="(?:sent|failed|dropped)" x="65.03" y="([\d.]+)"/g)].map(([, y]) => Number(y))
    expect(tops).toEqual([64.5, 52.95, 37.55])
    expect(html).toContain('The last 2 digests: 40 sent, 20 waiting, 3 failed, 4 dropped.')
    expect(html).toContain('<title>2026-01-30, Tides: 30 sent, 3 failed, 4 dropped</title>')
    expect([...html.matchAll(/<\/svg> (\w+)<\/li>/g)].map(([, kind]) => kind)).toEqual([
      'sent',
      'waiting',
      'failed',
      'dropped',
    ])
  })

  test('of readers goes down when some leave', () => {
    const html = plot(SOME, 'Readers on the list')
    const [, line = ''] = /class="line" d="M([^"]+)"/.exec(html) ?? []
    const heights = line.split('L').map((point) => Number(point.split(' ')[1]))
    expect(heights).toEqual([...Array<number>(30).fill(26), ...Array<number>(31).fill(64.5)])
    expect(html).toContain('From 40 at 2025-12-02 to 30 at 2026-01-31.')
  })

  test('of runs has a bar for each that ended, by how it did', () => {
    const html = plot(
      { ...SOME, runs: [...SOME.runs, run(0, { exitCode: 1, endedAt: NOW + 750 })] },
      'How long runs took',
    )
    expect(bars(html).map(([kind]) => kind)).toEqual(['plain', 'held', 'failed'])
    expect(html).toContain('The last 3 runs: 1 well, 1 something set aside, 1 failed.')
    expect(html).toContain('<title>2026-01-31 14:00: 1.5 s, something set aside</title>')
  })

  for (const { title } of plotsOf(NOTHING)) {
    test(`"${title}" says that there is nothing yet`, () => {
      const html = plot(NOTHING, title)
      expect(html).toContain('>nothing yet</text>')
      expect(html).not.toMatch(/NaN|undefined|Infinity/)
    })
  }

  test('shows the least value there is', () => {
    const letters = { sent: 99_999, refused: 1 }
    const html = plot(
      { ...NOTHING, digests: [{ id: 'a', date: NOW, subject: 'Tides', letters }] },
      'Letters per digest',
    )
    expect(bars(html)).toEqual([
      ['sent', 154],
      ['failed', 0.75],
    ])
  })
})
