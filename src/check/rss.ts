import { checkContent } from './content.ts'
import type { Findings, Place } from './finding.ts'
import { quoted } from './finding.ts'
import { checkHistory, checkLinks, checkOneOfEach, checkSelf } from './links.ts'
import {
  checkLanguage,
  checkLength,
  checkMediaType,
  checkRssText,
  checkRfc822,
  checkUri,
  checkWebUri,
} from './values.ts'
import { type Element, NS, childrenOf, label } from './xml.ts'

/** RSS 2.0 (https://www.rssboard.org/rss-specification), its elements that may stand once in a channel. */
const ONCE_IN_CHANNEL = new Set(
  (
    'title link description language copyright managingEditor webMaster pubDate lastBuildDate generator docs cloud ttl ' +
    'image rating textInput skipHours skipDays'
  ).split(' '),
)
const IN_CHANNEL = new Set([...ONCE_IN_CHANNEL, 'category', 'item'])
const ONCE_IN_ITEM = new Set('title link description author comments enclosure guid pubDate source'.split(' '))
const IN_ITEM = new Set([...ONCE_IN_ITEM, 'category'])

/** Checks an RSS document, from its element `rss`. */
export function checkRss(rss: Element, findings: Findings, place: Place): void {
  const version = rss.attributes.get('version')
  if (version !== '2.0') {
    findings.error(rss, 'rss-version', `RSS ${quoted(version ?? '')} is not RSS 2.0`, 'write <rss version="2.0">')
  }
  const [channel, ...others] = childrenOf(rss, '', 'channel')
  if (channel === undefined || others.length > 0) {
    findings.error(rss, 'rss-channel', 'There is not exactly one <channel>', 'put all of the feed into one channel')
  }
  if (channel !== undefined) checkChannel(channel, findings, place)
}

function checkChannel(channel: Element, findings: Findings, place: Place): void {
  checkNames(channel, IN_CHANNEL, ONCE_IN_CHANNEL, findings)
  for (const name of ['title', 'link', 'description']) {
    if (childrenOf(channel, '', name).length === 0) {
      findings.error(channel, 'rss-missing', `The channel has no <${name}>`, `add <${name}>`)
    }
  }
  for (const element of channel.children.filter(({ ns }) => ns === '')) checkInChannel(element, findings, place)
  const languages = [...childrenOf(channel, '', 'language'), ...childrenOf(channel, NS.dc, 'language')]
  if (languages.length === 0) {
    findings.warning(channel, 'language-missing', 'The feed does not name its language', 'add <language>')
  }
  const links = checkLinks(channel, findings)
  checkSelf(links, channel, findings, place)
  checkOneOfEach(links, findings)
  checkHistory(links, channel, findings)
  checkOrder(channel, findings)
  const items = childrenOf(channel, '', 'item')
  for (const item of items) checkItem(item, findings, place)
  checkUnique(items, findings)
}

/** Readers that stream take what comes behind the first item for no part of the channel. */
function checkOrder(channel: Element, findings: Findings): void {
  const first = channel.children.findIndex(({ ns, name }) => ns === '' && name === 'item')
  const late = first < 0 ? [] : channel.children.slice(first).filter(({ ns, name }) => ns === '' && name !== 'item')
  for (const element of late) {
    findings.warning(element, 'rss-order', `${label(element)} stands behind an item`, 'put it before the first <item>')
  }
}

function checkInChannel(element: Element, findings: Findings, place: Place): void {
  const { name, text, raw } = element
  switch (name) {
    case 'title':
      if (text.trim() === '') findings.error(element, 'rss-blank', 'The channel has an empty title', 'give it one')
      return checkRssText(text, raw, label(element), element, findings)
    case 'description':
    case 'copyright':
    case 'category':
      return checkRssText(text, raw, label(element), element, findings)
    case 'link':
      return checkWebUri(text, label(element), element, findings)
    case 'docs':
      checkUri(text, label(element), element, findings)
      return
    case 'pubDate':
    case 'lastBuildDate':
      return checkRfc822(text, element, findings, place)
    case 'language':
      return checkLanguage(text, element, findings)
    case 'image':
      return checkImage(element, findings)
  }
}

function checkImage(image: Element, findings: Findings): void {
  for (const name of ['url', 'title', 'link']) {
    const [element] = childrenOf(image, '', name)
    if (element === undefined) findings.error(image, 'rss-image', `The image has no <${name}>`, `add <${name}>`)
    else if (name !== 'title') checkWebUri(element.text, label(element), element, findings)
  }
}

function checkItem(item: Element, findings: Findings, place: Place): void {
  checkNames(item, IN_ITEM, ONCE_IN_ITEM, findings)
  const has = (name: string): boolean => childrenOf(item, '', name).length > 0
  if (!has('title') && !has('description')) {
    findings.error(item, 'rss-item-empty', 'The item has neither title nor description', 'give it one of them')
  }
  if (!has('guid')) {
    const mend = 'add <guid isPermaLink="false"> with an id that never changes'
    findings.warning(item, 'rss-guid-missing', 'The item has no guid', mend)
  }
  const creators = childrenOf(item, NS.dc, 'creator')
  if (has('author') && creators.length > 0) {
    findings.warning(item, 'rss-author-twice', 'The item has <author> and <dc:creator>', 'keep one of them')
  }
  checkContentOrder(item, findings)
  for (const element of item.children) checkInItem(element, findings, place)
  checkLinks(item, findings)
}

/** Readers take the last of the two for the text, so the whole text comes last (RSS Advisory Board, content:encoded). */
function checkContentOrder(item: Element, findings: Findings): void {
  const [encoded] = childrenOf(item, NS.content, 'encoded')
  const [description] = childrenOf(item, '', 'description')
  if (encoded === undefined) return
  if (description === undefined || item.children.indexOf(description) > item.children.indexOf(encoded)) {
    const mend = 'write <description> first'
    findings.warning(encoded, 'rss-content-order', '<content:encoded> has no <description> before it', mend)
  }
}

function checkInItem(element: Element, findings: Findings, place: Place): void {
  const { ns, name, text, raw } = element
  if (ns === NS.content && name === 'encoded') return checkContent(text, label(element), element, findings)
  if (ns === NS.media) return checkMedia(element, findings)
  if (ns !== '') return
  switch (name) {
    case 'title':
    case 'category':
      if (text.trim() === '') findings.warning(element, 'rss-blank', `${label(element)} is empty`, 'leave it out')
      return checkRssText(text, raw, label(element), element, findings)
    case 'description':
      return checkContent(text, label(element), element, findings)
    case 'link':
    case 'comments':
      return checkWebUri(text, label(element), element, findings)
    case 'pubDate':
      return checkRfc822(text, element, findings, place)
    case 'author':
      return checkAuthor(element, findings)
    case 'guid':
      return checkGuid(element, findings)
    case 'enclosure':
      return checkEnclosure(element, findings)
  }
}

function checkAuthor(element: Element, findings: Findings): void {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+ \(.+\)$/.test(element.text)) return
  const mend = 'write ada@example.org (Ada Marsh), or the name alone as <dc:creator>'
  findings.error(element, 'rss-author', `${quoted(element.text)} is no address with a name`, mend)
}

function checkGuid(element: Element, findings: Findings): void {
  const isPermalink = element.attributes.get('isPermaLink') ?? 'true'
  if (isPermalink !== 'true' && isPermalink !== 'false') {
    findings.error(element, 'rss-permalink', `isPermaLink is ${quoted(isPermalink)}`, 'write true or false')
  } else if (element.text.trim() === '') {
    findings.error(element, 'rss-blank', 'The guid is empty', 'give the item an id that never changes')
  } else if (isPermalink === 'true' && !/^https?:\/\/[^/]/i.test(element.text)) {
    const mend = 'write isPermaLink="false"'
    findings.error(element, 'rss-permalink', `The guid ${quoted(element.text)} is no address`, mend)
  } else if (/^\d{1,8}$/.test(element.text)) {
    const mend = 'use one that nobody else has, such as urn:uuid:…'
    findings.warning(element, 'rss-guid-short', `The guid ${quoted(element.text)} is not unique in the world`, mend)
  }
}

function checkEnclosure(element: Element, findings: Findings): void {
  for (const name of ['url', 'length', 'type']) {
    const value = element.attributes.get(name)
    if (value === undefined) {
      findings.error(element, 'rss-enclosure', `The enclosure has no ${name}`, `add ${name}="…"`)
    } else if (name === 'url') checkWebUri(value, 'The enclosure', element, findings)
    else if (name === 'length') checkLength(value, 'length of the enclosure', element, findings)
    else checkMediaType(value, element, findings)
  }
}

/** Media RSS (https://www.rssboard.org/media-rss). */
function checkMedia(element: Element, findings: Findings): void {
  const url = element.attributes.get('url')
  if (url !== undefined) checkWebUri(url, label(element), element, findings)
  const type = element.attributes.get('type')
  if (element.name === 'content' && type !== undefined) checkMediaType(type, element, findings)
  if (['title', 'description'].includes(element.name) && type !== 'html') {
    checkRssText(element.text, element.raw, label(element), element, findings)
  }
  for (const child of element.children) if (child.ns === NS.media) checkMedia(child, findings)
}

function checkUnique(items: readonly Element[], findings: Findings): void {
  const seen = new Set<string>()
  for (const guid of items.flatMap((item) => childrenOf(item, '', 'guid'))) {
    if (seen.has(guid.text)) {
      const mend = 'give each item an id of its own'
      findings.error(guid, 'rss-guid-twice', `Two items have the guid ${quoted(guid.text)}`, mend)
    }
    seen.add(guid.text)
  }
}

function checkNames(parent: Element, known: ReadonlySet<string>, once: ReadonlySet<string>, findings: Findings): void {
  const seen = new Set<string>()
  for (const element of parent.children.filter(({ ns }) => ns === '')) {
    const { name } = element
    if (!known.has(name)) {
      const mend = 'leave it out, or give it a namespace'
      findings.error(element, 'rss-unknown', `${label(element)} is no element of RSS in ${label(parent)}`, mend)
    } else if (once.has(name) && seen.has(name)) {
      findings.error(element, 'rss-twice', `${label(parent)} has two ${label(element)}`, 'keep one')
    }
    seen.add(name)
  }
}
