import { Markup, lineMarkup as markup } from '../pages/markup.ts'
import type { Need } from './needs.ts'
import { STYLE } from './page-style.ts'
import { type Plot, plotFigure } from './plot.ts'
import { tableMarkup } from './table-markup.ts'
import type { Table } from './tables.ts'
import { verdictText } from './text.ts'

/** What the page of a site holds. */
interface StatusPage {
  /** The title of the site. */
  title: string
  /** When it was made, as people and as programs read it. */
  made: { text: string; datetime: string }
  needs: readonly Need[]
  tables: readonly Table[]
  plots: readonly Plot[]
}

/** How a site stands, as one HTML page that needs no other file and no script. */
export function statusPage({ title, made, needs, tables, plots }: StatusPage): string {
  const verdict = verdictText(needs)
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${verdict.replace(/:$/, '')} - ${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><p><span dir="auto">${title}</span> <time datetime="${made.datetime}">${made.text}</time></p></header>
<main>
<h1>${verdict}</h1>
${needs.length === 0 ? null : needsMarkup(needs)}
<section class="plots" aria-label="Plots">
${plots.map(plotFigure)}</section>
${tables.map(sectionMarkup)}</main>
</body>
</html>
`
  return text
}

function needsMarkup(needs: readonly Need[]): Markup {
  const items = needs.map(({ message, mend }) => {
    return markup`<li><strong>${message}</strong><span>${mend}</span></li>
`
  })
  return markup`<ul class="needs">
${items}</ul>
`
}

function sectionMarkup(table: Table): Markup {
  return markup`<section>
<h2>${table.title}</h2>
${tableMarkup(table)}
</section>
`
}
