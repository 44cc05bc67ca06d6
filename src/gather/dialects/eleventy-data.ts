import { posix } from 'node:path'
import { functionPermalink } from './eleventy-function.ts'
import { readScriptConfig } from './script-config.ts'
import { mapOf, readSiteConfig } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'

/** Folders looked into for data files; a site has fewer. */
const MOST_FOLDERS = 2_000
const ARTICLE = /\.(?:md|markdown|mdx)$/i
const SCRIPTS = ['.11tydata.js', '.11tydata.mjs', '.11tydata.cjs']
/** What of a data file written in JavaScript is told without running it. */
const TOLD = ['layout', 'permalink', 'draft', 'date', 'eleventyExcludeFromCollections', 'author']

type Data = Record<string, unknown>
/** Stands for a value that only running the data file tells. */
export const COMPUTED: Readonly<Record<string, string>> = { computed: 'by a script' }

/**
 * Data files of folders (`posts/posts.json`) and of single articles (`tides.11tydata.json`), names in lower case.
 * @param input folder of the articles, relative to the site's root, '' for the root itself
 * @param isPassedOver tells folders that hold no articles
 * @returns the data of the file at a path relative to the site's root
 */
export function eleventyData(
  site: SiteFolder,
  input: string,
  isPassedOver: (folder: string) => boolean,
): (path: string) => Data {
  const ofFolder = new Map<string, Data>()
  const ofFile = new Map<string, Data>()
  const queue: [string, Data][] = [[input, {}]]
  for (let index = 0; index < Math.min(queue.length, MOST_FOLDERS); index += 1) {
    const [folder, inherited] = queue[index] ?? ['', {}]
    const names = site.list(folder)
    const has = new Set(names.map(({ name }) => name))
    const stem = posix.basename(folder === '' ? site.root : folder)
    const data = merged(inherited, dataOf(site, folder, stem, has))
    ofFolder.set(folder, data)
    for (const { name, isFolder } of names) {
      const path = posix.join(folder, name)
      if (isFolder && !isPassedOver(path)) queue.push([path, data])
      const own = !isFolder && ARTICLE.test(name) ? dataOf(site, folder, name.replace(ARTICLE, ''), has) : {}
      if (Object.keys(own).length > 0) ofFile.set(path, merged(data, own))
    }
  }
  return (path) => ofFile.get(path) ?? nearest(ofFolder, posix.dirname(path))
}

function nearest(ofFolder: ReadonlyMap<string, Data>, folder: string): Data {
  return ofFolder.get(folder === '.' ? '' : folder) ?? {}
}

/** `name.json`, then `name.11tydata.json`, then `name.11tydata.js`; the later wins. */
function dataOf(site: SiteFolder, folder: string, stem: string, has: ReadonlySet<string>): Data {
  let data: Data = {}
  for (const name of [`${stem}.json`, `${stem}.11tydata.json`]) {
    if (!has.has(name)) continue
    data = merged(data, Object.fromEntries(mapOf(readSiteConfig(site, [posix.join(folder, name)])?.values)))
  }
  const script = SCRIPTS.map((ending) => `${stem}${ending}`).find((name) => has.has(name))
  return script === undefined ? data : merged(data, toldBy(site, posix.join(folder, script)))
}

function toldBy(site: SiteFolder, name: string): Data {
  const script = readScriptConfig(site, [name])
  const made = functionPermalink(site.read(name) ?? '') ?? COMPUTED
  const data: Data = {}
  for (const key of TOLD) {
    const text = script.text(key)
    if (text !== null) data[key.toLowerCase()] = text
    else if (key === 'permalink' && script.has(key)) data['permalink'] = made
  }
  if (script.has('eleventyComputed.permalink')) {
    data['permalink'] = script.text('eleventyComputed.permalink') ?? made
  }
  const tags = script.texts('tags')
  return tags.length === 0 ? data : { ...data, tags }
}

/** Eleventy merges lists of tags; of anything else the nearer wins. */
function merged(far: Data, near: Data): Data {
  const tags = [far['tags'], near['tags']].flatMap((list): unknown[] =>
    Array.isArray(list) ? list : typeof list === 'string' ? [list] : [],
  )
  return tags.length === 0 ? { ...far, ...near } : { ...far, ...near, tags: [...new Set(tags)] }
}
