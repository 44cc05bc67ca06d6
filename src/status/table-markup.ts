import { type Markup, lineMarkup as markup } from '../pages/markup.ts'
import type { Table } from './tables.ts'
import { isNumberColumn } from './text.ts'

/** Texts of more characters are broken into lines. */
const LONG = 30

/** A table as HTML, without its title; one without columns becomes a list of names and texts. */
export function tableMarkup({ title, head, rows, empty }: Table): Markup {
  if (rows.length === 0) return markup`<p class="empty">${empty}</p>`
  if (head.length === 0) return listMarkup(rows)
  const numbers = head.map((_, at) => isNumberColumn(rows, at))
  const cell = (text: string, at: number): Markup => {
    if (numbers[at] === true) return markup`<td class="number">${text}</td>`
    return text.length > LONG ? markup`<td class="long" dir="auto">${text}</td>` : markup`<td dir="auto">${text}</td>`
  }
  const names = head.map((name, at) => {
    return numbers[at] === true
      ? markup`<th scope="col" class="number">${name}</th>`
      : markup`<th scope="col">${name}</th>`
  })
  const body = rows.map(
    (row) => markup`<tr>${row.map(cell)}</tr>
`,
  )
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${names}</tr></thead>
<tbody>
${body}</tbody>
</table></div>`
}

function listMarkup(rows: Table['rows']): Markup {
  const items = rows.map(
    ([name = '', text = '']) => markup`<dt>${name}</dt><dd>${text}</dd>
`,
  )
  return markup`<dl>
${items}</dl>`
}
