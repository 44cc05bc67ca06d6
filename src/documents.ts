import { readFileSync } from 'node:fs'
import { type SiteFeeds, siteFeeds } from './documents/archives.ts'
import { collectionsPart, foldersOf } from './documents/collections.ts'
import { DIGESTS_FOLDER, digestsPart } from './documents/digests.ts'
import { Library } from './documents/library.ts'
import { groupsOf, opmlDocument } from './documents/lists.ts'
import { fitIndex, olderPagesPart } from './documents/pages.ts'
import { type Part, readyPart } from './documents/part.ts'
import { type Channel, siteAuthor, wholeChannel } from './feeds/channel.ts'
import type { PageContext } from './pages/context.ts'
import { FORM_SCRIPT_PATH } from './pages/form.ts'
import { renderDigestArchive, renderSubscribePage } from './pages/render.ts'
import type { Publication } from './publication.ts'
import type { ProblemRecord } from './problem.ts'
import type { Documents } from './publish/publish.ts'
import { type StandingCollection, collectEntries, standingCollections } from './remember/collections.ts'
import { digestList } from './remember/digests.ts'
import { latestEntries, pagesOf } from './remember/entries.ts'
import type { Instant } from './entry.ts'
import type { Document } from './site.ts'
import type { World } from './world.ts'

const FORM_SCRIPT = new URL('../templates/subscribe.js', import.meta.url)

/** What is to be written, in that order, and what stays as it is. */
export interface SiteDocuments {
  documents: Documents
  /** What was left out of them. */
  problems: ProblemRecord[]
  /** The numbers of all older pages. */
  pages: number[]
  stands: (path: string) => boolean
}

/**
 * Pages and archives first, the feeds of the site last, so that what they link to stands. Of archives, older pages,
 * digests, tags and the like only those on which something changed; each is rendered when it is asked for.
 * @param since what is published; null: everything is rendered
 */
export async function siteDocuments(
  world: World,
  digests: readonly string[],
  since: Publication | null,
  now: Instant,
): Promise<SiteDocuments> {
  const problems = await collect(world, now)
  const collections = world.config.feeds.tags ? await standingCollections(world.store, world.scope) : []
  const found = await pagesOf(world.store, world.scope)
  const pages = found.map(({ page }) => page)
  const context = await contextOf(world, collections)
  const library = new Library(world)
  const channel = channelOf(world)
  const feeds = await siteFeeds(world, library, channel, since)
  const parts = [
    scriptPart(world),
    feeds.archives,
    olderPagesPart(world, context, { found, since }),
    await digestsPart(world, await contextIn(world, context), { digests, since }),
    collectionsPart(world, context, library, channel, { collections, since }),
    readyPart(await latestDocuments(world, context, { channel, feeds, collections, pages })),
  ]
  const standing = new Set(parts.flatMap((part) => part.standing))
  return {
    problems,
    documents: { paths: parts.flatMap(({ paths }) => paths), each: each(parts) },
    pages,
    // A letter links to its digest for ever, be the store that knew it lost.
    stands: (path) => standing.has(path) || path.startsWith(DIGESTS_FOLDER),
  }
}

async function* each(parts: readonly Part[]): AsyncGenerator<Document> {
  for (const part of parts) yield* part.each()
}

async function collect({ store, config }: World, now: Instant): Promise<ProblemRecord[]> {
  if (!config.feeds.tags) return []
  const author = siteAuthor(config.site)?.name ?? null
  return collectEntries(store, { author, siteUrl: config.site.url }, now)
}

async function contextOf(world: World, collections: readonly StandingCollection[]): Promise<PageContext> {
  const { site, publish, mail, web } = world.config
  const { page, texts } = await world.templates.compiled()
  return {
    template: page,
    site,
    publishUrl: publish.url,
    addressOf: foldersOf(collections),
    contact: mail.contact,
    endpoint: web?.url ?? null,
    texts: texts(site.language),
  }
}

/** What the form of the pages runs; only an endpoint takes what it sends. */
function scriptPart({ config }: World): Part {
  if (config.web === null) return readyPart([])
  return readyPart([{ path: FORM_SCRIPT_PATH, content: readFileSync(FORM_SCRIPT, 'utf8') }])
}

/** The context of pages in another language. */
async function contextIn({ templates }: World, context: PageContext): Promise<(language: string) => PageContext> {
  const { texts } = await templates.compiled()
  return (language) => (language === '' ? context : { ...context, texts: texts(language) })
}

function channelOf({ config, ids }: World): Channel {
  const { site, publish, feeds } = config
  const { feedId, feedIdAt } = ids
  const whole = wholeChannel({ site, publishUrl: publish.url, feedId, fallbackUpdated: feedIdAt })
  return { ...whole, hub: feeds.hub }
}

/** What shows the newest of the site as a whole. */
async function latestDocuments(
  { store, scope, config }: World,
  context: PageContext,
  site: {
    channel: Channel
    feeds: SiteFeeds
    collections: readonly StandingCollection[]
    pages: readonly number[]
  },
): Promise<Document[]> {
  const { channel, feeds, collections, pages } = site
  return [
    renderSubscribePage(context, groupsOf(collections)),
    renderDigestArchive(context, await digestList(store)),
    opmlDocument(channel, collections),
    fitIndex(context, await latestEntries(store, scope, config.feeds.entries), pages),
    ...feeds.latest,
  ]
}
