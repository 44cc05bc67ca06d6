import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { globSync } from 'tinyglobby'

/**
 * The path of a program of PostgreSQL, or null. Debian keeps them out of the search path, as servers of several versions
 * may stand side by side; the newest counts.
 */
export function serverProgram(name: string): string | null {
  const versions = globSync('/usr/lib/postgresql/*/bin', { onlyDirectories: true, absolute: true })
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.sort((a, b) => version(b) - version(a))]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

function version(folder: string): number {
  return Number(/\/(\d+)\/bin/.exec(folder)?.[1] ?? 0)
}
