import type { Config } from '../config.ts'
import { type RunOptions, type RunReport, runOnce } from '../run.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { summary } from './summary.ts'

export interface RunCommandOptions extends CommonOptions {
  acceptRemovals?: boolean
  dryRun?: boolean
  digest?: 'now'
}

/** `feedwire run`: one pass of the job, for cron. */
export function runCommand(context: Context, options: RunCommandOptions): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    const { clock, random, signal } = context
    const acceptRemovals = options.acceptRemovals === true
    const digest = options.digest ?? 'due'
    const runOptions: RunOptions = { now: clock(), clock, random, signal, acceptRemovals, digest }
    const report = options.dryRun === true ? await reportOf(config, runOptions) : await runOnce(config, runOptions)
    if (options.json === true) {
      context.print(JSON.stringify(report === null ? { busy: true } : published(report), null, 2))
    } else if (report === null) {
      context.print('Another run is at work on this store; this one leaves it alone.')
    } else {
      const lines = summary(report, config, options.dryRun === true)
      lines.problems.forEach(context.complain)
      lines.report.forEach(context.print)
    }
    return report?.exitCode ?? 0
  })
}

async function reportOf(config: Config, options: RunOptions): Promise<RunReport> {
  const { rehearse } = await import('../rehearsal.ts')
  return rehearse(config, options, (_, report) => Promise.resolve(report))
}

/** The report as programs read it. */
function published(report: RunReport): object {
  const { run, gathered, held, digests, published: files, announced, deliveries } = report
  const sources = report.sources.map(({ fresh: _, ...source }) => source)
  const { command, told } = announced
  const { problems } = report
  return { run, sources, gathered, held, digests, published: files, announced: { command, told }, deliveries, problems }
}
