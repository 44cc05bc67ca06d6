import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure, medianOf } from './measure.mjs'
import { feedwireMail, nodemailerPool, smtpSource } from './mail-programs.mjs'
import { hasSink, startSink } from './mail-sink.mjs'
import { prepareSite } from './mail-site.mjs'

/** @typedef {import('./measure.mjs').Cost} Cost */
/** @typedef {import('./mail-programs.mjs').MailProgram} MailProgram */

/** Letters that are due in the large case. */
const LARGE = 100_000

/**
 * Letters per second and what each costs, for each program in turn against one `smtp-sink`, as tables in Markdown.
 * @param {{ program: string, letters: number, repeat: number, only: string | undefined, large: boolean }} options
 */
export async function benchMail({ program, letters, repeat, only, large }) {
  if (!hasSink()) return "skipped: smtp-sink is not there, which Debian's package postfix has\n"
  const all = [feedwireMail(program), nodemailerPool, smtpSource]
  const wanted = all.filter(({ name }) => name.toLowerCase().startsWith(only ?? ''))
  const programs = wanted.filter(({ isThere }) => isThere)
  const skipped = wanted.filter(({ isThere }) => !isThere).map(({ name }) => `${name}: skipped, it is not there\n`)
  const tables = [await benchOf(program, letters, programs, repeat)]
  if (large) tables.push(await benchOf(program, LARGE, [feedwireMail(program)], 1))
  return [...skipped, ...tables].join('\n')
}

/**
 * @param {string} main
 * @param {number} letters
 * @param {readonly MailProgram[]} programs
 * @param {number} repeat
 */
async function benchOf(main, letters, programs, repeat) {
  const dir = mkdtempSync(join(tmpdir(), 'feedwire-bench-'))
  try {
    const prepared = join(dir, 'prepared')
    mkdirSync(prepared)
    const site = prepareSite(prepared, main, letters)
    const costs = await costsOf(dir, site, letters, programs, repeat)
    return `${tableOf(letters, site.bytes, costs)}\n`
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * The cost of each case for each program; the programs run in turn, so that a busy machine is unfair to none.
 * @param {string} dir
 * @param {import('./mail-site.mjs').Site} site
 * @param {number} letters
 * @param {readonly MailProgram[]} programs
 * @param {number} repeat
 */
async function costsOf(dir, site, letters, programs, repeat) {
  const cases = [false, true].flatMap((signs) => {
    return programs.filter(({ canSign }) => canSign || !signs).map((program) => ({ signs, program }))
  })
  /** @type {Map<(typeof cases)[number], Cost[]>} */
  const costs = new Map(cases.map((one) => [one, []]))
  for (let round = 0; round < repeat; round++) {
    for (const one of cases) {
      const work = join(dir, 'work')
      cpSync(site.dir, work, { recursive: true, preserveTimestamps: true })
      costs.get(one)?.push(await costOf(one.program, work, letters, one.signs ? site.keyFile : null))
      rmSync(work, { recursive: true })
    }
  }
  return [...costs].map(([one, list]) => ({ ...one, cost: medianOf(list) }))
}

/**
 * A run that sent another number of letters is no measurement.
 * @param {MailProgram} program
 * @param {string} site
 * @param {number} letters
 * @param {string | null} keyFile
 */
async function costOf(program, site, letters, keyFile) {
  const sink = await startSink(site)
  try {
    const [command, args] = program.command({ site, port: sink.port, letters, keyFile })
    const { stdout, ...cost } = measure(command, args, { cwd: site })
    const taken = await sink.taken(letters)
    if (taken !== letters) throw new Error(`${program.name} sent ${taken} letters instead of ${letters}`)
    return cost
  } finally {
    await sink.close()
  }
}

/**
 * A table in Markdown; a ratio is Feedwire's speed as a multiple of the other's in the same case.
 * @param {number} letters
 * @param {number} bytes of a letter
 * @param {readonly { signs: boolean, program: MailProgram, cost: Cost }[]} costs
 */
function tableOf(letters, bytes, costs) {
  const rows = costs.map(({ signs, program, cost }) => {
    const ours = costs.find((other) => other.signs === signs && other.program.name === 'Feedwire')
    const times = ours === undefined || ours.cost === cost ? '' : (cost.wall / ours.cost.wall).toFixed(2)
    const each = cost.cpu === null ? '' : ((cost.cpu / letters) * 1000).toFixed(2)
    const speed = (letters / cost.wall).toFixed(0)
    return [signs ? 'RSA 2048' : 'none', program.name, speed, each, cost.peak?.toFixed(0) ?? '', times]
  })
  const title = `${letters.toLocaleString('en')} letters of ${(bytes / 1000).toFixed(0)} KB`
  const head = ['DKIM', title, 'letters/s', 'CPU ms each', 'peak MB', 'Feedwire, times as fast']
  const rule = ['---', '---', '---:', '---:', '---:', '---:']
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
