import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { recognise as astro } from './astro.ts'
import { DIALECTS, type DialectName } from '../../dialect-name.ts'
import type { Dialect } from './dialect.ts'
import { recognise as eleventy } from './eleventy.ts'
import { recognise as hexo } from './hexo.ts'
import { recognise as hugo } from './hugo.ts'
import { recognise as jekyll } from './jekyll.ts'
import { recognise as obsidian } from './obsidian.ts'
import { recognise as plain } from './plain.ts'
import { type Demand, openSiteFolder, type SiteFolder } from './site-folder.ts'
import { recognise as vitepress } from './vitepress.ts'
import { recognise as zola } from './zola.ts'

const RECOGNISE: Record<DialectName, (site: SiteFolder) => Dialect | null> = {
  ...{ hexo, hugo, jekyll, astro, vitepress, eleventy, zola, obsidian, plain },
}

/** How many folders above the source's own are asked for a site's configuration. */
const HIGHEST = 5

/**
 * The dialect of a folder: the one that is named, else the one whose site configuration stands in the folder or in
 * one above it, else `plain`.
 * @param dir absolute path of the source's folder
 * @param options.baseDir folder of Feedwire's configuration, to which names of files in messages are relative
 * @param options.siteUrl where the site is when its own configuration does not say so; ends in `/`
 * @param options.zone IANA zone of Feedwire's own site, for the days in links when the site's own does not say
 */
export function findDialect(
  dir: string,
  wanted: DialectName | 'auto',
  options: { baseDir: string; siteUrl: string; zone?: string },
): Dialect {
  const roots = rootsAbove(dir)
  const ask = (name: DialectName, root: string, demand: Demand): Dialect | null =>
    RECOGNISE[name](openSiteFolder(root, dir, { ...options, demand }))
  if (wanted !== 'auto') {
    for (const demand of ['sure', 'likely'] as const) {
      const found = firstOf(roots, (root) => ask(wanted, root, demand))
      if (found !== null) return found
    }
    return certain(ask(wanted, dir, 'none'))
  }
  const programs = DIALECTS.filter((name) => name !== 'obsidian' && name !== 'plain')
  return (
    firstOf(roots, (root) => firstOf(programs, (name) => ask(name, root, 'sure'))) ??
    // Many a site is written in Obsidian: its vault decides only when there is no site.
    firstOf(roots, (root) => ask('obsidian', root, 'sure')) ??
    certain(ask('plain', dir, 'none'))
  )
}

/** The folder and those above it, as far as one site may reach: its repository, and never the owner's whole home. */
function rootsAbove(dir: string): string[] {
  const roots = [dir]
  for (let at = dir; roots.length <= HIGHEST && at !== homedir() && !existsSync(join(at, '.git'));) {
    const above = dirname(at)
    if (above === at) break
    roots.push(above)
    at = above
  }
  return roots
}

function firstOf<T, R>(items: readonly T[], ask: (item: T) => R | null): R | null {
  for (const item of items) {
    const answer = ask(item)
    if (answer !== null) return answer
  }
  return null
}

function certain(dialect: Dialect | null): Dialect {
  if (dialect === null) throw new TypeError('a dialect that is named, and plain, always answer')
  return dialect
}
