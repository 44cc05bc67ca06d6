import { absolute } from './address.ts'
import { dateIn } from './date-in.ts'
import { type Element, attribute, childrenOf, itemsOf, textIn } from './element.ts'
import { enclosureOf, imageOf, mediaOf } from './media.ts'
import type { WrittenFeed, WrittenItem, WrittenText } from './written.ts'

/**
 * Reads Atom 1.0 (RFC 4287) and 0.3.
 * @param url where the feed was fetched
 */
export function readAtom(feed: Element, url: string): WrittenFeed {
  const base = feed.base ?? url
  return {
    title: titleOf(feed, base),
    url: pageOf(feed, base),
    language: feed.language,
    authors: authorsOf(feed),
    items: itemsOf(feed).map((entry) => readEntry(entry, base)),
  }
}

function readEntry(entry: Element, feedBase: string): WrittenItem {
  const base = entry.base ?? feedBase
  const guid = textIn(entry, 'id')
  const links = childrenOf(entry, 'link').filter((link) => attribute(link, 'rel')?.toLowerCase() === 'enclosure')
  const { enclosures, image } = mediaOf(entry, base)
  return {
    guid,
    isPermalink: false,
    link: pageOf(entry, base) ?? addressIn(guid) ?? outOfLine(entry, base),
    title: titleOf(entry, base),
    texts: textsOf(entry, base),
    authors: authorsOf(entry),
    categories: categoriesOf(entry),
    published: dateIn(entry, ['published', 'issued', 'created']),
    updated: dateIn(entry, ['updated', 'modified'], ['date']),
    enclosures: [...links.flatMap((link) => enclosureOf(link, ['href', 'type', 'length'], base)), ...enclosures],
    image: imageOf(entry, base) ?? image,
    language: entry.language,
  }
}

/** RFC 4287, section 4.2.7.2: a link without a relation is an alternate one. Of several the page itself counts. */
function pageOf(element: Element, base: string): string | null {
  const links = childrenOf(element, 'link').filter((link) => {
    return [null, 'alternate'].includes(attribute(link, 'rel')?.toLowerCase() ?? null)
  })
  const pages = links.filter((link) => attribute(link, 'type')?.includes('html') ?? true)
  for (const link of [...pages, ...links]) {
    const found = absolute(attribute(link, 'href') ?? link.text, link.base ?? base)
    if (found !== null) return found
  }
  return null
}

function outOfLine(entry: Element, base: string): string | null {
  const [content] = childrenOf(entry, 'content')
  return content === undefined ? null : absolute(attribute(content, 'src'), content.base ?? base)
}

function addressIn(guid: string | null): string | null {
  return guid !== null && /^https?:/i.test(guid) ? absolute(guid, guid) : null
}

function textsOf(entry: Element, base: string): WrittenText[] {
  const [group] = childrenOf(entry, 'group', 'media')
  const own = [...childrenOf(entry, 'content'), ...childrenOf(entry, 'summary')]
  const media = [entry, ...(group === undefined ? [] : [group])].flatMap((one) =>
    childrenOf(one, 'description', 'media'),
  )
  return (own.length > 0 ? own : media).flatMap((text) => textOf(text, base) ?? [])
}

/** A title is text, whatever type it says it has. */
function titleOf(element: Element, base: string): WrittenText | null {
  const [title] = childrenOf(element, 'title')
  if (title === undefined) return null
  return textOf(title, base) ?? { kind: 'either', text: title.text, base: title.base ?? base }
}

/**
 * RFC 4287, section 3.1 and 4.1.3; Atom 0.3 has media types, and a mode by which HTML is escaped, XML or Base64. Null
 * for an article in another format, such as a picture.
 */
function textOf(element: Element, base: string): WrittenText | null {
  const type = (attribute(element, 'type') ?? 'text').toLowerCase().replace(/;.*/, '').trim()
  const [where, text] = [element.base ?? base, element.text]
  if (/^(?:text|text\/plain)$/.test(type) && element.markup === null) return { kind: 'text', text, base: where }
  if (attribute(element, 'mode') === 'base64') {
    const decoded = Buffer.from(text.trim(), 'base64').toString('utf8')
    return { kind: 'html', text: decoded, base: where }
  }
  const isHtml = /^(?:x?html|text|text\/.*|application\/(?:xhtml\+)?xml)$/.test(type)
  return isHtml ? { kind: 'html', text: element.markup ?? text, base: where } : null
}

function authorsOf(element: Element): string[] {
  const named = childrenOf(element, 'author').map((author) => {
    return textIn(author, 'name') ?? (author.children.length > 0 ? '' : author.text)
  })
  return named.some((name) => name.trim() !== '') ? named : childrenOf(element, 'creator', 'dc').map(({ text }) => text)
}

function categoriesOf(entry: Element): string[] {
  const named = childrenOf(entry, 'category').map((category) => {
    return attribute(category, 'label') ?? attribute(category, 'term') ?? category.text
  })
  return [...named, ...childrenOf(entry, 'subject', 'dc').map(({ text }) => text)]
}
