import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeCorpus } from './corpus.mjs'
import { measure } from './measure.mjs'

export const DOMAIN = 'example.org'
export const SELECTOR = 'bench'
export const CONNECTIONS = 5
/** Who gets the letter of a preview. */
export const READER = 'reader@example.org'
/** Discards what it is sent, where it is there at all: no letter goes. */
const NOBODY = 9
/** Entries of the letter; with them it has about 28 KB. */
const ENTRIES = 5

/** @param {number} number */
export function readerAt(number) {
  return `reader-${number}@example.net`
}

/**
 * A site whose digest is frozen for so many readers, and sent to none.
 * @typedef {{ dir: string, keyFile: string, bytes: number }} Site `bytes`: the size of a letter
 */

/**
 * @param {string} dir
 * @param {string} main the program
 * @param {number} readers who stand in its settings
 * @param {object} more of its settings
 * @returns {Site}
 */
export function prepareSite(dir, main, readers, more = {}) {
  const keyFile = join(dir, 'dkim.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  mkdirSync(join(dir, 'content'))
  writeCorpus(join(dir, 'content'), ENTRIES)
  writeSettings(dir, NOBODY, null, { subscribers: Array.from({ length: readers }, (_, at) => readerAt(at)), ...more })
  const bytes = keepLetter(dir, main)
  // It ends with 3, since no mail server can be reached.
  const { stdout } = spawnSync(process.execPath, [main, 'run', '--json'], { cwd: dir, encoding: 'utf8' })
  const { due } = JSON.parse(stdout).deliveries
  if (due !== readers) throw new Error(`${due} letters are due instead of ${readers}`)
  return { dir, keyFile, bytes }
}

/**
 * @param {string} dir
 * @param {number} port of the mail server
 * @param {string | null} keyFile
 * @param {object} more settings
 */
export function writeSettings(dir, port, keyFile, more = {}) {
  const settings = {
    site: { title: 'Tides', url: `https://${DOMAIN}/` },
    sources: [{ kind: 'markdown', dir: 'content' }],
    feeds: { tags: false },
    publish: { compress: false },
    digest: { first_run: ENTRIES, max_entries: ENTRIES },
    mail: {
      from: `Ada <digest@${DOMAIN}>`,
      return: `bounces@${DOMAIN}`,
      smtp: `smtp://127.0.0.1:${port}`,
      connections: CONNECTIONS,
      ...(keyFile !== null && { dkim: { selector: SELECTOR, key: keyFile } }),
    },
    ...more,
  }
  writeFileSync(join(dir, 'feedwire.config.yaml'), JSON.stringify(settings))
}

/**
 * Keeps the two bodies of the letter for who sends it otherwise.
 * @param {string} dir
 * @param {string} main
 * @returns {number} its size as it is sent
 */
function keepLetter(dir, main) {
  const out = join(dir, 'preview')
  const { stdout } = measure(process.execPath, [main, 'preview', '--json', '--out', out], { cwd: dir })
  for (const name of readdirSync(out)) renameSync(join(out, name), join(dir, `letter.${name.split('.').at(-1)}`))
  rmSync(out, { recursive: true })
  return JSON.parse(stdout).letters[0].size.whole
}
