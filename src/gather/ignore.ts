import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type ignorePackage from 'ignore'

/** A file of patterns, one a line as in a `.gitignore`; they hold for the folder that it stands in and all below. */
const IGNORE_FILE = '.feedwireignore'
/** Bytes; a larger file of patterns is none that a person wrote. */
const LARGEST = 64 * 1024

/** Which paths are left out, at one place of a folder. */
export interface Ignoring {
  /** @param path relative to the source with `/`, NFC; that of a folder ends in `/` */
  ignores(path: string): boolean
  /**
   * What is left out in a folder that has patterns of its own.
   * @param folder relative to the source, NFC; ends in `/`, '' for the source itself
   */
  within(folder: string, patterns: readonly string[]): Ignoring
}

/**
 * Leaves out what the configuration excludes; its patterns have the last word over those of ignore files.
 * Letters of either case are the same, and the last pattern that matches decides (gitignore(5)).
 */
export function ignoring(exclude: readonly string[], inFolders: readonly string[] = []): Ignoring {
  return {
    ignores: matcher([...inFolders, ...exclude]),
    within: (folder, patterns) => ignoring(exclude, [...inFolders, ...patterns.map((line) => rooted(line, folder))]),
  }
}

/** True for each path that the patterns name: itself, or a folder above it. */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false
  const rules = loadPackage()().add(patterns.map((pattern) => pattern.normalize('NFC')))
  return (path) => rules.ignores(path)
}

/** The package loads only for those who have patterns. */
function loadPackage(): typeof ignorePackage {
  const loaded: unknown = createRequire(import.meta.url)('ignore')
  if (!isIgnorePackage(loaded)) throw new TypeError('the package ignore is not what it was')
  return loaded
}

function isIgnorePackage(value: unknown): value is typeof ignorePackage {
  return typeof value === 'function'
}

/**
 * A pattern whose matching stays quick whatever the path: regular expressions go back and forth between the stars
 * of one name, and between the `**` of one path.
 */
export function isQuickPattern(pattern: string): boolean {
  const names = pattern.split('/')
  return names.filter((name) => name.includes('**')).length <= 2 && names.every((name) => starsIn(name) <= 3)
}

function starsIn(name: string): number {
  return name.match(/\*+/g)?.length ?? 0
}

/**
 * The patterns of a folder's ignore file; empty when it has none.
 * @throws the file system's error when the file cannot be read; EFBIG when it is too large, EINVAL when a pattern
 *   would take too long
 */
export function patternsOf(folder: string): string[] {
  const file = join(folder, IGNORE_FILE)
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile() !== true) return []
  if (stats.size > LARGEST) throw fileError('EFBIG', file)
  const patterns = readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (!patterns.every(isQuickPattern)) throw fileError('EINVAL', file)
  return patterns
}

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: cannot use ${path}`), { code, path, syscall: 'read' })
}

/** The pattern of a folder's ignore file as one of the source's. */
function rooted(line: string, folder: string): string {
  const isNegative = line.startsWith('!')
  const pattern = (isNegative ? line.slice(1) : line).replace(/^\\(?=[#!])/, '')
  // A slash anywhere but at the end ties a pattern to its folder.
  const isTied = pattern.trimEnd().slice(0, -1).includes('/')
  return `${isNegative ? '!' : ''}/${escaped(folder)}${isTied ? pattern.replace(/^\//, '') : `**/${pattern}`}`
}

/** A name of a folder as a pattern that matches it alone. */
function escaped(folder: string): string {
  return folder.replace(/[\\*?[\]!# ]/g, '\\$&')
}
