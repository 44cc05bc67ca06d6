import { type Element, childrenOf } from './element.ts'
import { itemDate } from './item-date.ts'

/**
 * A date of an item as it is written, by the names of its elements in the order in which they count: the first one that
 * can be read, else the first one, else null.
 * @param own names in RSS or Atom
 * @param dublinCore names in Dublin Core
 */
export function dateIn(item: Element, own: readonly string[], dublinCore: readonly string[] = []): string | null {
  const elements = [
    ...own.flatMap((name) => childrenOf(item, name)),
    ...dublinCore.flatMap((name) => childrenOf(item, name, 'dc')),
  ]
  const written = elements.slice(0, MOST).flatMap(({ text }) => (text.trim() === '' ? [] : [text.trim()]))
  return written.find((date) => itemDate(date) !== null) ?? written[0] ?? null
}

const MOST = 20
