import { Option } from 'commander'
import type { Command } from 'commander'
import type { BackupOptions } from './backup.ts'
import { type Door, common } from './commands.ts'
import type { CommonOptions } from './context.ts'
import type { InitOptions } from './init.ts'
import type { MigrateOptions } from './migrate.ts'
import type { RestoreOptions } from './restore.ts'
import type { StatusOptions } from './status.ts'

/** How an owner sets it up, and sees whether it is well. */
export function ownerCommands(root: Command, { context, done }: Door): void {
  root
    .command('init')
    .argument('[folder]', 'where; by default here')
    .description('write the settings for a site, asking what it cannot see')
    .option('--title <title>', 'of the site')
    .option('--url <url>', 'of its home page')
    .option('--from <sender>', 'of letters, such as "Ada <digest@example.org>"')
    .option('--smtp <url>', 'of the mail server, such as smtp://user:password@mail.example.org:587')
    .option('--articles <folder>', 'with the articles')
    .option('--schedule <when>', 'of digests: instant, or a cron line such as "0 8 * * 1"')
    .option('--yes', 'ask nothing')
    .option('--json', 'print for programs: JSON instead of text')
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { initCommand } = await import('./init.ts')
      await done(initCommand(context, folder, options))
    })
  common(
    root
      .command('status')
      .description('say whether all is well, and how the site stands; ends with 3 when something needs you'),
  )
    .option('--html <file>', 'write it as a page with plots')
    .action(async (options: StatusOptions) => {
      const { statusCommand } = await import('./status.ts')
      await done(statusCommand(context, options))
    })
  common(root.command('doctor').description('look for faults of the setup, and say how to mend them'))
    .addOption(new Option('--offline', 'ask nobody on the network'))
    .action(async (options: CommonOptions & { offline?: boolean }) => {
      const { doctorCommand } = await import('./doctor.ts')
      await done(doctorCommand(context, options))
    })
  storeCommands(root, { context, done })
}

/** The store as a file. */
function storeCommands(root: Command, { context, done }: Door): void {
  common(root.command('backup').argument('<file>').description('copy the store, also while a run is at work'))
    .option('--force', 'write over a file that is there')
    .action(async (file: string, options: BackupOptions) => {
      const { backupCommand } = await import('./backup.ts')
      await done(backupCommand(context, file, options))
    })
  common(root.command('restore').argument('<file>').description('put a backup in the place of the store'))
    .option('--force', 'though there is a store; it is kept beside')
    .action(async (file: string, options: RestoreOptions) => {
      const { restoreCommand } = await import('./restore.ts')
      await done(restoreCommand(context, file, options))
    })
  common(root.command('migrate').description('move the store from a file to a PostgreSQL server'))
    .requiredOption('--from <file>', 'the store')
    .requiredOption(
      '--to <url>',
      "the database, such as postgres://feedwire@db.example.org/feedwire; write a password as '${NAME}', which is " +
        'filled in from the environment or .env: then it stands in no list of processes',
    )
    .action(async (options: MigrateOptions) => {
      const { migrateCommand } = await import('./migrate.ts')
      await done(migrateCommand(context, options))
    })
  common(root.command('compact').description('drop what is kept for long enough, and make the store small')).action(
    async (options: CommonOptions) => {
      const { compactCommand } = await import('./compact.ts')
      await done(compactCommand(context, options))
    },
  )
}
