import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { withStorePlace } from './database.ts'

/** Makes a folder of its own for a test, with these files. */
export function tempFolder(files: Record<string, string> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'feedwire-'))
  for (const [path, text] of Object.entries(files)) putFile(dir, path, text)
  return dir
}

/** Settings are given the place of the store, where it is no file. */
export function putFile(dir: string, path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  const isSettings = path === 'feedwire.config.yaml' && typeof text === 'string'
  writeFileSync(join(dir, path), isSettings ? withStorePlace(dir, text) : text)
}

/** Paths of all files below a folder, sorted; none when it is not there. */
export function filesBelow(dir: string): string[] {
  if (statSync(dir, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(dir, path)).isFile())
    .sort()
}

/** Content and time stamp of each file below a folder: what must not move when nothing is new. */
export function stampsBelow(dir: string): Record<string, string> {
  const stamp = (path: string): string =>
    `${statSync(join(dir, path)).mtimeMs} ${readFileSync(join(dir, path)).toString('base64')}`
  return Object.fromEntries(filesBelow(dir).map((path) => [path, stamp(path)]))
}
