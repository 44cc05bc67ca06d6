import { accessSync, constants, existsSync, readdirSync, statSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { globSync } from 'tinyglobby'
import type { Config, SourceConfig } from '../config-types.ts'
import { type StorePlace, folderBeside, isServer } from '../store-place.ts'
import { type Finding, fault, note, ok } from './finding.ts'
import { type FreeSpace, spaceFinding } from './machine.ts'

/** Whether each source can be read. */
export function sourceFindings(sources: readonly SourceConfig[]): Finding[] {
  const found = sources.flatMap((source) => sourceFaults(source))
  return found.length > 0 ? found : [ok(`${sources.length} ${sources.length === 1 ? 'source' : 'sources'} can be read`)]
}

function sourceFaults(source: SourceConfig): Finding[] {
  if (source.kind === 'listing') {
    const paths = globSync(source.files, { cwd: source.root, onlyFiles: true, expandDirectories: false })
    if (paths.length > 0) return []
    return [note(`${source.name}: no file matches the pattern`, 'put a capture there, or mend sources[].files')]
  }
  if (source.kind !== 'markdown') return documentFaults(source)
  const reason = refusal(source.dir, constants.R_OK | constants.X_OK)
  const mend = 'make it a folder that Feedwire may read, or mend sources[].dir'
  return reason === null ? [] : [fault(`${source.name}: the folder cannot be read (${reason})`, mend)]
}

/** Whether a page or feed that is a file is there; those of others are asked when there is a run. */
function documentFaults({ name, at }: Extract<SourceConfig, { kind: 'page' | 'feed' }>): Finding[] {
  if (at.kind === 'url' || existsSync(at.path)) return []
  return [fault(`${name}: there is no file ${at.path}`, 'save the page there, or mend sources[].file')]
}

/** The folders that Feedwire writes into, by the setting that names each. */
export function folderFindings(config: Config): Finding[] {
  const { publish, mail, database } = config
  const folders = [
    { setting: 'publish.dir', path: publish.dir },
    ...(isServer(database) ? [] : [{ setting: 'database', path: dirname(database) }]),
    ...(mail.kind === 'outbox' ? [{ setting: 'the outbox', path: mail.dir }] : []),
  ]
  const faults = folders.flatMap(({ setting, path }) => {
    const reason = refusal(standing(path), constants.R_OK | constants.W_OK | constants.X_OK)
    const message = `${setting}: ${path} cannot be written (${reason})`
    return reason === null ? [] : [fault(message, 'make it a folder that Feedwire may write, or mend the setting')]
  })
  return faults.length > 0 ? faults : [ok(`${folders.map(({ setting }) => setting).join(', ')} can be written`)]
}

/** The room on each disk that Feedwire writes to. */
export function diskFindings(config: Config): Finding[] {
  const folders = [standing(folderBeside(config)), standing(config.publish.dir)]
  const disks = new Map(folders.toReversed().map((folder) => [statSync(folder).dev, folder]))
  return [...disks.values()].reverse().map((folder) => spaceFinding(folder, freeSpace(folder)))
}

function freeSpace(folder: string): FreeSpace {
  const { bavail, bsize, files, ffree } = statfsSync(folder)
  return { bytes: bavail * bsize, files: files === 0 ? null : ffree }
}

/** Mails that no program understood, kept for a person. */
export function mailFindings(config: StorePlace): Finding[] {
  const dir = join(folderBeside(config), 'unread')
  const count = statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true ? mailsIn(dir) : 0
  if (count === 0) return [ok('No mail waits for a person')]
  const message = count === 1 ? '1 mail waits to be read' : `${count} mails wait to be read`
  return [note(`${message} in ${dir}`, 'read them, do what they ask for, and delete them')]
}

function mailsIn(dir: string): number {
  return readdirSync(dir).filter((name) => name.endsWith('.eml')).length
}

/** The folder itself, or the nearest above it that is there: the rest is made when it is needed. */
function standing(path: string): string {
  if (existsSync(path) || dirname(path) === path) return path
  return standing(dirname(path))
}

/** Why a folder cannot be used, such as `EACCES`, or null. */
function refusal(path: string, mode: number): string | null {
  try {
    if (!statSync(path).isDirectory()) return 'it is no folder'
    accessSync(path, mode)
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}
