import { textAt } from './site-config.ts'

const ANYWHERE = /(?:^|\/)(_index|_sidebar|_navbar|_coverpage|_header|_footer|_404|SUMMARY)(?:\.[^./]*)?$/
/** Older versions of its pages, and what Logseq has deleted. */
const COPY = /(?:^|\/)logseq\/(?:bak|version-files|\.recycle)\//
const AT_ROOT =
  /^(404|AGENTS|CLAUDE|GEMINI|LICEN[CS]E|COPYING|CONTRIBUTING|CONTRIBUTORS|CODE[_-]OF[_-]CONDUCT|CHANGELOG|CHANGES|SECURITY)(?:\.[^./]*)?$/

/**
 * Why a file of this name is no article in a folder of any program that does not make a post of it: navigation of
 * docsify and GitBook, list pages of Hugo and Zola, and what repositories hold besides; null for any other name.
 * @param path relative to the source, with `/`
 */
export function navigationFile(path: string): string | null {
  const [, page] = ANYWHERE.exec(path) ?? []
  if (page !== undefined) return `${page} is a page of navigation`
  if (COPY.test(path)) return 'a copy that Logseq keeps'
  const [, about] = AT_ROOT.exec(path) ?? []
  return about === undefined ? null : `${about} is about the folder`
}

/** Why a README is no article: the one at the root of the source with no title of its own tells about the folder. */
export function rootReadme(path: string, data: Record<string, unknown>): string | null {
  const isReadme = /^readme(?:[._-][a-z]{2}(?:[_-][a-z]+)?)?\.[^./]+$/i.test(path)
  return isReadme && textAt(data, 'title') === null ? 'a README without a title is about the folder' : null
}

/** Why an article that its owner does not publish, in the words of several programs, is no entry. */
export function unpublished(data: Record<string, unknown>): string | null {
  return /^(?:false|no)$/i.test(textAt(data, 'publish') ?? '') ? 'publish: false' : null
}
