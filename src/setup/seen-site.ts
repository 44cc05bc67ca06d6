import { resolve } from 'node:path'
import { languageTag } from '../config-values.ts'
import type { DialectName } from '../dialect-name.ts'
import { findDialect } from '../gather/dialects/find.ts'
import { siteBase } from '../gather/dialects/link-path.ts'
import { type SiteFolder, openSiteFolder } from '../gather/dialects/site-folder.ts'
import { ARTICLE_ENDING } from '../gather/dialects/dialect.ts'
import { navigationFile, rootReadme } from '../gather/dialects/no-entry.ts'
import { Problem } from '../problem.ts'
import { isZone } from '../schedule.ts'
import { readSiteWords } from './site-words.ts'

/** What a folder tells of the site that is in it; null is what it does not tell. */
export interface SeenSite {
  program: DialectName
  /** The site's own configuration, relative to the folder with `/`. */
  config: string | null
  title: string | null
  description: string | null
  /** Where its home page is. */
  url: string | null
  language: string | null
  timezone: string | null
  /** Its articles, relative to the folder with `/`. */
  articles: string
  /** False for a folder in which there is no article and no place for them yet. */
  hasArticles: boolean
}

/** Stands for an address that a site does not tell. */
const NOWHERE = 'https://nowhere.invalid/'
const PLAIN_PLACES = ['articles', 'posts', '_posts', 'content', 'blog', 'notes']

/** Looks at a folder as gathering does: the same program is found by the same configuration. */
export function seeSite(folder: string): SeenSite {
  const options = { baseDir: folder, siteUrl: NOWHERE }
  const { name, config, zone } = findDialect(folder, 'auto', options)
  const [above = ''] = /^(?:\.\.\/)*/.exec(config ?? '') ?? []
  const site = openSiteFolder(resolve(folder, above), folder, { ...options, demand: 'sure' })
  const words = readSiteWords(name, site, config === null ? null : config.slice(above.length))
  if (words === null) return { ...UNKNOWN, program: name, config, ...plainPlace(site) }
  const place = words.places.find((one) => site.isFolder(one))
  const url = siteBase(words.address, site, words.base ?? '')
  const zoneName = zone ?? words.zone ?? null
  return {
    program: name,
    config,
    title: oneLineOf(words.title),
    description: oneLineOf(words.description ?? null),
    url: url === NOWHERE ? null : url,
    language: languageOf(words.language),
    timezone: zoneName !== null && isZone(zoneName) ? zoneName : null,
    articles: above === '' ? (place ?? words.places[0] ?? '') || '.' : '.',
    hasArticles: above !== '' || place !== undefined,
  }
}

const UNKNOWN = { title: null, description: null, url: null, language: null, timezone: null }

function plainPlace(site: SiteFolder): Pick<SeenSite, 'articles' | 'hasArticles'> {
  const place = PLAIN_PLACES.find((name) => site.isFolder(name))
  if (place !== undefined) return { articles: place, hasArticles: true }
  const isArticle = (name: string): boolean =>
    ARTICLE_ENDING.test(name) && (navigationFile(name) ?? rootReadme(name, {})) === null
  const isNotes = site.list('').some(({ name, isFolder }) => !isFolder && isArticle(name))
  return isNotes ? { articles: '.', hasArticles: true } : { articles: 'articles', hasArticles: false }
}

function oneLineOf(text: string | null): string | null {
  const words = text?.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim() ?? ''
  // Settings take ${NAME} for a variable.
  return words === '' || words.includes('${') ? null : words
}

function languageOf(text: string | null): string | null {
  try {
    return text === null || text === 'default' ? null : languageTag(text.replaceAll('_', '-'))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return null
  }
}
