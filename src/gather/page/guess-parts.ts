import type { CheerioAPI } from 'cheerio/slim'
import { ElementType } from 'htmlparser2'
import type { PageElement, Selected } from './page-dom.ts'
import { type EntryParts, dateIn } from './parts.ts'
import { textOf } from './text-of.ts'

/** What is around the entries of a page, and is none. */
export const AROUND =
  'nav, footer, aside, form, [role=navigation], [role=contentinfo], [role=complementary], #comments, #respond, ' +
  '.comments, .comment-list, .commentlist, .sidebar, .menu, .breadcrumb, .breadcrumbs, .pagination, .pager, .share'
const HEADING = 'h1, h2, h3, h4, h5, h6'
const DATE = 'time, [class*=date], [class*=time], [class*=publish], [itemprop=datePublished], .meta, small'
const SNIPPET = '[class*=summary], [class*=excerpt], [class*=description], [class*=abstract], [class*=snippet]'
/** Short texts in which a date is looked for where no element is named for it. */
const MOST_TEXTS = 40

/** Guesses where an entry of a page has its parts: the title is its heading, else the longest text of a link. */
export function guessParts($: CheerioAPI, entry: Selected): EntryParts {
  const heading = entry
    .find(HEADING)
    .slice(0, 10)
    .filter((_, node) => textOf($(node)) !== '')
    .first()
  const link = linkOf($, entry, heading)
  const title = heading.length > 0 ? heading : link
  const snippet = entry.find(SNIPPET).first()
  return {
    title,
    link,
    date: datesOf($, entry),
    snippet: snippet.length > 0 ? snippet : paragraphsOf($, entry),
    image: entry.find('img').first(),
  }
}

function linkOf($: CheerioAPI, entry: Selected, heading: Selected): Selected {
  const [inside, around] = [heading.find('a[href]').first(), heading.parents('a[href]').first()]
  if (inside.length > 0) return inside
  if (around.length > 0) return around
  if (entry.is('a[href]')) return entry
  const links = entry.find('a[href]').slice(0, 20).toArray()
  let [best, length] = [links[0], 0]
  for (const link of links) {
    const found = textOf($(link)).length
    if (found > length) [best, length] = [link, found]
  }
  return best === undefined ? entry.find('a[href]') : $(best)
}

function datesOf($: CheerioAPI, entry: Selected): Selected {
  const named = entry.find(DATE).slice(0, 10)
  const texts = entry
    .find('*')
    .filter((_, node) => isShortText(node))
    .slice(0, MOST_TEXTS)
  const dated = texts.filter((_, node) => dateIn(textOf($(node))) !== null)
  return named.add(dated)
}

function isShortText({ childNodes }: PageElement): boolean {
  const [only] = childNodes
  return childNodes.length === 1 && only?.type === ElementType.Text && only.data.length < 60
}

function paragraphsOf($: CheerioAPI, entry: Selected): Selected {
  const paragraphs = entry
    .find('p')
    .slice(0, MOST_TEXTS)
    .filter((_, node) => {
      const text = textOf($(node))
      return text !== '' && dateIn(text) === null
    })
  return paragraphs.slice(0, 2)
}
