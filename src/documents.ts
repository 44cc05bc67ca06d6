import { fitFeeds } from './feeds/fit.ts'
import type { FeedEntry } from './feeds/item.ts'
import type { Entry } from './entry.ts'
import { renderContent } from './markdown/html.ts'
import { renderDigestPage, renderIndex, renderOlderPage } from './pages/render.ts'
import type { Publication } from './publication.ts'
import { publishedPaths } from './publish/manifest.ts'
import { digestsChangedSince, readDigest } from './remember/digests.ts'
import { entriesOfPage, latestEntries, pagesOf } from './remember/entries.ts'
import type { Document } from './site.ts'
import type { World } from './world.ts'

/** UTF-8 bytes that the front page does not exceed. */
const PAGE_LIMIT = 250 * 1024

/** What is to be written, in that order, and what stays as it is. */
export interface SiteDocuments {
  documents: Document[]
  /** The numbers of all older pages. */
  pages: number[]
  stands: (path: string) => boolean
}

/**
 * Renders the front page and the feeds, and of the older pages and the digests those on which something changed.
 * @param since what is published; null: everything is rendered
 */
export async function siteDocuments(
  world: World,
  digests: readonly string[],
  since: Publication | null,
): Promise<SiteDocuments> {
  const found = await pagesOf(world.store, world.scope)
  const pages = found.map(({ page }) => page)
  const standing = new Set([...pages.map((page) => `page/${page}.html`), ...digests.map((id) => `digests/${id}.html`)])
  const documents = [
    ...(await olderPages(world, found, since)),
    ...(await digestPages(world, digests, since)),
    ...(await latestDocuments(world, pages)),
  ]
  // A letter links to its digest for ever, be the store that knew it lost.
  return { documents, pages, stands: (path) => standing.has(path) || path.startsWith('digests/') }
}

async function olderPages(
  world: World,
  pages: readonly { page: number; revision: number }[],
  since: Publication | null,
): Promise<Document[]> {
  const { store, scope, templates, config } = world
  const numbers = pages.map(({ page }) => page)
  // A page that was the last one gains a link to the next; when one in the middle vanished, all are made anew.
  const isGrown = since !== null && since.pages.every((page, index) => numbers[index] === page)
  const lastBefore = since?.pages.at(-1) ?? 0
  const documents: Document[] = []
  for (const { page, revision } of pages) {
    const isNewNeighbour = page >= lastBefore && numbers.length !== since?.pages.length
    if (isGrown && revision <= since.revision && !isNewNeighbour) continue
    const entries = await entriesOfPage(store, scope, page)
    documents.push(renderOlderPage(templates.page, config.site, config.publish.url, page, entries, numbers))
  }
  return documents
}

async function digestPages(world: World, digests: readonly string[], since: Publication | null): Promise<Document[]> {
  const { store, scope, templates, config } = world
  const published = new Set(since === null ? [] : publishedPaths(config.publish.dir))
  const changed = since === null ? new Set<string>() : await digestsChangedSince(store, since.revision)
  const documents: Document[] = []
  for (const id of digests) {
    if (published.has(`digests/${id}.html`) && !changed.has(id)) continue
    const digest = await readDigest(store, scope, id)
    documents.push(renderDigestPage(templates.page, config.site, config.publish.url, digest))
  }
  return documents
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
  return [fitIndex(world, entries, pages), ...fitFeeds(channel, feedEntries)]
}

function contentOf({ config }: World, entry: Entry): string | null {
  const isWhole = config.feeds.content === 'full' && entry.body.format === 'markdown'
  return isWhole ? renderContent(entry.body, entry.link) : null
}

/** @param entries newest number first; the oldest are left out until the page is small enough */
function fitIndex(world: World, entries: readonly Entry[], pages: readonly number[]): Document {
  const { templates, config } = world
  const newestFirst = [...entries].sort((a, b) => b.date - a.date || b.number - a.number)
  const index = renderIndex(templates.page, config.site, config.publish.url, newestFirst, pages)
  const size = Buffer.byteLength(index.content)
  if (size <= PAGE_LIMIT || entries.length <= 1) return index
  const fitting = Math.min(entries.length - 1, Math.floor((entries.length * PAGE_LIMIT) / size))
  return fitIndex(world, entries.slice(0, Math.max(1, fitting)), pages)
}
