import type { Findings } from './finding.ts'
import { checkWebUri } from './values.ts'
import { type Element, childrenOf } from './xml.ts'

/** Checks a list of feeds (OPML 2.0, http://opml.org/spec2.opml), from its element `opml`. */
export function checkOpml(opml: Element, findings: Findings): void {
  const version = opml.attributes.get('version') ?? ''
  if (!/^[12]\.\d$/.test(version)) {
    findings.error(opml, 'opml-version', 'The list does not say which OPML it is', 'write <opml version="2.0">')
  }
  const [head] = childrenOf(opml, '', 'head')
  const [body] = childrenOf(opml, '', 'body')
  if (head === undefined) findings.error(opml, 'opml-head', 'There is no <head>', 'add <head>')
  if (body === undefined || childrenOf(body, '', 'outline').length === 0) {
    findings.error(opml, 'opml-body', 'There is no <body> with an <outline>', 'add them')
  }
  if (body !== undefined) checkOutlines(body, findings)
}

function checkOutlines(parent: Element, findings: Findings): void {
  for (const outline of childrenOf(parent, '', 'outline')) {
    if ((outline.attributes.get('text') ?? '').trim() === '') {
      findings.error(outline, 'opml-text', 'An outline has no text', 'add text="…"')
    }
    if (outline.attributes.get('type') === 'rss') checkFeed(outline, findings)
    checkOutlines(outline, findings)
  }
}

function checkFeed(outline: Element, findings: Findings): void {
  const address = outline.attributes.get('xmlUrl')
  if (address === undefined) {
    findings.error(outline, 'opml-feed', 'A feed has no xmlUrl', 'add xmlUrl="…"')
  } else checkWebUri(address, 'xmlUrl', outline, findings)
  const page = outline.attributes.get('htmlUrl')
  if (page !== undefined) checkWebUri(page, 'htmlUrl', outline, findings)
}
