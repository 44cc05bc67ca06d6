// npm run bench -- gather [--sizes 1000,10000] [--large] [--repeat 3] [--only feedwire]
// npm run bench -- mail [--letters 5000] [--large] [--repeat 3] [--only feedwire]
// npm run bench -- fetch [--feeds 500] [--repeat 3] [--only feedwire]
// npm run bench -- cluster [--recipients 10000,100000] [--large] [--daemons 1,2,4] [--letters 5000] [--repeat 3]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { editCorpus, writeCorpus } from './corpus.mjs'
import { benchCluster } from './cluster.mjs'
import { benchFetch } from './fetch.mjs'
import { benchMail } from './mail.mjs'
import { medianOf } from './measure.mjs'
import { feedwire, hugoLeanest, hugoSummaries } from './programs.mjs'

/** @typedef {import('./measure.mjs').Cost} Cost */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: '1000,10000' },
    letters: { type: 'string', default: '5000' },
    feeds: { type: 'string', default: '500' },
    recipients: { type: 'string', default: '10000,100000' },
    daemons: { type: 'string', default: '1,2,4' },
    large: { type: 'boolean', default: false },
    repeat: { type: 'string', default: '3' },
    only: { type: 'string' },
    program: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
  },
})
const sizes = [...values.sizes.split(',').map(Number), ...(values.large ? [100_000] : [])]
const recipients = [...values.recipients.split(',').map(Number), ...(values.large ? [1_000_000] : [])]
const daemons = values.daemons.split(',').map(Number)
const command = positionals.join()
const [letters, feeds, repeat] = [Number(values.letters), Number(values.feeds), Number(values.repeat)]
if (
  !['gather', 'mail', 'fetch', 'cluster'].includes(command) ||
  ![...sizes, ...recipients, ...daemons, letters, feeds, repeat].every((number) => number > 0)
) {
  console.error('usage: npm run bench -- gather [--sizes 1000,10000] [--large] [--repeat 3] [--only feedwire|hugo]')
  console.error(
    '       npm run bench -- mail [--letters 5000] [--large] [--repeat 3] [--only feedwire|nodemailer|smtp]',
  )
  console.error('       npm run bench -- fetch [--feeds 500] [--repeat 3] [--only feedwire|plain|rss2email]')
  console.error('       npm run bench -- cluster [--recipients 10000,100000] [--daemons 1,2,4] [--letters 5000]')
  process.exit(2)
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, median of ${repeat}\n`)
if (command === 'mail') console.log(await benchMail({ ...values, letters, repeat }))
else if (command === 'fetch') console.log(await benchFetch({ ...values, feeds, repeat }))
else if (command === 'cluster') await benchCluster({ ...values, recipients, daemons, letters, repeat }, console.log)
else for (const size of sizes) console.log(`${benchOf(size, repeat)}\n`)

/**
 * @param {number} size
 * @param {number} repeat
 */
function benchOf(size, repeat) {
  const site = mkdtempSync(join(tmpdir(), 'feedwire-bench-'))
  try {
    const content = join(site, 'content')
    mkdirSync(content)
    writeCorpus(content, size)
    const all = [feedwire(site, values.program), hugoSummaries(site), hugoLeanest(site)]
    const wanted = all.filter(({ name }) => name.toLowerCase().startsWith(values.only ?? ''))
    const programs = wanted.filter(({ isThere }) => isThere)
    const skipped = wanted.filter(({ isThere }) => !isThere).map(({ name }) => `${name}: skipped, it is not there\n`)
    return skipped.join('') + tableOf(size, costsOf(content, size, programs, repeat))
  } finally {
    rmSync(site, { recursive: true, force: true })
  }
}

/**
 * The cost of each case for each program; the programs run in turn, so that a busy machine is unfair to none.
 * @param {string} content
 * @param {number} size
 * @param {readonly import('./programs.mjs').Program[]} programs
 * @param {number} repeat
 * @returns {Map<string, Map<string, Cost>>} by case and program
 */
function costsOf(content, size, programs, repeat) {
  const some = Math.max(1, Math.round(size / 100))
  const cases = /** @type {const} */ ([
    ['cold', size, 0],
    ['no change', 0, 0],
    ['one changed', 1, 1],
    ['1 % changed', some, some],
  ])
  /** @type {Map<string, Map<string, Cost[]>>} */
  const costs = new Map(cases.map(([name]) => [name, new Map(programs.map((program) => [program.name, []]))]))
  for (let round = 0; round < repeat; round++) {
    for (const program of programs) program.forget()
    for (const [index, [name, read, changed]] of cases.entries()) {
      editCorpus(content, size, changed, round * cases.length + index + 1)
      for (const program of programs) costs.get(name)?.get(program.name)?.push(program.run(read))
    }
  }
  return new Map([...costs].map(([name, of]) => [name, new Map([...of].map(([who, list]) => [who, medianOf(list)]))]))
}

/**
 * A table in Markdown; a ratio is Feedwire's figure as a part of the other's.
 * @param {number} size
 * @param {Map<string, Map<string, Cost>>} costs
 */
function tableOf(size, costs) {
  const rows = [...costs].flatMap(([name, of]) => {
    const ours = of.get('Feedwire')
    return [...of].map(([who, cost]) => [name, who, ...figures(cost), ...ratios(ours, cost)])
  })
  const head = [size.toLocaleString('en'), 'program', 'wall s', 'CPU s', 'peak MB', 'wall', 'CPU', 'memory']
  const rule = ['---', '---', '---:', '---:', '---:', '---:', '---:', '---:']
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** @param {Cost} cost */
function figures({ wall, cpu, peak }) {
  return [wall.toFixed(2), cpu?.toFixed(2) ?? '', peak?.toFixed(0) ?? '']
}

/**
 * @param {Cost | undefined} ours
 * @param {Cost} theirs
 */
function ratios(ours, theirs) {
  if (ours === undefined || ours === theirs) return ['', '', '']
  const part = (/** @type {number | null} */ a, /** @type {number | null} */ b) => (a && b ? (a / b).toFixed(3) : '')
  return [part(ours.wall, theirs.wall), part(ours.cpu, theirs.cpu), part(ours.peak, theirs.peak)]
}
