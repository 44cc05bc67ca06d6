import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { ask } from './cluster-server.mjs'
import { settingsOf, siteOf, takeStep } from './cluster-site.mjs'
import { startSink } from './mail-sink.mjs'
import { CONNECTIONS, writeSettings } from './mail-site.mjs'

/**
 * @typedef {import('./cluster-site.mjs').Place} Place
 * @typedef {{ letters: number, daemons: readonly number[], repeat: number, wait: number }} Load
 *   `wait`: seconds that the mail server takes for a letter
 */

/** How often the mail server is looked at, and how long it may take nothing, in milliseconds. */
const STEP = 20
const PATIENCE = 60_000

/**
 * Letters per second of one daemon on a file, and of some on one server.
 * @param {Place} place
 * @param {Load} load
 */
export async function lettersTable(place, load) {
  const { letters, daemons, repeat, wait } = load
  const onFile = frozenSite(place, 'file', letters, null)
  const onServer = frozenSite(place, 'server', letters, await place.server.database('prepared'))
  const cases = [{ count: 1, isFile: true }, ...daemons.map((count) => ({ count, isFile: false }))]
  const rows = cases.map((one) => ({ ...one, speeds: /** @type {number[]} */ ([]) }))
  for (let round = 0; round < repeat; round++) {
    for (const { count, isFile, speeds } of rows) {
      const database = isFile ? null : await place.server.database('work', 'prepared')
      speeds.push(await speedOf(place, isFile ? onFile.site : onServer.site, { ...load, count, database }))
    }
  }
  for (const { site } of [onFile, onServer]) rmSync(site, { recursive: true })
  return tableOf(rows, `${letters.toLocaleString('en')} letters, ${serverText(wait)}`)
}

/** @param {number} wait */
function serverText(wait) {
  return wait === 0 ? 'taken at once' : `taken after ${wait} s`
}

/**
 * A site whose digest is frozen and sent to none.
 * @param {Place} place
 * @param {string} name
 * @param {number} letters
 * @param {string | null} database
 */
function frozenSite(place, name, letters, database) {
  const made = siteOf(place, name, letters, database)
  const { stdout } = spawnSync(process.execPath, [place.program, 'run', '--json'], { cwd: made.site, encoding: 'utf8' })
  const { due } = JSON.parse(stdout).deliveries
  if (due !== letters) throw new Error(`${due} letters are due instead of ${letters}`)
  return made
}

/**
 * Letters per second between the first and the last. On a server all daemons are there, and wait, before any may go.
 * @param {Place} place
 * @param {string} site
 * @param {Load & { count: number, database: string | null }} load
 */
async function speedOf({ dir, program, steps }, site, { letters, wait, count, database }) {
  const sink = await startSink(dir, wait)
  const dirs = Array.from({ length: count }, (_, number) => join(dir, `daemon-${number}`))
  for (const one of dirs) {
    cpSync(site, one, { recursive: true, preserveTimestamps: true })
    writeSettings(one, sink.port, null, settingsOf(database))
  }
  if (database !== null) await ask(database, 'update digests set paused = 1')
  const daemons = dirs.map((cwd) => startDaemon(program, cwd))
  try {
    if (database !== null) {
      await Promise.all(daemons.map(({ waits }) => waits))
      await setTimeout(1000)
      await ask(database, `update digests set paused = 0; select pg_notify('feedwire_letters', 'public')`)
    }
    const speed = await watch(sink, letters)
    for (const { stop } of daemons) await stop()
    const { open } = takeStep(steps, 'states', database ?? join(dirs[0] ?? '', 'feedwire.db'))
    if (open !== 0 || sink.count() !== letters) throw new Error(`${sink.count()} letters were sent, ${open} are open`)
    return speed
  } finally {
    for (const { stop } of daemons) await stop()
    await sink.close()
    for (const one of dirs) rmSync(one, { recursive: true })
  }
}

/**
 * @param {import('./mail-sink.mjs').Sink} sink
 * @param {number} letters
 */
async function watch(sink, letters) {
  let [first, begin, latest, seen] = [0, 0, performance.now(), 0]
  while (seen < letters) {
    await setTimeout(STEP)
    const count = sink.count()
    if (count > seen) latest = performance.now()
    else if (performance.now() - latest > PATIENCE) throw new Error(`${count} letters were sent instead of ${letters}`)
    if (seen === 0 && count > 0) [first, begin] = [count, latest]
    seen = count
  }
  return (letters - first) / ((latest - begin) / 1000)
}

/**
 * @param {string} program
 * @param {string} cwd
 */
function startDaemon(program, cwd) {
  const child = spawn(process.execPath, [program, 'start'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const waits = new Promise((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (JSON.parse(line).event === 'waiting') resolve(null)
    })
    void ended.then(() => reject(new Error('a daemon ended')))
  })
  // A daemon on a file is not waited for.
  waits.catch(() => undefined)
  return {
    waits,
    stop: async () => {
      child.kill()
      await ended
    },
  }
}

/**
 * A table in Markdown; a ratio is the speed as a multiple of that of one daemon on the server.
 * @param {readonly { count: number, isFile: boolean, speeds: number[] }[]} rows
 * @param {string} title
 */
function tableOf(rows, title) {
  const speeds = rows.map(({ speeds }) => speeds.sort((a, b) => a - b)[Math.floor(speeds.length / 2)] ?? 0)
  const one = speeds[rows.findIndex(({ count, isFile }) => count === 1 && !isFile)]
  const lines = rows.map(({ count, isFile }, index) => {
    const speed = speeds[index] ?? 0
    return [isFile ? 'file' : 'server', count, speed.toFixed(0), one === undefined ? '' : (speed / one).toFixed(2)]
  })
  const head = [title, 'daemons', 'letters/s', 'times one on the server']
  const rule = ['---', '---:', '---:', '---:']
  const note = `${CONNECTIONS} connections each`
  return `${[head, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n')}\n\n${note}\n`
}
