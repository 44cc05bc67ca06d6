import { absolute } from './address.ts'
import { dateIn } from './date-in.ts'
import { type Element, attribute, childrenOf, itemsOf, textIn } from './element.ts'
import { enclosureOf, imageOf, mediaOf } from './media.ts'
import type { WrittenFeed, WrittenItem, WrittenText } from './written.ts'

/**
 * Reads RSS 0.9x and 2.0, and RSS 0.90 and 1.0, which are RDF and have their items beside the channel.
 * @param url where the feed was fetched
 */
export function readRss(root: Element, url: string): WrittenFeed {
  const channel = childrenOf(root, 'channel')[0] ?? root
  const home = linkOf(channel, channel.base ?? url)
  const base = channel.base ?? home ?? url
  return {
    title: textOf(childrenOf(channel, 'title')[0], base),
    url: home,
    language: textIn(channel, 'language') ?? textIn(channel, 'language', 'dc') ?? channel.language,
    authors: [],
    items: itemsOf(root).map((item) => readItem(item, base)),
  }
}

function readItem(item: Element, channelBase: string): WrittenItem {
  const base = item.base ?? channelBase
  const { guid, isPermalink } = guidOf(item)
  const { enclosures, image } = mediaOf(item, base)
  const link = linkOf(item, base) ?? address(isPermalink ? guid : aboutOf(item))
  return {
    guid,
    isPermalink,
    link,
    title: textOf(withText(item, 'title') ?? withText(item, 'title', 'dc') ?? withText(item, 'title', 'media'), base),
    // Where nothing is said, an article is written for its own page.
    texts: textsOf(item, item.base ?? link ?? base),
    authors: authorsOf(item),
    categories: [...childrenOf(item, 'category'), ...childrenOf(item, 'subject', 'dc')].map(({ text }) => text),
    published: dateIn(item, ['pubdate', 'published'], ['date', 'issued', 'created']),
    updated: dateIn(item, ['updated', 'lastbuilddate'], ['modified']),
    enclosures: [
      ...childrenOf(item, 'enclosure').flatMap((one) => enclosureOf(one, ['url', 'type', 'length'], base)),
      ...enclosures,
    ],
    image: imageOf(item, base) ?? image,
    language: textIn(item, 'language', 'dc') ?? item.language,
  }
}

/** RSS 2.0: a guid is a permalink unless it says that it is none. RSS 1.0 names its items by `rdf:about`. */
function guidOf(item: Element): { guid: string | null; isPermalink: boolean } {
  const guid = childrenOf(item, 'guid').find(({ text }) => text.trim() !== '')
  if (guid !== undefined) {
    const isSaid = attribute(guid, 'ispermalink')?.toLowerCase() !== 'false'
    return { guid: guid.text.trim(), isPermalink: isSaid && /^https?:/i.test(guid.text.trim()) }
  }
  return { guid: aboutOf(item) ?? textIn(item, 'id') ?? textIn(item, 'identifier', 'dc'), isPermalink: false }
}

function aboutOf(item: Element): string | null {
  const name = [...item.attributes.keys()].find((key) => key.endsWith(':about'))
  return name === undefined ? null : attribute(item, name)
}

/** What names an item is its address only if it is a whole one. */
function address(name: string | null): string | null {
  return name !== null && /^https?:/i.test(name) ? absolute(name, name) : null
}

/**
 * `link` holds its address, often escaped twice; that of Atom, which many feeds have besides, has it in an attribute.
 */
function linkOf(element: Element, base: string): string | null {
  const links = childrenOf(element, 'link')
  for (const link of links) {
    const found = absolute(link.text.replaceAll('&amp;', '&'), link.base ?? base)
    if (found !== null) return found
  }
  const pages = links.filter((link) => [null, 'alternate'].includes(attribute(link, 'rel')))
  for (const link of pages) {
    const found = absolute(attribute(link, 'href'), link.base ?? base)
    if (found !== null) return found
  }
  return null
}

function withText(element: Element, name: string, space: Element['space'] = 'core'): Element | undefined {
  return childrenOf(element, name, space).find(({ text, markup }) => markup !== null || text.trim() !== '')
}

function textsOf(item: Element, base: string): WrittenText[] {
  const bodies = [
    ...childrenOf(item, 'encoded', 'content'),
    ...[...childrenOf(item, 'body', 'xhtml'), ...childrenOf(item, 'div', 'xhtml')],
    ...[...childrenOf(item, 'description'), ...childrenOf(item, 'content'), ...childrenOf(item, 'summary')],
    ...childrenOf(item, 'description', 'dc'),
  ]
  const texts = bodies.length > 0 ? bodies : childrenOf(item, 'summary', 'itunes')
  return texts.flatMap((text) => textOf(text, base) ?? [])
}

function textOf(element: Element | undefined, base: string): WrittenText | null {
  if (element === undefined) return null
  const { text, markup } = element
  return { kind: markup === null ? 'either' : 'html', text: markup ?? text, base: element.base ?? base }
}

function authorsOf(item: Element): string[] {
  const creators = childrenOf(item, 'creator', 'dc').map(({ text }) => text)
  if (creators.length > 0) return creators
  const authors = childrenOf(item, 'author').map((author) => textIn(author, 'name') ?? author.text)
  return authors.length > 0 ? authors : childrenOf(item, 'author', 'itunes').map(({ text }) => text)
}
