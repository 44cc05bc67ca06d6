import type { CheerioAPI } from 'cheerio/slim'
import type { PageSelectors } from '../../remote-source.ts'
import { guessParts } from './guess-parts.ts'
import type { PageElement, Selected } from './page-dom.ts'

/** Selectors that find the parts of these entries, as the first of them has them; null without entries. */
export function suggestSelectors($: CheerioAPI, elements: Selected): PageSelectors | null {
  const first = elements.first()
  const [node] = first.toArray()
  if (node === undefined) return null
  const parts = guessParts($, first)
  const [title, link] = [nameOf(parts.title), nameOf(parts.link)]
  return {
    entry: entrySelector($, node, elements),
    title: title ?? link ?? 'a',
    link: parts.link.is(first) ? (nameOf(first) ?? 'a') : linkSelector(parts.title, link),
    date: nameOf(parts.date.first()),
    snippet: nameOf(parts.snippet.first()),
    image: nameOf(parts.image.first()),
  }
}

/** The name and classes of the entry, behind those of its parent where they alone find more. */
function entrySelector($: CheerioAPI, node: PageElement, elements: Selected): string {
  const own = nameOf($(node)) ?? node.name
  const count = $(own).length
  const parent = nameOf($(node).parent())
  return parent === null || count <= elements.length ? own : `${parent} > ${own}`
}

function linkSelector(title: Selected, link: string | null): string {
  const within = title.find('a[href]').length > 0 && link === 'a' ? `${nameOf(title) ?? ''} ` : ''
  return `${within}${link ?? 'a'}`
}

function nameOf(element: Selected): string | null {
  const [node] = element.toArray()
  if (node === undefined) return null
  const classes = (node.attribs['class'] ?? '')
    .split(/\s+/)
    .filter((name) => /^[a-z][\w-]*$/i.test(name) && !/\d/.test(name))
  return [node.name, ...classes.slice(0, 1)].join('.')
}
