import { createHash } from 'node:crypto'
import type { Instant } from './entry.ts'
import { letHeapGrow } from './heap.ts'
import { isIntact, publishedHash, publishedPaths } from './publish/manifest.ts'
import type { Documents, Published } from './publish/publish.ts'
import type { ProblemRecord } from './problem.ts'
import { digestIds } from './remember/digests.ts'
import { storeRevision } from './remember/revision.ts'
import { forgetPublished, isAnythingPublished, readPublished, writePublished } from './remember/published.ts'
import { isServer } from './store-place.ts'
import { VERSION } from './version.ts'
import type { World } from './world.ts'

/** What came of publishing. */
export type Publishing = Published & {
  /** Of others' names that get no pages. */
  problems: ProblemRecord[]
}

/**
 * Publishes pages and feeds. Nothing is rendered when nothing changed since the last time; of the older pages and
 * the digests only those on which something changed.
 */
export async function publishSite(world: World, now: Instant): Promise<Publishing> {
  const { dir } = world.config.publish
  const { state, digests, before, isCurrent } = await compareWithLast(world)
  if (isCurrent) return { written: [], unchanged: publishedPaths(dir).length, removed: [], problems: [] }
  // Rendering, with all that it loads, is for runs that found something.
  letHeapGrow()
  const { siteDocuments } = await import('./documents.ts')
  const since = before?.key === state.key ? before : null
  const { documents, pages, stands, problems } = await siteDocuments(world, digests, since, now)
  const published = await put(world, documents, stands)
  await writePublication(world, { ...state, pages }, before?.revision ?? state.revision)
  return { ...published, problems }
}

/** True when the publish directory of this machine holds what the store does. */
export async function isPublished(world: World): Promise<boolean> {
  return (await compareWithLast(world)).isCurrent
}

/** What the documents would be made from now. */
type State = Omit<Publication, 'pages'>

interface Comparison {
  state: State
  /** The ids of all digests. */
  digests: string[]
  /** The last publication, if its files are whole. */
  before: Publication | null
  isCurrent: boolean
}

async function compareWithLast(world: World): Promise<Comparison> {
  const { store, config } = world
  const digests = await digestIds(store)
  const state = { key: keyOf(world), revision: await storeRevision(store), digests: digests.length }
  const before = isIntact(config.publish.dir) ? await readPublication(world) : null
  return { state, digests, before, isCurrent: before !== null && isSame(before, state) }
}

async function put(world: World, documents: Documents, stands: (path: string) => boolean): Promise<Published> {
  const { dir, compress } = world.config.publish
  if (world.isRehearsal) {
    const { compare } = await import('./publish/compare.ts')
    return compare(dir, documents, { stands })
  }
  const { publish } = await import('./publish/publish.ts')
  return publish(dir, documents, { stands, compress })
}

/** True when something is published that this store knows nothing of: readers had it before the store was lost. */
export async function isStoreLost(world: World): Promise<boolean> {
  return publishedPaths(world.config.publish.dir).length > 0 && !(await isAnythingPublished(world.store))
}

/** True when documents would be made otherwise than those that are published, be the entries the same. */
export async function haveChanged(world: World): Promise<boolean> {
  return (await readPublication(world))?.key !== keyOf(world)
}

/** What the documents were made from, the last time that they were published. */
export interface Publication {
  key: string
  revision: number
  digests: number
  /** The numbers of the older pages. */
  pages: number[]
}

function isSame(before: Publication, state: State): boolean {
  return before.key === state.key && before.revision === state.revision && before.digests === state.digests
}

/** Stands for all that, besides the entries, decides what the documents hold. */
function keyOf({ config, templates, ids, scope }: World): string {
  const { publish, feeds, mail, web } = config
  const settings = [config.site, publish.url, publish.compress, { ...feeds, hold: null }, mail.contact, web?.url]
  const parts = [VERSION, settings, templates.texts, ids.feedId, [...scope]]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

async function readPublication({ store, config }: World): Promise<Publication | null> {
  const text = await readPublished(store, publishedHash(config.publish.dir))
  const value: unknown = text === null ? null : JSON.parse(text)
  if (typeof value !== 'object' || value === null) return null
  const { key, revision, digests, pages }: Partial<Record<keyof Publication, unknown>> = value
  const numbers = Array.isArray(pages) ? pages.filter((page) => typeof page === 'number') : []
  return { key: String(key), revision: Number(revision), digests: Number(digests), pages: numbers }
}

/** @param last the revision of what was published here before */
async function writePublication({ store, config }: World, publication: Publication, last: number): Promise<void> {
  const text = JSON.stringify(publication)
  if (!isServer(config.database)) return writePublished(store, null, text)
  // Machines that share a server may publish into a directory each, and not the same when their settings differ.
  await writePublished(store, publishedHash(config.publish.dir), text)
  await forgetPublished(store, last)
}
