import type { DefaultTreeAdapterTypes as Tree } from 'parse5'

/** An end tag of these may be left out (HTML Living Standard, optional tags). */
const OPTIONAL_END = new Set('li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th'.split(' '))
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
/** These are put in where a table lacks them. */
const IMPLIED = new Set(['tbody', 'colgroup', 'tr'])

/** An element as the parser built it. */
type Built = Pick<Tree.Element, 'tagName' | 'sourceCodeLocation'>

/**
 * The name of an element that stands where HTML does not allow it, is not closed, or is closed twice; null when all
 * stand well. parse5 reports what is wrong with single tags, and mends their order without a word: so what it built is
 * compared with what is written.
 */
export function misplacedTag(text: string, elements: Iterable<Built>): string | null {
  const { starts, ends } = tagsIn(text)
  for (const { tagName, sourceCodeLocation } of elements) {
    if (!sourceCodeLocation && IMPLIED.has(tagName)) continue
    const isClosed = sourceCodeLocation?.endTag !== undefined
    if (!isClosed && !VOID.has(tagName) && !OPTIONAL_END.has(tagName)) return tagName
    count(starts, tagName, -1)
    if (isClosed) count(ends, tagName, -1)
  }
  const left = [...starts, ...ends].find(([, number]) => number !== 0)
  return left?.[0] ?? null
}

/** How often each element is opened and closed. */
function tagsIn(text: string): Record<'starts' | 'ends', Map<string, number>> {
  const starts = new Map<string, number>()
  const ends = new Map<string, number>()
  // What stands in quotes or in a comment is no tag.
  const tags = text.matchAll(/<!--(?:.*?-->|.*$)|<(\/?)([a-z][a-z0-9-]*)(?:[^<>"']|"[^"]*"|'[^']*')*>/gis)
  for (const [, slash, name] of tags) {
    if (name !== undefined) count(slash === '/' ? ends : starts, name.toLowerCase(), 1)
  }
  return { starts, ends }
}

function count(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}
