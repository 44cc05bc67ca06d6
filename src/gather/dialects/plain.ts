import type { Dialect, Linkable, SiteLink } from './dialect.ts'
import { webAddress, writtenUrl } from './link-path.ts'
import { navigationFile, rootReadme, unpublished } from './no-entry.ts'
import { isInDrafts, pathDate } from './path-date.ts'
import { textAt } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'

const LISTS = /^(?:home|search|archives|tags|categories)$/i

/** A folder of notes without a site's configuration: whatever any of the programs writes is understood. */
export function recognise(site: SiteFolder): Dialect | null {
  if (site.prefix !== '') return null
  return {
    name: 'plain',
    config: null,
    identity: site.identity(),
    problems: site.problems,
    zone: null,
    syntaxOf: (path) => ({
      ...{ liquid: true, shortcodes: true, wiki: true, kramdown: true, vue: false },
      mdx: /\.mdx$/i.test(path),
    }),
    excerptSeparator: null,
    passesOver: navigationFile,
    defaultsOf: () => ({}),
    ofPath: (path) => ({ ...pathDate(path), isDraft: isInDrafts(path) }),
    isNoEntry: (path, data) => rootReadme(path, data) ?? unpublished(data) ?? drawing(data) ?? list(data),
    linkOf: (article) => plainLink(article, site.siteUrl),
  }
}

function list(data: Record<string, unknown>): string | null {
  const kind = [textAt(data, 'layout'), textAt(data, 'type')].find((text) => text !== null && LISTS.test(text))
  return kind === undefined ? null : `a page of the layout ${kind ?? ''}`
}

/** Files of Obsidian's drawing and board plugins are Markdown by name only. */
export function drawing(data: Record<string, unknown>): string | null {
  const plugin = ['excalidraw-plugin', 'kanban-plugin'].find((name) => (data[name] ?? null) !== null)
  return plugin === undefined ? null : `a file of ${plugin}`
}

function plainLink({ data }: Linkable, siteUrl: string): SiteLink | null {
  for (const key of ['permalink', 'url', 'link']) {
    const text = textAt(data, key)
    if (text === null || !isOwnLink(key, text, siteUrl)) continue
    const url = writtenUrl(siteUrl, text)
    if (url !== null) return { url, from: `${key} of the front matter`, isWritten: true }
  }
  return null
}

/** A pattern that a program fills in is no address; an absolute `link` may be the page that an article tells of. */
function isOwnLink(key: string, text: string, siteUrl: string): boolean {
  if (/\{\{|\{%|(?:^|\/):\w/.test(text) || /^(?:true|false)$/i.test(text)) return false
  const address = webAddress(text)
  if (address === null) return key === 'permalink' || text.startsWith('/')
  return key !== 'link' || address.host === new URL(siteUrl).host
}
