import type { Config } from '../config.ts'
import { findDialect } from '../gather/dialects/find.ts'
import { oneLine } from '../problem.ts'
import { withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { jsonText } from './json-text.ts'
import type { FolderConfig } from './source-files.ts'
import { standingJson, standingLines, standingsOf } from './source-standing.ts'

/** `feedwire sources list`: each source of the settings, how it is read, and what of it is remembered. */
export function listSourcesCommand(context: Context, options: CommonOptions): Promise<ExitCode> {
  return withStore(context, options, async (store, config) => {
    const now = context.clock()
    const standings = await standingsOf(store, config.sources)
    const sources = standings.flatMap((standing, index) => {
      const source = config.sources[index]
      if (source === undefined) return []
      const how = source.kind === 'markdown' ? dialectOf(config, source) : { dialect: null, config: null }
      return [{ source, how, standing }]
    })
    if (options.json === true) {
      const listed = sources.map(({ source, how, standing }) => {
        const { name, kind } = source
        return { name, kind, ...how, ...standingJson(standing, now) }
      })
      context.print(jsonText(listed))
      return 0
    }
    for (const { source, how, standing } of sources) {
      const lines = standingLines(source, standing, config.site.timezone, now)
      context.print(oneLine(`${source.name} (${[source.kind, ...readAs(how)].join(', read as ')})`))
      for (const line of lines) context.print(oneLine(`  ${line}`))
    }
    return 0
  })
}

interface How {
  dialect: string | null
  /** Configuration of the site. */
  config: string | null
}

function dialectOf({ dir, site }: Config, source: FolderConfig): How {
  const found = findDialect(source.dir, source.dialect, { baseDir: dir, siteUrl: site.url, zone: site.timezone })
  return { dialect: found.name, config: found.config }
}

function readAs({ dialect, config }: How): string[] {
  if (dialect === null) return []
  return [config === null ? dialect : `${dialect} by ${config}`]
}
