import { type DefaultTreeAdapterTypes as Tree, defaultTreeAdapter, html, parseFragment } from 'parse5'
import { escapeMarkup } from './text.ts'

/** Readers put an article into such an element; where nothing is said parse5 takes a template, which may hold rows. */
const DIV = defaultTreeAdapter.createElement('div', html.NS.HTML, [])
const VOID = new Set(['br', 'col', 'hr', 'img', 'source', 'wbr'])

/**
 * HTML of which every element stands where HTML allows it, as a browser would have built it: a block that stands in a
 * paragraph ends it, a row outside a table is none. Elements are closed as in XML, and empty paragraphs are left out.
 * @param text sanitised HTML: without elements that hold raw text, comments or foreign content
 */
export function wellNested(text: string): string {
  return inside(parseFragment(DIV, text, {}))
}

function inside({ childNodes }: Tree.ParentNode): string {
  return childNodes.map(markupOf).join('')
}

function markupOf(node: Tree.ChildNode): string {
  if ('value' in node) return escapeMarkup(node.value).replaceAll('&quot;', '"')
  if (!('tagName' in node)) return ''
  const attributes = node.attrs.map(({ name, value }) => ` ${name}="${escapeMarkup(value)}"`).join('')
  if (VOID.has(node.tagName)) return `<${node.tagName}${attributes} />`
  const content = inside(node)
  return node.tagName === 'p' && content.trim() === ''
    ? ''
    : `<${node.tagName}${attributes}>${content}</${node.tagName}>`
}
