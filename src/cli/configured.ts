import { type Config, loadConfig } from '../config.ts'
import { problemLine } from '../problem.ts'
import { type Store, openStore } from '../remember/open.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

/** Reads the configuration for a command; every fault is told at once, and the command then ends with 2. */
export async function configured(
  context: Context,
  options: CommonOptions,
  command: (config: Config) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = loadConfig(options.config ?? null, context.cwd, context.environment)
  if (loaded.ok) return command(loaded.config)
  const { problems } = loaded
  if (options.json === true) context.print(JSON.stringify({ problems }))
  else for (const problem of problems) context.complain(`feedwire: ${problemLine(problem)}`)
  return 2
}

/** The same for a command that only needs the store. */
export function withStore(
  context: Context,
  options: CommonOptions,
  command: (store: Store, config: Config) => Promise<ExitCode>,
): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    const store = await openStore(config.database)
    try {
      return await command(store, config)
    } finally {
      await store.destroy()
    }
  })
}
