import { posix } from 'node:path'
import type { Dialect } from './dialect.ts'
import { writtenUrl } from './link-path.ts'
import { navigationFile, rootReadme, unpublished } from './no-entry.ts'
import { isInDrafts, pathDate } from './path-date.ts'
import { drawing } from './plain.ts'
import { readSiteConfig, textAt } from './site-config.ts'
import { type SiteFolder, below, inSite } from './site-folder.ts'

const SYNTAX = { liquid: false, shortcodes: false, wiki: true, mdx: false, vue: false, kramdown: false }
/** Where the core plugin and Templater say which folder holds templates. */
const TEMPLATES = [
  ['.obsidian/templates.json', 'folder'],
  ['.obsidian/plugins/templater-obsidian/data.json', 'templates_folder'],
] as const
const DATES = ['date', 'pubdate', 'publishdate', 'publish_date', '发布日期', '发布时间', 'created', 'date created']
const MORE_DATES = [
  ...['date-created', 'date_created', 'datecreated', 'created_at', 'createdat', 'create_date', 'create-date'],
  ...['createdate', 'create time', 'create_time', 'createtime', 'creation date', 'creation_date', 'published'],
  ...['创建时间', '创建日期', '日期'],
]
const UPDATES = ['updated', 'modified', 'date modified', 'date-modified', 'date_modified', 'last modified', 'lastmod']
const MORE_UPDATES = ['last_modified', 'updated_at', 'updatedat', 'update time', '更新时间', '更新日期', '修改时间']

/** A vault of Obsidian: https://help.obsidian.md/properties */
export function recognise(site: SiteFolder): Dialect | null {
  const isVault = site.isFolder('.obsidian')
  if (!isVault && site.demand !== 'none') return null
  const configured = TEMPLATES.map(([file, key]) => textAt(readSiteConfig(site, [file])?.values, key))
  const templates = configured.flatMap((folder) => folder?.replace(/^\/+|\/+$/g, '') || [])
  return {
    name: 'obsidian',
    config: isVault ? site.placeOf('.obsidian') : null,
    identity: site.identity(),
    problems: site.problems,
    zone: null,
    dateFields: [...DATES, ...MORE_DATES, ':path'],
    updatedFields: [...UPDATES, ...MORE_UPDATES],
    syntaxOf: () => SYNTAX,
    excerptSeparator: null,
    passesOver(path) {
      const isTemplate =
        /(?:^|\/)(?:\d+[\s._-]*)?_?(?:templates?|模板)\//i.test(path) ||
        templates.some((one) => below(inSite(site, path), one) !== null)
      return isTemplate ? 'a template of Obsidian' : navigationFile(path)
    },
    defaultsOf: titleOf,
    ofPath: (path) => ({ ...pathDate(path), isDraft: isInDrafts(path) }),
    isNoEntry: (path, data) => rootReadme(path, data) ?? drawing(data) ?? unpublished(data),
    linkOf({ data }) {
      const text = textAt(data, 'permalink')
      const url = text === null || /^(?:true|false)$/i.test(text) ? null : writtenUrl(site.siteUrl, text)
      return url === null ? null : { url, from: 'permalink of the front matter', isWritten: true }
    },
  }
}

/** Obsidian shows the file's name as the title; one of mere figures is a date or a number, and a heading says more. */
function titleOf(path: string): Record<string, unknown> {
  const { name } = posix.parse(path)
  return /^(?:index|readme)$/i.test(name) || !/\p{L}/u.test(name) ? {} : { title: name }
}
