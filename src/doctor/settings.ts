import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { platform } from 'node:process'
import { parseDocument } from 'yaml'
import type { Config } from '../config-types.ts'
import { type Finding, note, ok, skipped } from './finding.ts'
import { parseUrl } from '../web-address.ts'

/** Whether the files of settings, which hold secrets, are read by their owner alone. */
export function settingsFindings(file: string, { sources, mail }: Config): Finding[] {
  const envFile = join(dirname(file), '.env')
  const holdsSecrets = plainSecrets(readFileSync(file, 'utf8')).length > 0
  const secret = [...(holdsSecrets ? [file] : []), ...(isFile(envFile) ? [envFile] : [])]
  const keys = mail.dkim.flatMap(({ key }) => (key.includes('-----BEGIN') || !isFile(key) ? [] : [key]))
  const open = [...secret, ...keys].filter(isOpenToOthers)
  const summary = `${basename(file)}: ${sources.length} ${sources.length === 1 ? 'source' : 'sources'}, no fault`
  return [ok(summary), ...open.map(openNote)]
}

function openNote(path: string): Finding {
  return note(`Others on this machine may read ${path}, which holds secrets`, `chmod 600 ${path}`)
}

/**
 * Where the secret that signs links comes from, and what is secret and yet written out in the settings.
 * @param stored null when the store cannot be asked
 */
export function secretFindings(file: string, configured: string | null, stored: boolean | null): Finding[] {
  const plain = plainSecrets(readFileSync(file, 'utf8'))
  if (plain.length === 0) return [secretFinding(configured, stored)]
  const message = `${plain.join(' and ')} ${plain.length === 1 ? 'stands' : 'stand'} in ${basename(file)} in the clear`
  const mend = 'write what is secret into .env, and name it in the settings as ${NAME}'
  return [secretFinding(configured, stored), note(message, mend)]
}

const LONG_ENOUGH = 32

function secretFinding(configured: string | null, stored: boolean | null): Finding {
  if (configured === null) {
    if (stored === null) return skipped('The secret stands in the store, which cannot be read')
    return ok(stored ? 'The secret stands in the store; a backup keeps it' : 'The first run makes a secret')
  }
  return configured.length < LONG_ENOUGH
    ? note(
        `The secret has only ${configured.length} characters`,
        `take ${LONG_ENOUGH} random ones; what the old one signed stays good`,
      )
    : ok(`The secret comes from the settings (${configured.length} characters)`)
}

/** The settings whose secret is written out in the text of the file, not named as `${…}`. */
export function plainSecrets(text: string): string[] {
  const document = parseDocument(text.replace(/^\uFEFF/, ''))
  const written = (...keys: (string | number)[]): string => {
    const value: unknown = document.getIn(keys)
    return typeof value === 'string' && !value.includes('${') ? value : ''
  }
  const found = [
    written('secret') === '' ? [] : ['secret'],
    hasPassword(written('database')) ? ['database'] : [],
    hasPassword(written('mail', 'smtp')) ? ['mail.smtp'] : [],
    [['mail', 'dkim', 'key'], ...[0, 1, 2, 3].map((n) => ['mail', 'dkim', n, 'key'])].some((keys) =>
      written(...keys).includes('-----BEGIN'),
    )
      ? ['mail.dkim']
      : [],
  ]
  return found.flat()
}

/** In a URL of a database it may stand in the query. */
function hasPassword(text: string): boolean {
  const url = parseUrl(text)
  return url !== null && (url.password !== '' || url.searchParams.has('password'))
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Windows has no such modes. */
export function isOpenToOthers(path: string): boolean {
  return platform !== 'win32' && (statSync(path).mode & 0o077) !== 0
}
