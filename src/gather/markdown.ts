import { letHeapGrow } from '../heap.ts'
import { join, relative, sep } from 'node:path'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import type { KnownStamps } from '../remember/known-stamps.ts'
import type { FileChange, Lookups, Reading } from '../remember/reading.ts'
import type { ReadingRules } from './article.ts'
import { ChangedFiles } from './changed-files.ts'
import type { DialectName } from '../dialect-name.ts'
import { ARTICLE_ENDING } from './dialects/dialect.ts'
import { findDialect } from './dialects/find.ts'
import { recipeOf } from './recipe.ts'
import { type Scanning, changesOf, isFileError } from './scan.ts'
import { type Walk, type WalkedFile, walkFolder, walkInto } from './walk.ts'

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
    const walkRules = { ...dialect, ending: ARTICLE_ENDING, include, exclude }
    const comparing = { known, recipe: recipeOf(rules, [dialect.name, dialect.identity, hasPattern]), now }
    const changed = new ChangedFiles(comparing)
    const walk = walkInto(changed, dir, walkRules)
    const scanning: Scanning = {
      ...comparing,
      placeOf: (file) => placeOf(join(dir, file), baseDir),
      absoluteOf: (file) => walk.root + file,
      reader: async () => {
        letHeapGrow()
        const { articleReader } = await import('./article-reader.ts')
        return articleReader(source, dialect, rules, now)
      },
    }
    const gone = goneFiles(changed, walk.unreadable)
    const again = (): WalkedFile[] => walkFolder(dir, walkRules).files
    const changes = (lookups: Lookups): AsyncIterable<FileChange> => articleChanges(changed, scanning, lookups, again)
    const isEmpty = changed.count === 0 && walk.unreadable.length === 0
    const problems = isEmpty ? [emptyProblem(source, baseDir)] : unreadableProblems(source, walk.unreadable, baseDir)
    return {
      ...{ name, kind, files: { changes, gone } },
      problems: [...dialect.problems, ...problems.map((problem) => problem.toJSON())],
    }
  } catch (error) {
    if (!isFileError(error)) throw error
    const mend = `see that the folder ${placeOf(error.path ?? dir, baseDir)} is there and may be read`
    const message = `Cannot read the folder (${error.code})`
    const problem = new Problem('source-unreadable', message, { where: name, mend, cause: error })
    return { name, kind, files: null, problems: [problem.toJSON()] }
  }
}

/** What is remembered below a folder that cannot be listed is not gone. */
function goneFiles(changed: ChangedFiles, unreadable: Walk['unreadable']): string[] {
  const isUnseen = (path: string): boolean =>
    unreadable.some((place) => path === place.path || path.startsWith(`${place.path}/`))
  return [...changed.missing()].filter((path) => !isUnseen(path))
}

/**
 * The changed files, and at last those that no other article includes any more: they may be entries now.
 * @param again walks the folder once more, since the files that did not change are not held
 */
async function* articleChanges(
  changed: ChangedFiles,
  scanning: Scanning,
  lookups: Lookups,
  again: () => WalkedFile[],
): AsyncGenerator<FileChange> {
  const imports = new Map((await lookups.imports()).map((file) => [file.path, file.imports]))
  const released = new Set([...imports.values()].flat())
  for await (const change of changesOf(changed.inOrder(), scanning, lookups)) {
    yield change
    if (change.kind === 'touched') continue
    imports.set(change.file.path, change.file.imports)
    released.delete(change.file.path)
  }
  if (released.size === 0) return
  for (const [path, included] of imports) if (changed.has(path)) for (const part of included) released.delete(part)
  if (released.size === 0) return
  const files = again().filter(({ path }) => released.has(path))
  yield* changesOf(files, scanning, lookups, { all: true })
}

function unreadableProblems(source: MarkdownSource, unreadable: Walk['unreadable'], baseDir: string): Problem[] {
  return unreadable.map(({ path, code }) => {
    const mend = 'see that it may be read; what was read of it before stays as it is'
    return new Problem('file-unreadable', `Cannot read it (${code})`, {
      where: placeOf(join(source.dir, path), baseDir),
      mend,
    })
  })
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
