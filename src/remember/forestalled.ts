import { LIST, chunks } from './files.ts'
import { isHome } from './home.ts'
import type { Item } from './shelf.ts'
import { sight } from './sightings.ts'
import type { Other, Spooled } from './whose-word.ts'
import type { Batch } from './write.ts'

/**
 * True when a page or feed elsewhere told of an address on the owner's own site before the owner's folder had an article
 * there. What readers were told then was somebody else's word: the article is news.
 */
export function isForestalled({ kind, source, moment }: Batch, row: Spooled, other: Other): boolean {
  const link = row.permalink ?? other.permalink
  if (kind !== 'markdown' || source.isFirstRead || link === null || other.url === null) return false
  // Without an address of its own it has one that the owner's settings make.
  const isOnSite = row.permalink === null || isHome(moment.siteUrl, link)
  return isOnSite && !isHome(other.url, link)
}

/**
 * Lets new articles of the owner's take the place of what others said at their addresses: that leaves the feeds, and
 * whoever repeats it is known to mean the article.
 */
export async function takePlaces(batch: Batch, forestalled: ReadonlyMap<Item, Other>): Promise<void> {
  const { store, source } = batch
  const items = [...forestalled.keys()]
  for (const some of chunks(items, LIST)) {
    const keys = some.flatMap(({ key }) => key ?? [])
    const rows = await store
      .selectFrom('entries')
      .select(['id', 'key'])
      .where('source_id', '=', source.id)
      .where('key', 'in', keys)
      .execute()
    const idOf = new Map(rows.map(({ id, key }) => [key, id]))
    for (const item of some) {
      const [id, other] = [idOf.get(item.key), forestalled.get(item)]
      if (id !== undefined && other !== undefined) await takePlace(batch, id, other)
    }
  }
}

async function takePlace({ store, moment, revision, counts }: Batch, id: number, other: Other): Promise<void> {
  await store.updateTable('sightings').set({ entry_id: id }).where('entry_id', '=', other.id).execute()
  if (other.key !== null) await sight(store, other.sourceId, other.key, id)
  // Nothing is to lead to it any more: neither its address nor its text, nor what its feed calls it.
  await store
    .updateTable('entries')
    .set({ key: null, explicit_id: null, permalink: null, opening: null, fingerprint: '' })
    .set({ removed_at: moment.now, revision, stood_revision: revision })
    .where('id', '=', other.id)
    .execute()
  if (!other.isRemoved) counts.removed += 1
  counts.changed = true
}
