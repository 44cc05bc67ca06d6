import type { Author } from '../site.ts'
import type { Heading } from './heading.ts'
import type { Item } from './item.ts'

/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/); the package `feed` writes version 1 only. */
export function feedJson(heading: Heading, items: readonly Item[]): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: heading.title,
    home_page_url: heading.homePage,
    feed_url: new URL('feed.json', heading.publishUrl).href,
    ...(heading.description === '' ? {} : { description: heading.description }),
    language: heading.language,
    ...authors(heading.author === null ? [] : [heading.author]),
    items: items.map(jsonItem),
  }
  return JSON.stringify(feed, null, 2) + '\n'
}

function jsonItem(item: Item): object {
  return {
    id: item.guid,
    url: item.link,
    ...(item.title === '' ? {} : { title: item.title }),
    ...content(item),
    date_published: item.published.toISOString(),
    date_modified: item.updated.toISOString(),
    ...(item.tags.length === 0 ? {} : { tags: item.tags }),
    ...authors(item.authors),
  }
}

function content({ contentHtml, snippet }: Item): object {
  if (contentHtml === null) return { content_text: snippet }
  return { content_html: contentHtml, ...(snippet === '' ? {} : { summary: snippet }) }
}

function authors(list: readonly Author[]): object {
  return list.length === 0 ? {} : { authors: list.map(({ name }) => ({ name })) }
}
