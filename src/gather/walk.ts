import { type Dirent, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { IGNORE_FILE, type Ignoring, ignoring, matcher, patternsOf } from './ignore.ts'
import { isFileError } from './scan.ts'

/** A file that may be an article. */
export interface WalkedFile {
  /** Relative to the root with `/`, as the file system spells it. */
  name: string
  /** Its key: `name` in NFC, but where a folder has one name in two spellings of Unicode the other keeps its own. */
  path: string
  size: number
  mtimeMs: number
  ctimeMs: number
}

/** Which files may be articles. */
export interface WalkRules {
  /** Why the file at this path is none; null when it may be one. */
  passesOver: (path: string) => string | null
  ending: RegExp
  /** Patterns as in a `.gitignore`; when there are any, only what they name is read. */
  include: readonly string[]
  exclude: readonly string[]
}

/** What is in a folder. */
export interface Walk {
  /** The real folder; ends in the separator. */
  root: string
  /** In order of path, by code units. */
  files: WalkedFile[]
  /** Folders that cannot be listed and files that cannot be looked at, relative with `/`, in order of path. */
  unreadable: { path: string; code: string }[]
}

/** A folder on the way. */
interface Folder {
  /** Its real place; ends in the separator. */
  real: string
  /** Relative to the root; ends in `/`, '' for the root. */
  name: string
  ignoring: Ignoring
}

interface Walking extends Omit<Walk, 'root'> {
  root: Folder
  rules: WalkRules
  isIncluded: (path: string) => boolean
  /** Real places of the folders that were walked. */
  walked: Set<string>
  /** Links to folders within the root that wait for their turn. */
  links: Folder[]
}

/**
 * Every file below a folder that may be an article. Hidden files and folders, `node_modules`, whatever is no file, and
 * links that are broken or lead out of the folder are passed over. A folder with several names is walked once, where
 * it really stands unless that place is passed over. What is remembered below an unreadable folder is not gone.
 * @throws the file system's error when the folder itself, or its ignore file, cannot be read
 */
export function walkFolder(dir: string, rules: WalkRules): Walk {
  const place = realpathSync.native(dir)
  const root = { real: place.endsWith(sep) ? place : place + sep, name: '', ignoring: ignoring(rules.exclude) }
  const isIncluded = rules.include.length === 0 ? () => true : matcher(rules.include)
  const walking: Walking = { root, rules, isIncluded, walked: new Set(), links: [], files: [], unreadable: [] }
  readFolder(walking, root)
  // Links come last, so that the real place of a folder wins.
  for (let link = walking.links.shift(); link !== undefined; link = walking.links.shift()) enter(walking, link)
  giveKeys(walking.files)
  return { root: root.real, files: walking.files.sort(byPath), unreadable: walking.unreadable.sort(byPath) }
}

function readFolder(walking: Walking, folder: Folder): void {
  const items = readdirSync(folder.real, { withFileTypes: true })
  walking.walked.add(folder.real)
  const patterns = items.some(({ name }) => name === IGNORE_FILE) ? patternsOf(folder.real) : []
  const name = folder.name.normalize('NFC')
  const here = patterns.length === 0 ? folder : { ...folder, ignoring: folder.ignoring.within(name, patterns) }
  for (const item of items) {
    if (!item.name.startsWith('.') && item.name !== 'node_modules') readItem(walking, here, item)
  }
}

function readItem(walking: Walking, folder: Folder, item: Dirent): void {
  const name = folder.name + item.name
  const real = folder.real + item.name
  if (item.isFile()) readFile(walking, folder, name)
  else if (item.isDirectory()) enter(walking, { real: real + sep, name: `${name}/`, ignoring: folder.ignoring })
  else if (item.isSymbolicLink()) follow(walking, folder, name, real)
}

function enter(walking: Walking, folder: Folder): void {
  if (walking.walked.has(folder.real) || folder.ignoring.ignores(folder.name.normalize('NFC'))) return
  try {
    readFolder(walking, folder)
  } catch (error) {
    setAside(walking, folder.name.slice(0, -1), error)
  }
}

function readFile(walking: Walking, folder: Folder, name: string): void {
  if (!walking.rules.ending.test(name)) return
  const path = name.normalize('NFC')
  if (folder.ignoring.ignores(path) || !walking.isIncluded(path) || walking.rules.passesOver(path) !== null) return
  try {
    const { size, mtimeMs, ctimeMs } = statSync(walking.root.real + name)
    walking.files.push({ name, path, size, mtimeMs, ctimeMs })
  } catch (error) {
    // No file of a folder that may be listed but not entered can be looked at.
    if (isFileError(error) && error.code === 'EACCES') throw error
    setAside(walking, name, error)
  }
}

/** A link to something outside could publish what the owner never meant to. */
function follow(walking: Walking, folder: Folder, name: string, absolute: string): void {
  const { root, rules, links } = walking
  try {
    const real = realpathSync.native(absolute)
    if (!real.startsWith(root.real)) return
    const stats = statSync(real)
    const place = real.slice(root.real.length).split(sep).join('/')
    if (stats.isDirectory()) {
      if (!folder.ignoring.ignores(`${place}/`)) {
        links.push({ real: real + sep, name: `${name}/`, ignoring: folder.ignoring })
      }
    } else if (stats.isFile() && !folder.ignoring.ignores(place)) readFile(walking, folder, name)
  } catch (error) {
    if (isFileError(error) && error.code === 'ELOOP' && !rules.ending.test(name)) return
    if (resolve(folder.real, readlinkSync(absolute)).startsWith(root.real)) setAside(walking, name, error)
  }
}

/** Notes what cannot be read; what has gone meanwhile, and a link to nothing, is passed over. */
function setAside({ unreadable }: Walking, path: string, error: unknown): void {
  if (!isFileError(error)) throw error
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') unreadable.push({ path, code: error.code })
  // A name that is not UTF-8 is not the one by which it is asked for.
  else if (path.includes('\ufffd')) unreadable.push({ path, code: 'EILSEQ' })
}

/** A file whose name in NFC is that of another keeps its own spelling. */
function giveKeys(files: readonly WalkedFile[]): void {
  const others = files.filter(({ name, path }) => name !== path).sort((a, b) => (a.name < b.name ? -1 : 1))
  if (others.length === 0) return
  const taken = new Set(files.filter(({ name, path }) => name === path).map(({ path }) => path))
  for (const file of others) {
    if (taken.has(file.path)) file.path = file.name
    taken.add(file.path)
  }
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1
}
