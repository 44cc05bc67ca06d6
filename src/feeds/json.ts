import type { Enclosure } from '../enclosure.ts'
import type { Author } from '../site.ts'
import type { Heading } from './heading.ts'
import type { EntryImage, Item } from './item.ts'

export const JSON_FILE = 'feed.json'

/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/); the package `feed` writes version 1 only. */
export function feedJson(heading: Heading, items: readonly Item[]): string {
  const { title, description, language, author, icon, favicon, hub, previous } = heading
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: heading.homePage,
    feed_url: new URL(JSON_FILE, heading.folder).href,
    ...(description === '' ? {} : { description }),
    ...(previous === null ? {} : { next_url: new URL(JSON_FILE, previous).href }),
    ...(icon === null ? {} : { icon }),
    ...(favicon === null ? {} : { favicon }),
    ...authors(author === null ? [] : [author]),
    language,
    ...(hub === null ? {} : { hubs: [{ type: 'WebSub', url: hub }] }),
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
    ...(item.image === null ? {} : { image: item.image.url }),
    ...(item.published === null ? {} : { date_published: item.published.toISOString() }),
    date_modified: item.updated.toISOString(),
    ...authors(item.authors),
    ...(item.tags.length === 0 ? {} : { tags: item.tags }),
    ...attachments(item),
  }
}

function content({ contentHtml, snippet }: Item): object {
  if (contentHtml === null) return { content_text: snippet }
  return { content_html: contentHtml, ...(snippet === '' ? {} : { summary: snippet }) }
}

function authors(list: readonly Author[]): object {
  if (list.length === 0) return {}
  return { authors: list.map(({ name, url }) => ({ name, ...(url === null ? {} : { url }) })) }
}

/** An attachment must name its media type. */
function attachments({ enclosures, image }: Item): object {
  const files = [...enclosures, ...(image === null ? [] : [image])].flatMap(attachment)
  return files.length === 0 ? {} : { attachments: files }
}

function attachment({ url, type, length, alt = '' }: Enclosure & Partial<EntryImage>): object[] {
  if (type === null) return []
  const title = alt === '' ? {} : { title: alt }
  return [{ url, mime_type: type, ...title, ...(length === null ? {} : { size_in_bytes: length }) }]
}
