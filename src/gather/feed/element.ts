import { isItem } from './vocabulary.ts'
import type { Space } from './xml-names.ts'

/** An element of a feed. */
export interface Element {
  space: Space
  /** Local name, in lower case. */
  name: string
  /** By the name as it is written, in lower case, with its prefix. */
  attributes: ReadonlyMap<string, string>
  /** What `xml:base` says here or above, absolute; null when it says nothing. */
  base: string | null
  /** Of `xml:lang`, here or above. */
  language: string | null
  children: Element[]
  /** Its text, decoded once, with that of elements that stand in a text. */
  text: string
  /** The same as HTML, where elements stand in it; else null. */
  markup: string | null
}

/** The children with this name of one of the vocabularies. */
export function childrenOf(element: Element, name: string, space: Space = 'core'): Element[] {
  return element.children.filter((child) => child.name === name && child.space === space)
}

/** The items of a feed in the order of the document; some stand in a list of their own or outside the channel. */
export function itemsOf(element: Element): Element[] {
  return element.children.flatMap((child) => (isItem(child) ? [child] : itemsOf(child)))
}

/** The trimmed text of the first child of this name that has one, else null. */
export function textIn(element: Element, name: string, space: Space = 'core'): string | null {
  for (const child of childrenOf(element, name, space)) if (child.text.trim() !== '') return child.text.trim()
  return null
}

/** The trimmed value of an attribute, else null. */
export function attribute(element: Element, name: string): string | null {
  const value = element.attributes.get(name)?.trim() ?? ''
  return value === '' ? null : value
}
