import { Command, CommanderError } from 'commander'
import { Problem, problemLine } from '../problem.ts'
import { VERSION } from '../version.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import type { RunCommandOptions } from './run.ts'

const ABOUT = `Gathers new articles, builds RSS, Atom and JSON feeds and a latest-updates page,
publishes them to a directory and mails a digest to subscribers.`

const AFTER = `
Settings are read from feedwire.config.yaml in this folder, or from --config FILE; README.md lists them.

Examples:
  $ feedwire run                                  one pass; put this line into cron
  $ feedwire start                                stay and run on the schedule of the settings
  $ feedwire subscribers add reader@example.net   mail digests to one more reader

Exit codes:
  0  all is well
  1  the run failed; nothing is half done, the next run goes on from there
  2  the command line or the settings are wrong; nothing was touched
  3  done, but something was set aside; the messages say what and how to mend it`

/** Reads a command line and does what it says. */
export async function program(argv: readonly string[], context: Context): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const done = async (command: Promise<ExitCode>): Promise<void> => {
    exitCode = await command
  }
  const root = new Command('feedwire')
    .description(ABOUT)
    .version(VERSION)
    .addHelpText('after', AFTER)
    .configureOutput({
      writeOut: (text) => {
        context.print(text.trimEnd())
      },
      writeErr: (text) => {
        context.complain(text.trimEnd())
      },
    })
    .showSuggestionAfterError()
    .exitOverride()

  common(root.command('run').description('gather, publish and mail what is new, once'))
    .option('--accept-removals', 'let a source lose most of its entries in this run')
    .action(async (options: RunCommandOptions) => {
      const { runCommand } = await import('./run.ts')
      await done(runCommand(context, options))
    })
  common(root.command('start').description('stay, and run on the schedule of the settings until SIGTERM')).action(
    async (options: CommonOptions) => {
      const { startCommand } = await import('./start.ts')
      await done(startCommand(context, options))
    },
  )

  const subscribers = root.command('subscribers').description('add, list and remove readers of the digest')
  common(
    subscribers.command('add').argument('<address...>').description('add readers, or bring back who had left'),
  ).action(async (addresses: string[], options: CommonOptions) => {
    const { addCommand } = await import('./subscribers.ts')
    await done(addCommand(context, addresses, options))
  })
  common(subscribers.command('list').description('list every reader')).action(async (options: CommonOptions) => {
    const { listCommand } = await import('./subscribers.ts')
    await done(listCommand(context, options))
  })
  common(subscribers.command('remove').argument('<address...>').description('take readers off the list')).action(
    async (addresses: string[], options: CommonOptions) => {
      const { removeCommand } = await import('./subscribers.ts')
      await done(removeCommand(context, addresses, options))
    },
  )

  try {
    await root.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof Problem)) throw error
    if (argv.includes('--json')) context.print(JSON.stringify({ problems: [error] }))
    else context.complain(`feedwire: ${problemLine(error)}`)
    // What shows only with real articles is found when work is under way: it is no matter of settings.
    return error.code.startsWith('template-') && error.code !== 'template-render' ? 2 : 1
  }
}

function common(command: Command): Command {
  return command
    .option('--config <file>', 'read the settings from this file')
    .option('--json', 'print for programs: JSON instead of text')
}
