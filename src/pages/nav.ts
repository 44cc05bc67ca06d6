import { PAGE_SIZE } from '../link.ts'
import { pathFrom } from './links.ts'

/** A step of the navigation; a null number stands for pages left out. */
export interface Step {
  number: number | null
  url: string | null
}

/** Where a page leads. */
export interface Nav {
  /** null on the index itself. */
  latest: string | null
  older: string | null
  newer: string | null
  steps: Step[]
}

const SHOWN = 3

/** The path of an older page. */
export function pagePath(n: number): string {
  return `page/${String(n)}.html`
}

/** The numbers that page `n` holds, first and last. */
export function numbersOn(n: number): [first: number, last: number] {
  return [(n - 1) * PAGE_SIZE + 1, n * PAGE_SIZE]
}

/** On the index: the newest pages, then the oldest one. `pages` are all there are, ascending. */
export function navOfIndex(pages: readonly number[]): Nav {
  const steps = windowOf(pages).reverse()
  return { latest: null, older: null, newer: null, steps: stepsFrom('index.html', steps) }
}

/** On page `n`: only what lies before it, and the next newer page. So a full page changes once more and never again. */
export function navOfPage(n: number, pages: readonly number[]): Nav {
  const page = pagePath(n)
  const link = (to: number | undefined): string | null => (to === undefined ? null : pathFrom(page, pagePath(to)))
  return {
    latest: pathFrom(page, 'index.html'),
    older: link(pages.findLast((other) => other < n)),
    newer: link(pages.find((other) => other > n)),
    steps: stepsFrom(page, windowOf(pages.filter((other) => other <= n))),
  }
}

/** The first and the last few, with null for those between. */
function windowOf(pages: readonly number[]): (number | null)[] {
  const [first] = pages
  if (first === undefined || pages.length <= SHOWN + 2) return [...pages]
  return [first, null, ...pages.slice(-SHOWN)]
}

function stepsFrom(page: string, numbers: readonly (number | null)[]): Step[] {
  return numbers.map((number) => {
    const isLink = number !== null && pagePath(number) !== page
    return { number, url: isLink ? pathFrom(page, pagePath(number)) : null }
  })
}
