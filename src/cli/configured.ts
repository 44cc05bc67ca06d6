import { type Config, loadConfig } from '../config.ts'
import { type Problem, problemLine, problemText } from '../problem.ts'
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
  else
    problemLines(problems).forEach((line) => {
      context.complain(`feedwire: ${line}`)
    })
  return 2
}

/** One line for each problem; a mend that several in a row share stands behind the last of them. */
function problemLines(problems: readonly Problem[]): string[] {
  return problems.map((problem, index) =>
    problems[index + 1]?.mend === problem.mend ? problemText(problem) : problemLine(problem),
  )
}

/** The same for a command that only needs the store. */
export function withStore(
  context: Context,
  options: CommonOptions,
  command: (store: Store, config: Config) => Promise<ExitCode>,
): Promise<ExitCode> {
  return configured(context, options, (config) => inStore(config, (store) => command(store, config)))
}

/** Opens the store of a configuration for some work, and closes it after. @throws {Problem} `store-unreadable` */
export async function inStore<T>({ database }: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(database)
  try {
    return await work(store)
  } finally {
    await store.destroy()
  }
}
