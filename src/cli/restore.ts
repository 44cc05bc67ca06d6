import { resolve } from 'node:path'
import { publishedPaths } from '../publish/manifest.ts'
import { type Restored, restoreStore } from '../remember/restore.ts'
import { configured } from './configured.ts'
import { contentsText, countText } from './count-text.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

export interface RestoreOptions extends CommonOptions {
  force?: boolean
}

/** `feedwire restore`: puts a backup in the place of the store. */
export function restoreCommand(context: Context, file: string, options: RestoreOptions): Promise<ExitCode> {
  return configured(context, options, async ({ database, publish }) => {
    const restored = await restoreStore(resolve(context.cwd, file), database, {
      published: publishedDigests(publish.dir),
      force: options.force === true,
      now: context.clock(),
    })
    if (options.json === true) context.print(JSON.stringify(restored))
    else for (const line of linesOf(restored, database, file)) context.print(line)
    return 0
  })
}

/** Ids of the digests that have a page on the site. */
function publishedDigests(dir: string): string[] {
  return publishedPaths(dir).flatMap((path) => /^digests\/(\d{8}-[\da-f]+)\.html$/.exec(path)?.[1] ?? [])
}

function linesOf(restored: Restored, database: string, file: string): string[] {
  const { digestsSince, held, keptAs, isInformed, left, joined } = restored
  const lines = [`${database} is as it was in ${file}: ${contentsText(restored)}.`]
  if (keptAs !== null) lines.push(`The store that was there is kept as ${keptAs}.`)
  if (!isInformed) lines.push('Who left since the backup is not known, and gets letters again.')
  if (!isInformed && digestsSince === 0)
    lines.push('No digest is known to have gone out since; if one has, what was in it is mailed again.')
  if (digestsSince > 0) {
    const they = countText(digestsSince, 'digest has', 'digests have')
    lines.push(`${they} gone out since: no reader is told again of what stands here or in the published feeds.`)
  }
  if (held > 0) {
    const them = held === 1 ? 'it' : 'them'
    lines.push(`${countText(held, 'letter', 'letters')} may have gone since, and ${held === 1 ? 'is' : 'are'} held.`)
    lines.push(`"feedwire digests list" shows which; "feedwire digests retry ID" sends ${them}.`)
  }
  if (left > 0)
    lines.push(`${countText(left, 'reader', 'readers')} left or must not be mailed to since: that stays so.`)
  if (joined > 0)
    lines.push(`${countText(joined, 'reader', 'readers')} joined since: they are only in the store kept beside.`)
  return [...lines, 'The next "feedwire run" publishes everything anew.']
}
