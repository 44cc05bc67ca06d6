import { readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { type Finding, checkDocument } from '../check/check.ts'
import { Problem } from '../problem.ts'
import { publishedPaths } from '../publish/manifest.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

/** The documents of the publish directory that are for programs to read. */
const DOCUMENT = /(?:^|\/)(?:feed\.xml|atom\.xml|feed\.json)$|\.opml$/

/** A document to be checked. */
interface Subject {
  /** As messages name it. */
  name: string
  path: string
  /** Where it is served; null when nobody knows. */
  url: string | null
}

/** What was found in one document; `--json` prints an array of them. */
interface Checked {
  document: string
  findings: Finding[]
}

/** `feedwire check`: looks at feeds as a validator does; without files, at all that is published. */
export function checkCommand(context: Context, files: readonly string[], options: CommonOptions): Promise<ExitCode> {
  if (files.length > 0)
    return Promise.resolve(
      check(
        context,
        files.map((file) => named(context, file)),
        options,
      ),
    )
  return configured(context, options, (config) => {
    const { dir, url } = config.publish
    const paths = publishedPaths(dir).filter((path) => DOCUMENT.test(path))
    const subjects = paths.map((path): Subject => {
      const file = join(dir, path)
      return { name: relative(context.cwd, file), path: file, url: new URL(path, url).href }
    })
    return Promise.resolve(check(context, subjects, options))
  })
}

function named({ cwd }: Context, file: string): Subject {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file)) {
    const mend = `save it first, e.g. curl -o ${basename(new URL(file).pathname) || 'feed.xml'} ${file}`
    throw new Problem('argument-url', 'A feed is checked from a file, not from the web', { mend })
  }
  return { name: file, path: resolve(cwd, file), url: null }
}

function check(context: Context, subjects: readonly Subject[], { json }: CommonOptions): ExitCode {
  const now = context.clock()
  const checked = subjects.map(({ name, path, url }): Checked => {
    return { document: name, findings: checkDocument(readDocument(name, path), { url, now }) }
  })
  const findings = checked.flatMap((one) => one.findings)
  if (json === true) context.print(JSON.stringify(checked, null, 2))
  else tell(context, checked, findings)
  return findings.length > 0 ? 3 : 0
}

function readDocument(name: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const mend = 'name a file that is there, or run "feedwire run" to publish again'
    throw new Problem('check-unreadable', `Cannot read the document (${String(cause.code)})`, {
      where: name,
      mend,
      cause,
    })
  }
}

function tell(context: Context, checked: readonly Checked[], findings: readonly Finding[]): void {
  for (const { document, findings: found } of checked) {
    for (const { line, column, severity, message, mend } of found) {
      context.complain(`${document}:${line}:${column}: ${severity}: ${message}; ${mend}`)
    }
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const faults =
    findings.length === 0 ? 'no fault' : `${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}`
  context.print(`${plural(checked.length, 'document')} checked: ${faults}`)
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
