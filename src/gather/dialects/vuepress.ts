import { posix } from 'node:path'
import type { Linkable, SiteLink } from './dialect.ts'
import { clockOf, pad } from './link-clock.ts'
import { literal, pageUrl, writtenUrl } from './link-path.ts'
import { fillPattern } from './link-pattern.ts'
import { pathDate } from './path-date.ts'
import { pressBase } from './press-base.ts'
import type { ScriptConfig } from './script-config.ts'
import { flagAt, mapOf, textAt } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'

/** Lists and pages beside the articles, as the usual themes (vdoing, reco, hope) mark them. */
export function isVuePressList(data: Record<string, unknown>): string | null {
  const marks = ['archivespage', 'categoriespage', 'tagspage', 'pagecomponent']
  const mark = marks.find((name) => (data[name] ?? null) !== null && flagAt(data, name) !== false)
  if (mark !== undefined) return `a page with ${mark}`
  if (mapOf(data['blog']).size > 0) return 'a page of the blog'
  if (flagAt(data, 'article') === false) return 'article: false'
  const layout = textAt(data, 'layout') ?? ''
  const isList = /^(?:blog|blogtype|tags?|categor(?:y|ies)|archives?|timeline|friends?|links|homepage|slides?)$/i
  return isList.test(layout) ? `a page of the layout ${layout}` : null
}

/** Where VuePress 1 (`permalink`) and 2 (`permalinkPattern`) put a page. */
export function vuePressLinker(
  site: SiteFolder,
  config: ScriptConfig,
): (article: Linkable, page: string) => SiteLink | null {
  const base = pressBase(site, config, config.anywhere('hostname'))
  const pattern = config.text('permalinkPattern') ?? config.text('permalink')
  const place = config.name === null ? 'VuePress' : site.placeOf(config.name)
  return (article, page) => {
    const written = textAt(article.data, 'permalink')
    if (written !== null && !/^(?:null|false)$/i.test(written)) {
      const url = writtenUrl(base, written)
      return url === null ? null : { url, from: 'permalink of the front matter', isWritten: true }
    }
    const regular = page.replace(/(^|\/)(?:index|readme)\.[^./]+$/i, '$1').replace(/\.[^./]+$/, '.html')
    const own = textAt(article.data, 'permalinkpattern') ?? pattern
    if (own === null || article.data['permalinkpattern'] === null) {
      return { url: pageUrl(base, literal(regular)), from: `path of the page and ${place}`, isWritten: false }
    }
    const path = fillPattern(own, /:(\w+)/g, (name) => valueOf(name, article, page, regular, site.zone))
    return path === null ? null : { url: pageUrl(base, path), from: `permalink of ${place}`, isWritten: false }
  }
}

function valueOf(name: string, article: Linkable, page: string, regular: string, zone: string): string | null {
  if (name === 'regular') return literal(regular)
  if (name === 'raw') return literal(page.replace(/\.[^./]+$/, ''))
  if (name === 'slug') return literal(pathDate(page).slug || posix.parse(page).name)
  const date = article.date ?? pathDate(page).date
  if (date === null) return null
  const { year, month, day } = clockOf(date, zone)
  const figures = new Map<string, string>([
    ...([
      ['year', String(year)],
      ['month', pad(month)],
      ['i_month', String(month)],
    ] as const),
    ...([
      ['day', pad(day)],
      ['i_day', String(day)],
    ] as const),
  ])
  return figures.get(name) ?? null
}
