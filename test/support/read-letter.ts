import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('read-letter.py', import.meta.url))

/** A letter as Python's email package understands it; names of headers are lower-cased, bodies have LF. */
export interface ReadLetter {
  /** What it found ill-formed. */
  defects: string[]
  headers: [name: string, value: string][]
  parts: [contentType: string, content: string][]
}

/** Whether to leave out the tests that need Python. On CI they always run. */
export function pythonMissing(): boolean {
  if (process.env['CI'] !== undefined) return false
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
}

export function readLetter(bytes: Uint8Array): ReadLetter {
  return JSON.parse(execFileSync('python3', [SCRIPT], { input: bytes, encoding: 'utf8' })) as ReadLetter
}
