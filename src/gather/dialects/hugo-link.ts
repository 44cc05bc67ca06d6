import type { Linkable, SiteLink } from './dialect.ts'
import { matchesGlob } from './glob.ts'
import type { HugoContent, HugoPage } from './hugo-content.ts'
import { hugoTokens } from './hugo-tokens.ts'
import { pageUrl, siteBase, webAddress } from './link-path.ts'
import { fillPattern } from './link-pattern.ts'
import { at, flagAt, mapOf, textAt } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'
import { hugoPath, withoutAccents } from './slugs.ts'

/** How Hugo spells paths. */
export type Spell = (path: string) => string

/** The links of a site, as Hugo's `CreateTargetPaths` makes them. */
export function hugoLinker(
  site: SiteFolder,
  values: unknown,
  configName: string,
  content: HugoContent,
  about: { dateFields: readonly string[]; zone: string },
): (article: Linkable, page: HugoPage, slug: string | null) => SiteLink | null {
  const keepsCase = flagAt(values, 'disablePathToLower') === true
  const dropsAccents = flagAt(values, 'removePathAccents') === true
  const spell: Spell = (path) => {
    const plain = hugoPath(dropsAccents ? withoutAccents(path) : path)
    return keepsCase ? plain : plain.toLowerCase()
  }
  return (article, page, slug) => {
    const base = siteBase(textAt(page.language.values, 'baseURL') ?? textAt(values, 'baseURL'), site)
    const valueOf = hugoTokens(article, page, { slug, spell, content, ...about })
    const written = textAt(article.data, 'url')
    const address = webAddress(written)
    if (address !== null) return { url: address.href, from: 'url of the front matter', isWritten: true }
    if (written !== null) {
      const filled = fillPattern(written, TOKEN, valueOf)
      if (filled === null) return null
      return { url: pageUrl(base, writtenPath(filled, page)), from: 'url of the front matter', isWritten: true }
    }
    const pattern = patternFor(page, page.language.values) ?? patternFor(page, values)
    const path =
      pattern === null ? [...page.folders, slug ?? page.name].join('/') : fillPattern(pattern, TOKEN, valueOf)
    if (path === null) return null
    const spelled = spell(path).replace(/\/+$/, '')
    const ending = isUgly(values, page) ? '.html' : '/'
    const from = pattern === null ? "Hugo's path of the file" : `permalinks of ${configName}`
    return { url: pageUrl(base, `${page.language.prefix}${spelled}${ending}`), from, isWritten: false }
  }
}

const TOKEN = /:(\w+(?:\[[^\]]+\])?)/g

/** Not spelled anew; a path from the root on has no folder of a language put before it. */
function writtenPath(url: string, page: HugoPage): string {
  const path = url.endsWith('/') || url.includes('.') ? url : `${url}/`
  return url.startsWith('/') ? path : `${page.language.prefix}${path}`
}

/** The pattern of the page's section: the longest of those that hold it. */
function patternFor(page: HugoPage, values: unknown): string | null {
  const written = at(values, 'permalinks')
  if (Array.isArray(written)) return firstPattern(written, page)
  const patterns = [...mapOf(written), ...mapOf(at(written, 'page'))].flatMap(([section, pattern]) =>
    typeof pattern === 'string' && pattern.trim() !== ''
      ? [{ section: section.replace(/^[ /]+|[ /]+$/g, ''), pattern }]
      : [],
  )
  const path = page.folders.join('/').toLowerCase()
  const holds = patterns.filter(({ section }) => section === path || (section !== '' && path.startsWith(`${section}/`)))
  return holds.sort((a, b) => a.section.length - b.section.length).at(-1)?.pattern ?? null
}

/** The newer form: a list of patterns with targets, the first that fits. */
function firstPattern(list: readonly unknown[], page: HugoPage): string | null {
  const path = `/${[...page.folders, page.name].join('/')}`.toLowerCase()
  const rule = list.find((one) => {
    const kind = textAt(one, 'target', 'kind') ?? 'page'
    return kind === 'page' && matchesGlob(path, textAt(one, 'target', 'path') ?? '/**')
  })
  return textAt(rule, 'pattern')
}

function isUgly(values: unknown, page: HugoPage): boolean {
  return flagAt(values, 'uglyURLs') ?? flagAt(values, 'uglyURLs', page.folders[0] ?? '') ?? false
}
