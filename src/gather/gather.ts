import { letHeapGrow, optimise } from '../heap.ts'
import type { Instant } from '../entry.ts'
import { knownStamps } from '../remember/known-stamps.ts'
import type { Store } from '../remember/open.ts'
import type { Reading } from '../remember/reading.ts'
import type { RemoteSource } from '../remote-source.ts'
import type { ReadingRules } from './article.ts'
import type { ListingSource } from './captures.ts'
import { type MarkdownSource, readFolder } from './markdown.ts'
import type { Fetching, Outside } from './remote/fetch-all.ts'

/** From so many files on, looking at each takes long enough to be worth optimising. */
const MANY_FILES = 20_000

export type GatherSource = MarkdownSource | ListingSource | RemoteSource

/** Reads what changed in each source since the last run, one source at a time; those of others are asked beforehand. */
export async function* gather(
  store: Store,
  sources: readonly GatherSource[],
  rules: ReadingRules,
  baseDir: string,
  now: Instant,
  outside: Outside,
): AsyncGenerator<Reading> {
  const configured = sources.map(({ name }) => name).sort()
  const fetching = await fetchingOf(store, sources.filter(isRemote), rules, outside, configured)
  try {
    for (const source of sources) {
      switch (source.kind) {
        case 'markdown': {
          const known = await knownStamps(store, source.name)
          if (known.size > MANY_FILES) optimise()
          yield readFolder(source, baseDir, known, rules, now)
          break
        }
        case 'listing': {
          letHeapGrow()
          const { readCaptures } = await import('./captures.ts')
          yield readCaptures(source, await knownStamps(store, source.name), rules, now)
          break
        }
        case 'page':
        case 'feed':
          if (fetching !== null) yield await fetching.take(source)
          break
      }
    }
  } finally {
    // Whoever asked to be left alone is, even when the run was stopped.
    await fetching?.end()
  }
}

function isRemote(source: GatherSource): source is RemoteSource {
  return source.kind === 'page' || source.kind === 'feed'
}

/** Most owners follow nobody, and load nothing for it. */
async function fetchingOf(
  store: Store,
  sources: readonly RemoteSource[],
  rules: ReadingRules,
  outside: Outside,
  configured: readonly string[],
): Promise<Fetching | null> {
  if (sources.length === 0) return null
  const { fetchAll } = await import('./remote/fetch-all.ts')
  return fetchAll(store, sources, rules, outside, configured)
}
