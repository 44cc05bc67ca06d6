import { type Markup, lineMarkup as markup } from '../pages/markup.ts'
import { FIELD, round, xOf, yOf } from './plot.ts'
import type { Scale } from './scale.ts'

/** A column of a plot: parts on one another, from below. */
interface Bar {
  /** Shown to who points at it. */
  title: string
  parts: readonly { kind: string; value: number }[]
}

/** The share of its place that a bar leaves free. */
const GAP = 0.22

/** Draws columns beside one another, over the whole width of the field. */
export function barsMarkup(bars: readonly Bar[], scale: Scale): Markup[] {
  const place = (FIELD.right - FIELD.left) / bars.length
  return bars.map(({ title, parts }, index) => {
    const x = round(FIELD.left + (index + GAP / 2) * place)
    let below = 0
    const rects = parts.map(({ kind, value }) => {
      const [foot, head] = [yOf(below, scale), yOf(below + value, scale)]
      below += value
      if (value === 0) return null
      // What is there must be seen, be it ever so little.
      const height = Math.max(0.75, round(foot - head))
      return markup`<rect class="${kind}" x="${x}" y="${round(foot - height)}" width="${round(place * (1 - GAP))}" height="${height}"/>`
    })
    return markup`<g><title>${title}</title>${rects}</g>
`
  })
}

/** Draws a line through two points or more of equal distance, and what lies below it. */
export function curveMarkup(values: readonly number[], scale: Scale): Markup[] {
  const points = values.map((value, index) => `${xOf(index / (values.length - 1))} ${yOf(value, scale)}`)
  const line = `M${points.join('L')}`
  const floor = yOf(0, scale)
  return [
    markup`<path class="area" d="${line}L${FIELD.right} ${floor}L${FIELD.left} ${floor}Z"/>
<path class="line" d="${line}"/>
`,
  ]
}
