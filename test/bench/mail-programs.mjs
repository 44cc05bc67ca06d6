import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CONNECTIONS, DOMAIN, readerAt, writeSettings } from './mail-site.mjs'
import { programOf } from './mail-sink.mjs'

/**
 * What a program is to send: to each reader of a site one letter; `keyFile`: signed with this key.
 * @typedef {{ site: string, port: number, letters: number, keyFile: string | null }} Task
 */

/**
 * A program that sends letters.
 * @typedef {object} MailProgram
 * @property {string} name
 * @property {boolean} isThere
 * @property {boolean} canSign
 * @property {(task: Task) => [command: string, args: string[]]} command
 */

/**
 * A run of Feedwire that finds nothing new and sends what is due, its ledger on disk.
 * @param {string} main
 * @returns {MailProgram}
 */
export function feedwireMail(main) {
  return {
    name: 'Feedwire',
    isThere: true,
    canSign: true,
    command({ site, port, keyFile }) {
      writeSettings(site, port, keyFile)
      return [process.execPath, [main, 'run']]
    },
  }
}

/**
 * nodemailer's own pool; nothing on disk tells which letters are gone.
 * @type {MailProgram}
 */
export const nodemailerPool = {
  name: 'nodemailer, pool',
  isThere: true,
  canSign: true,
  command({ site, port, letters, keyFile }) {
    const script = fileURLToPath(new URL('mail-pool.mjs', import.meta.url))
    return [process.execPath, [script, site, String(port), String(letters), ...(keyFile === null ? [] : [keyFile])]]
  },
}

/**
 * Postfix's `smtp-source`: one letter of 28,000 zeros or the like, again and again to one reader, over connections that
 * stay open. It is what the mail server takes at most.
 * @type {MailProgram}
 */
export const smtpSource = {
  name: 'smtp-source',
  isThere: spawnSync(programOf('smtp-source'), ['-?']).error === undefined,
  canSign: false,
  command({ port, letters }) {
    const addresses = ['-f', `digest@${DOMAIN}`, '-t', readerAt(0)]
    const load = ['-d', '-s', String(CONNECTIONS), '-m', String(letters), '-l', '28000']
    return [programOf('smtp-source'), [...load, ...addresses, `127.0.0.1:${port}`]]
  },
}
