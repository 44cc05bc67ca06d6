import { createHash } from 'node:crypto'
import type { Instant } from '../entry.ts'
import { knownFiles } from '../remember/files.ts'
import type { Store } from '../remember/open.ts'
import type { Reading } from '../remember/reading.ts'
import type { ReadingRules } from './article.ts'
import { type ListingSource, readCaptures } from './captures.ts'
import { type MarkdownSource, readFolder } from './markdown.ts'

/** Raised whenever a change of the program reads other words from the same bytes. */
const READER = 1

export type GatherSource = MarkdownSource | ListingSource

/** Reads what changed in each source since the last run, one source at a time. */
export async function* gather(
  store: Store,
  sources: readonly GatherSource[],
  rules: ReadingRules & { baseDir: string },
  now: Instant,
): AsyncGenerator<Reading> {
  const { baseDir, ...decisive } = rules
  const recipe = createHash('sha256')
    .update(JSON.stringify([READER, decisive]))
    .digest('hex')
    .slice(0, 16)
  for (const source of sources) {
    const known = await knownFiles(store, source.name)
    switch (source.kind) {
      case 'markdown':
        yield readFolder(source, baseDir, known, recipe, rules, now)
        break
      case 'listing':
        yield readCaptures(source, known, recipe, rules, now)
        break
    }
  }
}
