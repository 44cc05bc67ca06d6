import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Instant } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import type { KnownFile, Reading } from '../remember/reading.ts'
import { type ReadingRules, readArticle } from './article.ts'
import { decode } from './decode.ts'
import { type FoundFile, type Read, isFileError, scanFiles } from './scan.ts'

/** A folder of Markdown articles. */
export interface MarkdownSource {
  kind: 'markdown'
  name: string
  dir: string
}

/** Reads what changed in a folder of Markdown articles since `known`. */
export function readFolder(
  source: MarkdownSource,
  baseDir: string,
  known: ReadonlyMap<string, KnownFile>,
  recipe: string,
  rules: ReadingRules,
  now: Instant,
): Reading {
  const { name, kind } = source
  let files: FoundFile[]
  try {
    files = findArticles(source.dir, baseDir)
  } catch (error) {
    if (!isFileError(error)) throw error
    const mend = `see that the folder ${placeOf(error.path ?? source.dir, baseDir)} is there and may be read`
    const message = `Cannot read the folder (${error.code})`
    const problem = new Problem('source-unreadable', message, { where: name, mend, cause: error })
    return { name, kind, files: null, problems: [problem.toJSON()] }
  }
  const scan = scanFiles(files, known, recipe, now, (bytes, file) => readFile(bytes, file, rules, now))
  const present = new Set(files.map((file) => file.path))
  const gone = [...known.values()].filter((file) => !present.has(file.path))
  return { name, kind, files: { ...scan, gone }, problems: files.length > 0 ? [] : [emptyProblem(source, baseDir)] }
}

function emptyProblem({ name, dir }: MarkdownSource, baseDir: string): ProblemRecord {
  const message = `There is no article in the folder ${placeOf(dir, baseDir)}`
  const mend = 'put a .md file there, or mend sources[].dir'
  return new Problem('source-empty', message, { where: name, severity: 'warning', mend }).toJSON()
}

function readFile(bytes: Buffer, file: FoundFile, rules: ReadingRules, now: Instant): Read {
  const { text, problems } = decode(bytes, file.place)
  const article = readArticle(text, file.path, file.place, rules, now)
  switch (article.kind) {
    case 'entry':
      return { drafts: [article.draft], problems: [...problems, ...article.problems], lookAgain: null }
    case 'draft':
      return { drafts: [], problems: [], lookAgain: null }
    case 'future':
      return { drafts: [], problems: [], lookAgain: article.from }
  }
}

/** Every `.md` and `.markdown` file below a folder, in order of path; hidden folders are passed over. */
function findArticles(dir: string, baseDir: string): FoundFile[] {
  const root = realpathSync(dir)
  const written: string[] = []
  const walk = (folder: string): void => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      if (item.name.startsWith('.') || item.name === 'node_modules') continue
      const absolute = join(folder, item.name)
      if (item.isDirectory()) walk(absolute)
      else if (/\.(md|markdown)$/i.test(item.name) && isInside(root, absolute)) {
        written.push(relative(root, absolute).split(sep).join('/'))
      }
    }
  }
  walk(root)
  return [...keysOf(written)]
    .map(([path, name]) => ({ path, place: placeOf(join(dir, name), baseDir), absolute: join(root, name) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The key of each path: NFC, but where a folder has one name in two spellings of Unicode the other keeps its own. */
function keysOf(written: readonly string[]): Map<string, string> {
  const isPlain = (path: string): boolean => path === path.normalize('NFC')
  const keys = new Map(written.filter(isPlain).map((path) => [path, path]))
  for (const path of written.filter((other) => !isPlain(other)).sort()) {
    const plain = path.normalize('NFC')
    keys.set(keys.has(plain) ? path : plain, path)
  }
  return keys
}

/** A link to a file outside the folder could publish what the owner never meant to. */
export function isInside(root: string, absolute: string): boolean {
  try {
    if (!lstatSync(absolute).isSymbolicLink()) return statSync(absolute).isFile()
    const stats = statSync(absolute, { throwIfNoEntry: false })
    return stats?.isFile() === true && realpathSync(absolute).startsWith(realpathSync(root) + sep)
  } catch (error) {
    if (!isFileError(error)) throw error
    // A link in a circle, for instance: opening it will say so.
    return true
  }
}

/** How messages name a file: relative to the configuration file, with `/`. */
export function placeOf(path: string, baseDir: string): string {
  return relative(baseDir, path).split(sep).join('/')
}
