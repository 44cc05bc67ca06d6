import { posix } from 'node:path'
import { type ScriptConfig, readScriptConfig } from './script-config.ts'
import { type SiteFolder, below } from './site-folder.ts'

/** A set of articles that a site's code lists by its name. */
export interface Collection {
  name: string
  /** Relative to the site's root. */
  folder: string
  /** True when a loader finds the files, which then may stand in folders with names such as `_2024`. */
  isLoaded: boolean
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
      : [{ name, folder: folderOf(base ?? posix.join(content, name)), isLoaded, id }]
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

/** The collection of a file and its path in there; null when it is in none. */
export function collectionOf(content: AstroContent, file: string): { collection: Collection; path: string } | null {
  const named = content.collections
    .flatMap((collection) => {
      const path = below(file, collection.folder)
      return path === null || path === '' ? [] : [{ collection, path }]
    })
    .sort((a, b) => b.collection.folder.length - a.collection.folder.length)[0]
  if (named !== undefined) return named
  const [name = '', ...rest] = (below(file, content.content) ?? '').split('/')
  if (rest.length === 0) return null
  const collection = { name, folder: posix.join(content.content, name), isLoaded: false, id: 'slug' as const }
  return { collection, path: rest.join('/') }
}
