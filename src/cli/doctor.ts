import { Resolver } from 'node:dns/promises'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { withDeadline } from '../announce/deadline.ts'
import { type Config, loadConfig } from '../config.ts'
import { type Examination, examine } from '../doctor/doctor.ts'
import { type Check, type Finding, findingOf } from '../doctor/finding.ts'
import { nodeFinding } from '../doctor/machine.ts'
import type { Network } from '../doctor/network.ts'
import { oneLine } from '../problem.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

/** What `feedwire doctor` takes. */
export interface DoctorOptions extends CommonOptions {
  /** Nobody on the network is asked. */
  offline?: boolean
}

/** How others are asked; `whole` is how long all of them together are waited for, in milliseconds. */
export type Asking = Omit<Network, 'signal'> & { whole: number }

/** `feedwire doctor`: looks for faults of the setup, and says how to mend them; 3 when there is one. */
export async function doctorCommand(
  context: Context,
  options: DoctorOptions,
  asking: Asking = askingOthers(),
): Promise<ExitCode> {
  const checks: Check[] = []
  const tell = (check: Check): void => {
    checks.push(check)
    if (options.json !== true) for (const line of linesOf(check)) context.print(line)
  }
  const loaded = loadConfig(options.config ?? null, context.cwd, context.environment)
  if (loaded.ok) await examineAll(context, options, { config: loaded.config, asking, tell })
  else {
    for (const problem of loaded.problems) tell({ name: 'settings', ...findingOf(problem) })
    tell({ name: 'node', ...nodeFinding(process.versions.node) })
  }
  if (options.json === true) context.print(JSON.stringify({ checks }, null, 2))
  else context.print(summary(checks))
  return checks.some(({ state }) => state === 'fault') ? 3 : 0
}

interface Examining {
  config: Config
  asking: Asking
  tell: (check: Check) => void
}

async function examineAll(
  context: Context,
  options: DoctorOptions,
  { config, asking, tell }: Examining,
): Promise<void> {
  const { whole, dns, ...rest } = asking
  const examination: Omit<Examination, 'network'> = {
    config,
    file: settingsFile(config, context, options),
    now: context.clock(),
    node: process.versions.node,
    systemZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
  if (options.offline === true) return examine({ ...examination, network: null }, tell)
  try {
    await withDeadline(context.signal, whole, (signal) =>
      examine({ ...examination, network: { ...rest, dns, signal } }, tell),
    )
  } finally {
    // Else what was given up keeps the process alive.
    dns.cancel()
  }
}

/** The name servers of this machine, and the web. */
function askingOthers(): Asking {
  return { dns: new Resolver({ timeout: 3_000, tries: 2 }), fetch, patience: 10_000, whole: 30_000 }
}

/** The file that the settings were read from. */
function settingsFile({ dir }: Config, { cwd }: Context, { config }: DoctorOptions): string {
  if (config !== undefined) return resolve(cwd, config)
  const names = readdirSync(dir).filter((name) => /^feedwire\.config\.(?:ya?ml|json)$/.test(name))
  // Of several, YAML is taken.
  return join(dir, names.sort((a, b) => RANKS.indexOf(endOf(a)) - RANKS.indexOf(endOf(b)))[0] ?? '')
}

const RANKS = ['yaml', 'yml', 'json']

function endOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

const WORDS: Record<Finding['state'], string> = { ok: 'ok', note: 'note', fault: 'fault', skipped: 'skip' }

/** `fault store: …`, and what to do about it below. */
function linesOf(check: Check): string[] {
  const line = `${WORDS[check.state].padEnd(5)} ${check.name}: ${oneLine(check.message)}`
  return 'mend' in check ? [line, `      ${oneLine(check.mend)}`] : [line]
}

function summary(checks: readonly Check[]): string {
  const count = (state: Finding['state']): number => checks.filter((check) => check.state === state).length
  const [faults, notes] = [count('fault'), count('note')]
  return faults + notes === 0 ? 'All is well.' : `${plural(faults, 'fault')}, ${plural(notes, 'note')}`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
