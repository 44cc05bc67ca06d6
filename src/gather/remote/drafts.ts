import type { Draft } from '../../entry.ts'
import { foldText } from '../../markdown/text.ts'
import type { ReadingRules } from '../article.ts'
import type { FeedItem } from '../feed/item.ts'
import { openingTitle } from '../listing-title.ts'
import type { PageEntry } from '../page/parts.ts'
import { makeSnippet } from '../snippet.ts'

/** What a feed says of one article. */
export function draftOfItem(item: FeedItem, { snippet: rules }: ReadingRules): Draft {
  const { summary, published, updated, link, authors, image, categories } = item
  const body = item.body ?? { format: 'text' as const, text: summary ?? item.title }
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
    written: body.text,
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
    categories: [],
    snippet: makeSnippet({ summary: null, body, title }, rules.snippet),
    body,
    written: foldText(body.text),
  }
}

const NOTHING_ELSE = { dateGuessed: false, slug: '', series: null, tags: [] }
