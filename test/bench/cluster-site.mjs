import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepareSite } from './mail-site.mjs'

/**
 * Where a bench is at work.
 * @typedef {object} Place
 * @property {string} dir
 * @property {string} program
 * @property {string} steps the script of the steps
 * @property {import('./cluster-server.mjs').Server} server
 */

/** Nothing else is due while it is measured. */
export const SCHEDULE = '0 0 1 1 *'

/**
 * A site with articles and readers to whom nothing was sent.
 * @param {Place} place
 * @param {string} name
 * @param {number} readers
 * @param {string | null} database null: a file
 */
export function siteOf({ dir, program, steps }, name, readers, database) {
  const site = join(dir, name)
  mkdirSync(site)
  const { bytes } = prepareSite(site, program, 0, settingsOf(database))
  const store = database ?? join(site, 'feedwire.db')
  takeStep(steps, 'enrol', store, String(readers))
  return { site, store, bytes }
}

/** @param {string | null} database */
export function settingsOf(database) {
  return { schedule: SCHEDULE, ...(database !== null && { database }) }
}

/**
 * @param {string} steps
 * @param {string[]} words of the step
 * @returns {any} what it says of itself
 */
export function takeStep(steps, ...words) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [steps, ...words], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}
