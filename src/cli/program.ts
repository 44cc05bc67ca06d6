import { Command, CommanderError } from 'commander'
import { Problem, problemLine } from '../problem.ts'
import { VERSION } from '../version.ts'
import {
  entryCommands,
  feedCommands,
  jobCommands,
  letterCommands,
  replyCommands,
  sourceCommands,
  subscriberCommands,
} from './commands.ts'
import type { Context, ExitCode } from './context.ts'
import { ownerCommands } from './owner-commands.ts'

const ABOUT = `Gathers new articles, builds RSS, Atom and JSON feeds and a latest-updates page,
publishes them to a directory and mails a digest to subscribers.`

const AFTER = `
Settings are read from feedwire.config.yaml in this folder, or from --config FILE; README.md lists them.

Examples:
  $ feedwire init                                 write the settings of a site, asking what it cannot see
  $ feedwire run --quiet                          one pass; put this line into cron
  $ feedwire start                                stay and run on the schedule of the settings
  $ feedwire status                               say whether all is well
  $ feedwire doctor                               look for faults of the setup
  $ feedwire run --dry-run                        say what a run would do, and do nothing
  $ feedwire preview                              look at the letter that would go out now
  $ feedwire subscribers add reader@example.net --frequency weekly --topic tag:tides
                                                  mail digests to one more reader
  $ feedwire sources explain articles/tides.md    what is understood of a file, and from where
  $ feedwire sources explain https://pier.example.org/
                                                  what is found there, and a source to paste
  $ feedwire sources import blogroll.opml         follow the feeds of a list
  $ feedwire entries hide 12                      keep an entry from readers
  $ feedwire check                                look at the published feeds as a validator does
  $ feedwire adopt old.xml                        keep the ids of the feed that the site has had so far

Exit codes:
  0  all is well
  1  the run failed; nothing is half done, the next run goes on from there
  2  the command line or the settings are wrong; nothing was touched
  3  done, but something was set aside or found wrong; the messages say what and how to mend it
  75 of "receive": the mail could not be taken care of now; a mail server tries again`

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

  const door = { context, done }
  ownerCommands(root, door)
  jobCommands(root, door)
  letterCommands(root, door)
  replyCommands(root, door)
  subscriberCommands(root, door)
  sourceCommands(root, door)
  entryCommands(root, door)
  feedCommands(root, door)

  try {
    await root.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof Problem)) throw error
    if (argv.includes('--json')) context.print(JSON.stringify({ problems: [error] }))
    else context.complain(`feedwire: ${problemLine(error)}`)
    return isUsage(error) ? 2 : 1
  }
}

/** What ends a command before anything is touched. */
function isUsage({ code }: Problem): boolean {
  // What shows only with real articles is found when work is under way: it is no matter of settings.
  if (code.startsWith('argument-') || code.startsWith('dkim-') || code === 'email-malformed') return true
  return code.startsWith('template-') && code !== 'template-render'
}
