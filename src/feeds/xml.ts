import { Feed } from 'feed'
import type { Author as FeedAuthor, Item as FeedItem } from 'feed'
import { mintId } from '../identity.ts'
import { escapeMarkup } from '../markdown/text.ts'
import { cdata, escapeForRss } from './escape.ts'
import type { Heading } from './heading.ts'
import type { Item } from './item.ts'
import { Slots } from './slots.ts'

// The only file that knows the package `feed`. It lays out the elements; texts, ids and URLs go past it in slots,
// because it collapses `&amp;`, splits only the first `]]>`, leaves `<` in attributes and normalises ids.

const GENERATOR = 'Feedwire'
const RSS_OPENING =
  '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"' +
  ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'

/** RSS 2.0. Titles are plain text in hexadecimal references; an author without an address is `dc:creator`. */
export function rssXml(heading: Heading, items: readonly Item[]): string {
  const slots = new Slots()
  const feed = new Feed({
    title: slots.put(escapeForRss(heading.title)),
    description: slots.put(escapeForRss(heading.description)),
    link: slots.put(escapeMarkup(heading.homePage)),
    language: slots.put(escapeMarkup(heading.language)),
    feedLinks: { rss: slots.put(escapeMarkup(new URL('feed.xml', heading.publishUrl).href)) },
    updated: heading.updated,
    generator: GENERATOR,
    docs: 'https://www.rssboard.org/rss-specification',
  })
  for (const item of items) {
    feed.addItem({
      title: item.title === '' ? '' : slots.put(escapeForRss(item.title)),
      guid: slots.put(escapeMarkup(item.guid)),
      link: slots.put(escapeMarkup(item.link)),
      date: item.published,
      description: slots.put(cdata(escapeMarkup(item.snippet))),
      ...(item.contentHtml === null ? {} : { content: slots.put(cdata(item.contentHtml)) }),
      category: item.tags.map((tag) => ({ name: slots.put(escapeForRss(tag)) })),
      ...rssAuthors(item, slots),
    })
  }
  return slots.fill(edit(feed.rss2(), /<rss [^>]*>/, RSS_OPENING)) + '\n'
}

function rssAuthors({ authors }: Item, slots: Slots): Pick<FeedItem, 'author' | 'extensions'> {
  const [first] = authors
  if (first === undefined) return {}
  // RSS has room for one author with an address; names alone go to Dublin Core, in one element as `feed` writes it.
  if (first.email === null || authors.length > 1) {
    const names = authors.map(({ name }) => name).join(', ')
    return { extensions: [{ name: 'dc:creator', objects: { _text: slots.put(escapeForRss(names)) } }] }
  }
  return { author: [{ name: slots.put(escapeForRss(first.name)), email: slots.put(escapeForRss(first.email)) }] }
}

/** Atom (RFC 4287). Titles and summaries are plain text escaped as HTML, as most readers expect it. */
export function atomXml(heading: Heading, items: readonly Item[]): string {
  const slots = new Slots()
  const feed = new Feed({
    id: slots.put(escapeMarkup(heading.id)),
    title: slots.put(escapeMarkup(heading.title)),
    ...(heading.description === '' ? {} : { description: slots.put(escapeMarkup(heading.description)) }),
    link: slots.put(escapeMarkup(heading.homePage)),
    feedLinks: { atom: slots.put(escapeMarkup(new URL('atom.xml', heading.publishUrl).href)) },
    // RFC 4287 section 4.1.1: without an author of the feed each entry needs one.
    author: atomAuthor(heading.author ?? { name: heading.title, email: null }, slots),
    updated: heading.updated,
    generator: GENERATOR,
  })
  for (const item of items) {
    feed.addItem({
      title: slots.put(cdata(escapeMarkup(item.title))),
      id: slots.put(escapeMarkup(atomId(item.guid))),
      link: slots.put(escapeMarkup(item.link)),
      date: item.updated,
      published: item.published,
      ...(item.snippet === '' ? {} : { description: slots.put(cdata(escapeMarkup(item.snippet))) }),
      ...(item.contentHtml === null ? {} : { content: slots.put(cdata(item.contentHtml)) }),
      category: item.tags.map((tag) => ({ term: slots.put(escapeMarkup(tag)) })),
      ...(item.authors.length === 0 ? {} : { author: item.authors.map((author) => atomAuthor(author, slots)) }),
    })
  }
  const language = slots.put(escapeMarkup(heading.language))
  return slots.fill(editAtom(feed.atom1(), language, items.length)) + '\n'
}

/**
 * RFC 4287 section 4.2.6: an id is an absolute IRI. What an older feed called an entry stands as it is, but for white
 * space; what is no IRI gives way to one.
 */
function atomId(guid: string): string {
  if (!/^[a-z][a-z0-9+.-]*:./i.test(guid)) return mintId('adopted', guid)
  return guid.replace(/\s/g, (space) => encodeURIComponent(space))
}

function editAtom(document: string, language: string, entries: number): string {
  const opening = '<feed xmlns="http://www.w3.org/2005/Atom"'
  const named = edit(document, `${opening}>`, `${opening} xml:lang="${language}">`)
  const typed = edit(named, '<link rel="self" ', '<link rel="self" type="application/atom+xml" ')
  return edit(typed, '<link href=', '<link rel="alternate" href=', entries)
}

function atomAuthor(author: { name: string; email: string | null }, slots: Slots): FeedAuthor {
  const name = slots.put(escapeMarkup(author.name))
  return author.email === null ? { name } : { name, email: slots.put(escapeMarkup(author.email)) }
}

/** Edits markup that the package is known to write so many times; one that writes it otherwise is not let through. */
function edit(document: string, written: string | RegExp, wanted: string, times = 1): string {
  const parts = document.split(written)
  if (parts.length - 1 === times) return parts.join(wanted)
  throw new Error(`The package "feed" wrote ${String(written)} ${String(parts.length - 1)} times, not ${String(times)}`)
}
