import { ARCHIVE_SIZE, archiveFolder, archivesToClose } from '../feeds/archive.ts'
import type { Channel } from '../feeds/channel.ts'
import { fitFeeds } from '../feeds/fit.ts'
import { feedPaths, renderFeeds } from '../feeds/render.ts'
import { type ArchiveRange, archivesChangedSince, closeArchives, readArchives } from '../remember/archives.ts'
import { type StandingEntry, entriesBetween, latestEntries, numbersAbove, updatedEntries } from '../remember/entries.ts'
import type { Publication } from '../publication.ts'
import { publishedPaths } from '../publish/manifest.ts'
import type { Document } from '../site.ts'
import type { World } from '../world.ts'
import type { Library } from './library.ts'
import type { Part } from './part.ts'

/** Archived entries that stand in the feed once more because they were updated. */
const MOST_UPDATED = 10
/** Its address is as long as that of any archive there will be. */
const LONGEST_FOLDER = archiveFolder(999_999)

/** The feeds of everything: the archives, and the documents that readers subscribe to. */
export interface SiteFeeds {
  archives: Part
  latest: Document[]
}

/** Closes what archives have to be closed, so that each entry stands in one of them or in the feed itself. */
export async function siteFeeds(
  world: World,
  library: Library,
  channel: Channel,
  since: Publication | null,
): Promise<SiteFeeds> {
  const { store } = world
  await closeArchives(store, await toClose(world, library, channel, await readArchives(store)))
  const archives = await readArchives(store)
  const entries = await entriesOfFeed(world, archives)
  const linked = { ...channel, previous: archives.length === 0 ? null : archiveFolder(archives.length) }
  return {
    archives: archivesPart(world, library, channel, {
      archives,
      due: since === null ? () => true : await archivesDue(world, since),
    }),
    latest: fitFeeds(linked, await library.itemsOf(entries)).documents,
  }
}

/** Those that changed, and those that are not published: a run that closed one may have died before it was written. */
async function archivesDue({ store, config }: World, since: Publication): Promise<(id: number) => boolean> {
  const published = new Set(publishedPaths(config.publish.dir))
  const changed = await archivesChangedSince(store, since.revision)
  return (id) => changed.has(id) || feedPaths(archiveFolder(id)).some((path) => !published.has(path))
}

async function toClose(
  world: World,
  library: Library,
  channel: Channel,
  archives: readonly ArchiveRange[],
): Promise<number[]> {
  const { store, scope, config } = world
  const wanted = config.feeds.entries
  const open = await numbersAbove(store, scope, archives.at(-1)?.last ?? 0)
  if (open.length <= 1) return []
  const entries = await entriesOfFeed(world, archives)
  const { kept } = fitFeeds({ ...channel, previous: LONGEST_FOLDER }, await library.itemsOf(entries))
  const lowest = open[0] ?? 0
  const room = entries.slice(0, kept).filter(({ number }) => number >= lowest).length
  return archivesToClose(open, { room, wanted })
}

/** The newest entries and all that no archive holds, with those before them that were updated lately. */
async function entriesOfFeed(
  { store, scope, config }: World,
  archives: readonly ArchiveRange[],
): Promise<StandingEntry[]> {
  const wanted = config.feeds.entries
  const newest = await latestEntries(store, scope, wanted + ARCHIVE_SIZE)
  const archived = archives.at(-1)?.last ?? 0
  const kept = newest.filter(({ number }, index) => index < wanted || number > archived)
  const lowest = kept.at(-1)?.number ?? 0
  const since = (newest[0]?.number ?? 0) - wanted
  const updated = await updatedEntries(store, scope, { since, below: lowest, limit: MOST_UPDATED })
  return [...updated, ...kept]
}

function archivesPart(
  { store, scope }: World,
  library: Library,
  channel: Channel,
  { archives, due }: { archives: readonly ArchiveRange[]; due: (id: number) => boolean },
): Part {
  const made = archives.filter(({ id }) => due(id))
  return {
    standing: archives.flatMap(({ id }) => feedPaths(archiveFolder(id))),
    paths: made.flatMap(({ id }) => feedPaths(archiveFolder(id))),
    async *each() {
      for (const { id, first, last } of made) {
        const entries = await entriesBetween(store, scope, first, last)
        const previous = id === 1 ? null : archiveFolder(id - 1)
        const archive = { ...channel, folder: archiveFolder(id), hub: null, previous, isArchive: true }
        yield* renderFeeds(archive, await library.itemsOf(entries))
      }
    },
  }
}
