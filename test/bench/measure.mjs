import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

const TIME = '/usr/bin/time'

/**
 * What a command cost.
 * @typedef {{ wall: number, cpu: number | null, peak: number | null }} Cost seconds, seconds, MB
 */

/**
 * Runs a command to its end and says what it cost; null for what this machine cannot tell.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string }} options
 * @returns {Cost & { stdout: string }}
 */
export function measure(command, args, { cwd }) {
  const note = join(cwd, 'cost.txt')
  const timer = timerTo(note)
  const start = performance.now()
  const [program, ...rest] = [...timer, command, ...args]
  const { status, stdout, stderr, error } = spawnSync(program, rest, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
  const wall = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${error ?? (stderr || stdout)}`)
  const cost = timer.length === 0 ? { cpu: null, peak: null } : readNote(readFileSync(note, 'utf8'))
  rmSync(note, { force: true })
  return { wall, ...cost, stdout }
}

/** @param {string} note */
function timerTo(note) {
  if (!existsSync(TIME)) return []
  return process.platform === 'darwin' ? [TIME, '-l', '-o', note] : [TIME, '-f', '%U %S %M', '-o', note]
}

/** @param {string} text */
function readNote(text) {
  const [, user, system, kilobytes] = /^([\d.]+) ([\d.]+) (\d+)$/m.exec(text) ?? []
  if (kilobytes !== undefined) return { cpu: Number(user) + Number(system), peak: Number(kilobytes) / 1024 }
  const [, bsdUser, bsdSystem] = /([\d.]+) user\s+([\d.]+) sys/.exec(text) ?? []
  const [, bytes] = /(\d+)\s+maximum resident set size/.exec(text) ?? []
  return { cpu: Number(bsdUser) + Number(bsdSystem), peak: Number(bytes) / 1024 / 1024 }
}

/**
 * The median of each figure.
 * @param {readonly Cost[]} costs
 * @returns {Cost}
 */
export function medianOf(costs) {
  return {
    wall: median(costs.map(({ wall }) => wall)) ?? 0,
    cpu: median(costs.flatMap(({ cpu }) => cpu ?? [])),
    peak: median(costs.flatMap(({ peak }) => peak ?? [])),
  }
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? null
}
