import { Feed } from 'feed'
import type { Item as FeedItem } from 'feed'
import { type Enclosure, isPicture } from '../enclosure.ts'
import { escapeMarkup } from '../markdown/text.ts'
import { edit } from './edit.ts'
import { isRssAuthor } from './clean.ts'
import { cdata, escapeForRss } from './escape.ts'
import type { Heading } from './heading.ts'
import type { EntryImage, Item } from './item.ts'
import { Slots } from './slots.ts'

// This file and `atom.ts` alone know the package `feed`. It lays out the elements; texts, ids and URLs go past it in
// slots, because it collapses `&amp;`, splits only the first `]]>`, leaves `<` in attributes and normalises ids.

export const RSS_FILE = 'feed.xml'
export const GENERATOR = 'Feedwire'
const OPENING =
  '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"' +
  ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"' +
  ' xmlns:media="http://search.yahoo.com/mrss/"'
/** RFC 5005, section 2. */
const HISTORY = ' xmlns:fh="http://purl.org/syndication/history/1.0"'

/** RSS 2.0. Titles are plain text in hexadecimal references; an author without an address is `dc:creator`. */
export function rssXml(heading: Heading, items: readonly Item[]): string {
  const slots = new Slots()
  const feed = new Feed({
    title: slots.put(escapeForRss(heading.title)),
    description: slots.put(escapeForRss(heading.description)),
    link: slots.put(escapeMarkup(heading.homePage)),
    language: slots.put(escapeMarkup(heading.language)),
    feedLinks: { rss: slots.put(address(heading.folder)) },
    ...(heading.icon === null ? {} : { image: slots.put(escapeMarkup(heading.icon)) }),
    updated: heading.updated,
    generator: GENERATOR,
    docs: 'https://www.rssboard.org/rss-specification',
  })
  for (const item of items) feed.addItem(rssItem(item, slots))
  const opening = `${OPENING}${heading.current === null ? '' : HISTORY}>`
  const opened = edit(withoutMarks(undated(feed.rss2(), items)), /<rss [^>]*>/, opening)
  return slots.fill(edit(opened, '<atom:link ', `${channelLinks(heading, slots)}<atom:link `)) + '\n'
}

/** The package must have a date. */
const NO_DATE = new Date(0)

function undated(document: string, items: readonly Item[]): string {
  const written = `\n            <pubDate>${NO_DATE.toUTCString()}</pubDate>`
  return edit(document, written, '', items.filter(({ published }) => published === null).length)
}

function address(folder: string): string {
  return escapeMarkup(new URL(RSS_FILE, folder).href)
}

/** What the package has no place for; it goes before the link to the document itself. */
function channelLinks({ hub, previous, current }: Heading, slots: Slots): string {
  const at = (folder: string): string => slots.put(address(folder))
  const links = [
    current === null ? null : '<fh:archive/>',
    current === null ? null : `<atom:link href="${at(current)}" rel="current" type="application/rss+xml"/>`,
    previous === null ? null : `<atom:link href="${at(previous)}" rel="prev-archive" type="application/rss+xml"/>`,
    hub === null ? null : `<atom:link href="${escapeMarkup(hub)}" rel="hub"/>`,
  ]
  return links.flatMap((link) => (link === null ? [] : `${link}\n        `)).join('')
}

function rssItem(item: Item, slots: Slots): FeedItem {
  const { title } = item
  return {
    title: title === '' ? '' : slots.put(escapeForRss(title)),
    guid: slots.put(escapeMarkup(item.guid)),
    link: slots.put(escapeMarkup(item.link)),
    date: item.published ?? NO_DATE,
    description: slots.put(cdata(escapeMarkup(item.snippet))),
    ...(item.contentHtml === null ? {} : { content: slots.put(cdata(item.contentHtml)) }),
    category: item.tags.map((tag) => ({ name: slots.put(escapeForRss(tag)) })),
    ...author(item, slots),
    ...enclosure(item, slots),
    extensions: [...creators(item, slots), ...media(item.image, slots), ...further(item, slots)],
  }
}

/** RSS has room for one author, with an address; all others go to Dublin Core. */
function hasAddress({ authors }: Item): boolean {
  return authors.length === 1 && authors.every(isRssAuthor)
}

function author(item: Item, slots: Slots): Pick<FeedItem, 'author'> {
  if (!hasAddress(item)) return {}
  return {
    author: item.authors.map(({ name, email }) => ({
      name: slots.put(escapeForRss(name)),
      email: slots.put(escapeForRss(email ?? '')),
    })),
  }
}

type Extension = NonNullable<FeedItem['extensions']>[number]

/** One element for each name; the package has room for one, so that the slot holds the tags between them. */
function creators(item: Item, slots: Slots): Extension[] {
  if (hasAddress(item) || item.authors.length === 0) return []
  const names = item.authors.map(({ name }) => escapeForRss(name))
  return [{ name: 'dc:creator', objects: { _text: slots.put(names.join('</dc:creator>\n            <dc:creator>')) } }]
}

/** A file of which RSS can tell: its media type is known. */
interface RssFile {
  url: string
  type: string
  length: number
}

/** RSS 2.0 has room for one enclosure, and it must say its length. */
function enclosure(item: Item, slots: Slots): Pick<FeedItem, 'enclosure'> {
  const file = mainFile(item) ?? pictureFile(item)
  return file === null ? {} : { enclosure: { ...file, url: slots.put(escapeMarkup(file.url)) } }
}

/** The first file that is no picture; in an item what is played comes first. Where a length is not known, RSS says 0. */
function mainFile({ enclosures }: Item): RssFile | null {
  const files = enclosures.flatMap(({ url, type, length }) =>
    type === null || isPicture({ type }) ? [] : [{ url, type, length: length ?? 0 }],
  )
  return files[0] ?? null
}

function pictureFile({ image }: Item): RssFile | null {
  if (image === null || image.length === null || image.type === null) return null
  const { url, type, length } = image
  return { url, type, length }
}

/** Media RSS: readers that know it show the picture whatever is known of the file. */
function media(image: EntryImage | null, slots: Slots): Extension[] {
  if (image === null) return []
  const { url, type, alt } = image
  const said = alt === '' ? {} : { 'media:description': { _text: slots.put(escapeForRss(alt)) } }
  const _attributes = { url: slots.put(escapeMarkup(url)), ...(type === null ? {} : { type }), medium: 'image' }
  return [{ name: 'media:content', objects: { _attributes, ...said } }]
}

/** The package has room for one `media:content`; this stands around further ones until the document is written. */
const FURTHER = 'further'

function further(item: Item, slots: Slots): Extension[] {
  const main = mainFile(item)
  const files = item.enclosures.filter(({ url }) => url !== main?.url)
  if (files.length === 0) return []
  return [{ name: FURTHER, objects: { _text: slots.put(files.map(mediaContent).join('\n            ')) } }]
}

function mediaContent({ url, type, length }: Enclosure): string {
  const medium = /^(?:image|audio|video)(?=\/)/.exec(type ?? '')?.[0]
  const attributes = [
    `url="${escapeMarkup(url)}"`,
    ...(length === null ? [] : [`fileSize="${String(length)}"`]),
    ...(type === null ? [] : [`type="${escapeMarkup(type)}"`]),
    ...(medium === undefined ? [] : [`medium="${medium}"`]),
  ]
  return `<media:content ${attributes.join(' ')}/>`
}

function withoutMarks(document: string): string {
  return document.replace(new RegExp(`</?${FURTHER}>`, 'g'), '')
}
