import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parseDocument } from 'yaml'
import { type Config, checkSettings } from '../config.ts'
import { syncFolder, temporaryOf } from '../files.ts'
import { Problem } from '../problem.ts'
import type { SourceSettings } from './settings.ts'
import { withSources } from './source-text.ts'

const NAMES = ['feedwire.config.yaml', 'feedwire.config.yml', 'feedwire.config.json']

/**
 * The file with the settings of a site.
 * @param file as it was named on the command line, or null
 */
export function settingsFile(file: string | null, cwd: string): string {
  const names = NAMES.map((name) => resolve(cwd, name))
  return file === null ? (names.find((name) => existsSync(name)) ?? resolve(cwd, NAMES[0] ?? '')) : resolve(cwd, file)
}

/**
 * The text of a settings file with more sources, of which it is certain that they are read, and all else as before.
 * @param file absolute
 * @param before what the file says now
 * @throws {Problem} `settings-uneditable`
 */
export function editedSettings(
  file: string,
  added: readonly SourceSettings[],
  before: Config,
  environment: NodeJS.ProcessEnv,
): string {
  const text = withSources(readFileSync(file, 'utf8'), added, file.endsWith('.json'))
  const loaded = checkSettings(parseDocument(text.replace(/^\uFEFF/, '')).toJS(), before.dir, environment)
  if (!loaded.ok) throw uneditable(basename(file), loaded.problems[0]?.message ?? 'they would not be valid')
  const { sources, ...rest } = loaded.config
  const { sources: old, ...others } = before
  const isKept = isDeepStrictEqual([sources.slice(0, old.length), rest], [old, others])
  if (isKept && sources.length === old.length + added.length) return text
  throw uneditable(basename(file), 'they would say something else')
}

function uneditable(where: string, why: string): Problem {
  const mend = 'write the sources there yourself; "sources import --dry-run --json" lists them'
  return new Problem('settings-uneditable', `The settings cannot be added to: ${why}`, { where, mend })
}

/**
 * Puts a text in the place of a settings file, whole or not at all; a link, its mode and its owner stay.
 * @throws {Problem} `settings-unwritable`
 */
export function replaceSettings(file: string, text: string): void {
  const target = realpathSync(file)
  const temporary = temporaryOf(target)
  try {
    writeAs(temporary, text, target)
    renameSync(temporary, target)
  } catch (cause) {
    rmSync(temporary, { force: true })
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const mend = 'see that you may write there, or do it as the user to whom the file belongs'
    const message = `Cannot write the settings (${String(cause.code)}); they are as they were`
    throw new Problem('settings-unwritable', message, { where: basename(file), mend, cause })
  }
  syncFolder(dirname(target))
}

/** They may hold secrets: nobody is let in who was not before. */
function writeAs(path: string, text: string, model: string): void {
  const { mode, uid, gid } = statSync(model)
  rmSync(path, { force: true })
  const file = openSync(path, 'wx', 0o600)
  try {
    const own = fstatSync(file)
    if (own.uid !== uid || own.gid !== gid) fchownSync(file, uid, gid)
    fchmodSync(file, mode & 0o777)
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
