import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Config } from '../config.ts'
import { readOldFeed } from '../gather/adopt-feed.ts'
import { Problem, problemLine } from '../problem.ts'
import { type Adoption, adoptItems } from '../remember/adopt.ts'
import type { OldItem } from '../remember/adopted.ts'
import { takeLock } from '../remember/lock.ts'
import { openStore } from '../remember/open.ts'
import { scopeOf } from '../sources.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

/**
 * `feedwire adopt`: entries take over the ids of a feed that the site has had so far.
 * @param feed path of the feed, or `-` for `input`
 */
export async function adoptCommand(
  context: Context,
  feed: string,
  options: CommonOptions,
  input: Readable = process.stdin,
): Promise<ExitCode> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(feed)) {
    const mend = `save it first, e.g. curl -o old.xml ${feed}`
    throw new Problem('argument-url', 'A feed is adopted from a file, not from the web', { mend })
  }
  return configured(context, options, async (config) => {
    const place = feed === '-' ? 'standard input' : feed
    const bytes = feed === '-' ? await buffer(input) : readFeed(context.cwd, feed)
    const adoption = await adoptUnderLock(config, readOldFeed(bytes, place, config.site.url), place)
    if (options.json === true) context.print(JSON.stringify(adoption, null, 2))
    else tell(context, adoption)
    return adoption.problems.length > 0 ? 3 : 0
  })
}

function readFeed(cwd: string, file: string): Buffer {
  try {
    return readFileSync(resolve(cwd, file))
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const message = `Cannot read the feed (${String(cause.code)})`
    throw new Problem('adopt-unreadable', message, { where: file, mend: 'name a file, or - for standard input', cause })
  }
}

async function adoptUnderLock(config: Config, items: readonly OldItem[], place: string): Promise<Adoption> {
  const lock = await takeLock(config.database)
  if (lock === null) {
    throw new Problem('store-busy', 'A run is at work on this store', { mend: 'try again when it has ended' })
  }
  try {
    const store = await openStore(config.database)
    try {
      return await adoptItems(store, scopeOf(config), items, place)
    } finally {
      await store.destroy()
    }
  } finally {
    await lock.release()
  }
}

function tell({ print, complain }: Context, { items, changed, unchanged, waiting, problems }: Adoption): void {
  for (const problem of problems) complain(`warning: ${problemLine(problem)}`)
  const had = unchanged > 0 ? `, ${unchanged} had it already` : ''
  print(
    `Adopted ${changed + unchanged} of ${count(items, 'item', 'items')}: ` +
      `${count(changed, 'entry has', 'entries have')} the id that readers know${had}; no digest tells of them.`,
  )
  if (waiting > 0) {
    const they = waiting === 1 ? 'it' : 'they'
    print(`${count(waiting, 'item has', 'items have')} no entry here yet: ${they} will be recognised on coming.`)
  }
  if (changed > 0) print('The next run publishes the feeds with these ids.')
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`
}
