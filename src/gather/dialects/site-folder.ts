import { createHash } from 'node:crypto'
import { type Dirent, type Stats, readFileSync, readdirSync, statSync } from 'node:fs'
import { posix, relative, resolve, sep } from 'node:path'
import { Problem, type ProblemRecord } from '../../problem.ts'

/** How sure a dialect must be that a folder is its own. */
export type Demand =
  /** Only a configuration that can be no other program's will do. */
  | 'sure'
  /** The owner has named the dialect: any file with the name of its configuration will do. */
  | 'likely'
  /** The owner has named it and there is no configuration: the program's defaults hold. */
  | 'none'

/** A folder that may be the root of a site, as a dialect looks at it. Every name is relative to `root`, with `/`. */
export interface SiteFolder {
  /** Absolute path of the folder that holds the site's configuration. */
  readonly root: string
  /** Absolute path of the source's folder; `root` or below it. */
  readonly dir: string
  /** `dir` relative to `root`, with `/`; '' when they are the same. */
  readonly prefix: string
  /** Folder of Feedwire's configuration. */
  readonly baseDir: string
  /** Where the site is when its own configuration does not say so; absolute, ends in `/`. */
  readonly siteUrl: string
  /** IANA zone in which the days of links are shown when the site's own configuration does not say so. */
  readonly zone: string
  readonly demand: Demand
  /** What could not be read so far; the dialect hands them on and may add its own. */
  readonly problems: ProblemRecord[]
  /** The text of a file of at most 1 MB; null when there is none, it is larger, or its name leaves `root`. */
  read(name: string): string | null
  isFile(name: string): boolean
  isFolder(name: string): boolean
  /** The names in a folder, in code-unit order; empty when there is none. */
  list(name: string): { name: string; isFolder: boolean }[]
  /** A file's path relative to Feedwire's configuration, with `/`, for messages and `Dialect.config`. */
  placeOf(name: string): string
  /** A hash of every text that was read so far and of what else decides links; call it last. */
  identity(): string
}

const LARGEST = 1_000_000

/** @param dir absolute path of the source's folder, which is `root` or below it */
export function openSiteFolder(
  root: string,
  dir: string,
  options: { baseDir: string; siteUrl: string; zone?: string; demand: Demand },
): SiteFolder {
  const problems: ProblemRecord[] = []
  const read = new Map<string, string | null>()
  const placeOf = (name: string): string => slashes(relative(options.baseDir, resolve(root, name))) || '.'
  const refuse = (name: string, message: string, mend: string): null => {
    const more = { where: placeOf(name), severity: 'warning', mend } as const
    problems.push(new Problem('site-config-unreadable', message, more).toJSON())
    return null
  }
  const textOf = (name: string): string | null => {
    const path = resolve(root, name)
    const stats = statsOf(path)
    if (!isInside(name) || stats?.isFile() !== true) return null
    if (stats.size > LARGEST) return refuse(name, 'The file is over 1 MB and was not read', 'make it smaller')
    try {
      return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
    } catch (error) {
      return refuse(name, `The file cannot be read (${errorCode(error)})`, 'make it readable')
    }
  }
  const prefix = slashes(relative(root, dir))
  const { baseDir, siteUrl, zone = 'UTC', demand } = options
  return {
    ...{ root, dir, prefix, baseDir, siteUrl, zone, demand, problems },
    read(name) {
      const known = read.get(name)
      if (known !== undefined) return known
      const text = textOf(name)
      read.set(name, text)
      return text
    },
    isFile: (name) => statsOf(resolve(root, name))?.isFile() === true,
    isFolder: (name) => statsOf(resolve(root, name))?.isDirectory() === true,
    list: (name) => (isInside(name) ? namesIn(resolve(root, name)) : []),
    placeOf,
    identity() {
      const texts = [...read].filter(([, text]) => text !== null).sort(([a], [b]) => (a < b ? -1 : 1))
      return createHash('sha256')
        .update(JSON.stringify([prefix, siteUrl, zone, demand, texts]))
        .digest('hex')
    },
  }
}

/** Where a file of the source stands in its site, relative to `root`. */
export function inSite(site: SiteFolder, path: string): string {
  return site.prefix === '' ? path : `${site.prefix}/${path}`
}

/** A path relative to a folder it is, or lies in; null when it does not. Both have the same root, '' is the root. */
export function below(path: string, folder: string): string | null {
  if (folder === '' || folder === '.') return path
  if (path === folder) return ''
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null
}

function slashes(path: string): string {
  return path.split(sep).join('/')
}

function isInside(name: string): boolean {
  const path = posix.normalize(name)
  return path !== '..' && !path.startsWith('../') && !posix.isAbsolute(path) && !path.includes('\0')
}

function statsOf(path: string): Stats | null {
  return orNull(() => statSync(path, { throwIfNoEntry: false }) ?? null)
}

function namesIn(path: string): { name: string; isFolder: boolean }[] {
  const names: Dirent[] = orNull(() => readdirSync(path, { withFileTypes: true })) ?? []
  return names
    .map((entry) => ({
      name: entry.name,
      isFolder:
        entry.isDirectory() || (entry.isSymbolicLink() && statsOf(resolve(path, entry.name))?.isDirectory() === true),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What the file system refuses to tell about a configuration is a configuration that is not there. */
function orNull<T>(ask: () => T): T | null {
  try {
    return ask()
  } catch (error) {
    if (errorCode(error) === null) throw error
    return null
  }
}

function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
