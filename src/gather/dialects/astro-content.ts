import { posix } from 'node:path'
import { matchesGlob } from './glob.ts'
import { type ScriptConfig, readScriptConfig } from './script-config.ts'
import { type SiteFolder, below } from './site-folder.ts'

/** A set of articles that a site's code lists by its name. */
export interface Collection {
  name: string
  /** Relative to the site's root. */
  folder: string
  /** True when a loader finds the files, which then may stand in folders with names such as `_2024`. */
  isLoaded: boolean
  /** Of its loader, relative to `folder`; a file that one with `!` matches is left out. Empty when they are not known. */
  patterns: readonly string[]
  /** How the id of an entry is made of its path: as Astro does, not at all, or by code that is not known. */
  id: 'slug' | 'path' | 'unknown'
}

/** Where an Astro site keeps its articles; every path is relative to the site's root. */
export interface AstroContent {
  pages: string
  /** `src/content`, each folder of which is a collection unless a loader says otherwise. */
  content: string
  collections: Collection[]
}

/** Reads what the configuration of the collections says: `glob({ base: './src/data/blog' })`. */
export function readAstroContent(site: SiteFolder, config: ScriptConfig): AstroContent {
  const source = folderOf(config.text('srcDir') ?? 'src')
  const content = posix.join(source, 'content')
  const endings = ['ts', 'mts', 'js', 'mjs']
  const script = readScriptConfig(site, [
    ...endings.map((ending) => `${source}/content.config.${ending}`),
    ...endings.map((ending) => `${content}/config.${ending}`),
  ])
  const collections = script.namesIn('collections').flatMap(({ name, variable }): Collection[] => {
    const key = variable ?? `collections.${name}`
    const base = script.text(`${key}.loader.base`)
    const isLoaded = base !== null || script.has(`${key}.loader`)
    const id = script.has(`${key}.loader.generateId`)
      ? idOf(script.name === null ? null : site.read(script.name))
      : 'slug'
    return base === null && isLoaded
      ? []
      : [
          {
            ...{ name, folder: folderOf(base ?? posix.join(content, name)), isLoaded, id },
            patterns: script.texts(`${key}.loader.pattern`),
          },
        ]
  })
  return { pages: posix.join(source, 'pages'), content, collections }
}

/** `generateId: ({ entry }) => entry.replace(/\.mdx?$/, '')` and the like keep the path as it is. */
function idOf(script: string | null): Collection['id'] {
  const keepsPath =
    /\bgenerateId\s*:\s*\(\s*\{\s*entry\s*\}\s*\)\s*=>\s*entry\s*\.\s*(?:replace\(\s*\/[^\n,]{1,40}\/\w*\s*,\s*(?:''|"")\s*\)|split\(\s*["']\.\w*["']\s*\)\[0\])\s*[,}\n]/
  return keepsPath.test(script ?? '') ? 'path' : 'unknown'
}

function folderOf(path: string): string {
  const folder = posix.normalize(path).replace(/^\/+|\/+$/g, '')
  return folder === '.' || folder.startsWith('..') ? '' : folder
}

/** What `matchesGlob` does not know. */
const SPECIAL = /[[\]()]/

/** Whether the loader's patterns take a file; those that are written in other ways take any. */
export function isTaken({ patterns }: Collection, path: string): boolean {
  const plain = patterns.filter((pattern) => !SPECIAL.test(pattern))
  const [not, some] = [plain.filter((pattern) => pattern.startsWith('!')), plain.filter((one) => !one.startsWith('!'))]
  if (not.some((pattern) => matchesGlob(path, pattern.slice(1)))) return false
  return some.length === 0 || plain.length < patterns.length || some.some((pattern) => matchesGlob(path, pattern))
}

/** The collection of a file and its path in there; null when it is in none. */
export function collectionOf(content: AstroContent, file: string): { collection: Collection; path: string } | null {
  const named = content.collections
    .flatMap((collection) => {
      const path = below(file, collection.folder)
      return path === null || path === '' ? [] : [{ collection, path }]
    })
    .sort((a, b) => rank(b) - rank(a))[0]
  if (named !== undefined) return named
  const [name = '', ...rest] = (below(file, content.content) ?? '').split('/')
  if (rest.length === 0) return null
  const folder = posix.join(content.content, name)
  return { collection: { name, folder, isLoaded: false, id: 'slug', patterns: [] }, path: rest.join('/') }
}

/** The deepest folder is nearest, and of several loaders of one folder the one that takes the file. */
function rank({ collection, path }: { collection: Collection; path: string }): number {
  return 2 * collection.folder.length + Number(isTaken(collection, path))
}
