import { type Dirent, opendirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { type Ignoring, ignoring, matcher, patternsOf } from './ignore.ts'
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

/** Names of a folder that are read at once. */
const AT_ONCE = 128

/** A folder on the way. */
interface Folder {
  /** Its real place; ends in the separator. */
  real: string
  /** Relative to the root; ends in `/`, '' for the root. */
  name: string
  ignoring: Ignoring
}

/** What takes the files of a walk, one by one as they are found. */
export interface Finds {
  add: (file: WalkedFile) => void
  /** True when a file of this path was added. */
  has: (path: string) => boolean
}

/** All that was found. */
export class FoundFiles implements Finds {
  readonly #files: WalkedFile[] = []
  /** Made when it is asked for: nearly every name is in NFC. */
  #paths: Set<string> | null = null

  add(file: WalkedFile): void {
    this.#files.push(file)
    this.#paths?.add(file.path)
  }

  has(path: string): boolean {
    this.#paths ??= new Set(this.#files.map((file) => file.path))
    return this.#paths.has(path)
  }

  /** In order of path, by code units. */
  inOrder(): WalkedFile[] {
    return this.#files.sort(byPath)
  }
}

interface Walking extends Pick<Walk, 'unreadable'> {
  root: Folder
  rules: WalkRules
  finds: Finds
  /** Files whose name is not in NFC; their keys are known when all others are. */
  misspelt: WalkedFile[]
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
  const found = new FoundFiles()
  const walk = walkInto(found, dir, rules)
  return { ...walk, files: found.inOrder() }
}

/** The same, but that each file is handed over when it is found: a large folder is never held as a whole. */
export function walkInto(finds: Finds, dir: string, rules: WalkRules): Omit<Walk, 'files'> {
  const place = realpathSync.native(dir)
  const root = { real: place.endsWith(sep) ? place : place + sep, name: '', ignoring: ignoring(rules.exclude) }
  const isIncluded = rules.include.length === 0 ? () => true : matcher(rules.include)
  const lists = { misspelt: [], links: [], unreadable: [] }
  const walking: Walking = { root, rules, finds, isIncluded, walked: new Set(), ...lists }
  readFolder(walking, root)
  // Links come last, so that the real place of a folder wins.
  for (let link = walking.links.shift(); link !== undefined; link = walking.links.shift()) enter(walking, link)
  giveKeys(walking)
  return { root: root.real, unreadable: walking.unreadable.sort(byPath) }
}

function readFolder(walking: Walking, folder: Folder): void {
  let here = folder
  const others: Dirent[] = []
  // Read little by little: the names of a large folder are many.
  const listing = opendirSync(folder.real, { bufferSize: AT_ONCE })
  try {
    walking.walked.add(folder.real)
    const patterns = patternsOf(folder.real)
    const name = folder.name.normalize('NFC')
    if (patterns.length > 0) here = { ...folder, ignoring: folder.ignoring.within(name, patterns) }
    for (let item = listing.readSync(); item !== null; item = listing.readSync()) {
      if (item.name.startsWith('.') || item.name === 'node_modules') continue
      if (item.isFile()) readFile(walking, here, here.name + item.name)
      else others.push(item)
    }
  } finally {
    listing.closeSync()
  }
  // The system gives them in any order, and of two links to one folder the first wins.
  for (const item of others.sort((a, b) => (a.name < b.name ? -1 : 1))) readOther(walking, here, item)
}

function readOther(walking: Walking, folder: Folder, item: Dirent): void {
  const name = folder.name + item.name
  const real = folder.real + item.name
  if (item.isDirectory()) enter(walking, { real: real + sep, name: `${name}/`, ignoring: folder.ignoring })
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
    const file = { name, path, size, mtimeMs, ctimeMs }
    if (name === path) walking.finds.add(file)
    else walking.misspelt.push(file)
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
function giveKeys({ misspelt, finds }: Walking): void {
  for (const file of misspelt.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (finds.has(file.path)) file.path = file.name
    finds.add(file)
  }
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1
}
