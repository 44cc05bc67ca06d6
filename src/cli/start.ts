import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { logOf } from './log.ts'

/** `feedwire start`: stays and runs the job on its schedule, until SIGTERM or SIGINT. */
export function startCommand(context: Context, options: CommonOptions): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    const [{ daemon }, { readTemplates }, { signingKeys }] = await Promise.all([
      import('../daemon.ts'),
      import('../templates.ts'),
      import('../world.ts'),
    ])
    // A slip in a template, or a wrong key, ends the command now rather than each run later.
    await readTemplates(config).compiled()
    await signingKeys(config.mail)
    const { clock, random, signal } = context
    await daemon(config, { clock, random, signal }, await logOf(context, config))
    return 0
  })
}
