import { cleanText } from '../../markdown/text.ts'
import { absolute } from './address.ts'
import { bytesOf } from './media.ts'
import type { Enclosure, WrittenFeed, WrittenItem, WrittenText } from './written.ts'

/** What stands behind is not looked at. */
const LONGEST_LIST = 2500

type Values = Readonly<Record<string, unknown>>

/**
 * Reads JSON Feed 1.0 and 1.1; null when the text is none. A field of the wrong type counts as missing.
 * @param url where the feed was fetched
 */
export function readJsonFeed(text: string, url: string): WrittenFeed | null {
  const feed = parse(text)
  if (feed === null || !Array.isArray(feed['items'])) return null
  const home = absolute(wordOf(feed['home_page_url']), url)
  const items = listOf(feed['items'])
  return {
    title: plain(feed['title'], url),
    url: home,
    language: wordOf(feed['language']),
    authors: authorsOf(feed),
    items: items.map((item) => readItem(item, home ?? url)),
  }
}

function parse(text: string): Values | null {
  try {
    return valuesOf(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function readItem(item: Values, base: string): WrittenItem {
  const html = wordOf(item['content_html'])
  const link = absolute(wordOf(item['url']), base) ?? absolute(wordOf(item['external_url']), base)
  const article = { kind: 'html' as const, text: html ?? '', base: link ?? base }
  const content = html === null ? plain(item['content_text'], base) : article
  return {
    guid: wordOf(item['id']),
    isPermalink: false,
    link,
    title: plain(item['title'], base),
    texts: [content, plain(item['summary'], base)].filter((text) => text !== null),
    authors: authorsOf(item),
    categories: Array.isArray(item['tags'])
      ? item['tags'].slice(0, LONGEST_LIST).flatMap((tag) => wordOf(tag) ?? [])
      : [],
    published: wordOf(item['date_published']),
    updated: wordOf(item['date_modified']),
    enclosures: listOf(item['attachments']).flatMap((attachment) => enclosureIn(attachment, base)),
    image: absolute(wordOf(item['image']), base) ?? absolute(wordOf(item['banner_image']), base),
    language: wordOf(item['language']),
  }
}

/** Version 1.1 has `authors`, version 1.0 a single `author`. */
function authorsOf(values: Values): string[] {
  const authors = [...listOf(values['authors']), ...listOf([values['author']])]
  return authors.flatMap(({ name }) => wordOf(name) ?? [])
}

function enclosureIn(attachment: Values, base: string): Enclosure[] {
  const url = absolute(wordOf(attachment['url']), base)
  const type = wordOf(attachment['mime_type'])?.toLowerCase() ?? null
  return url === null ? [] : [{ url, type, length: bytesOf(wordOf(attachment['size_in_bytes'])) }]
}

function plain(value: unknown, base: string): WrittenText | null {
  const text = wordOf(value)
  return text === null ? null : { kind: 'text', text, base }
}

/** Ids are written as numbers too. */
function wordOf(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  // What no store can give back as it was would be another id the next time.
  const clean = typeof text === 'string' ? cleanText(text).trim() : ''
  return clean === '' ? null : clean
}

function listOf(value: unknown): Values[] {
  return Array.isArray(value)
    ? value
        .slice(0, LONGEST_LIST)
        .map(valuesOf)
        .filter((one) => one !== null)
    : []
}

function valuesOf(value: unknown): Values | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}
