import { realpathSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Config } from '../config.ts'

/** A folder of articles that the settings name. */
export type FolderConfig = Extract<Config['sources'][number], { kind: 'markdown' }>

/** The folders of articles in which a file lies, the innermost first, each with the file's path in it, with `/`. */
export function foldersOf(config: Config, cwd: string, file: string): { folder: FolderConfig; path: string }[] {
  const absolute = resolve(cwd, file)
  return config.sources
    .flatMap((folder) => {
      if (folder.kind !== 'markdown') return []
      const path = pathIn(folder.dir, absolute) ?? pathIn(real(folder.dir), real(absolute))
      return path === null ? [] : [{ folder, path }]
    })
    .sort((a, b) => a.path.length - b.path.length)
}

function pathIn(dir: string, absolute: string): string | null {
  const path = relative(dir, absolute)
  const isInside = path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
  return isInside ? path.split(sep).join('/') : null
}

/** The path without links; what is not there has none. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return path
  }
}
