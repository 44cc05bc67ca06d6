import { fitFeeds } from './feeds/fit.ts'
import type { FeedEntry } from './feeds/item.ts'
import type { Entry, WholeEntry } from './entry.ts'
import { renderContent } from './markdown/html.ts'
import { pagePath } from './pages/nav.ts'
import { renderDigestPage, renderIndex, renderOlderPage } from './pages/render.ts'
import type { Publication } from './publication.ts'
import type { Documents } from './publish/publish.ts'
import { publishedPaths } from './publish/manifest.ts'
import { digestsChangedSince, readDigest } from './remember/digests.ts'
import { entriesOfPage, latestEntries, pagesOf } from './remember/entries.ts'
import type { Document } from './site.ts'
import type { Template } from './template.ts'
import type { World } from './world.ts'

/** UTF-8 bytes that the front page does not exceed. */
const PAGE_LIMIT = 250 * 1024

/** What is to be written, in that order, and what stays as it is. */
export interface SiteDocuments {
  documents: Documents
  /** The numbers of all older pages. */
  pages: number[]
  stands: (path: string) => boolean
}

/**
 * The front page and the feeds, and of the older pages and the digests those on which something changed; each is
 * rendered when it is asked for.
 * @param since what is published; null: everything is rendered
 */
export async function siteDocuments(
  world: World,
  digests: readonly string[],
  since: Publication | null,
): Promise<SiteDocuments> {
  const found = await pagesOf(world.store, world.scope)
  const pages = found.map(({ page }) => page)
  const standing = new Set([...pages.map(pagePath), ...digests.map(digestPath)])
  const changedPages = pagesToRender(found, since)
  const changedDigests = await digestsToRender(world, digests, since)
  const latest = await latestDocuments(world, pages)
  async function* each(): AsyncGenerator<Document> {
    for (const page of changedPages) yield await olderPage(world, page, pages)
    for (const id of changedDigests) yield await digestPage(world, id)
    yield* latest
  }
  const paths = [...changedPages.map(pagePath), ...changedDigests.map(digestPath), ...latest.map(({ path }) => path)]
  return {
    documents: { paths, each: each() },
    pages,
    // A letter links to its digest for ever, be the store that knew it lost.
    stands: (path) => standing.has(path) || path.startsWith('digests/'),
  }
}

function digestPath(id: string): string {
  return `digests/${id}.html`
}

function pagesToRender(pages: readonly { page: number; revision: number }[], since: Publication | null): number[] {
  // A page that was the last one gains a link to the next; when one in the middle vanished, all are made anew.
  const isGrown = since !== null && since.pages.every((page, index) => pages[index]?.page === page)
  const lastBefore = since?.pages.at(-1) ?? 0
  const isUnchanged = ({ page, revision }: { page: number; revision: number }): boolean => {
    const isNewNeighbour = page >= lastBefore && pages.length !== since?.pages.length
    return isGrown && revision <= since.revision && !isNewNeighbour
  }
  return pages.filter((page) => !isUnchanged(page)).map(({ page }) => page)
}

async function olderPage(world: World, page: number, pages: readonly number[]): Promise<Document> {
  const { store, scope, config } = world
  const templates = await world.templates.compiled()
  const entries = await entriesOfPage(store, scope, page)
  return renderOlderPage(templates.page, config.site, config.publish.url, page, entries, pages)
}

async function digestsToRender(world: World, digests: readonly string[], since: Publication | null): Promise<string[]> {
  const published = new Set(since === null ? [] : publishedPaths(world.config.publish.dir))
  const changed = since === null ? new Set<string>() : await digestsChangedSince(world.store, since.revision)
  return digests.filter((id) => !published.has(digestPath(id)) || changed.has(id))
}

async function digestPage(world: World, id: string): Promise<Document> {
  const { store, scope, config } = world
  const templates = await world.templates.compiled()
  const digest = await readDigest(store, scope, id)
  return renderDigestPage(templates.page, config.site, config.publish.url, digest)
}

/** What shows the newest entries; the feeds come last, so that what they link to stands. */
async function latestDocuments(world: World, pages: readonly number[]): Promise<Document[]> {
  const { store, scope, config, ids } = world
  const entries = await latestEntries(store, scope, config.feeds.entries)
  const channel = {
    site: config.site,
    publishUrl: config.publish.url,
    feedId: ids.feedId,
    fallbackUpdated: ids.feedIdAt,
  }
  const feedEntries = entries.map((entry): FeedEntry => ({ ...entry, contentHtml: contentOf(world, entry) }))
  const { page } = await world.templates.compiled()
  return [fitIndex(world, page, entries, pages), ...fitFeeds(channel, feedEntries)]
}

function contentOf({ config }: World, entry: WholeEntry): string | null {
  const isWhole = config.feeds.content === 'full' && entry.body.format === 'markdown'
  return isWhole ? renderContent(entry.body, entry.link) : null
}

/** @param entries newest number first; the oldest are left out until the page is small enough */
function fitIndex(world: World, page: Template, entries: readonly Entry[], pages: readonly number[]): Document {
  const { config } = world
  const newestFirst = [...entries].sort((a, b) => b.date - a.date || b.number - a.number)
  const index = renderIndex(page, config.site, config.publish.url, newestFirst, pages)
  const size = Buffer.byteLength(index.content)
  if (size <= PAGE_LIMIT || entries.length <= 1) return index
  const fitting = Math.min(entries.length - 1, Math.floor((entries.length * PAGE_LIMIT) / size))
  return fitIndex(world, page, entries.slice(0, Math.max(1, fitting)), pages)
}
