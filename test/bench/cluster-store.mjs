import { rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { siteOf, takeStep } from './cluster-site.mjs'

/** @typedef {import('./cluster-site.mjs').Place} Place */

/**
 * What it takes to freeze a digest for so many readers, to claim ten of its letters and to ask how all stands.
 * @param {Place} place
 * @param {readonly number[]} recipients
 */
export async function storeTable(place, recipients) {
  const rows = []
  for (const readers of recipients) {
    rows.push(rowOf('file', readers, costOf(place, readers, null)))
    rows.push(rowOf('server', readers, costOf(place, readers, await place.server.database('bench'))))
  }
  const figures = ['freeze s', 'peak MB', 'claim ms: all due', 'half sent', 'nearly all sent', 'longest', 'status s']
  const head = ['readers', 'store', ...figures]
  const rule = ['---:', '---', ...figures.map(() => '---:')]
  return `${[head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`
}

/**
 * @param {Place} place
 * @param {number} readers
 * @param {string | null} database
 */
function costOf(place, readers, database) {
  const { site, store } = siteOf(place, 'store', readers, database)
  const frozen = takeStep(place.steps, 'freeze', store, site)
  if (frozen.recipients !== readers) throw new Error(`frozen for ${frozen.recipients} readers instead of ${readers}`)
  const waiting = statusOf(place, site)
  const { start, middle, end } = takeStep(place.steps, 'claim', store)
  const status = Math.max(waiting, statusOf(place, site))
  rmSync(site, { recursive: true })
  return { frozen, start, middle, end, status }
}

/**
 * Seconds until the program has said how all stands, its start included.
 * @param {Place} place
 * @param {string} site
 */
function statusOf({ program }, site) {
  const begin = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [program, 'status'], { cwd: site, encoding: 'utf8' })
  if (status !== 0 && status !== 3) throw new Error(`status ended with ${status}: ${stderr}`)
  return (performance.now() - begin) / 1000
}

/**
 * @param {string} store
 * @param {number} readers
 * @param {ReturnType<typeof costOf>} cost
 */
function rowOf(store, readers, { frozen, start, middle, end, status }) {
  const longest = Math.max(...[start, middle, end].map(({ most }) => most))
  const claims = [start.median, middle.median, end.median, longest].map((time) => time.toFixed(1))
  return [
    readers.toLocaleString('en'),
    store,
    frozen.seconds.toFixed(2),
    frozen.peak.toFixed(0),
    ...claims,
    status.toFixed(2),
  ]
}
