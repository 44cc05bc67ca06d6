import type { Document } from '../site.ts'
import type { Channel } from './channel.ts'
import { itemOf } from './item.ts'
import type { FeedEntry, Item } from './item.ts'
import { FORMATS, renderFormat } from './render.ts'

/** UTF-8 bytes that no feed document exceeds. */
export const FEED_LIMIT = 250 * 1024
/** More than the commas, brackets and line ends in which an item differs when it stands alone. */
const SEPARATORS = 8

/**
 * The three feed documents with as many of the entries as fit into each of them: the oldest by number stay out, the
 * same ones in all three. An entry whose own content is too large for a document goes in with its snippet only. One
 * entry always stays, whatever its size.
 * @param entries newest number first
 */
export function fitFeeds(channel: Channel, entries: readonly FeedEntry[]): Document[] {
  let kept = likelyToFit(channel, entries)
  for (;;) {
    const documents = renderAll(channel, kept)
    if (kept.length <= 1 || documents.every(fits)) return documents
    kept = kept.slice(0, -1)
  }
}

/** Never fewer entries than fit and hardly ever more, from what each adds to an empty document. */
function likelyToFit(channel: Channel, entries: readonly FeedEntry[]): Item[] {
  const totals = FORMATS.map((format) => {
    const empty = sizeOf(renderFormat(format, channel, []))
    return { format, empty, total: empty }
  })
  const kept: Item[] = []
  for (const entry of entries) {
    const item = withinLimit(channel, itemOf(channel, entry))
    for (const size of totals) {
      size.total += sizeOf(renderFormat(size.format, channel, [item])) - size.empty - SEPARATORS
    }
    if (kept.length > 0 && totals.some(({ total }) => total > FEED_LIMIT)) break
    kept.push(item)
  }
  return kept
}

function withinLimit(channel: Channel, item: Item): Item {
  return renderAll(channel, [item]).every(fits) ? item : { ...item, contentHtml: null }
}

function renderAll(channel: Channel, items: readonly Item[]): Document[] {
  return FORMATS.map((format) => renderFormat(format, channel, items))
}

function fits(document: Document): boolean {
  return sizeOf(document) <= FEED_LIMIT
}

function sizeOf(document: Document): number {
  return Buffer.byteLength(document.content)
}
