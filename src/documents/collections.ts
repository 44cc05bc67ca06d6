import { type CollectionKind, collectionFolder, collectionKey } from '../collection.ts'
import type { Channel } from '../feeds/channel.ts'
import { fitFeeds } from '../feeds/fit.ts'
import { feedPaths } from '../feeds/render.ts'
import type { PageContext } from '../pages/context.ts'
import { renderCollectionPage } from '../pages/render.ts'
import type { Publication } from '../publication.ts'
import type { StandingCollection } from '../remember/collections.ts'
import { entriesOfCollection, olderOfCollection } from '../remember/entries.ts'
import type { Document } from '../site.ts'
import type { World } from '../world.ts'
import { byDate } from './by-date.ts'
import type { Library } from './library.ts'
import type { Part } from './part.ts'

/** Entries beyond those in full that the page of a collection lists by their titles. */
const MOST_LISTED = 500

/** Finds the folder of a collection by its kind and any spelling of its name. */
export function foldersOf(
  collections: readonly StandingCollection[],
): (kind: CollectionKind, name: string) => string | null {
  const folders = new Map(
    collections.map((collection) => [
      `${collection.kind} ${collectionKey(collection.name)}`,
      collectionFolder(collection),
    ]),
  )
  return (kind, name) => folders.get(`${kind} ${collectionKey(name)}`) ?? null
}

/** The page and the feeds of each tag, category, author and source. */
export function collectionsPart(
  world: World,
  context: PageContext,
  library: Library,
  channel: Channel,
  { collections, since }: { collections: readonly StandingCollection[]; since: Publication | null },
): Part {
  const made = collections.filter(({ revision }) => since === null || revision > since.revision)
  return {
    standing: collections.flatMap(pathsOf),
    paths: made.flatMap(pathsOf),
    async *each() {
      for (const collection of made) yield* await documentsOf(world, context, library, channel, collection)
    },
  }
}

function pathsOf(collection: StandingCollection): string[] {
  const folder = collectionFolder(collection)
  return [`${folder}index.html`, ...feedPaths(folder)]
}

async function documentsOf(
  { store, scope, config }: World,
  context: PageContext,
  library: Library,
  channel: Channel,
  collection: StandingCollection,
): Promise<Document[]> {
  const wanted = config.feeds.entries
  const entries = await entriesOfCollection(store, scope, collection.id, wanted)
  const older = await olderOfCollection(store, scope, collection.id, { offset: wanted, limit: MOST_LISTED })
  const own: Channel = {
    ...channel,
    folder: collectionFolder(collection),
    topic: collection.name,
    feedId: collection.feedId,
    fallbackUpdated: collection.createdAt,
  }
  return [
    renderCollectionPage(context, collection, byDate(entries), byDate(older)),
    ...fitFeeds(own, await library.itemsOf(entries)).documents,
  ]
}
