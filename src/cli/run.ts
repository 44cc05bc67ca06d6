import type { Config } from '../config.ts'
import { optimiseLater } from '../heap.ts'
import { type RunOptions, type RunReport, runClock, runOnce } from '../run.ts'
import { clockOf } from '../remember/clock.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { type Terminal, runProgressOn } from './progress.ts'
import { summary } from './summary.ts'

export interface RunCommandOptions extends CommonOptions {
  acceptRemovals?: boolean
  dryRun?: boolean
  /** Only what needs a person is printed, so that cron mails only that. */
  quiet?: boolean
  digest?: 'now'
}

/** `feedwire run`: one pass of the job, for cron. */
export function runCommand(
  context: Context,
  options: RunCommandOptions,
  terminal: Terminal = process.stderr,
): Promise<ExitCode> {
  optimiseLater()
  return configured(context, options, async (config) => {
    const { random, signal } = context
    const clock =
      options.dryRun === true ? await clockOf(config.database, context.clock) : await runClock(config, context)
    const acceptRemovals = options.acceptRemovals === true
    const digest = options.digest ?? 'due'
    const isShown = options.json !== true && options.quiet !== true
    const progress = runProgressOn(isShown ? terminal : NO_TERMINAL, clock)
    const runOptions: RunOptions = {
      ...{ now: clock(), clock, random, signal, acceptRemovals, digest },
      ...(progress.take !== null && { progress: progress.take }),
    }
    try {
      const report = options.dryRun === true ? await reportOf(config, runOptions) : await runOnce(config, runOptions)
      progress.clear()
      tell(context, options, report, config)
      return report?.exitCode ?? 0
    } catch (error) {
      progress.clear()
      throw error
    }
  })
}

const NO_TERMINAL: Terminal = { write: () => undefined }

function tell(context: Context, options: RunCommandOptions, report: RunReport | null, config: Config): void {
  const { json, quiet, dryRun } = options
  if (json === true) {
    context.print(JSON.stringify(report === null ? { busy: true } : published(report), null, 2))
  } else if (report === null) {
    if (quiet !== true) context.print('Another run is at work on this store; this one leaves it alone.')
  } else {
    const lines = summary(report, config, dryRun === true)
    const complaints = quiet === true ? lines.errors : lines.problems
    complaints.forEach(context.complain)
    if (quiet !== true) lines.report.forEach(context.print)
  }
}

async function reportOf(config: Config, options: RunOptions): Promise<RunReport> {
  const { rehearse } = await import('../rehearsal.ts')
  return rehearse(config, options, (_, report) => Promise.resolve(report))
}

/** The report as programs read it. */
function published(report: RunReport): object {
  const { run, gathered, held, digests, published: files, announced, deliveries, notices, exitCode } = report
  const sources = report.sources.map(({ fresh: _, ...source }) => source)
  const { command, told } = announced
  const { problems } = report
  const mailed = { deliveries, notices }
  const done = { run, sources, gathered, held, digests, published: files, announced: { command, told }, ...mailed }
  return { ...done, problems, exitCode }
}
