import { checkContent } from './content.ts'
import type { Findings, Place } from './finding.ts'
import { quoted } from './finding.ts'
import { type Link, checkHistory, checkLinks, checkOneOfEach, checkSelf } from './links.ts'
import { checkId, checkLanguage, checkPlainText, checkRfc3339, checkUri } from './values.ts'
import { type Element, NS, childrenOf, label } from './xml.ts'

/** RFC 4287, section 4.1.1. */
const ONCE_IN_FEED = new Set('generator icon id logo rights subtitle title updated'.split(' '))
const IN_FEED = new Set([...ONCE_IN_FEED, ...'author category contributor link entry'.split(' ')])
/** RFC 4287, section 4.1.2. */
const ONCE_IN_ENTRY = new Set('content id published rights source summary title updated'.split(' '))
const IN_ENTRY = new Set([...ONCE_IN_ENTRY, ...'author category contributor link'.split(' ')])

/** Checks an Atom document, from its element `feed`. */
export function checkAtom(feed: Element, findings: Findings, place: Place): void {
  checkNames(feed, IN_FEED, ONCE_IN_FEED, findings)
  checkLang(feed, findings)
  for (const element of feed.children.filter(({ ns }) => ns === NS.atom)) checkElement(element, findings, place)
  const links = checkLinks(feed, findings)
  checkSelf(links, feed, findings, place)
  checkOneOfEach(links, findings)
  checkHistory(links, feed, findings)
  checkOrder(feed, findings)
  const entries = childrenOf(feed, NS.atom, 'entry')
  const hasAuthor = childrenOf(feed, NS.atom, 'author').length > 0
  if (!hasAuthor && entries.length === 0) {
    findings.error(feed, 'atom-author', 'The feed has no author', 'add <author> with a <name>')
  }
  for (const entry of entries) checkEntry(entry, hasAuthor, findings, place)
  checkUnique(entries, 'id', findings)
  checkUnique(entries, 'updated', findings)
}

function checkLang(feed: Element, findings: Findings): void {
  const language = feed.attributes.get(`{${NS.xml}}lang`)
  if (language !== undefined) checkLanguage(language, feed, findings)
  else findings.warning(feed, 'language-missing', 'The feed does not name its language', 'add xml:lang to <feed>')
}

function checkOrder(feed: Element, findings: Findings): void {
  const first = feed.children.findIndex(({ ns, name }) => ns === NS.atom && name === 'entry')
  const late = first < 0 ? [] : feed.children.slice(first).filter(({ ns, name }) => ns === NS.atom && name !== 'entry')
  for (const element of late) {
    findings.warning(element, 'atom-order', `${label(element)} stands behind an entry`, 'put it before the first entry')
  }
}

function checkEntry(entry: Element, hasFeedAuthor: boolean, findings: Findings, place: Place): void {
  checkNames(entry, IN_ENTRY, ONCE_IN_ENTRY, findings)
  for (const element of entry.children.filter(({ ns }) => ns === NS.atom)) checkElement(element, findings, place)
  const links = checkLinks(entry, findings)
  checkOneOfEach(links, findings)
  if (!hasFeedAuthor && childrenOf(entry, NS.atom, 'author').length === 0) {
    findings.error(entry, 'atom-author', 'Neither the entry nor the feed has an author', 'add <author> with a <name>')
  }
  checkSubstance(entry, links, findings)
}

/** RFC 4287, sections 4.1.1.1 and 4.1.2: an entry has content or leads to it, and says something. */
function checkSubstance(entry: Element, links: readonly Link[], findings: Findings): void {
  const [content] = childrenOf(entry, NS.atom, 'content')
  const hasSummary = childrenOf(entry, NS.atom, 'summary').length > 0
  if (content === undefined && !links.some(({ rel }) => rel === 'alternate')) {
    const mend = 'add <content>, or <link rel="alternate">'
    findings.error(entry, 'atom-alternate', 'The entry has neither content nor a link to it', mend)
  }
  if ((content === undefined || content.attributes.has('src')) && !hasSummary) {
    findings.warning(entry, 'atom-summary', 'The entry says nothing besides its title', 'add <summary>')
  }
}

function checkElement(element: Element, findings: Findings, place: Place): void {
  const { name, text } = element
  switch (name) {
    case 'id':
      return checkId(text, label(element), element, findings)
    case 'updated':
    case 'published':
      return checkRfc3339(text, element, findings, place)
    case 'title':
    case 'subtitle':
    case 'summary':
    case 'rights':
    case 'content':
      return checkText(element, findings)
    case 'author':
    case 'contributor':
      return checkPerson(element, findings)
    case 'category':
      if ((element.attributes.get('term') ?? '') !== '') return
      return findings.error(element, 'atom-category', 'The category has no term', 'add term="…"')
    case 'icon':
    case 'logo':
      checkUri(text, label(element), element, findings)
      return
    case 'generator':
      if (text.trim() === '') findings.error(element, 'atom-blank', 'The generator is empty', 'leave it out')
  }
}

/** RFC 4287, sections 3.1 and 4.1.3. */
function checkText(element: Element, findings: Findings): void {
  const { name, text, raw, children, attributes } = element
  const type = attributes.get('type') ?? 'text'
  if (attributes.has('src')) return
  if (name !== 'content' && !['text', 'html', 'xhtml'].includes(type)) {
    return findings.error(
      element,
      'atom-text-type',
      `${label(element)} has the type ${quoted(type)}`,
      'use text or html',
    )
  }
  if (text.trim() === '' && children.length === 0) {
    return findings.warning(element, 'atom-blank', `${label(element)} is empty`, 'leave it out, or say something')
  }
  if (type === 'html' || type === 'text/html') return checkContent(text, label(element), element, findings)
  if (type === 'text') return checkPlainText(text, raw, label(element), element, findings)
  if (type !== 'xhtml') return
  const [div] = children
  if (children.length === 1 && div?.ns === NS.xhtml && div.name === 'div') return
  findings.error(element, 'atom-xhtml', `${label(element)} holds no <div> of XHTML`, 'wrap it in one')
}

/** RFC 4287, section 3.2. */
function checkPerson(person: Element, findings: Findings): void {
  const [name] = childrenOf(person, NS.atom, 'name')
  if (name === undefined || name.text.trim() === '') {
    findings.error(person, 'atom-person', `${label(person)} has no name`, 'add <name>')
  }
  for (const uri of childrenOf(person, NS.atom, 'uri')) checkUri(uri.text, label(uri), uri, findings)
  for (const email of childrenOf(person, NS.atom, 'email')) {
    if (!/^[^\s@]+@[^\s@]+$/.test(email.text)) {
      findings.error(email, 'atom-email', `${quoted(email.text)} is no address`, 'write ada@example.org')
    }
  }
}

function checkUnique(entries: readonly Element[], name: 'id' | 'updated', findings: Findings): void {
  const seen = new Set<string>()
  for (const element of entries.flatMap((entry) => childrenOf(entry, NS.atom, name))) {
    if (seen.has(element.text) && name === 'id') {
      const mend = 'give each entry an id of its own'
      findings.error(element, 'atom-id-twice', `Two entries have the id ${quoted(element.text)}`, mend)
    } else if (seen.has(element.text)) {
      const mend = 'a thousandth of a second apart is enough'
      findings.warning(element, 'atom-updated-twice', `Two entries were updated at ${quoted(element.text)}`, mend)
    }
    seen.add(element.text)
  }
}

function checkNames(parent: Element, known: ReadonlySet<string>, once: ReadonlySet<string>, findings: Findings): void {
  for (const name of ['id', 'title', 'updated']) {
    if (childrenOf(parent, NS.atom, name).length === 0) {
      findings.error(parent, 'atom-missing', `${label(parent)} has no <${name}>`, `add <${name}>`)
    }
  }
  const seen = new Set<string>()
  for (const element of parent.children.filter(({ ns }) => ns === NS.atom || ns === '')) {
    const { ns, name } = element
    if (ns === '' || !known.has(name)) {
      const mend = 'leave it out, or give it a namespace of its own'
      findings.error(element, 'atom-unknown', `${label(element)} is no element of Atom in ${label(parent)}`, mend)
    } else if (once.has(name) && seen.has(name)) {
      findings.error(element, 'atom-twice', `${label(parent)} has two ${label(element)}`, 'keep one')
    }
    seen.add(name)
  }
}
