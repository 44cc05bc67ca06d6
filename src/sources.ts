import type { Config, SourceConfig } from './config-types.ts'
import type { ReadingRules } from './gather/article.ts'
import type { GatherSource } from './gather/gather.ts'
import type { MarkdownSource } from './gather/markdown.ts'
import type { LinkRules } from './link.ts'
import type { Scope } from './remember/entries.ts'

/** What the settings say of reading articles, whatever their source. */
export function readingRules({ site, snippet }: Config): ReadingRules {
  return { siteTitle: site.title, siteUrl: site.url, zone: site.timezone, snippet }
}

/** A source as it is read: how its links are made is no business of reading, save whether the owner says so. */
export function gatherSource(source: SourceConfig): GatherSource {
  return source.kind === 'markdown' ? folderSource(source) : source
}

/** The same for a folder. */
export function folderSource(source: Extract<SourceConfig, { kind: 'markdown' }>): MarkdownSource {
  const { kind, name, dir, dialect, include, exclude, link } = source
  return { kind, name, dir, dialect, include, exclude, hasPattern: link !== null }
}

/** The sources of the settings, and how their links are made. */
export function scopeOf(config: Config): Scope {
  return new Map(config.sources.map((source) => [source.name, linkRules(config, source)]))
}

function linkRules({ publish, site }: Config, source: SourceConfig): LinkRules {
  return { publishUrl: publish.url, zone: site.timezone, pattern: source.kind === 'markdown' ? source.link : null }
}

/** True when an article may stand in several sources: folders show each their own. */
export function mayMeet(sources: readonly SourceConfig[]): boolean {
  return sources.length > 1 && sources.some(({ kind }) => kind !== 'markdown')
}
