import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { globSync } from 'tinyglobby'
import type { Draft, Instant } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import type { KnownStamps } from '../remember/known-stamps.ts'
import type { Reading } from '../remember/reading.ts'
import type { ReadingRules } from './article.ts'
import { decode } from './decode.ts'
import { type ListingEntry, MOST_LINES, MOST_SNIPPETS, parseListing } from './listing.ts'
import { placeOf } from './markdown.ts'
import { recipeOf } from './recipe.ts'
import { type FoundFile, type OpenFile, type Read, type Scanning, changesOf, isAsBefore, isFileError } from './scan.ts'
import { makeSnippet } from './snippet.ts'

/** Captured listings, read in name order. */
export interface ListingSource {
  kind: 'listing'
  name: string
  root: string
  files: string
}

/** Reads the captures that are new or changed since they were remembered as `known`. */
export function readCaptures(source: ListingSource, known: KnownStamps, rules: ReadingRules, now: Instant): Reading {
  const { name, kind, root } = source
  const paths = globSync(source.files, { cwd: root, onlyFiles: true, expandDirectories: false })
    .filter((path) => isInside(dirname(join(root, path)), join(root, path)))
    .sort()
  if (paths.length === 0) return { name, kind, files: null, problems: [emptyProblem(name)] }
  const files = paths.map((path) => foundFile(root, path))
  const scanning: Scanning = {
    known,
    recipe: recipeOf(rules),
    now,
    placeOf: (path) => placeOf(join(root, path), root),
    absoluteOf: (path) => join(root, path),
    reader: () => Promise.resolve((bytes, file) => readCapture(bytes, file, rules)),
  }
  const there = new Set(files.map(({ path }) => path))
  const gone = [...known.paths()].filter((path) => !there.has(path))
  const changed = files.filter((file) => !isAsBefore(file, known.placeOf(file.path), scanning))
  return { name, kind, files: { changes: (lookups) => changesOf(changed, scanning, lookups), gone }, problems: [] }
}

function emptyProblem(where: string): ProblemRecord {
  const mend = 'put a capture there, or mend the pattern in sources[].files'
  return new Problem('source-empty', 'No file matches the pattern', { where, severity: 'warning', mend }).toJSON()
}

function foundFile(root: string, name: string): FoundFile {
  const absolute = join(root, name)
  return { path: name.split(sep).join('/').normalize('NFC'), name, ...stampOf(absolute) }
}

function stampOf(absolute: string): Pick<FoundFile, 'size' | 'mtimeMs' | 'ctimeMs'> {
  try {
    const { size, mtimeMs, ctimeMs } = statSync(absolute)
    return { size, mtimeMs, ctimeMs }
  } catch (error) {
    if (!isFileError(error)) throw error
    return { size: -1, mtimeMs: 0, ctimeMs: 0 }
  }
}

/** A link to a file outside its folder could publish what the owner never meant to. */
function isInside(root: string, absolute: string): boolean {
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

function readCapture(bytes: Buffer, file: OpenFile, rules: ReadingRules): Read {
  const { text, problems } = decode(bytes, file.place)
  if (MARKUP.test(text.slice(0, 1000))) throw markupProblem(file.place)
  const { entries, restFrom } = parseListing(text, rules.siteTitle)
  if (entries.length === 0) {
    const mend = 'capture the page again; its snippets stand on lines of their own or between blank lines'
    throw new Problem('listing-empty', 'There is no snippet in the file', { where: file.place, mend })
  }
  const rest = restFrom === null ? [] : [restProblem(`${file.place}:${restFrom}`)]
  const drafts = entries.map((entry) => draftOf(entry, rules))
  return { drafts, problems: [...problems, ...rest], lookAgain: null, imports: [] }
}

const MARKUP = /^\s*<(?:!doctype html|html|head|body)\b/i

function markupProblem(where: string): Problem {
  const mend = 'save the page as plain text, or make it a source of kind page'
  return new Problem('listing-markup', 'The file holds HTML, not the text of a page', { where, mend })
}

function restProblem(where: string): ProblemRecord {
  const message = `Of a file ${MOST_SNIPPETS} snippets in ${MOST_LINES} lines are read, the rest was left out`
  const mend = 'save the page of the newest articles only'
  return new Problem('listing-too-long', message, { where, severity: 'warning', mend }).toJSON()
}

function draftOf(entry: ListingEntry, rules: ReadingRules): Draft {
  const body = { format: 'text' as const, text: entry.text }
  return {
    key: null,
    explicitId: null,
    title: entry.title,
    titleGuessed: entry.titleGuessed,
    date: entry.date,
    dateGuessed: false,
    updated: null,
    permalink: null,
    slug: '',
    authors: [],
    image: null,
    enclosures: [],
    series: null,
    tags: [],
    categories: entry.category === null ? [] : [entry.category],
    snippet: makeSnippet({ summary: null, body, title: entry.title }, rules.snippet),
    body,
    written: entry.text,
  }
}
