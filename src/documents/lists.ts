import { type CollectionKind, collectionFolder } from '../collection.ts'
import type { Channel } from '../feeds/channel.ts'
import { headingOf } from '../feeds/heading.ts'
import { type FeedGroup, type ListedFeed, OPML_FILE, opml } from '../feeds/opml.ts'
import type { StandingCollection } from '../remember/collections.ts'
import type { Document } from '../site.ts'

const KINDS: readonly CollectionKind[] = ['tag', 'category', 'author', 'source']
const HEADINGS: Record<CollectionKind, string> = {
  tag: 'Tags',
  category: 'Categories',
  author: 'Authors',
  source: 'Sources',
}

/** Collections by kind, as lists show them; a kind without any is left out. */
export function groupsOf<T extends { kind: CollectionKind }>(
  collections: readonly T[],
): { kind: CollectionKind; collections: T[] }[] {
  return KINDS.map((kind) => ({ kind, collections: collections.filter((one) => one.kind === kind) })).filter(
    (group) => group.collections.length > 0,
  )
}

/** A list of all feeds, for readers to import. */
export function opmlDocument(channel: Channel, collections: readonly StandingCollection[]): Document {
  const groups = groupsOf(collections).map(({ kind, collections: members }): FeedGroup => ({
    heading: HEADINGS[kind],
    feeds: members.map((collection) =>
      listed({ ...channel, folder: collectionFolder(collection), topic: collection.name }),
    ),
  }))
  const content = opml(channel.site.title, [{ heading: null, feeds: [listed(channel)] }, ...groups])
  return { path: OPML_FILE, content }
}

function listed(channel: Channel): ListedFeed {
  const { title, folder, homePage } = headingOf(channel, [])
  return { title, folder, homePage }
}
