import { expect, test } from 'vitest'
import { navOfIndex, navOfPage, numbersOn } from '../../src/pages/nav.ts'
import type { Nav } from '../../src/pages/nav.ts'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)
const shown = (nav: Nav): string =>
  nav.steps.map((step) => (step.url === null ? (step.number ?? '…') : `[${step.number}]`)).join(' ')

for (const [pages, steps] of [
  [0, ''],
  [1, '[1]'],
  [5, '[5] [4] [3] [2] [1]'],
  [12, '[12] [11] [10] … [1]'],
] as const) {
  test(`navOfIndex() of ${pages} pages leads to ${steps || 'none'}`, () => {
    expect(shown(navOfIndex(upTo(pages)))).toBe(steps)
  })
}

for (const [n, pages, steps, older, newer] of [
  [1, 1, '1', null, null],
  [1, 2, '1', null, '2.html'],
  [4, 4, '[1] [2] [3] 4', '3.html', null],
  [7, 9, '[1] … [5] [6] 7', '6.html', '8.html'],
] as const) {
  test(`navOfPage() on page ${n} of ${pages} shows ${steps}`, () => {
    const nav = navOfPage(n, upTo(pages))
    expect([shown(nav), nav.older, nav.newer, nav.latest]).toEqual([steps, older, newer, '../index.html'])
  })
}

test('navOfPage() steps over a page that is gone', () => {
  const nav = navOfPage(3, [1, 3, 5])
  expect([shown(nav), nav.older, nav.newer]).toEqual(['[1] 3', '1.html', '5.html'])
})

test('numbersOn() tells the numbers of a page', () => {
  expect([numbersOn(1), numbersOn(3)]).toEqual([
    [1, 50],
    [101, 150],
  ])
})
