import { stringify } from 'yaml'
import type { ExplainedDocument } from '../gather/remote/explain.ts'
import type { PageSelectors } from '../remote-source.ts'
import { withoutVariable } from '../setup/new-feeds.ts'
import type { PageSelectorSettings, SourceSettings } from '../setup/settings.ts'

/** Where a page or feed is, as the settings say it; a file is relative to them. */
export type Place = { kind: 'url'; url: string } | { kind: 'file'; file: string; base: string | null }

/** Sources that follow a document: the first feed that it names, then itself. */
export function sourcesToPaste(document: ExplainedDocument, place: Place): SourceSettings[] {
  const at = settingsOf(place)
  if (document.kind === 'feed') {
    return document.problems.some(({ severity }) => severity === 'error') ? [] : [{ kind: 'feed', ...at }]
  }
  const [feed] = document.feeds
  const named: SourceSettings[] = feed === undefined ? [] : [{ kind: 'feed', url: withoutVariable(feed.url) }]
  if (document.how === null) return named
  const select = document.select === null ? {} : { select: selectorsOf(document.select) }
  return [...named, { kind: 'page', ...at, ...select }]
}

function settingsOf(place: Place): { url: string } | { file: string; base?: string } {
  if (place.kind === 'url') return { url: withoutVariable(place.url) }
  return place.base === null ? { file: place.file } : { file: place.file, base: withoutVariable(place.base) }
}

function selectorsOf({ entry, title, link, date, snippet, image }: PageSelectors): PageSelectorSettings {
  const others = Object.entries({ date, snippet, image }).filter(([, selector]) => typeof selector === 'string')
  return { entry, title, link, ...Object.fromEntries(others) }
}

/** A source as it may stand under `sources:`, a line for each setting. */
export function pasteLines(source: SourceSettings): string[] {
  return stringify([source], { lineWidth: 0 }).trimEnd().split('\n')
}
