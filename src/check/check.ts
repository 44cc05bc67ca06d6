import { checkAtom } from './atom.ts'
import { type Finding, Findings, type Place } from './finding.ts'
import { checkJsonFeed } from './json.ts'
import { checkOpml } from './opml.ts'
import { checkRss } from './rss.ts'
import { NS, parseXml } from './xml.ts'

export type { Finding, Place } from './finding.ts'

const START = { line: 1, column: 1 }

/**
 * Checks a document that readers get: RSS 2.0, Atom, JSON Feed or OPML, told by what it holds. The rules are those of
 * the specifications, of the RSS Advisory Board's profile, and what the feed validator of the W3C reports by default.
 * @returns what it finds, in the order of the document; nothing for a document without a fault
 */
export function checkDocument(content: string | Uint8Array, place: Place): Finding[] {
  const findings = new Findings()
  const text = typeof content === 'string' ? content : decode(content, findings)
  if (text === null) return findings.inOrder()
  checkCharacters(text, findings)
  if (/^\s*[{[]/.test(text)) checkJsonFeed(text, findings, place)
  else checkXml(text, findings, place)
  return findings.inOrder()
}

/** Every parser reads UTF-8, and few read much else. */
function decode(bytes: Uint8Array, findings: Findings): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    findings.error(START, 'encoding', 'The document is not UTF-8', 'save it as UTF-8')
    return null
  }
}

/** Stands where bytes were lost, or comes from text that was decoded wrongly. */
const LOST = /[\u0080-\u009F\uFFFD]/

function checkCharacters(text: string, findings: Findings): void {
  for (const [index, line] of text.split('\n').entries()) {
    const at = line.search(LOST)
    if (at < 0) continue
    const mend = 'decode the text by its own encoding'
    const spot = { line: index + 1, column: at + 1 }
    findings.warning(spot, 'characters', 'A character was lost or decoded wrongly', mend)
    return
  }
}

function checkXml(text: string, findings: Findings, place: Place): void {
  const root = parseXml(text.replace(/^\uFEFF/, ''), findings)
  if (root === null) return
  if (root.ns === '' && root.name === 'rss') checkRss(root, findings, place)
  else if (root.ns === NS.atom && root.name === 'feed') checkAtom(root, findings, place)
  else if (root.ns === '' && root.name === 'opml') checkOpml(root, findings)
  else findings.error(root, 'kind', `<${root.name}> is no RSS 2.0, Atom or OPML`, 'give a feed, or a list of feeds')
}
