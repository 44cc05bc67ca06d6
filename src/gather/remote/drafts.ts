import { type Enclosure, MOST_ENCLOSURES } from '../../enclosure.ts'
import type { Draft } from '../../entry.ts'
import { foldText } from '../../markdown/text.ts'
import { mediaType } from '../../media-type.ts'
import type { ReadingRules } from '../article.ts'
import { type ItemBody, plainLine } from '../feed/body.ts'
import type { FeedItem } from '../feed/item.ts'
import { openingTitle } from '../listing-title.ts'
import type { PageEntry } from '../page/parts.ts'
import { makeSnippet } from '../snippet.ts'

/** Each gets feeds and a page of its own; nobody means more of them. */
const MOST_CATEGORIES = 10
const MOST_AUTHORS = 5

/** What a feed says of one article. */
export function draftOfItem(item: FeedItem, { snippet: rules }: ReadingRules): Draft {
  const { summary, published, updated, link, image } = item
  const [authors, categories] = [item.authors.slice(0, MOST_AUTHORS), item.categories.slice(0, MOST_CATEGORIES)]
  const body: ItemBody = item.body ?? { format: 'text', text: summary ?? item.title }
  const snippet = makeSnippet({ summary: summary ?? null, body, title: item.title }, rules)
  return {
    ...NOTHING_ELSE,
    key: item.id,
    explicitId: item.identity === 'guid' ? item.id : null,
    title: item.title === '' ? openingTitle(snippet) : item.title,
    titleGuessed: item.title === '',
    date: published,
    updated,
    permalink: link,
    ...{ authors, image, categories, snippet, body },
    enclosures: item.enclosures.slice(0, MOST_ENCLOSURES).map(typed),
    // Addresses of pictures and the like change with every reading of some feeds.
    written: plainLine(body),
  }
}

/** What a page says of one article. */
export function draftOfEntry({ title, link, date, snippet, image }: PageEntry, rules: ReadingRules): Draft {
  const body = { format: 'text' as const, text: snippet === '' ? title : snippet }
  return {
    ...NOTHING_ELSE,
    key: link,
    explicitId: null,
    title,
    titleGuessed: false,
    date,
    updated: null,
    permalink: link,
    authors: [],
    image,
    enclosures: [],
    categories: [],
    snippet: makeSnippet({ summary: null, body, title }, rules.snippet),
    body,
    written: foldText(body.text),
  }
}

function typed({ url, type, length }: Enclosure): Enclosure {
  return { url, type: mediaType(type, url), length }
}

const NOTHING_ELSE = { dateGuessed: false, slug: '', series: null, tags: [] }
