import { SaxesParser } from 'saxes'
import type { Findings, Spot } from './finding.ts'

/** Namespaces that feeds use. */
export const NS = {
  atom: 'http://www.w3.org/2005/Atom',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  history: 'http://purl.org/syndication/history/1.0',
  media: 'http://search.yahoo.com/mrss/',
  xhtml: 'http://www.w3.org/1999/xhtml',
  xml: 'http://www.w3.org/XML/1998/namespace',
} as const

/** An element of a document. */
export interface Element extends Spot {
  /** Namespace, empty for none. */
  ns: string
  name: string
  /** By name; those of a namespace as `{namespace}name`. */
  attributes: ReadonlyMap<string, string>
  children: Element[]
  /** Its own text, decoded, without that of its children. */
  text: string
  /** Its content as it is written. */
  raw: string
}

const DEEPEST = 100

/**
 * Reads XML strictly, namespaces included (XML 1.0, Namespaces in XML 1.0); null when it is not well-formed. Entities
 * are never declared: a DOCTYPE is refused.
 */
export function parseXml(text: string, findings: Findings): Element | null {
  const reader = new TreeReader(text, findings)
  return reader.read()
}

class TreeReader {
  readonly #text: string
  readonly #findings: Findings
  readonly #parser = new SaxesParser({ xmlns: true, position: true })
  readonly #open: { element: Element; from: number }[] = []
  #root: Element | null = null
  #isBroken = false

  constructor(text: string, findings: Findings) {
    this.#text = text
    this.#findings = findings
  }

  read(): Element | null {
    const parser = this.#parser
    parser.on('error', (error) => {
      this.#break('xml-malformed', `This is no well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`)
    })
    parser.on('doctype', () => {
      this.#break('xml-doctype', 'There is a DOCTYPE, which no feed needs and readers refuse')
    })
    parser.on('opentag', ({ uri, local, attributes }) => {
      const named = Object.values(attributes).map(({ uri: of, local: name, value }): [string, string] => [
        of === '' ? name : `{${of}}${name}`,
        value,
      ])
      this.#enter({
        ns: uri,
        name: local,
        attributes: new Map(named),
        children: [],
        text: '',
        raw: '',
        ...this.#spot(),
      })
    })
    parser.on('text', (text) => {
      this.#add(text)
    })
    parser.on('cdata', (text) => {
      this.#add(text)
    })
    parser.on('closetag', () => {
      this.#leave()
    })
    try {
      parser.write(this.#text).close()
    } catch (error) {
      if (error !== STOP) throw error
    }
    return this.#isBroken ? null : this.#root
  }

  #spot(): Spot {
    return { line: this.#parser.line, column: this.#parser.column }
  }

  #enter(element: Element): void {
    const parent = this.#open.at(-1)?.element
    if (parent === undefined) this.#root ??= element
    else parent.children.push(element)
    if (this.#open.length >= DEEPEST) this.#break('xml-deep', `Elements are nested more than ${DEEPEST} deep`)
    this.#open.push({ element, from: this.#parser.position })
  }

  #add(text: string): void {
    const element = this.#open.at(-1)?.element
    if (element !== undefined) element.text += text
  }

  #leave(): void {
    const left = this.#open.pop()
    if (left === undefined) return
    const { element, from } = left
    if (element.children.length === 0)
      element.raw = this.#text.slice(from, this.#parser.position).replace(/<\/[^<]*$/, '')
  }

  #break(code: string, message: string): never {
    this.#isBroken = true
    this.#findings.error(this.#spot(), code, message, 'write the document with a program that escapes and closes all')
    throw STOP
  }
}

/** Ends the reading at the first fault: what follows says nothing for sure. */
const STOP = new Error('stop')

/** The children with this name and namespace. */
export function childrenOf(element: Element, ns: string, name: string): Element[] {
  return element.children.filter((child) => child.ns === ns && child.name === name)
}

/** How messages name an element. */
export function label({ ns, name }: Element): string {
  const prefix = { [NS.atom]: 'atom:', [NS.content]: 'content:', [NS.dc]: 'dc:', [NS.media]: 'media:' }[ns] ?? ''
  return `<${prefix}${name}>`
}
