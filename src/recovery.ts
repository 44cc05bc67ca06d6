import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { JSON_FILE } from './feeds/json.ts'
import { readOldFeed } from './gather/adopt-feed.ts'
import { Problem } from './problem.ts'
import { publishedPaths } from './publish/manifest.ts'
import { adoptItems } from './remember/adopt.ts'
import type { World } from './world.ts'

/** The feed of everything and its archives; together they hold every entry that readers know. */
const WHOLE = new RegExp(`^(?:archive/\\d+/)?${JSON_FILE.replace('.', '\\.')}$`)

/**
 * Takes the ids of entries back from the feeds that stand, for a store that was lost: a file that was renamed since it
 * was first seen would get another id from its new name. What cannot be read is passed over; the ids are then minted.
 */
export async function recoverIds({ store, scope, config }: World): Promise<void> {
  const { dir } = config.publish
  // The feed itself comes last: it knows best.
  const paths = publishedPaths(dir).filter((path) => WHOLE.test(path))
  for (const path of paths.sort((a, b) => b.length - a.length)) {
    try {
      await adoptItems(store, scope, readOldFeed(readFileSync(join(dir, path)), path, config.site.url), path)
    } catch (error) {
      const isUnreadable = error instanceof Problem || (error instanceof Error && 'syscall' in error)
      if (!isUnreadable) throw error
    }
  }
}
