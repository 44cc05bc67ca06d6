import { join, relative, sep } from 'node:path'
import type { Instant } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import type { KnownStamps } from '../remember/files.ts'
import type { FileChange, Lookups, Reading } from '../remember/reading.ts'
import type { ReadingRules } from './article.ts'
import type { DialectName } from '../dialect-name.ts'
import { ARTICLE_ENDING, type Dialect } from './dialects/dialect.ts'
import { findDialect } from './dialects/find.ts'
import { recipeOf } from './recipe.ts'
import { type Scanning, changesOf, isFileError } from './scan.ts'
import { type Walk, type WalkedFile, walkFolder } from './walk.ts'

/** A folder of Markdown articles. */
export interface MarkdownSource {
  kind: 'markdown'
  name: string
  /** Absolute. */
  dir: string
  dialect: DialectName | 'auto'
  /** True when the owner gives a pattern for links: it counts more than what the site's own rules make. */
  hasPattern: boolean
  /** Patterns as in a `.gitignore`. */
  include: readonly string[]
  exclude: readonly string[]
}

/** Reads what changed in a folder of Markdown articles since the files were remembered as `known`. */
export function readFolder(
  source: MarkdownSource,
  baseDir: string,
  known: KnownStamps,
  rules: ReadingRules,
  now: Instant,
): Reading {
  const { name, kind, dir } = source
  try {
    const dialect = findDialect(dir, source.dialect, { baseDir, siteUrl: rules.siteUrl, zone: rules.zone })
    const { include, exclude, hasPattern } = source
    const walk = walkFolder(dir, { ...dialect, ending: ARTICLE_ENDING, include, exclude })
    const scanning: Scanning = {
      known,
      recipe: recipeOf(rules, [dialect.name, dialect.identity, hasPattern]),
      now,
      placeOf: (file) => placeOf(join(dir, file), baseDir),
      absoluteOf: (file) => walk.root + file,
      reader: async () => {
        const { articleReader } = await import('./article-reader.ts')
        return articleReader(source, dialect, rules, now)
      },
    }
    const gone = goneFiles(known, walk)
    const changes = (lookups: Lookups): AsyncIterable<FileChange> => articleChanges(walk.files, scanning, lookups)
    return { name, kind, files: { changes, gone }, problems: folderProblems(source, dialect, walk, baseDir) }
  } catch (error) {
    if (!isFileError(error)) throw error
    const mend = `see that the folder ${placeOf(error.path ?? dir, baseDir)} is there and may be read`
    const message = `Cannot read the folder (${error.code})`
    const problem = new Problem('source-unreadable', message, { where: name, mend, cause: error })
    return { name, kind, files: null, problems: [problem.toJSON()] }
  }
}

/** What is remembered below a folder that cannot be listed is not gone. */
function goneFiles(known: KnownStamps, { files, unreadable }: Walk): string[] {
  let count = 0
  for (const { path } of files) if (known.has(path)) count++
  if (count === known.size) return []
  const there = new Set(files.map(({ path }) => path))
  const isUnseen = (path: string): boolean =>
    unreadable.some((place) => path === place.path || path.startsWith(`${place.path}/`))
  return [...known.paths()].filter((path) => !there.has(path) && !isUnseen(path))
}

/** The changed files, and at last those that no other article includes any more: they may be entries now. */
async function* articleChanges(
  files: readonly WalkedFile[],
  scanning: Scanning,
  lookups: Lookups,
): AsyncGenerator<FileChange> {
  const imports = new Map((await lookups.imports()).map((file) => [file.path, file.imports]))
  const released = new Set([...imports.values()].flat())
  for await (const change of changesOf(files, scanning, lookups)) {
    yield change
    if (change.kind === 'touched') continue
    imports.set(change.file.path, change.file.imports)
    released.delete(change.file.path)
  }
  if (released.size === 0) return
  const there = new Set(files.map(({ path }) => path))
  for (const [path, included] of imports) if (there.has(path)) for (const part of included) released.delete(part)
  const again = files.filter(({ path }) => released.has(path))
  yield* changesOf(again, scanning, lookups, { all: true })
}

function folderProblems(source: MarkdownSource, dialect: Dialect, walk: Walk, baseDir: string): ProblemRecord[] {
  const problems = walk.unreadable.map(({ path, code }) => {
    const mend = 'see that it may be read; what was read of it before stays as it is'
    return new Problem('file-unreadable', `Cannot read it (${code})`, {
      where: placeOf(join(source.dir, path), baseDir),
      mend,
    })
  })
  const isEmpty = walk.files.length === 0 && walk.unreadable.length === 0
  return [
    ...dialect.problems,
    ...(isEmpty ? [emptyProblem(source, baseDir)] : problems).map((problem) => problem.toJSON()),
  ]
}

function emptyProblem({ name, dir }: MarkdownSource, baseDir: string): Problem {
  const message = `There is no article in the folder ${placeOf(dir, baseDir)}`
  const mend = 'put a .md file there, or mend sources[].dir'
  return new Problem('source-empty', message, { where: name, severity: 'warning', mend })
}

/** How messages name a file: relative to the configuration file, with `/`. */
export function placeOf(path: string, baseDir: string): string {
  return relative(baseDir, path).split(sep).join('/')
}
