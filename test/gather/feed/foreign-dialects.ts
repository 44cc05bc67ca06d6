import { escapeMarkup } from '../../../src/markdown/text.ts'
import type { Encoding } from './foreign-encodings.ts'

/** What an item says, in whatever dialect. */
export interface ForeignItem {
  title: string
  /** How its texts are written. */
  form: 'escaped' | 'cdata' | 'html' | 'html-cdata' | 'numbered'
  body: string | null
  link: string | null
  guid: string | null
  date: string | null
  author: string | null
}

type Writer = (items: readonly ForeignItem[], encoding: Encoding) => string

const DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
const CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
const HOME = 'https://feed.example/'

/** Writers of feeds by the name of their dialect. */
export const DIALECTS: Readonly<Record<string, Writer>> = {
  'RSS 2.0': (items, encoding) => rss('2.0', '', items.map(rssItem), encoding),
  'RSS 2.0 with modules': (items, encoding) => rss('2.0', ` ${DC} ${CONTENT}`, items.map(modularItem), encoding),
  'RSS 0.91': (items, encoding) => rss('0.91', '', items.map(rssItem), encoding),
  'RSS 0.92 with a namespace': (items, encoding) =>
    rss('0.92', ' xmlns="http://backend.userland.com/rss092"', items.map(rssItem), encoding),
  'RSS 1.0': (items, encoding) => rdf('http://purl.org/rss/1.0/', items, encoding),
  'RSS 0.90': (items, encoding) => rdf('http://my.netscape.com/rdf/simple/0.9/', items, encoding),
  'Atom 1.0': (items, encoding) => atom('xmlns="http://www.w3.org/2005/Atom"', items.map(atomItem), encoding),
  'Atom 1.0 with XHTML': (items, encoding) =>
    atom('xmlns="http://www.w3.org/2005/Atom"', items.map(xhtmlItem), encoding),
  'Atom 0.3': (items, encoding) =>
    atom('version="0.3" xmlns="http://purl.org/atom/ns#"', items.map(oldAtomItem), encoding),
  'Atom behind a prefix': (items, encoding) =>
    atom('xmlns="http://www.w3.org/2005/Atom"', items.map(atomItem), encoding)
      .replace('xmlns=', 'xmlns:at=')
      .replace(/<(\/?)(?=[a-z])/g, '<$1at:'),
}

const prologue = (encoding: Encoding): string =>
  `<?xml version="1.0" encoding="${encoding.startsWith('utf-16') ? 'utf-16' : encoding}"?>\n`

function rss(version: string, spaces: string, items: readonly string[], encoding: Encoding): string {
  const head = `<title>Channel</title>\n<link>${HOME}</link>\n<description>About</description>`
  return `${prologue(encoding)}<rss version="${version}"${spaces}>\n<channel>\n${head}\n${items.join('\n')}\n</channel>\n</rss>\n`
}

function rdf(space: string, items: readonly ForeignItem[], encoding: Encoding): string {
  const head = `<channel><title>Channel</title><link>${HOME}</link><description>About</description></channel>`
  const written = items.map((item) => {
    const about = item.guid === null ? '' : ` rdf:about="${escapeMarkup(item.guid.trim())}"`
    return `<item${about}>\n${field('title', text(item))}${field('link', escaped(item.link))}${field('description', text(item, item.body))}${field('dc:date', escaped(item.date))}</item>`
  })
  return `${prologue(encoding)}<rdf:RDF ${RDF} ${DC} xmlns="${space}">\n${head}\n${written.join('\n')}\n</rdf:RDF>\n`
}

function atom(root: string, entries: readonly string[], encoding: Encoding): string {
  const head = `<title>Feed</title>\n<link href="${HOME}"/>\n<id>urn:feed</id>\n<updated>2026-01-12T00:00:00Z</updated>`
  return `${prologue(encoding)}<feed ${root}>\n${head}\n${entries.join('\n')}\n</feed>\n`
}

function rssItem(item: ForeignItem): string {
  const permanent = item.guid !== null && /^\s*http/.test(item.guid) ? '' : ' isPermaLink="false"'
  const guid = field('guid', escaped(item.guid), permanent)
  const about = field('description', text(item, item.body))
  const date = field('pubDate', escaped(item.date))
  return `<item>\n${field('title', text(item))}${field('link', escaped(item.link))}${about}${field('author', item.author)}${guid}${date}</item>`
}

function modularItem(item: ForeignItem): string {
  const body = field('description', 'Short') + field('content:encoded', text(item, item.body))
  return `<item>\n${field('title', text(item))}${field('link', escaped(item.link))}${body}${field('dc:creator', item.author)}${field('dc:date', escaped(item.date))}${field('guid', escaped(item.guid), ' isPermaLink="false"')}</item>`
}

function atomItem(item: ForeignItem): string {
  const type = item.form.startsWith('html') ? ' type="html"' : ''
  const content = field('content', text(item, item.body), type)
  return `<entry>\n${field('title', text(item), type)}${linkOf(item)}${field('id', escaped(item.guid))}${dates(item)}${content}${person(item)}</entry>`
}

function xhtmlItem(item: ForeignItem): string {
  const inside = `<div xmlns="http://www.w3.org/1999/xhtml">${escapeMarkup(item.title)} <b>x</b></div>`
  return `<entry>\n${field('title', inside, ' type="xhtml"')}${linkOf(item)}${field('id', escaped(item.guid))}${dates(item)}${field('content', inside, ' type="xhtml"')}</entry>`
}

function oldAtomItem(item: ForeignItem): string {
  const type = item.form.startsWith('html') ? ' type="text/html" mode="escaped"' : ''
  const dated = field('issued', escaped(item.date)) + field('modified', escaped(item.date))
  return `<entry>\n${field('title', text(item), type)}${linkOf(item)}${field('id', escaped(item.guid))}${dated}${field('summary', text(item, item.body), type)}${person(item)}</entry>`
}

function person({ author }: ForeignItem): string {
  return author === null ? '' : `<author><name>${author}</name></author>\n`
}

function dates({ date }: ForeignItem): string {
  return field('published', escaped(date)) + field('updated', escaped(date))
}

function linkOf({ link }: ForeignItem): string {
  return link === null ? '' : `<link rel="alternate" type="text/html" href="${escapeMarkup(link)}"/>\n`
}

function field(name: string, value: string | null, attributes = ''): string {
  return value === null ? '' : `<${name}${attributes}>${value}</${name}>\n`
}

function escaped(value: string | null): string | null {
  return value === null ? null : escapeMarkup(value)
}

function text({ form, title }: ForeignItem, value: string | null = title): string | null {
  if (value === null) return null
  switch (form) {
    case 'escaped':
      return escapeMarkup(value)
    case 'cdata':
      return `<![CDATA[${value}]]>`
    case 'html':
      return escapeMarkup(escapeMarkup(value))
    case 'html-cdata':
      return `<![CDATA[${escapeMarkup(value)}]]>`
    case 'numbered':
      return value.replace(/[^\w ]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
  }
}
