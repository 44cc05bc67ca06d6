import type { CheerioAPI } from 'cheerio/slim'
import type { PageElement, Selected } from './page-dom.ts'
import { AROUND, guessParts } from './guess-parts.ts'
import { type PageEntry, entryOf } from './parts.ts'
import { MOST_ENTRIES } from './by-selectors.ts'
import { shapesOf } from './shapes.ts'

/** Entries with the element that each was read from. */
export interface Located {
  entries: PageEntry[]
  elements: Selected
}

/** How many shapes are tried, the likeliest first. */
const MOST_SHAPES = 5
const FEWEST = 2

/** Finds the microformats2 entries of a page, or the `hentry` of the first microformats. */
export function byHFeed($: CheerioAPI, base: string): Located {
  const elements = outermost($, $<PageElement, string>('.h-entry, .hentry'), '.h-entry, .hentry')
  return read($, elements, base, (entry) => {
    const guessed = guessParts($, entry)
    const [title, url] = [first(entry, '.p-name, .entry-title'), first(entry, 'a.u-url, a[rel~=bookmark]')]
    const date = first(entry, '.dt-published, time.published, .published')
    const [snippet, image] = [first(entry, '.p-summary, .entry-summary'), first(entry, '.u-photo, .u-featured')]
    return {
      title: or(title, guessed.title),
      link: or(url, or(title.find('a[href]').add(title.filter('a[href]')), guessed.link)),
      date: or(date, guessed.date),
      snippet: or(snippet, guessed.snippet),
      image: or(image, guessed.image),
    }
  })
}

/** Finds the elements `article` of a page. */
export function byArticle($: CheerioAPI, base: string): Located {
  const elements = outermost($, $<PageElement, string>('article'), 'article')
  const outside = elements.filter((_, node) => $(node).closest(AROUND).length === 0)
  return read($, outside, base, (entry) => guessParts($, entry))
}

/** Finds the elements of one shape that look most like entries: each has a link and a text, most a heading or a date. */
export function byRepetition($: CheerioAPI, base: string): Located {
  const none: Located = { entries: [], elements: $<PageElement, string>([]) }
  for (const elements of shapesOf($).slice(0, MOST_SHAPES)) {
    const found = read($, $(elements), base, (entry) => guessParts($, entry))
    const links = new Set(found.entries.map(({ link }) => link))
    if (links.size >= Math.max(FEWEST, found.entries.length * 0.8)) return found
  }
  return none
}

function read(
  $: CheerioAPI,
  elements: Selected,
  base: string,
  partsOf: (entry: Selected) => Parameters<typeof entryOf>[1],
): Located {
  const read = elements
    .slice(0, MOST_ENTRIES)
    .toArray()
    .map((node) => ({ node, entry: entryOf($, partsOf($(node)), base) }))
  const found = read.flatMap(({ node, entry }) => (entry === null ? [] : [{ node, entry }]))
  return { entries: found.map(({ entry }) => entry), elements: $(found.map(({ node }) => node)) }
}

/** A comment or a quotation within an entry is none itself. */
function outermost($: CheerioAPI, elements: Selected, selector: string): Selected {
  return elements.filter((_, node) => $(node).parent().closest(selector).length === 0)
}

function first(entry: Selected, selector: string): Selected {
  return entry.find(selector).first()
}

function or(elements: Selected, others: Selected): Selected {
  return elements.length > 0 ? elements : others
}
