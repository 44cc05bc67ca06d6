import { ElementType } from 'htmlparser2'
import { breaksText, hidesText } from '../../markdown/html-text.ts'
import { foldText } from '../../markdown/text.ts'
import type { PageNode, Selected } from './page-dom.ts'

/** In characters and in nodes; a listing tells an article in fewer. */
const LONGEST = 10_000
const MOST_NODES = 2000

/** The plain text of elements of a page, on one line; what is too long is cut. */
export function textOf(elements: Selected): string {
  const pieces: string[] = []
  const waiting: (PageNode | ' ')[] = elements.slice(0, 20).toArray().reverse()
  let length = 0
  for (let seen = 0; seen < MOST_NODES && length < LONGEST; seen++) {
    const node = waiting.pop()
    if (node === undefined) break
    if (node === ' ') pieces.push(node)
    else if (node.type === ElementType.Text) {
      pieces.push(node.data.slice(0, LONGEST))
      length += node.data.length
    } else if ('attribs' in node && !hidesText(node.name)) {
      const space = breaksText(node.name) ? [' ' as const] : []
      waiting.push(...space, ...node.childNodes.slice(0, MOST_NODES).reverse(), ...space)
    }
  }
  return foldText(pieces.join(''))
}
