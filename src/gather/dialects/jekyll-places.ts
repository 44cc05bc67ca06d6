import { posix } from 'node:path'
import { matchesGlob } from './glob.ts'
import { at, flagAt, mapOf, textAt, textsAt } from './site-config.ts'
import { type SiteFolder, below } from './site-folder.ts'

/** What a file is to Jekyll. */
export interface Place {
  kind: 'posts' | 'drafts' | 'pages' | 'collection'
  /** Label of its collection; `posts` of posts and drafts, '' of pages. */
  collection: string
  /** Relative to Jekyll's source, with `/`. */
  path: string
  /** Without ending, relative to the folder of its collection, beginning with `/`; what `:path` stands for. */
  cleanPath: string
  /** The folders above `_posts`; they are categories. */
  folders: string[]
}

export interface JekyllPlaces {
  /** What the file at this path of the site is, or why it is no article. */
  placeOf(path: string): Place | string
}

/** How deep below the source's folder a `_posts` folder is looked for, and in how many folders. */
const DEEPEST = 3
const MOST_FOLDERS = 300

/** Null when Jekyll reads nothing of the source's folder. */
export function jekyllPlaces(site: SiteFolder, values: unknown): JekyllPlaces | null {
  const source = posix.normalize(textAt(values, 'source') ?? '.').replace(/^\.?\/|\/$|^\.$/g, '')
  const dir = textAt(values, 'collections_dir') ?? ''
  const collections = collectionsOf(values, posix.join(source, dir))
  const collection = collections.find(({ folder }) => below(site.prefix, folder) !== null)
  const arePosts = posix.basename(site.prefix === '' ? slashed(site.dir) : '') === '_posts'
  const isSite = collection !== undefined || arePosts || /(?:^|\/)_(?:posts|drafts)(?:\/|$)/.test(site.prefix)
  // Of a folder without posts, the pages are what its owner wants to be read.
  const arePages = !isSite && !hasFolderOfPosts(site)
  if (arePages && site.demand === 'sure' && below(site.prefix, source) === null) return null
  const shown = arePages ? collections.filter(({ isOutput, folder }) => isOutput && site.isFolder(folder)) : []
  const isExcluded = excluder(values)
  return {
    placeOf(path) {
      const at = below(path, source) ?? path
      const post = /^((?:[^/]+\/)*?)_(posts|drafts)\/(.*)$/s.exec(arePosts ? `_posts/${at}` : at)
      if (isExcluded(at)) return 'exclude names it'
      const above = (post?.[1] ?? '').replace(/\/$/, '')
      if (post !== null) return postAt(at, post, below(above, dir) ?? above)
      const own = collection ?? shown.find(({ folder }) => below(path, folder) !== null)
      const name = own === undefined ? null : below(path, own.folder)
      if (own !== undefined && name !== null) return placeAt(at, 'collection', own.label, name)
      if (!arePages) return "Jekyll's posts are the files in _posts"
      if (shown.length > 0 && !at.includes('/')) return 'the articles of this site are those of its collections'
      return hasHidden(at) ? HIDDEN : placeAt(at, 'pages', '', at)
    },
  }
}

const HIDDEN = 'Jekyll passes over folders and files that begin with "_", "." or "#"'

function placeAt(path: string, kind: Place['kind'], collection: string, name: string): Place {
  return { kind, collection, path, cleanPath: `/${name.replace(/\.[^./]+$/, '')}`, folders: [] }
}

/** A post, given the folders above `_posts`; its name must begin with a date. */
function postAt(path: string, [, , kind, name = '']: RegExpExecArray, above: string): Place | string {
  if (hasHidden(above)) return HIDDEN
  const folders = above.split('/').filter((folder) => folder !== '')
  if (kind === 'drafts') return { ...placeAt(path, 'drafts', 'posts', name), folders }
  const isDated = /^\d{2,4}-\d{1,2}-\d{1,2}-/.test(posix.basename(name))
  return isDated
    ? { ...placeAt(path, 'posts', 'posts', name), folders }
    : "the name of one of Jekyll's posts begins with its date, such as 2026-01-11-"
}

function hasHidden(path: string): boolean {
  return /(?:^|\/)[_.#~]/.test(path)
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}

function excluder(values: unknown): (path: string) => boolean {
  const patterns = textsAt(values, 'exclude')
    .map((pattern) => pattern.replace(/^\//, ''))
    .filter((pattern) => pattern !== '')
  return (path) => patterns.some((pattern) => matchesGlob(path, pattern) || path.startsWith(pattern))
}

interface Collection {
  label: string
  /** Relative to the site's root. */
  folder: string
  /** Whether its files have pages, which they do when its configuration says so. */
  isOutput: boolean
}

function collectionsOf(values: unknown, source: string): Collection[] {
  const written = at(values, 'collections')
  const labels = Array.isArray(written) ? textsAt(values, 'collections') : [...mapOf(written).keys()]
  return labels
    .filter((label) => label !== 'posts' && flagAt(written, label, 'output') !== false)
    .map((label) => ({
      label,
      folder: posix.join(source, `_${label}`),
      isOutput: flagAt(written, label, 'output') === true,
    }))
}

function hasFolderOfPosts(site: SiteFolder): boolean {
  let folders = [site.prefix]
  let seen = 0
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const above = folders
    folders = []
    for (const folder of above) {
      seen += 1
      if (seen > MOST_FOLDERS) return false
      for (const { name, isFolder } of site.list(folder)) {
        if (isFolder && name === '_posts') return true
        if (isFolder && !/^[._]|^node_modules$/.test(name)) folders.push(posix.join(folder, name))
      }
    }
  }
  return false
}
