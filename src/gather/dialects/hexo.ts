import { posix } from 'node:path'
import { namesField } from '../fields.ts'
import type { Dialect, Linkable, SiteLink } from './dialect.ts'
import { matchesGlob } from './glob.ts'
import { type PostName, postNameReader } from './hexo-post-name.ts'
import { clockOfPost, isTime, timeOf } from './hexo-time.ts'
import { calendarDay } from './link-clock.ts'
import { literal, pageUrl, siteBase, writtenUrl } from './link-path.ts'
import { fillPattern, once } from './link-pattern.ts'
import { nameDate } from './name-date.ts'
import { navigationFile, rootReadme } from './no-entry.ts'
import { type SiteConfig, at, flagAt, readSiteConfig, textAt, textsAt } from './site-config.ts'
import { type SiteFolder, below, inSite } from './site-folder.ts'
import { zoneOf } from './site-zone.ts'
import { hexoSlug } from './slugs.ts'
import { parseUrl } from '../../web-address.ts'

const CONFIGS = ['_config.yml', '_config.yaml', '_config.json', '_config.toml']
/** Settings that no other program with a `_config.yml` has; Octopress, a Jekyll, has `category_dir` and `code_dir`. */
const OWN_SETTINGS =
  /^["']?(?:source_dir|public_dir|new_post_name|tag_dir|archive_dir|i18n_dir|skip_render|default_layout|filename_case|render_drafts|post_asset_folder)["']?\s*[:=]/m
const SYNTAX = { liquid: true, shortcodes: false, wiki: false, mdx: false, vue: false, kramdown: false }

/** Hexo 3 to 8: https://hexo.io/docs/configuration and https://hexo.io/docs/permalinks */
export function recognise(site: SiteFolder): Dialect | null {
  const isNamed = /"hexo"\s*:/.test(site.read('package.json') ?? '')
  const name = CONFIGS.find((config) => site.isFile(config))
  const isOwn = name !== undefined && OWN_SETTINGS.test(site.read(name) ?? '')
  if (site.demand === 'sure' && !isOwn && !isNamed) return null
  if (site.demand === 'likely' && name === undefined) return null
  const config = readSiteConfig(site, CONFIGS)
  const source = posix.normalize(textAt(config?.values, 'source_dir') ?? 'source').replace(/^\.?\/|\/$/g, '')
  const folder = articlesOf(site, source)
  return folder === null ? null : hexo(site, config, source, folder)
}

/** Where the articles stand: in `_posts`, or, when the source is another folder of pages, there. */
function articlesOf(site: SiteFolder, source: string): { posts: string; isPages: boolean } | null {
  const posts = posix.join(source, '_posts')
  const isAround = site.prefix === '' || below(posts, site.prefix) !== null
  const isDrafts = below(site.prefix, posix.join(source, '_drafts')) !== null
  if (isDrafts || below(site.prefix, posts) !== null) return { posts, isPages: false }
  if (isAround && (site.demand !== 'none' || site.isFolder(posts))) return { posts, isPages: false }
  if (isAround) return { posts: site.isFolder('_posts') ? '_posts' : '', isPages: false }
  if (below(site.prefix, source) !== null) return { posts: site.prefix, isPages: true }
  return site.demand === 'sure' ? null : { posts: site.prefix, isPages: false }
}

function hexo(
  site: SiteFolder,
  config: SiteConfig | null,
  source: string,
  { posts, isPages }: { posts: string; isPages: boolean },
): Dialect {
  const values = config?.values
  const drafts = posix.join(posix.dirname(posts), '_drafts')
  const readName = postNameReader(textAt(values, 'new_post_name') ?? ':title.md')
  const zone = zoneOf(textAt(values, 'timezone'), config?.name ?? null, site)
  const skipped = textsAt(values, 'skip_render')
  const ignored = textsAt(values, 'ignore')
  const inPosts = (path: string): string | null =>
    below(inSite(site, path), posts) ?? (isPages ? null : below(inSite(site, path), drafts))
  const base = baseOf(site, values)
  const linker = hexoLinker(site, config, base, zone ?? site.zone)
  const locked = lockedTags(values)
  const hasFolders = flagAt(values, 'post_asset_folder') === true
  return {
    name: 'hexo',
    config: config === null ? null : site.placeOf(config.name),
    identity: site.identity(),
    problems: site.problems,
    zone,
    syntaxOf: () => SYNTAX,
    excerptSeparator: null,
    // It takes nothing down; `expires` of the theme Redefine only says that a post is old.
    expiryFields: [],
    passesOver(path) {
      const post = inPosts(path)
      if (post === null) return `Hexo's posts are the files in ${posts}`
      if (/(?:^|\/)[_.]/.test(post)) return 'Hexo passes over names that begin with "_" or "."'
      const inSource = below(inSite(site, path), source)
      const isSkipped = skipped.some((pattern) => inSource !== null && matchesGlob(inSource, pattern))
      if (isSkipped) return 'skip_render names it'
      return ignored.some((pattern) => matchesGlob(inSite(site, path), pattern)) ? 'ignore names it' : null
    },
    defaultsOf: () => ({}),
    ofPath(path) {
      const name = readName(inPosts(path) ?? path)
      const isDraft = !isPages && below(inSite(site, path), drafts) !== null
      return { date: dateOf(name) ?? nameDate(path).date, slug: posix.basename(name.title), isDraft }
    },
    isNoEntry(path, data) {
      if (!isPages) return null
      const type = textAt(data, 'type') ?? textAt(data, 'layout') ?? ''
      const isList = /^(?:tags|categories|archives?|links?|friends)$/i.test(type)
      return isList ? `a page of Hexo's ${type}` : (navigationFile(path) ?? rootReadme(path, data))
    },
    isLocked: (data) => locked.some((tag) => namesField(data['tags'] ?? data['tag']).includes(tag)),
    // Themes hand it to url_for(), which begins at the root; a mere name may lie in the post's own folder.
    imageBase: (_, image) => (hasFolders && !image.includes('/') ? null : base),
    linkOf(article) {
      const inSource = isPages ? below(inSite(site, article.path), source) : null
      return linker(article, inSource, readName(inPosts(article.path) ?? article.path))
    },
  }
}

function dateOf(name: PostName): ReturnType<typeof calendarDay> {
  return calendarDay(
    Number(name['year'] ?? 0),
    Number(name['month'] ?? name['i_month'] ?? 0),
    Number(name['day'] ?? name['i_day'] ?? 0),
  )
}

type Linker = (article: Linkable, page: string | null, name: PostName) => SiteLink | null

function baseOf(site: SiteFolder, values: unknown): string {
  const own = textAt(values, 'url')
  const isAtRoot = own !== null && parseUrl(own)?.pathname === '/'
  return siteBase(own, site, isAtRoot ? (textAt(values, 'root') ?? '') : '')
}

/** Tags that lock their posts (hexo-blog-encrypt). */
function lockedTags(values: unknown): string[] {
  const tags = at(values, 'encrypt', 'tags')
  const rules: unknown[] = Array.isArray(tags) ? tags : []
  return rules.flatMap((rule) => (textAt(rule, 'password') === null ? [] : (textAt(rule, 'name') ?? [])))
}

function hexoLinker(site: SiteFolder, config: SiteConfig | null, base: string, zone: string): Linker {
  const values = config?.values
  const pattern = textAt(values, 'permalink') ?? ':year/:month/:day/:title/'
  const from = config === null ? "Hexo's own permalink" : `permalink of ${site.placeOf(config.name)}`
  const keepsIndex = flagAt(values, 'pretty_urls', 'trailing_index') !== false
  const keepsEnding = flagAt(values, 'pretty_urls', 'trailing_html') !== false
  // The plugin spells these names in Latin letters, which only its own tables can.
  const isPinyin = flagAt(values, 'permalink_pinyin', 'enable') === true
  const pretty = (url: string): string => {
    const short = keepsIndex ? url : url.replace(/\/index\.html$/, '/')
    return keepsEnding || short.endsWith('/index.html') ? short : short.replace(/\.html$/, '')
  }
  return (article, page, name) => {
    const written = textAt(article.data, 'permalink')
    if (written !== null && !/^false$/i.test(written)) {
      const url = writtenUrl(base, written)
      return url === null ? null : { url: pretty(url), from: 'permalink of the front matter', isWritten: true }
    }
    if (page !== null) {
      const path = literal(page.replace(/\.[^./]+$/, '.html'))
      return { url: pretty(pageUrl(base, path)), from: "Hexo's path of a page", isWritten: false }
    }
    if (isPinyin && /[^\u0000-\u007f]/.test(name.title)) return null
    const clock = once(() => clockOfPost(article, zone))
    const valueOf = (key: string): string | null =>
      isTime(key) ? timeOf(key, clock(), name.title, zone) : textOf(key.toLowerCase(), article, name, values)
    const path = fillPattern(pattern, /:(\w*[^_\W])/g, valueOf)
    return path === null ? null : { url: pretty(pageUrl(base, path)), from, isWritten: false }
  }
}

/** What a name of the pattern stands for (Hexo's `post_permalink`); null when it is not known. */
function textOf(key: string, article: Linkable, name: PostName, values: unknown): string | null {
  if (key === 'title') return literal(name.title)
  if (key === 'name') return literal(posix.basename(name.title))
  if (key === 'post_title') return hexoSlug(article.title, 'lower')
  if (key === 'category') return categoryOf(article.data, values)
  return textAt(article.data, key) ?? textAt(name, key) ?? textAt(values, 'permalink_defaults', key)
}

/** The path of the last category, each slugged as Hexo does; of none, `default_category` as it is written. */
function categoryOf(data: Record<string, unknown>, values: unknown): string {
  const written = data['categories'] ?? data['category']
  const list: unknown[] = Array.isArray(written) ? written : [written]
  const path = list.some(Array.isArray) ? list.filter((item) => item !== null).at(-1) : list
  const names = textsAt({ path }, 'path')
  if (names.length === 0) return textAt(values, 'default_category') ?? 'uncategorized'
  const letterCase = textAt(values, 'filename_case')
  const how = letterCase === '1' ? 'lower' : letterCase === '2' ? 'upper' : 'as-is'
  return names.map((name) => hexoSlug(textAt(values, 'category_map', name) ?? name, how)).join('/')
}
