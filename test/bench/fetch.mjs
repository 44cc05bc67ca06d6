import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ITEMS } from './fetch-feeds.mjs'
import { feedwireFetch, plainLoop, rss2email } from './fetch-programs.mjs'
import { medianOf } from './measure.mjs'

/** @typedef {import('./fetch-programs.mjs').FetchProgram} FetchProgram */
/** @typedef {import('./measure.mjs').Cost & { bytes: number, statements: number | null }} FetchCost */

const SERVER = fileURLToPath(new URL('fetch-server.mjs', import.meta.url))
const CASES = /** @type {const} */ (['all new', 'one new in each', 'none changed'])

/**
 * What reading so many feeds costs each program in turn, as a table in Markdown.
 * @param {{ program: string, feeds: number, repeat: number, only: string | undefined }} options
 */
export async function benchFetch({ program, feeds, repeat, only }) {
  if (process.platform !== 'linux') return 'skipped: only Linux has the addresses 127.1.0.1 and on without being told\n'
  const dir = mkdtempSync(join(tmpdir(), 'feedwire-bench-'))
  const server = await startServer(feeds)
  try {
    const all = [feedwireFetch(dir, program, server.urls), plainLoop(dir, server.urls), rss2email(dir, server.urls)]
    const wanted = all.filter(({ name }) => name.toLowerCase().startsWith(only ?? ''))
    const programs = wanted.filter(({ isThere }) => isThere)
    const skipped = wanted.filter(({ isThere }) => !isThere).map(({ name }) => `${name}: skipped, it is not there\n`)
    return `${skipped.join('')}${tableOf(feeds, await costsOf(server, programs, feeds, repeat))}\n`
  } finally {
    server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * The cost of each case for each program; the programs run in turn, so that a busy machine is unfair to none.
 * @param {Awaited<ReturnType<typeof startServer>>} server
 * @param {readonly FetchProgram[]} programs
 * @param {number} feeds
 * @param {number} repeat
 */
async function costsOf(server, programs, feeds, repeat) {
  const found = { 'all new': feeds * ITEMS, 'one new in each': feeds, 'none changed': 0 }
  const rows = CASES.flatMap((name) =>
    programs.map((program) => ({ name, program, costs: /** @type {FetchCost[]} */ ([]) })),
  )
  for (let round = 0; round < repeat; round++) {
    for (const program of programs) program.forget()
    for (const name of CASES) {
      await server.ask(name === 'one new in each' ? 'change' : 'told')
      for (const row of rows.filter((row) => row.name === name))
        row.costs.push(await costOf(server, row, found[name], feeds))
    }
  }
  return rows.map(({ name, program, costs }) => ({ name, who: program.name, cost: midOf(costs) }))
}

/**
 * A program that asked otherwise than it should is not measured.
 * @param {Awaited<ReturnType<typeof startServer>>} server
 * @param {{ name: string, program: FetchProgram }} row
 * @param {number} found
 * @param {number} feeds
 * @returns {Promise<FetchCost>}
 */
async function costOf(server, { name, program }, found, feeds) {
  const cost = program.run(found)
  const { whole, unchanged, bytes } = await server.ask('told')
  const asked = found > 0 ? whole : unchanged
  if (asked !== feeds || whole + unchanged !== feeds) {
    throw new Error(`${program.name}, ${name}: ${whole} feeds came whole and ${unchanged} were said to be as they were`)
  }
  return { ...cost, bytes }
}

/** @param {FetchCost[]} costs */
function midOf(costs) {
  const statements = costs.flatMap((cost) => cost.statements ?? []).sort((a, b) => a - b)
  return {
    ...medianOf(costs),
    bytes: costs.map(({ bytes }) => bytes).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0,
    statements: statements[Math.floor(statements.length / 2)] ?? null,
  }
}

/** @param {number} feeds */
async function startServer(feeds) {
  const child = spawn(process.execPath, [SERVER, String(feeds)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(child.stdout), 'line')
  /** @type {{ control: string, urls: string[] }} */
  const { control, urls } = JSON.parse(line)
  return {
    urls,
    stop: () => child.kill(),
    /**
     * @param {'change' | 'told'} what
     * @returns {Promise<{ whole: number, unchanged: number, bytes: number }>} since it was asked before
     */
    ask: async (what) => (await fetch(`${control}/${what}`)).json(),
  }
}

/**
 * A table in Markdown; a ratio is Feedwire's figure as a part of the other's.
 * @param {number} feeds
 * @param {readonly { name: string, who: string, cost: FetchCost }[]} rows
 */
function tableOf(feeds, rows) {
  const lines = rows.map(({ name, who, cost }) => {
    const ours = rows.find((row) => row.name === name && row.who === 'Feedwire')?.cost
    const of = (/** @type {'wall' | 'cpu' | 'peak'} */ what) =>
      ours === undefined || ours === cost || !ours[what] || !cost[what] ? '' : (ours[what] / cost[what]).toFixed(2)
    const { wall, cpu, peak, bytes, statements } = cost
    const figures = [wall.toFixed(2), cpu?.toFixed(2) ?? '', peak?.toFixed(0) ?? '', (bytes / 1e6).toFixed(2)]
    return [name, who, ...figures, statements?.toLocaleString('en') ?? '', of('wall'), of('cpu'), of('peak')]
  })
  const figures = ['wall s', 'CPU s', 'peak MB', 'MB sent', 'statements', 'wall', 'CPU', 'memory']
  const head = [`${feeds.toLocaleString('en')} feeds`, 'program', ...figures]
  const rule = ['---', '---', ...figures.map(() => '---:')]
  return [head, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n')
}
