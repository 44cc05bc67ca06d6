import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkDocument } from '../check/check.ts'
import type { PublishConfig } from '../config-types.ts'
import { isIntact, publishedPaths } from '../publish/manifest.ts'
import { type Finding, fault, note, ok } from './finding.ts'

/** What is published for programs to read. */
const DOCUMENT = /(?:^|\/)(?:feed\.xml|atom\.xml|feed\.json)$|\.opml$/

/**
 * Whether all that was published is there, and its feeds are valid.
 * @throws {Problem} `manifest-unreadable`
 */
export function feedFindings({ dir, url }: PublishConfig, now: number): Finding[] {
  const paths = publishedPaths(dir)
  if (paths.length === 0) return [note('Nothing is published yet', '"feedwire run" publishes')]
  if (!isIntact(dir)) {
    return [fault(`Files that were published are gone from ${dir}, or were cut`, '"feedwire run" writes them again')]
  }
  const documents = paths.filter((path) => DOCUMENT.test(path))
  const findings = documents.flatMap((path) =>
    checkDocument(readFileSync(join(dir, path)), { url: new URL(path, url).href, now }),
  )
  const count = `${documents.length} ${documents.length === 1 ? 'document' : 'documents'}`
  if (findings.length === 0) return [ok(`${count} and ${paths.length - documents.length} other files, no fault`)]
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const message = `${count} with ${errors} errors and ${findings.length - errors} warnings`
  const mend = '"feedwire check" shows them'
  return [errors > 0 ? fault(message, mend) : note(message, mend)]
}
