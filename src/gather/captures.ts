import { dirname, join, sep } from 'node:path'
import { globSync } from 'tinyglobby'
import type { Draft, Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import type { KnownFile, Reading } from '../remember/reading.ts'
import type { ReadingRules } from './article.ts'
import { decode } from './decode.ts'
import { type ListingEntry, parseListing } from './listing.ts'
import { isInside, placeOf } from './markdown.ts'
import { type FoundFile, type Read, scanFiles } from './scan.ts'
import { makeSnippet } from './snippet.ts'

/** Captured listings, read in name order. */
export interface ListingSource {
  kind: 'listing'
  name: string
  root: string
  files: string
}

/** Reads the captures that are new or changed since `known`. */
export function readCaptures(
  source: ListingSource,
  known: ReadonlyMap<string, KnownFile>,
  recipe: string,
  rules: ReadingRules,
  now: Instant,
): Reading {
  const { name, kind } = source
  const paths = globSync(source.files, { cwd: source.root, onlyFiles: true, expandDirectories: false })
    .filter((path) => isInside(dirname(join(source.root, path)), join(source.root, path)))
    .sort()
  if (paths.length === 0) {
    const mend = 'put a capture there, or mend the pattern in sources[].files'
    const problem = new Problem('source-empty', 'No file matches the pattern', {
      where: name,
      severity: 'warning',
      mend,
    })
    return { name, kind, files: null, problems: [problem.toJSON()] }
  }
  const files = paths.map((path): FoundFile => {
    const absolute = join(source.root, path)
    return { path: path.split(sep).join('/').normalize('NFC'), place: placeOf(absolute, source.root), absolute }
  })
  const scan = scanFiles(files, known, recipe, now, (bytes, file) => readCapture(bytes, file, rules))
  const present = new Set(files.map((file) => file.path))
  const gone = [...known.values()].filter((file) => !present.has(file.path))
  return { name, kind, files: { ...scan, gone }, problems: [] }
}

function readCapture(bytes: Buffer, file: FoundFile, rules: ReadingRules): Read {
  const { text, problems } = decode(bytes, file.place)
  const drafts = parseListing(text, rules.siteTitle).map((entry) => draftOf(entry, rules))
  if (drafts.length === 0) {
    const mend = 'capture the page again; each snippet stands on a line of its own'
    throw new Problem('listing-empty', 'There is no snippet in the file', { where: file.place, mend })
  }
  return { drafts, problems, lookAgain: null }
}

function draftOf(entry: ListingEntry, rules: ReadingRules): Draft {
  const body = { format: 'text' as const, text: entry.text }
  return {
    key: null,
    explicitId: null,
    title: entry.title,
    titleGuessed: true,
    date: entry.date,
    permalink: null,
    slug: '',
    author: null,
    tags: [],
    categories: entry.category === null ? [] : [entry.category],
    snippet: makeSnippet({ summary: null, body, title: entry.title }, rules.snippet),
    body,
  }
}
