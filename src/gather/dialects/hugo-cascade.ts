import { posix } from 'node:path'
import { Problem } from '../../problem.ts'
import { readFrontMatter } from '../front-matter.ts'
import { matchesGlob } from './glob.ts'
import type { HugoContent } from './hugo-content.ts'
import { at, mapOf, textAt } from './site-config.ts'
import { type SiteFolder, below } from './site-folder.ts'

/** Front matter that a folder hands on to the pages below it. */
interface Cascade {
  /** Relative to the site's root. */
  dir: string
  values: unknown
}

/** How deep in the content, and in how many folders, pages of sections are asked for what they hand on. */
const DEEPEST = 3
const MOST_FOLDERS = 300

/** What pages have from Hugo's `cascade`, given their path in the site; the nearest folder wins. */
export function hugoCascade(
  site: SiteFolder,
  values: unknown,
  content: HugoContent,
): (path: string) => Record<string, unknown> {
  const common = listed(at(values, 'cascade')).map((one) => ({ dir: '', values: one }))
  const cascades = [...common, ...content.folders.flatMap((dir) => cascadesBelow(site, dir))]
  return (path) => {
    const fits = cascades.filter(({ dir, values: handed }) => below(path, dir) !== null && isFor(path, handed, content))
    return Object.fromEntries(fits.flatMap(({ values: handed }) => [...mapOf(handed)]))
  }
}

function cascadesBelow(site: SiteFolder, root: string): Cascade[] {
  const found: Cascade[] = []
  let asked = 0
  let dirs = [root]
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const above = dirs
    dirs = []
    for (const dir of above) {
      asked += 1
      if (asked > MOST_FOLDERS) return found
      const items = site.list(dir)
      const names = items.map(({ name }) => name).filter((name) => /^_index(?:\.[\w-]+)?\.(?:md|markdown)$/i.test(name))
      for (const name of names) found.push(...cascadesOf(site, dir, posix.join(dir, name)))
      const isLeaf = items.some(({ name }) => name === 'index.md')
      if (!isLeaf) dirs.push(...items.filter((item) => item.isFolder).map(({ name }) => posix.join(dir, name)))
    }
  }
  return found
}

function cascadesOf(site: SiteFolder, dir: string, name: string): Cascade[] {
  const text = site.read(name)
  if (text?.includes('cascade') !== true) return []
  try {
    const { data } = readFrontMatter(text, site.placeOf(name))
    return listed(data['cascade']).map((values) => ({ dir, values }))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    site.problems.push({ ...error.toJSON(), severity: 'warning' })
    return []
  }
}

function listed(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

/** Whether a cascade's target, if it has one, holds a page. */
function isFor(path: string, values: unknown, content: HugoContent): boolean {
  const target = at(values, 'target') ?? at(values, '_target')
  const kind = textAt(target, 'kind') ?? 'page'
  const pattern = textAt(target, 'path')
  const folder = content.folders.find((dir) => below(path, dir) !== null) ?? ''
  const logical = `/${(below(path, folder) ?? '').replace(/(?:\/index)?(?:\.[\w-]+)?\.[^./]+$/, '')}`
  return kind.includes('page') && (pattern === null || matchesGlob(logical.toLowerCase(), pattern.toLowerCase()))
}
