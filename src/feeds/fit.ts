import type { Document } from '../site.ts'
import type { Channel } from './channel.ts'
import type { Item } from './item.ts'
import { FORMATS, renderFeeds, renderFormat } from './render.ts'

/** UTF-8 bytes that no feed document exceeds, save an archive. */
export const FEED_LIMIT = 250 * 1024
/** More than the commas, brackets and line ends in which an item differs when it stands alone. */
const SEPARATORS = 8

/**
 * The three feed documents with as many of the items as fit into each of them: the last ones given stay out, the
 * same in all three. An item whose own content is too large for a document goes in with its snippet only. One item
 * always stays, whatever its size.
 * @param items the most important first
 */
export function fitFeeds(channel: Channel, items: readonly Item[]): { documents: Document[]; kept: number } {
  let kept = likelyToFit(channel, items)
  for (;;) {
    const documents = renderFeeds(channel, kept)
    if (kept.length <= 1 || documents.every(fits)) return { documents, kept: kept.length }
    kept = kept.slice(0, -1)
  }
}

/** Never fewer items than fit and hardly ever more, from what each adds to an empty document. */
function likelyToFit(channel: Channel, items: readonly Item[]): Item[] {
  const totals = FORMATS.map((format) => {
    const empty = sizeOf(renderFormat(format, channel, []))
    return { format, empty, total: empty }
  })
  const kept: Item[] = []
  for (const item of items) {
    const small = withinLimit(channel, item)
    for (const size of totals) {
      size.total += sizeOf(renderFormat(size.format, channel, [small])) - size.empty - SEPARATORS
    }
    if (kept.length > 0 && totals.some(({ total }) => total > FEED_LIMIT)) break
    kept.push(small)
  }
  return kept
}

function withinLimit(channel: Channel, item: Item): Item {
  return renderFeeds(channel, [item]).every(fits) ? item : { ...item, contentHtml: null }
}

function fits(document: Document): boolean {
  return sizeOf(document) <= FEED_LIMIT
}

function sizeOf(document: Document): number {
  return Buffer.byteLength(document.content)
}
