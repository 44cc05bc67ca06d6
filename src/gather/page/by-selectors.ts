import type { CheerioAPI } from 'cheerio/slim'
import type { PageSelectors } from '../../remote-source.ts'
import { Problem } from '../../problem.ts'
import type { Warnings } from '../feed/warnings.ts'
import type { PageElement, Selected } from './page-dom.ts'
import { type PageEntry, entryOf } from './parts.ts'

/** Entries that are read of one page. */
export const MOST_ENTRIES = 500

/**
 * Finds entries by the selectors of the owner.
 * @throws {Problem} `page-selector-malformed`, `page-selector-empty`
 */
export function bySelectors($: CheerioAPI, selectors: PageSelectors, base: string, warnings: Warnings): PageEntry[] {
  const place = warnings.place
  const found = new Set<string>()
  const select = (name: keyof PageSelectors, within: Selected | null): Selected => {
    const selector = selectors[name] ?? ''
    if (selector.trim() === '') return none($)
    const elements = matching($, name, selector, within, place)
    if (elements.length > 0) found.add(name)
    return elements
  }
  const elements = select('entry', null).slice(0, MOST_ENTRIES).toArray()
  if (elements.length === 0) throw empty('entry', selectors.entry, place)
  const entries = elements.map((node) => {
    const entry = $(node)
    const part = (name: keyof PageSelectors): Selected => select(name, entry)
    const parts = {
      title: part('title'),
      link: part('link'),
      date: part('date'),
      snippet: part('snippet'),
      image: part('image'),
    }
    return entryOf($, parts, base)
  })
  for (const name of ['title', 'link'] as const) if (!found.has(name)) throw empty(name, selectors[name], place)
  for (const name of ['date', 'snippet', 'image'] as const) {
    const selector = selectors[name] ?? ''
    if (selector !== '' && !found.has(name)) warnings.add(`page-no-${name}`, `\`${name}: ${selector}\` matches nothing in any entry`, mendOf(name)) // prettier-ignore
  }
  return entries.filter((entry) => entry !== null)
}

function none($: CheerioAPI): Selected {
  return $<PageElement, string>([])
}

/** An entry may be its own link. */
function matching($: CheerioAPI, name: string, selector: string, within: Selected | null, place: string): Selected {
  try {
    if (within === null) return $<PageElement, string>(selector)
    const inside = within.find(selector)
    return inside.length > 0 ? inside : within.filter(selector)
  } catch (cause) {
    const message = `\`${name}: ${selector}\` is no CSS selector`
    const mend = 'write a selector such as "article h2 a"'
    throw new Problem('page-selector-malformed', message, { where: place, mend, cause })
  }
}

function empty(name: string, selector: string, where: string): Problem {
  const within = name === 'entry' ? 'on the page' : 'in any entry'
  return new Problem('page-selector-empty', `\`${name}: ${selector}\` matches nothing ${within}`, {
    where,
    mend: mendOf(name),
  })
}

function mendOf(name: string): string {
  return `look at the page for another selector for \`${name}\`; pages that build themselves by script hold no entries`
}
