import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readersMissing } from '../../support/feed-readers.ts'
import { type FoundEntry, entriesFound } from './entries-found.ts'
import { differencesOf } from './foreign-differences.ts'
import { type ForeignFeed, foreignFeeds } from './foreign-feed.ts'
import { isExcused } from './foreign-otherwise.ts'

const COUNT = 400
/** Another one makes other feeds: `FOREIGN_SEED=7 npx vitest run test/gather/feed/foreign-feeds.test.ts`. */
const SEED = Number(process.env['FOREIGN_SEED'] ?? 9)

test.skipIf(readersMissing())(
  `readFeed() finds in ${COUNT} feeds of others what feedparser finds, save where we know better`,
  () => {
    const feeds = foreignFeeds(COUNT, SEED)
    const found = withFiles(feeds, entriesFound)
    const differing = feeds.flatMap((feed, index) => {
      return [...differencesOf(feed.bytes, found[index] ?? [])].flatMap(([difference, what]) => {
        return isExcused(feed, difference) ? [] : [`seed ${SEED}, feed ${index}: ${feed.says}: ${difference}: ${what}`]
      })
    })
    expect(found.filter((entries) => entries.length > 0).length).toBeGreaterThan(COUNT * 0.95)
    expect(differing).toEqual([])
  },
  60_000,
)

function withFiles(feeds: readonly ForeignFeed[], use: (paths: string[]) => FoundEntry[][]): FoundEntry[][] {
  const dir = mkdtempSync(join(tmpdir(), 'foreign-feeds-'))
  try {
    const paths = feeds.map((_, index) => join(dir, `${index}.xml`))
    for (const [index, { bytes }] of feeds.entries()) writeFileSync(join(dir, `${index}.xml`), bytes)
    return use(paths)
  } finally {
    rmSync(dir, { recursive: true })
  }
}
