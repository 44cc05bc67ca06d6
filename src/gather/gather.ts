import { letHeapGrow } from '../heap.ts'
import type { Instant } from '../entry.ts'
import { knownStamps } from '../remember/files.ts'
import type { Store } from '../remember/open.ts'
import type { Reading } from '../remember/reading.ts'
import type { ReadingRules } from './article.ts'
import type { ListingSource } from './captures.ts'
import { type MarkdownSource, readFolder } from './markdown.ts'

export type GatherSource = MarkdownSource | ListingSource

/** Reads what changed in each source since the last run, one source at a time. */
export async function* gather(
  store: Store,
  sources: readonly GatherSource[],
  rules: ReadingRules,
  baseDir: string,
  now: Instant,
): AsyncGenerator<Reading> {
  for (const source of sources) {
    const known = await knownStamps(store, source.name)
    switch (source.kind) {
      case 'markdown':
        yield readFolder(source, baseDir, known, rules, now)
        break
      case 'listing': {
        letHeapGrow()
        const { readCaptures } = await import('./captures.ts')
        yield readCaptures(source, known, rules, now)
        break
      }
    }
  }
}
