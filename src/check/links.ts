import type { Findings, Place } from './finding.ts'
import { quoted } from './finding.ts'
import { checkLanguage, checkLength, checkMediaType, checkUri } from './values.ts'
import { type Element, NS, childrenOf, label } from './xml.ts'

/** Relations of feeds that are registered (IANA, link relations). */
const RELATIONS = new Set(
  (
    'alternate current describedby edit edit-media enclosure first hub last license next next-archive payment ' +
    'prev-archive previous related replies search self service up via'
  ).split(' '),
)
/** RFC 5005: they lead from feed to feed. */
const BETWEEN_FEEDS = new Set(['current', 'first', 'last', 'next', 'next-archive', 'prev-archive', 'previous'])
const FEED_TYPES = new Set(['application/atom+xml', 'application/rss+xml'])

/** A link of Atom, also within RSS (RFC 4287, section 4.2.7). */
export interface Link {
  element: Element
  rel: string
  href: string
  type: string
  hreflang: string
}

/** Reads and checks the links of a feed or an entry. */
export function checkLinks(parent: Element, findings: Findings): Link[] {
  return childrenOf(parent, NS.atom, 'link').map((element) => {
    const of = (name: string): string => element.attributes.get(name) ?? ''
    const link = {
      element,
      rel: of('rel') || 'alternate',
      href: of('href'),
      type: of('type'),
      hreflang: of('hreflang'),
    }
    checkLink(link, parent, findings)
    return link
  })
}

function checkLink({ element, rel, href, type, hreflang }: Link, parent: Element, findings: Findings): void {
  if (href === '') {
    findings.error(element, 'link-href', `${label(element)} leads nowhere`, 'give it a href')
    return
  }
  checkUri(href, `href of ${label(element)}`, element, findings)
  if (!RELATIONS.has(rel) && !/^[a-z][a-z0-9+.-]*:/i.test(rel)) {
    const mend = 'use a registered relation, such as alternate'
    findings.warning(element, 'link-rel', `${quoted(rel)} is no registered relation of links`, mend)
  }
  if (BETWEEN_FEEDS.has(rel) && ['item', 'entry'].includes(parent.name)) {
    findings.error(element, 'link-history', `rel="${rel}" stands in an entry`, 'move it to the feed (RFC 5005)')
  }
  if (type !== '') checkMediaType(type, element, findings)
  if (hreflang !== '') checkLanguage(hreflang, element, findings)
  const length = element.attributes.get('length')
  if (length !== undefined) checkLength(length, 'length of a link', element, findings)
  if (element.text.trim() !== '') {
    findings.error(element, 'link-text', `${label(element)} holds text`, 'a link of Atom is empty')
  }
}

/** A feed says where it is served (RFC 4287, section 4.1.1; RSS Advisory Board, namespace-elements-atom-link). */
export function checkSelf(links: readonly Link[], feed: Element, findings: Findings, { url }: Place): void {
  const self = links.find(({ rel }) => rel === 'self')
  if (self === undefined) {
    const mend = 'add <link rel="self" href="…"> of Atom'
    findings.warning(feed, 'self-missing', 'The feed does not say where it is served', mend)
    return
  }
  if (self.type !== '' && !FEED_TYPES.has(self.type.split(';')[0] ?? '')) {
    findings.warning(
      self.element,
      'self-type',
      `rel="self" has the type ${quoted(self.type)}`,
      'name the type of the feed',
    )
  }
  if (url !== null && self.href !== url) {
    const message = `The feed says that it is served at ${quoted(self.href)}, but it is at ${quoted(url)}`
    findings.warning(self.element, 'self-elsewhere', message, 'correct rel="self", or publish.url')
  }
}

/** One link for each relation, type and language (RFC 4287, section 4.1.1). */
export function checkOneOfEach(links: readonly Link[], findings: Findings): void {
  const seen = new Set<string>()
  for (const { element, rel, type, hreflang } of links) {
    if (!['alternate', 'self', 'current', 'prev-archive', 'next-archive'].includes(rel)) continue
    const kind = [rel, type, hreflang].join(' ')
    if (seen.has(kind))
      findings.error(element, 'link-twice', `There are two links rel="${rel}" of one type`, 'keep one')
    seen.add(kind)
  }
}

/** RFC 5005, sections 2 and 4: a feed is complete, or an archive, or neither. */
export function checkHistory(links: readonly Link[], feed: Element, findings: Findings): void {
  const marks = ['complete', 'archive'].flatMap((name) => childrenOf(feed, NS.history, name))
  const [, second] = marks
  if (second !== undefined)
    findings.error(second, 'history-both', 'The feed is marked twice', 'keep fh:archive or fh:complete')
  const isArchive = marks.some(({ name }) => name === 'archive')
  const current = links.find(({ rel }) => rel === 'current')
  if (isArchive && current === undefined) {
    const mend = 'add a link rel="current" to the feed that is kept up to date'
    findings.warning(feed, 'history-current', 'The archive does not lead to its feed', mend)
  }
  if (marks.some(({ name }) => name === 'complete') && links.some(({ rel }) => rel.endsWith('-archive'))) {
    findings.error(feed, 'history-complete', 'A complete feed has archives', 'take away fh:complete, or the links')
  }
}
