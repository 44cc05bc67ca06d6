import type { Dialect } from './dialect.ts'
import { hugoCascade } from './hugo-cascade.ts'
import { isHugoSite, readHugoConfig } from './hugo-config.ts'
import { type HugoContent, type HugoPage, hugoContent } from './hugo-content.ts'
import { hugoLinker } from './hugo-link.ts'
import { siteBase } from './link-path.ts'
import { nameDate } from './name-date.ts'
import { type SiteConfig, at, flagAt, textAt, textsAt } from './site-config.ts'
import { type SiteFolder, inSite } from './site-folder.ts'
import { zoneOf } from './site-zone.ts'

const SYNTAX = { liquid: false, shortcodes: true, wiki: false, mdx: false, vue: false, kramdown: false }
/** Hugo's own order; `:path` last, since an article's file name may tell what Hugo does not read. */
const DATE_FIELDS = ['date', 'publishdate', 'lastmod']
const UPDATED_FIELDS = ['lastmod']
/** Other names that Hugo has for a field. */
const ALSO: Record<string, readonly string[]> = { publishdate: ['pubdate', 'published'], lastmod: ['modified'] }

/** Hugo since 0.60: https://gohugo.io/configuration/all and https://gohugo.io/configuration/permalinks */
export function recognise(site: SiteFolder): Dialect | null {
  if (site.demand === 'sure' && !isHugoSite(site)) return null
  const config = readHugoConfig(site)
  if (site.demand === 'likely' && config === null) return null
  const content = hugoContent(site, config?.values)
  return content === null ? null : hugo(site, config, content)
}

function hugo(site: SiteFolder, config: SiteConfig | null, content: HugoContent): Dialect {
  const values = config?.values
  const dateFields = fieldsOf(values, 'date', DATE_FIELDS)
  const updatedFields = fieldsOf(values, 'lastmod', UPDATED_FIELDS).filter((name) => name !== 'date')
  const slugsNames = textsAt(values, 'frontmatter', 'date').some((name) => name.toLowerCase() === ':filename')
  const zone = zoneOf(textAt(values, 'timeZone'), config?.name ?? null, site)
  const configName = config === null ? null : site.placeOf(config.name)
  const link = hugoLinker(site, values, configName ?? 'Hugo itself', content, { dateFields, zone: zone ?? site.zone })
  const cascade = hugoCascade(site, values, content)
  const pageAt = (path: string): HugoPage | string => content.pageAt(inSite(site, path))
  const nameOf = (path: string): string => {
    const page = pageAt(path)
    return typeof page === 'string' ? '' : page.name
  }
  return {
    name: 'hugo',
    config: configName,
    identity: site.identity(),
    problems: site.problems,
    zone,
    dateFields: dateFields.includes(':path') ? dateFields : [...dateFields, ':path'],
    updatedFields,
    syntaxOf: () => SYNTAX,
    excerptSeparator: null,
    passesOver(path) {
      const page = pageAt(path)
      return typeof page === 'string' ? page : null
    },
    defaultsOf: (path) => cascade(inSite(site, path)),
    ofPath(path) {
      const name = nameOf(path)
      const { date, rest } = nameDate(`${name}.md`)
      return { date, slug: slugsNames ? rest : name, isDraft: false }
    },
    isNoEntry: (_, data) => noEntry(data),
    // Only a bundle has images beside it; else themes begin at the root, as absURL does.
    imageBase(path) {
      const page = pageAt(path)
      return typeof page === 'string' || page.isBundle ? null : siteBase(textAt(values, 'baseURL'), site)
    },
    linkOf(article) {
      const page = pageAt(article.path)
      if (typeof page === 'string') return null
      const named = nameDate(`${page.name}.md`)
      return link(
        article,
        page,
        textAt(article.data, 'slug') ?? (slugsNames && named.date !== null ? named.rest : null),
      )
    },
  }
}

/** The fields of a date in the order that `frontmatter` of a configuration gives. */
function fieldsOf(values: unknown, date: string, common: readonly string[]): string[] {
  const written = textsAt(values, 'frontmatter', date).map((name) => name.toLowerCase())
  const names = written.length === 0 ? common : written.flatMap((name) => (name === ':default' ? common : [name]))
  const fields = names
    .map((name) => (name === ':filename' ? ':path' : name))
    .filter((name) => name === ':path' || !name.startsWith(':'))
  return [...new Set(fields.flatMap((name) => [name, ...(ALSO[name] ?? [])]))]
}

function noEntry(data: Record<string, unknown>): string | null {
  const build = at(data, 'build') ?? at(data, '_build')
  if (flagAt(data, 'headless') === true) return 'headless: it has no page'
  if (['never', 'false', 'link'].includes(textAt(build, 'render')?.toLowerCase() ?? ''))
    return 'Hugo renders no page for it'
  if (['never', 'false'].includes(textAt(build, 'list')?.toLowerCase() ?? '')) return 'Hugo lists it nowhere'
  const layout = [textAt(data, 'layout'), textAt(data, 'type')].find((name) =>
    /^(?:search|archives?|landing|widget_page)$/i.test(name ?? ''),
  )
  return layout === undefined ? null : `a page of the layout ${layout ?? ''}`
}
