import type { Config, WebConfig } from '../config.ts'
import { Problem, problemLine } from '../problem.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { logOf } from './log.ts'

/** `feedwire serve`: answers readers who leave, without gathering or mailing, until SIGTERM or SIGINT. */
export function serveCommand(context: Context, options: CommonOptions): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    if (config.web !== null) return serve(context, config, config.web)
    const problem = new Problem('web-not-configured', 'There is no address to serve', {
      mend: 'set web: { url: "https://news.example.org/" } to where readers reach this server',
    })
    if (options.json === true) context.print(JSON.stringify({ problems: [problem] }))
    else context.complain(`feedwire: ${problemLine(problem)}`)
    return 2
  })
}

async function serve(context: Context, config: Config, web: WebConfig): Promise<ExitCode> {
  const { serveWeb } = await import('../endpoint.ts')
  const server = await serveWeb(config, web, context, await logOf(context, config))
  await aborted(context.signal)
  await server.close()
  return 0
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve()
    })
    if (signal.aborted) resolve()
  })
}
