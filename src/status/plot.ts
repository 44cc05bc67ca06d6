import { type Markup, type Part, lineMarkup as markup } from '../pages/markup.ts'
import type { Scale } from './scale.ts'
import type { Table } from './tables.ts'
import { tableMarkup } from './table-markup.ts'

/** The drawing, in units of its own, and within it the field between the axes. */
const WIDTH = 400
const HEIGHT = 220
export const FIELD = { left: 46, right: 392, top: 26, bottom: 180 } as const

/** What a plot is about, besides what is drawn. */
export interface Plot {
  /** Unique on the page. */
  id: string
  title: string
  /** What it shows, in words, for those who do not see it. */
  description: string
  axes: { x: string; y: string }
  scale: Scale
  /** Labels below the field, the place of each from 0 (left) to 1 (right). */
  labels: readonly { at: number; text: string }[]
  /** Kinds of what is drawn, if there is more than one. */
  legend: readonly { kind: string; text: string }[]
  /** What is drawn in the field; nothing: there is no data yet. */
  drawing: readonly Markup[]
  /** The same as numbers. */
  table: Table
}

/** The height of a value above the lower edge of a drawing. */
export function yOf(value: number, { top }: Scale): number {
  return round(FIELD.bottom - (value / top) * (FIELD.bottom - FIELD.top))
}

/** The place in a drawing of a share of the field's width. */
export function xOf(share: number): number {
  return round(FIELD.left + share * (FIELD.right - FIELD.left))
}

/** Two decimals are finer than any screen. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** A plot as a figure of a page: a drawing with axes, and a table that holds the same. */
export function plotFigure(plot: Plot): Markup {
  const { id, title, description, axes, scale, labels, legend, drawing, table } = plot
  const middle = xOf(0.5)
  const nothing = markup`<text class="axis" x="${middle}" y="${yOf(scale.top / 2, scale)}" text-anchor="middle">nothing yet</text>`
  return markup`<figure>
<figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-about">
<title id="${id}-title">${title}</title>
<desc id="${id}-about">${description}</desc>
<text class="axis" x="2" y="12">${axes.y}</text>
${scale.ticks.map((tick) => tickMarkup(tick, scale))}
${drawing.length === 0 ? nothing : drawing}
${labels.map(labelMarkup)}
<text class="axis" x="${middle}" y="${HEIGHT - 6}" text-anchor="middle">${axes.x}</text>
</svg>
${legend.length === 0 ? null : legendMarkup(legend)}
<details><summary>As a table</summary>${tableMarkup(table)}</details>
</figure>
`
}

function tickMarkup(tick: number, scale: Scale): Part {
  const y = yOf(tick, scale)
  const line = markup`<path class="${tick === 0 ? 'base' : 'grid'}" d="M${FIELD.left} ${y}H${FIELD.right}"/>`
  return markup`${line}<text class="tick" x="${FIELD.left - 6}" y="${round(y + 4)}" text-anchor="end">${tickText(tick)}</text>
`
}

/** `1500` as `1.5k`, so that it stands beside the axis. */
function tickText(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  return value >= 1e4 ? `${Number((value / 1e3).toPrecision(3))}k` : String(value)
}

function labelMarkup({ at, text }: Plot['labels'][number]): Part {
  const anchor = at < 0.2 ? 'start' : at > 0.8 ? 'end' : 'middle'
  return markup`<text class="tick" x="${xOf(at)}" y="${FIELD.bottom + 16}" text-anchor="${anchor}">${text}</text>
`
}

function legendMarkup(legend: Plot['legend']): Part {
  const items = legend.map(({ kind, text }) => {
    return markup`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${kind}" width="10" height="10"/></svg> ${text}</li>`
  })
  return markup`<ul class="legend">${items}</ul>`
}
