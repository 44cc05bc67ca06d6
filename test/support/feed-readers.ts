import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Debian's Python, which has Debian's feedparser. */
const PYTHON = '/usr/bin/python3'
const SCRIPT = fileURLToPath(new URL('read-feed.py', import.meta.url))

const READ_FEEDS = z.array(
  z.object({
    /** What feedparser found ill-formed. */
    fault: z.string().nullable(),
    version: z.string(),
    title: z.string(),
    language: z.string().nullable(),
    entries: z.array(
      z.object({
        id: z.string(),
        link: z.string(),
        title: z.string(),
        author: z.string().nullable(),
        published: z.array(z.number()),
        summary: z.string(),
        content: z.array(z.string()),
        tags: z.array(z.string()),
      }),
    ),
  }),
)

/** A feed as feedparser understands it. */
export type ReadFeed = z.infer<typeof READ_FEEDS>[number]

/**
 * Whether to leave out the tests that need xmllint and feedparser. On CI they always run, so that a missing reader
 * fails there.
 */
export function readersMissing(): boolean {
  if (process.env['CI'] !== undefined) return false
  try {
    execFileSync('xmllint', ['--version'], { stdio: 'ignore' })
    execFileSync(PYTHON, ['-c', 'import feedparser'], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
}

/** Throws what xmllint complains of if one of the documents is not well-formed. */
export function checkWellFormed(documents: readonly string[]): void {
  withFiles(documents, (paths) => execFileSync('xmllint', ['--noout', '--nonet', ...paths], { stdio: 'pipe' }))
}

/** Reads all documents with feedparser in one call. */
export function readFeeds(documents: readonly string[]): ReadFeed[] {
  return withFiles(documents, (paths) => {
    return READ_FEEDS.parse(JSON.parse(execFileSync(PYTHON, [SCRIPT], { input: paths.join('\n'), encoding: 'utf8' })))
  })
}

function withFiles<T>(documents: readonly string[], use: (paths: string[]) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'feeds-'))
  try {
    const paths = documents.map((_, n) => join(dir, `${String(n)}.xml`))
    documents.forEach((document, n) => writeFileSync(join(dir, `${String(n)}.xml`), document))
    return use(paths)
  } finally {
    rmSync(dir, { recursive: true })
  }
}
