import { Feed } from 'feed'
import type { Author as FeedAuthor, Item as FeedItem } from 'feed'
import type { Enclosure } from '../enclosure.ts'
import { mintId } from '../identity.ts'
import { escapeMarkup } from '../markdown/text.ts'
import type { Author } from '../site.ts'
import { edit } from './edit.ts'
import { cdata } from './escape.ts'
import type { Heading } from './heading.ts'
import type { EntryImage, Item } from './item.ts'
import { GENERATOR } from './rss.ts'
import { Slots } from './slots.ts'

export const ATOM_FILE = 'atom.xml'

/** Atom (RFC 4287). Titles and summaries are plain text escaped as HTML, as most readers expect it. */
export function atomXml(heading: Heading, items: readonly Item[]): string {
  const slots = new Slots()
  const { icon, favicon, description } = heading
  const feed = new Feed({
    id: slots.put(escapeMarkup(heading.id)),
    title: slots.put(escapeMarkup(heading.title)),
    ...(description === '' ? {} : { description: slots.put(escapeMarkup(description)) }),
    link: slots.put(escapeMarkup(heading.homePage)),
    feedLinks: { atom: slots.put(address(heading.folder)) },
    ...(icon === null ? {} : { image: slots.put(escapeMarkup(icon)) }),
    ...(favicon === null ? {} : { favicon: slots.put(escapeMarkup(favicon)) }),
    // RFC 4287 section 4.1.1: without an author of the feed each entry needs one.
    author: atomAuthor(heading.author ?? { name: heading.title, email: null, url: null }, slots),
    updated: heading.updated,
    generator: GENERATOR,
  })
  for (const item of items) feed.addItem(atomItem(item, slots))
  return slots.fill(withHeading(withFiles(feed.atom1(), items, slots), heading, items.length, slots)) + '\n'
}

function address(folder: string): string {
  return escapeMarkup(new URL(ATOM_FILE, folder).href)
}

function atomItem(item: Item, slots: Slots): FeedItem {
  return {
    title: slots.put(cdata(escapeMarkup(atomTitle(item)))),
    id: slots.put(escapeMarkup(atomId(item.guid))),
    link: slots.put(escapeMarkup(item.link)),
    date: item.updated,
    ...(item.published === null ? {} : { published: item.published }),
    ...summary(item, slots),
    ...(item.contentHtml === null ? {} : { content: slots.put(cdata(item.contentHtml)) }),
    category: item.tags.map((tag) => ({ term: slots.put(escapeMarkup(tag)) })),
    ...(item.authors.length === 0 ? {} : { author: item.authors.map((author) => atomAuthor(author, slots)) }),
    ...(filesOf(item).length === 0 ? {} : { enclosure: { url: slots.put('') } }),
  }
}

/** RFC 4287 section 4.1.2 wants a title, and readers show one: the opening of an entry that has none. */
function atomTitle({ title, snippet, link }: Item): string {
  if (title !== '') return title
  const [opening = ''] = /^.{1,60}(?!\S)|^.{1,60}/u.exec(snippet) ?? []
  return opening.trim() || link
}

/** RFC 4287 section 4.1.1.1: an entry should say something besides its title. */
function summary(item: Item, slots: Slots): Pick<FeedItem, 'description'> {
  const text = item.snippet === '' && item.contentHtml === null ? atomTitle(item) : item.snippet
  return text === '' ? {} : { description: slots.put(cdata(escapeMarkup(text))) }
}

/**
 * RFC 4287 section 4.2.6: an id is an absolute IRI. What an older feed called an entry stands as it is, but for white
 * space; what is no IRI gives way to one.
 */
function atomId(guid: string): string {
  if (!/^[a-z][a-z0-9+.-]*:./i.test(guid)) return mintId('adopted', guid)
  return guid.replace(/\s/g, (space) => encodeURIComponent(space))
}

function filesOf({ enclosures, image }: Item): (Enclosure & Partial<EntryImage>)[] {
  return [...enclosures, ...(image === null ? [] : [image])]
}

/** The package has room for one file, and makes up its media type from its address. */
function withFiles(document: string, items: readonly Item[], slots: Slots): string {
  const files = items.map(filesOf).filter(({ length }) => length > 0)
  const parts = document.split(/<link rel="enclosure" href="slot:\d+;" type="image\/\d+;"\/>/)
  if (parts.length - 1 !== files.length) throw new Error('The package "feed" wrote other enclosures than it was given')
  const links = files.map((some) => some.map((file) => slots.put(fileLink(file))).join('\n        '))
  return parts.map((part, index) => part + (links[index] ?? '')).join('')
}

function fileLink({ url, type, length, alt = '' }: Enclosure & Partial<EntryImage>): string {
  const attributes = [
    `href="${escapeMarkup(url)}"`,
    ...(alt === '' ? [] : [`title="${escapeMarkup(alt)}"`]),
    ...(type === null ? [] : [`type="${escapeMarkup(type)}"`]),
    ...(length === null ? [] : [`length="${String(length)}"`]),
  ]
  return `<link rel="enclosure" ${attributes.join(' ')}/>`
}

function withHeading(document: string, heading: Heading, entries: number, slots: Slots): string {
  const opening = '<feed xmlns="http://www.w3.org/2005/Atom"'
  const history = heading.current === null ? '' : ' xmlns:fh="http://purl.org/syndication/history/1.0"'
  const named = edit(
    document,
    `${opening}>`,
    `${opening}${history} xml:lang="${slots.put(escapeMarkup(heading.language))}">`,
  )
  const self = '<link rel="self" '
  const linked = edit(named, self, `${feedLinks(heading, slots)}<link rel="self" type="application/atom+xml" `)
  return edit(linked, '<link href=', '<link rel="alternate" href=', entries)
}

/** What the package has no place for; it goes before the link to the document itself. */
function feedLinks({ hub, previous, current }: Heading, slots: Slots): string {
  const at = (folder: string): string => slots.put(address(folder))
  const links = [
    current === null ? null : '<fh:archive/>',
    current === null ? null : `<link rel="current" type="application/atom+xml" href="${at(current)}"/>`,
    previous === null ? null : `<link rel="prev-archive" type="application/atom+xml" href="${at(previous)}"/>`,
    hub === null ? null : `<link rel="hub" href="${slots.put(escapeMarkup(hub))}"/>`,
  ]
  return links.flatMap((link) => (link === null ? [] : `${link}\n    `)).join('')
}

function atomAuthor({ name, email, url }: Author, slots: Slots): FeedAuthor {
  return {
    name: slots.put(escapeMarkup(name)),
    ...(email === null ? {} : { email: slots.put(escapeMarkup(email)) }),
    ...(url === null ? {} : { link: slots.put(escapeMarkup(url)) }),
  }
}
