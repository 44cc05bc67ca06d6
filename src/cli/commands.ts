import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import type { ListDigestsOptions, ShowDigestOptions } from './digests.ts'
import type { ListOptions } from './entries.ts'
import type { ExportOptions } from './export.ts'
import type { ImportOptions } from './import.ts'
import type { ImportSourcesOptions } from './import-sources.ts'
import type { PreferenceOptions } from './preferences.ts'
import type { PreviewOptions } from './preview.ts'
import type { ReceiveOptions } from './receive.ts'
import type { ListSubscribersOptions } from './list-subscribers.ts'
import type { RunCommandOptions } from './run.ts'
import type { AddOptions, RemoveOptions } from './subscribers.ts'

/** What the commands are given by the program. */
export interface Door {
  context: Context
  /** Waits for a command, and keeps what it ends with. */
  done: (command: Promise<ExitCode>) => Promise<void>
}

/** The job, once or on its schedule, and the endpoint beside it. */
export function jobCommands(root: Command, { context, done }: Door): void {
  common(root.command('run').description('gather, publish and mail what is new, once'))
    .option('--accept-removals', 'let a source lose most of its entries in this run')
    .option('--dry-run', 'say what a run would do, and do nothing')
    .option('--quiet', 'print only what needs a person')
    .addOption(new Option('--digest <when>', 'now: a digest for everybody, whatever their schedules').choices(['now']))
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

  common(root.command('serve').description('serve the pages and what is published, without gathering')).action(
    async (options: CommonOptions) => {
      const { serveCommand } = await import('./serve.ts')
      await done(serveCommand(context, options))
    },
  )
}

/** Letters before and after they went out. */
export function letterCommands(root: Command, { context, done }: Door): void {
  common(root.command('preview').description('write and open the letters that would go out now; nothing is sent'))
    .option('--out <folder>', 'write them into this folder')
    .option('--no-open', 'only write them')
    .action(async (options: PreviewOptions) => {
      const { previewCommand } = await import('./preview.ts')
      await done(previewCommand(context, options))
    })
  common(
    root
      .command('send-test')
      .argument('<address>')
      .description('send the letter that would go out now to one address, and remember nothing of it'),
  ).action(async (address: string, options: CommonOptions) => {
    const { sendTestCommand } = await import('./send-test.ts')
    await done(sendTestCommand(context, address, options))
  })

  const digests = root.command('digests').description('list digests, show one, and direct its letters')
  common(digests.command('list').description('list the newest digests, and what became of their letters'))
    .option('--limit <count>', 'how many', atLeastOne, 20)
    .action(async (options: ListDigestsOptions) => {
      const { listDigestsCommand } = await import('./digests.ts')
      await done(listDigestsCommand(context, options))
    })
  common(digests.command('show').argument('<digest>', 'its id, or how it begins').description('show one digest'))
    .option('--html', 'print the HTML of its letter')
    .option('--text', 'print the text of its letter')
    .action(async (digest: string, options: ShowDigestOptions) => {
      const { showDigestCommand } = await import('./digests.ts')
      await done(showDigestCommand(context, digest, options))
    })
  for (const direction of ['pause', 'resume', 'cancel', 'retry'] as const) {
    common(
      digests.command(direction).argument('<digest>', 'its id, or how it begins').description(DIRECTIONS[direction]),
    ).action(async (digest: string, options: CommonOptions) => {
      const { directDigestCommand } = await import('./digests.ts')
      await done(directDigestCommand(context, direction, digest, options))
    })
  }
}

/** What comes back. */
export function replyCommands(root: Command, { context, done }: Door): void {
  common(
    root
      .command('receive')
      .description('take a mail on standard input: a bounce, a complaint, or one to join or leave'),
  )
    .option('--recipient <address>', 'to whom the mail server had it, if it knows')
    .option('--maildir <folder>', 'take every new mail of this Maildir instead')
    .action(async (options: ReceiveOptions) => {
      const { receiveCommand } = await import('./receive.ts')
      await done(receiveCommand(context, options))
    })
}

/** What an owner says of a digest under way. */
const DIRECTIONS = {
  pause: 'hold back what of a digest is not sent yet',
  resume: 'send it after all',
  cancel: 'give up what of a digest is not sent yet',
  retry: 'send again what was refused, given up or held',
} as const

/** The readers of the digest. */
export function subscriberCommands(root: Command, { context, done }: Door): void {
  const subscribers = root.command('subscribers').description('add, list, change and remove readers of the digest')
  withPreferences(
    common(subscribers.command('add').argument('<address...>').description('add readers, or bring back who had left')),
  )
    .option('--confirm', 'ask them by mail first, and add who confirms')
    .action(async (addresses: string[], options: AddOptions) => {
      const { addCommand } = await import('./subscribers.ts')
      await done(addCommand(context, addresses, options))
    })
  withPreferences(
    common(subscribers.command('set').argument('<address...>').description('change what readers get, and when')),
  ).action(async (addresses: string[], options: CommonOptions & PreferenceOptions) => {
    const { setCommand } = await import('./subscribers.ts')
    await done(setCommand(context, addresses, options))
  })
  common(subscribers.command('show').argument('<address>').description('show one reader, and what was sent')).action(
    async (address: string, options: CommonOptions) => {
      const { showSubscriberCommand } = await import('./subscriber.ts')
      await done(showSubscriberCommand(context, address, options))
    },
  )
  common(
    subscribers.command('lift').argument('<address...>').description('mail again to addresses that were suppressed'),
  ).action(async (addresses: string[], options: CommonOptions) => {
    const { liftCommand } = await import('./subscribers.ts')
    await done(liftCommand(context, addresses, options))
  })
  common(subscribers.command('list').description('list every reader, or some'))
    .addOption(new Option('--state <state>', 'only these').choices(['active', 'paused', 'unsubscribed', 'pending']))
    .option('--suppressed', 'only those to whom nothing is mailed')
    .option('--no-suppressed', 'only the others')
    .option('--domain <domain>', 'only those with an address there')
    .option('--frequency <when>', 'only those who get it site, instant, daily or weekly')
    .option('--topic <topic>', 'only those who chose it')
    .action(async (options: ListSubscribersOptions) => {
      const { listCommand } = await import('./list-subscribers.ts')
      await done(listCommand(context, options))
    })
  common(
    subscribers
      .command('import')
      .argument('<file>', 'CSV of another tool or of "export", an address on each line, or - for standard input')
      .description('take readers from a list; who left or was suppressed here stays off'),
  )
    .option('--dry-run', 'say what would become of each, and change nothing')
    .option('--rejects <file>', 'write what is not understood into this file, to be mended and imported')
    .addOption(
      new Option('--state <state>', 'what all of them are, if the list does not say it').choices([
        ...['active', 'paused', 'unsubscribed', 'bounced', 'complained'],
      ]),
    )
    .action(async (file: string, options: ImportOptions) => {
      const { importCommand } = await import('./import.ts')
      await done(importCommand(context, file, options))
    })
  common(
    subscribers
      .command('export')
      .argument('[file]', 'left out: standard output')
      .description('write readers as CSV, which "import" takes back; pending ones only with --state pending'),
  )
    .addOption(new Option('--state <state>', 'only these').choices(['active', 'paused', 'unsubscribed', 'pending']))
    .action(async (file: string | undefined, options: ExportOptions) => {
      const { exportCommand } = await import('./export.ts')
      await done(exportCommand(context, file, options))
    })
  common(subscribers.command('remove').argument('<address...>').description('take readers off the list'))
    .option('--forget', 'erase all that is kept of them as well, and mail nothing to them again')
    .action(async (addresses: string[], options: RemoveOptions) => {
      const { removeCommand } = await import('./subscribers.ts')
      await done(removeCommand(context, addresses, options))
    })
}

/** Where entries come from. */
export function sourceCommands(root: Command, { context, done }: Door): void {
  const sources = root.command('sources').description('list sources, explain what is read of one, and import feeds')
  common(sources.command('list').description('list every source, and what of it is remembered')).action(
    async (options: CommonOptions) => {
      const { listSourcesCommand } = await import('./sources.ts')
      await done(listSourcesCommand(context, options))
    },
  )
  common(
    sources
      .command('explain')
      .argument('<what>', 'the address of a page or feed, one that was saved, or an article')
      .description('tell what is understood of a page, a feed or an article, and what to write to follow it'),
  ).action(async (what: string, options: CommonOptions) => {
    const { explainCommand } = await import('./explain-source.ts')
    await done(explainCommand(context, what, options))
  })
  common(
    sources
      .command('import')
      .argument('<file>', 'OPML, as feed readers export it')
      .description('add the feeds of a list to the settings'),
  )
    .option('--dry-run', 'say what would be added, and change nothing')
    .action(async (file: string, options: ImportSourcesOptions) => {
      const { importSourcesCommand } = await import('./import-sources.ts')
      await done(importSourcesCommand(context, file, options))
    })
}

/** Entries, and whether readers see them. */
export function entryCommands(root: Command, { context, done }: Door): void {
  const entries = root.command('entries').description('list, hide and show entries')
  common(entries.command('list').description('list the newest entries'))
    .option('--source <name>', 'only those of this source')
    .option('--limit <count>', 'how many', atLeastOne, 50)
    .option('--all', 'also those that are removed or hidden')
    .action(async (options: ListOptions) => {
      const { listEntriesCommand } = await import('./entries.ts')
      await done(listEntriesCommand(context, options))
    })
  common(
    entries
      .command('hide')
      .argument('<entry...>', ENTRY)
      .description('take entries from feeds, pages and later digests; they stay remembered'),
  ).action(async (names: string[], options: CommonOptions) => {
    const { hideCommand } = await import('./entries.ts')
    await done(hideCommand(context, names, options))
  })
  common(
    entries.command('show').argument('<entry...>', ENTRY).description('bring hidden entries back, without a mail'),
  ).action(async (names: string[], options: CommonOptions) => {
    const { showCommand } = await import('./entries.ts')
    await done(showCommand(context, names, options))
  })
}

/** Feeds, our own and older ones. */
export function feedCommands(root: Command, { context, done }: Door): void {
  common(
    root
      .command('check')
      .argument('[file...]', 'feeds; without any, all that is published')
      .description('look at feeds as a validator does'),
  ).action(async (files: string[], options: CommonOptions) => {
    const { checkCommand } = await import('./check.ts')
    await done(checkCommand(context, files, options))
  })

  common(
    root
      .command('adopt')
      .argument('<feed>', 'a file, or - for standard input')
      .description('give entries the ids of the feed that the site has had so far'),
  ).action(async (feed: string, options: CommonOptions) => {
    const { adoptCommand } = await import('./adopt.ts')
    await done(adoptCommand(context, feed, options))
  })
}

const ENTRY = 'a number, a path, a link or an id'

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 on.')
  return Number(text)
}

function withPreferences(command: Command): Command {
  return command
    .option('--frequency <when>', 'instant, daily, weekly, or site: the schedule of the settings')
    .option('--zone <zone>', 'time zone of daily and weekly digests, such as Europe/Berlin, or site')
    .option('--topic <topic...>', 'only these: tag:x, category:x or source:name; or everything')
    .option('--language <tag>', 'of our texts in the letter, such as zh, or site')
}

/** The options of every command but `init`. */
export function common(command: Command): Command {
  return command
    .option('--config <file>', 'read the settings from this file')
    .option('--json', 'print for programs: JSON instead of text')
}
